"""Two clinics with the same shape: whatever one of them owns must be invisible to the other."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from claims_service.access import api_keys, people, sessions
from claims_service.access.passwords import Passwords
from claims_service.config import Config
from claims_service.domain.actor import COMMAND
from claims_service.domain.appeal import Letter, letter_text
from claims_service.domain.claim.edits.own_rules import HOLD, Condition, OwnRule
from claims_service.domain.estimate.wish import Wish, WishedLine
from claims_service.domain.estimate.working_out import Facts, worked_out
from claims_service.domain.party import Address, BillingProvider, Person, Provider
from claims_service.domain.patient import assistance_letter, frozen
from claims_service.domain.patient.autopay import STATEMENTS
from claims_service.domain.patient.invoice import Invoice, InvoiceLine
from claims_service.domain.patient.payment_plan import schedule
from claims_service.domain.patient.statement import Sender, Statement, StatementVisit
from claims_service.store import (
    assistance,
    autopay,
    clinic_rules,
    connection,
    contracts,
    estimates,
    pay_links,
    payment_plans,
    tables,
)
from claims_service.store.autopay import NewConsent
from claims_service.store.files import NewFile, add, add_claims
from claims_service.store.payment_plans import NewPlan

START = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
PASSWORD = "quiet-otter-paints-violins"
STAFF = ("front_desk", "biller", "manager", "administrator")


@dataclass(frozen=True)
class Clinic:
    """One clinic. owned: ids by kind, one for each of its insurers. mark: a word in every text of it and nowhere else."""

    mark: str
    practice: int
    owned: dict[str, tuple[Any, Any]]
    users: dict[str, int]
    keys: dict[str, str]

    @property
    def payers(self) -> tuple[Any, Any]:
        return self.owned["payer"]

    @property
    def patients(self) -> tuple[Any, Any]:
        return self.owned["patient"]

    @property
    def files(self) -> tuple[Any, Any]:
        return self.owned["file"]


def make_clinic(config: Config, number: int, mark: str) -> Clinic:
    """Two insurers, each with a patient, a claim, a file out and a file in."""
    practice = tables.Practice.create(
        name=f"{mark} Clinic", npi=f"10000000{number * 8 + 4}", tax_id="123456789", taxonomy="207Q00000X",
        phone="5035550142", submitter_id=f"S{number}", line1="1 Alder Street", city="Portland", state="OR", zip="97201",
    ).id  # fmt: skip
    provider = tables.Provider.create(practice=practice, npi="2000000010", last=f"{mark}doc", first="A").id
    each = [_insurer(practice, provider, number, mark, n) for n in (1, 2)]
    owned = {kind: (each[0][kind], each[1][kind]) for kind in each[0]}
    payers = owned["payer"]
    passwords = Passwords(config)
    users = {
        role: people.add(
            practice, people.Newcomer(f"{role}@{mark}.example".lower(), f"{mark} {role}", role, PASSWORD,
                                      payers[0] if role == "insurer" else None),
            passwords=passwords, by=COMMAND, now=START,
        )
        for role in (*STAFF, "insurer")
    }  # fmt: skip
    keys = {
        role: api_keys.make(practice, f"{mark} {role}", role, by=COMMAND, now=START)
        for role in ("api_read", "api_write")
    }
    return Clinic(mark, practice, owned, users, keys)


def _insurer(practice: int, provider: int, number: int, mark: str, n: int) -> dict[str, Any]:
    own = f"{mark}{n}"
    payer = tables.Payer.create(
        practice=practice, identifier=f"{own}ID", name=f"{own} Health", receiver_id=f"R{number}{n}"
    ).id
    patient = tables.Patient.create(
        practice=practice, reference=f"{own}ref", last=f"{own}last", first=f"{own}first", birth_on=date(1980, 5, n),
        phone=f"503555010{n}", created_at=START,
    ).id  # fmt: skip
    plan = tables.CoverageRow.create(practice=practice, patient=patient, payer=payer, member_id=f"{own}member").id
    visit = tables.EncounterRow.create(
        practice=practice, patient=patient, reference=f"{own}visit", served_on=date(2026, 11, 2), place_of_service="11",
        rendering=provider, diagnoses="J069", state="billed", recorded_by="command", recorded_at=START,
    ).id  # fmt: skip
    claim = tables.ClaimRow.create(
        practice=practice, encounter=visit, patient=patient, coverage=plan, payer=payer, sequence="P",
        control_number=f"{own}CLM".upper(), state="sent", charge_cents=18000, served_on=date(2026, 11, 2), built_at=START,
        changed_at=START,
    ).id  # fmt: skip
    out = NewFile("out", "837P", f"{own}_837P.x12", f"ISA*{own}~".encode(), payer, claim_count=1, total_cents=18000)
    file = add(practice, out, by="command", at=START)
    add_claims(practice, file, [(claim, "0001", 1)])
    came = NewFile("in", "999", f"{own}_999.x12", f"ISA*{own}999~".encode(), payer, state="read")
    answer = add(practice, came, by="command", at=START)
    more = _money(practice, own, payer, patient, visit, claim, answer)
    agreed = contracts.add_flat(
        practice, payer, f"{own} contract", [("99213", "", 9000)], valid_from=date(2026, 1, 1), by="command", at=START
    )
    bill = tables.Superbill.create(practice=practice, name=f"{own}bill", by="command", at=START).id
    tables.SuperbillCode.create(
        practice=practice, superbill=bill, number=1, section=f"{own}group", code_set="procedure", code="99213", words=own
    )  # fmt: skip
    rule = clinic_rules.add(
        practice,
        OwnRule(f"{own} rule", (Condition("code", "in", "99213"),), HOLD, f"{own} asks."),
        by="command",
        at=START,
    )
    coming = tables.VisitImport.create(
        practice=practice, name=f"{own}visits.csv", kind="csv", content=f"reference\n{own}".encode(), state="checked",
        by="command", at=START,
    ).id  # fmt: skip
    rest = tables.BillingHold.create(
        practice=practice, patient=patient, kind="other", note=own, since=date(2026, 11, 2), by="command", at=START
    ).id
    reminder = tables.Reminder.create(
        practice=practice, statement=more["statement"], patient=patient, letter="ready", channel="paper", state="to_print",
        open_cents=18000, reason=own, at=START,
    ).id  # fmt: skip
    return {
        **_autopay(practice, own, patient),
        "payment_plan": _payment_plan(practice, own, patient, visit, more["statement"]),
        "superbill": bill, "visit_import": coming, "rule": rule, "hold": rest, "reminder": reminder,
        "payer": payer, "patient": patient, "claim": claim, "file": file, "answer": answer, "encounter": visit,
        "approval": _told(practice, own, payer, patient, plan, claim, answer),
        "coverage": plan, "contract": agreed, "resource_id": _resource(practice, own, patient, payer), **more,
    }  # fmt: skip


def _autopay(practice: int, own: str, patient: int) -> dict[str, int]:
    with connection.write():
        method = autopay.start_method(practice, patient, f"{own}save", at=START).id
        new = NewConsent(patient, method, STATEMENTS, None, 100_00, f"{own}a", (own,), "1", "en", "", own)
        return {"saved_method": method, "autopay_consent": autopay.agree(practice, new, on=START.date(), at=START)}


def _payment_plan(practice: int, own: str, patient: int, visit: int, statement: int) -> int:
    """A plan of two payments, with its paper."""
    new = NewPlan(
        patient, statement, f"P{own}", own, schedule(5000, 2, date(2026, 12, 20)), {visit: 5000},
        {"en": f"%PDF {own}".encode(), "es": f"%PDF {own}".encode()}, f"{own}last", "portal", "127.0.0.1", "en",
    )  # fmt: skip
    with connection.write():
        return payment_plans.add(practice, new, by="command", on=START.date(), at=START)


def _resource(practice: int, own: str, patient: int, payer: int) -> str:
    """The patient as a FHIR resource."""
    name = f"patient-{patient}"
    body = f'{{"resourceType": "Patient", "id": "{name}", "name": [{{"family": "{own}last"}}]}}'.encode()
    tables.FhirResource.create(
        practice=practice, kind="Patient", resource_id=name, body=body, sha256="0" * 64, source="frozen", patient=patient,
        payer=payer, updated_at=START,
    )  # fmt: skip
    return name


def _money(practice: int, own: str, payer: int, patient: int, visit: int, claim: int, file: int) -> dict[str, int]:
    """A remittance with an open question, a statement, a payment and a bank line."""
    remittance = tables.Remittance.create(
        practice=practice, payer=payer, file=file, key=f"{own}key", signature="0" * 64, transaction_control="0001",
        trace=f"{own}trace", payer_name=f"{own} Health", method="ACH", paid_cents=9000, paid_on=date(2026, 11, 9),
        claim_count=1, state="posted", at=START, by="command",
    ).id  # fmt: skip
    item = tables.HeldItem.create(
        practice=practice, kind="unknown_claim", file=file, remittance=remittance, place=f"{own} CLP 1", cents=9000,
        message=f"{own} is not ours.", opened_at=START,
    ).id  # fmt: skip
    statement, payment = _bill(practice, patient, visit, own)
    tables.Allocation.create(practice=practice, payment=payment, claim=claim, cents=1000)
    bank_line = tables.BankLine.create(
        practice=practice, file=file, key=f"{own}line", account=f"{own}acct", booked_on=date(2026, 11, 10), cents=9000,
        description=f"{own} deposit", position=1, state="open", at=START,
    ).id  # fmt: skip
    kept = tables.ProviderAdjustmentRow.create(
        practice=practice, remittance=remittance, reason="WO", reference=f"{own}letter", cents=1000, account="provider_balance"
    ).id  # fmt: skip
    appeal = tables.AppealRow.create(
        practice=practice, claim=claim, level=1, cents=9000, denied_on=date(2026, 11, 9), due_on=date(2027, 5, 8),
        content=_appeal(own), by="command", at=START,
    ).id  # fmt: skip
    refund = tables.InsurerRefund.create(
        practice=practice, number=f"{own}R1", claim=claim, payer=payer, cents=1000, way="check", reason="duplicate",
        found_by="own", identified_on=date(2026, 11, 9), check_number=f"{own}check", why=own, by="command", at=START,
    ).id  # fmt: skip
    more = {"refund": refund, "open_item": kept, "appeal": appeal, **_dispute(practice, patient, statement, visit, own)}
    more |= _estimate(practice, patient, visit, own) | _assistance(practice, patient, own)
    asked = tables.MoneyRequest.create(
        practice=practice, kind="write_off", claim=claim, account="in_review", cents=20000, seen_cents=0, reason="charity",
        why=f"{own} asks", by="command", at=START,
    ).id  # fmt: skip
    return {
        **more,
        "money_request": asked,
        "deposit_slip": tables.DepositSlip.create(
            practice=practice,
            number=f"D{own}",
            made_on=START.date(),
            cash_cents=5000,
            check_cents=0,
            by="command",
            at=START,
        ).id,
        "remittance": remittance,
        "item": item,
        "statement": statement,
        "payment": payment,
        "bank_line": bank_line,
    }


def _told(practice: int, own: str, payer: int, patient: int, plan: int, claim: int, file: int) -> int:
    """An approval in advance, and what the insurer answered about cover and claim."""
    tables.EligibilityCheck.create(
        practice=practice, patient=patient, coverage=plan, payer=payer, served_on=START.date(), trace=f"{own}E",
        member_id=f"{own}member", route="live", state="failed", problem=f"{own} is closed.", asked_at=START, asked_by="command",
    )  # fmt: skip
    tables.StatusInquiry.create(
        practice=practice, claim=claim, payer=payer, trace=f"{own}S", route="file", state="answered", asked_at=START,
        asked_by="command", answered_at=START, answer_file=file, words=f"{own} pays.", is_finished=False, as_of_on=START.date(),
    )  # fmt: skip
    return int(
        tables.AuthorizationRow.create(
            practice=practice, patient=patient, payer=payer, number=f"{own}AP", recorded_at=START, recorded_by="command"
        ).id
    )


def _assistance(practice: int, patient: int, own: str) -> dict[str, int]:
    """An application for financial assistance with a paper, open, and the letter of one that was decided."""
    for state in ("decided", "open"):
        new = assistance.NewApplication(patient, f"A{state}{own}", f"{state}{own}", "desk", 1, 100, 1, f"{own}words")
        key = assistance.add(practice, new, by="command", on=START.date(), at=START)
        if state == "decided":
            day = START.date()
            letter = assistance_letter.Letter(
                own, day, own, Address(), Sender(own, "5035550142"), day, 1, 100, 1, 0, None, None, 0, 0, f"{own}no"
            )
            assistance.decide(practice, key, letter, by="command")
    paper = assistance.add_file(
        practice, key, f"{own}.pdf", "application/pdf", b"%PDF-" + own.encode(), by="x", at=START
    )
    return {"application": key, "paper": paper}


def _estimate(practice: int, patient: int, visit: int, own: str) -> dict[str, int]:
    """An estimate that was given, and the bill that waits since it is far above."""
    provider = tables.EncounterRow.get_by_id(visit).rendering
    who = Person(f"{own}last", f"{own}first", "", date(1980, 5, 1))
    clinic = BillingProvider(own, "1000000012", "123456789", "207Q00000X", Address(), "5035550142")
    wish = Wish(provider.id, "11", (WishedLine("99213"),))
    facts = Facts(who, clinic, Provider("2000000010", own), (5000,), (None,), {"99213": own}, {}, "Office")
    made = estimates.NewEstimate(patient, f"E{own}", own, "asked", START.date(), None, START.date(), wish, own)
    key = estimates.add(practice, made, by="command", at=START)
    paper = worked_out(wish, facts, number=f"E{own}", asked_on=START.date(), today=START.date())
    estimates.add_paper(practice, key, provider.id, paper, by="command", at=START)
    estimates.settle(practice, key, "issued")
    estimates.add_holds(practice, [estimates.Hold(0, key, visit, 5000, 90000, "")], on=START.date(), at=START)
    return {"estimate": key, "waiting_bill": tables.EstimateHold.get(tables.EstimateHold.estimate == key).id}


def _appeal(own: str) -> str:
    """The letter of an appeal, as it is kept."""
    here = Address("1 Alder Street", "", "Portland", "OR", "97201")
    said = (f"{own} asks again.",)
    return letter_text(
        Letter(1, "2026-11-20", "2027-05-08", own, "5035550142", here, f"{own} Health", here, (), (), said, 9000, own)
    )


def _dispute(practice: int, patient: int, statement: int, visit: int, own: str) -> dict[str, int]:
    """A dispute about the patient's statement, with a message and a photo."""
    dispute = tables.DisputeRow.create(
        practice=practice, patient=patient, statement=statement, number=f"D{own}", key=own, kind="dispute", reason="other",
        via="portal", opened_at=START, opened_on=START.date(), by=f"patient:{patient}", state="opened", answer_by=START.date(),
    ).id  # fmt: skip
    tables.DisputeLine.create(
        practice=practice, dispute=dispute, encounter=visit, line=1, words=f"{own}service", share_cents=5000
    )
    about = {"practice": practice, "dispute": dispute, "by": f"patient:{patient}", "at": START}
    event = tables.DisputeEvent.create(kind="opened", side="patient", words=f"{own} says no", **about).id
    photo = tables.DisputeFile.create(
        event=event, name=f"{own}.jpg", kind="image/jpeg", size=3, sha256="0" * 64, content=b"\xff\xd8\xff", **about
    ).id
    return {"dispute": dispute, "attachment": photo}


def _bill(practice: int, patient: int, visit: int, own: str) -> tuple[int, int]:
    """A statement and a payment of the patient."""
    day = START.date()
    line = InvoiceLine(1, "99213", f"{own}service", day, 5000, 0, 0, 0, 0, 5000)
    invoice = Invoice(f"I{own}", day, visit, day, f"{own}doc", (), (), (line,))
    told = Statement(
        f"S{own}", day, day, Sender(own, "5035550142"), f"{own}last", Address(), (StatementVisit(invoice, 0),)
    )
    statement = tables.Statement.create(
        practice=practice, patient=patient, number=told.number, key=own, issued_on=day, due_on=day, owed_cents=5000,
        content=frozen.freeze(told), at=START,
    ).id  # fmt: skip
    payment = tables.Payment.create(
        practice=practice, patient=patient, statement=statement, method="cash", cents=5000, state="paid", key=own,
        receipt_number=f"R{own}", started_at=START, settled_at=START, by="command",
    ).id  # fmt: skip
    return statement, payment


class Browser:
    """A person at a site: keeps cookies, sends each form with its token."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        self._app = app

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, **more)

    def post(
        self, path: str, form: Mapping[str, object] | None = None, *, token: bool = True, **more: Any
    ) -> TestResponse:
        fields = dict(form or {})
        if token:
            fields["csrf_token"] = self.token()
        return self.client.post(path, data=fields, **more)

    def token(self) -> str:
        """The token a form of this person carries."""
        with self.client.session_transaction() as kept:
            kept.setdefault("csrf_token", secrets.token_hex(20))
            return str(
                URLSafeTimedSerializer(self._app.secret_key or "", salt="wtf-csrf-token").dumps(kept["csrf_token"])
            )

    def sign_in(self, site: str, email: str, password: str = PASSWORD) -> TestResponse:
        return self.post(f"/{site}/sign-in", {"email": email, "password": password})

    def hold(self, secret: str) -> "Browser":
        """Put a session's secret into the cookie, as signing in does."""
        with self.client.session_transaction() as kept:
            kept["key"] = secret
        return self

    def cookie(self) -> str:
        found = self.client.get_cookie("claims")
        assert found is not None
        return found.value


ROLES = ("stranger", *STAFF, "insurer", "patient", "bill_link", "api_read", "api_write")


def visitor(app: Flask, clinic: Clinic, role: str, *, now: datetime = START) -> Browser:
    """A browser signed in as a role of a clinic; patient is the clinic's first."""
    browser = Browser(app)
    if role == "stranger":
        return browser
    if role in clinic.keys:
        browser.client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {clinic.keys[role]}"
        return browser
    if role == "patient":
        return browser.hold(sessions.start(clinic.practice, patient=clinic.patients[0], address="127.0.0.1", now=now))
    if role == "bill_link":
        return browser.hold(by_link(clinic, now))
    return browser.hold(sessions.start(clinic.practice, user=clinic.users[role], address="127.0.0.1", now=now))


def by_link(clinic: Clinic, now: datetime) -> str:
    """The secret of a session that came by the pay link of the first patient's bill."""
    statement, patient = clinic.owned["statement"][0], clinic.patients[0]
    link = pay_links.ensure(clinic.practice, [(statement, patient)], most=9, at=now, lasts=timedelta(days=9))[statement]
    secret = sessions.start(clinic.practice, patient=patient, address="127.0.0.1", now=now)
    pay_links.note_visit(clinic.practice, sessions.digest(secret), link)
    return secret
