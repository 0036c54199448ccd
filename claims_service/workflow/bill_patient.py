"""Bill patients: freeze an invoice a visit and one statement a patient, once every plan has answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from claims_service.domain.actor import Actor
from claims_service.domain.ledger.accounts import PATIENT_CREDIT, PATIENT_OWES
from claims_service.domain.ledger.journal import Entry, Transfer
from claims_service.domain.money import spoken
from claims_service.domain.patient import frozen
from claims_service.domain.patient.changes import change_of_share
from claims_service.domain.patient.confidential import Reach
from claims_service.domain.patient.dispute_letter import change_of, letter_of
from claims_service.domain.patient.guarantor import Guarantor
from claims_service.domain.patient.invoice import Invoice, line_money
from claims_service.domain.patient.payment import OpenClaim, Share, allocate
from claims_service.domain.patient.payment_plan import lines
from claims_service.domain.patient.plan_restriction import pay_by
from claims_service.domain.patient.prompt_pay import offer
from claims_service.domain.patient.standing import tells_otherwise
from claims_service.domain.patient.statement import (
    CYCLE_DAYS,
    AboveEstimate,
    Sender,
    Statement,
    StatementVisit,
    due_on,
)
from claims_service.store import (
    audit,
    bills,
    confidential,
    counters,
    disputes,
    guarantors,
    journal,
    parties,
    payment_plans,
    payments,
    plan_restrictions,
    prompt_pay,
    reminders,
    since_billed,
)
from claims_service.store.bills import Account, Last, VisitFacts
from claims_service.store.connection import instant_text, write
from claims_service.store.disputes import Ending
from claims_service.store.payment_plans import Running
from claims_service.workflow.above_estimate import compare
from claims_service.workflow.charity import take_off_later
from claims_service.workflow.invoicing import Issued, issue_invoices

Private = Mapping[int, frozenset[int]]  # the confidential visits of a patient
Kind = tuple[int, bool]  # a patient, and whether it is their confidential statement
SETTLED = frozenset({"decided", "replaced", "patient"})  # claim states in which no insurer is asked any more
SELF_PAY = "N"
_FIRST_NUMBER = 1000


@dataclass(frozen=True, slots=True)
class Outcome:
    """statements, invoices: ids made in this run. waiting: visits that a plan has yet to settle. owed_cents: on the statements.

    held: visits whose bill waits for a person, since it is far above the estimate given before.
    """

    statements: tuple[int, ...]
    invoices: tuple[int, ...]
    waiting: int
    owed_cents: int
    held: tuple[int, ...] = ()


def bill_patients(
    practice: int,
    patients: Sequence[int] | None,
    *,
    by: Actor,
    now: datetime,
    today: date,
) -> Outcome:
    """Issue what is due to these patients (None = to all who owe); running again the same day issues nothing new."""
    with write(practice):
        private = confidential.visits_of(practice, patients)
        endings = _untold(practice, patients, private)
        less = since_billed.less_share(practice, patients)
        chosen = sorted({*bills.owing(practice, patients), *(patient for patient, _ in endings), *less})
        bills.lock_patients(practice, chosen)
        private = confidential.visits_of(practice, chosen)  # once more: nobody asks for it from here on
        take_off_later(practice, chosen, by=by, now=now, today=today)
        _use_credits(practice, chosen, private, by=by, now=now, today=today)
        accounts = bills.accounts(practice, chosen)
        open_visits = {e for a in accounts.values() for e, _, c in a.claims.values() if c}
        told_about = {e for found in endings.values() for ending in found for e in letter_of(ending.content).encounters}
        visits = bills.visits(
            practice, sorted(open_visits | told_about | {e for found in less.values() for e in found})
        )
        settled = [visit for visit in visits.values() if answered(visit)]
        compared = compare(practice, settled, by=by, now=now, today=today)
        ready = [visit for visit in settled if visit.encounter not in compared.held]
        invoices = issue_invoices(practice, ready, today)
        statements, owed = _issue_statements(
            practice, ready, invoices, accounts, endings, private, compared.above or {}, now=now, today=today
        )
        _tell(practice, ready, invoices, statements, by=by, now=now)
    waiting = len(visits) - len(settled)
    return Outcome(tuple(statements.values()), tuple(invoices.made), waiting, owed, tuple(sorted(compared.held)))


def _untold(practice: int, patients: Sequence[int] | None, private: Private) -> dict[Kind, list[Ending]]:
    """Answers to disputes that no statement of their kind has told about."""
    found: dict[Kind, list[Ending]] = {}
    endings = disputes.endings(practice, patients)
    last = bills.last_statements(practice, sorted({ending.patient for ending in endings}))
    for ending in endings:
        own = not private.get(ending.patient, frozenset()).isdisjoint(letter_of(ending.content).encounters)
        if ending.event > _told(last.get((ending.patient, own))):
            found.setdefault((ending.patient, own), []).append(ending)
    return found


def _told(last: Last | None) -> int:
    """The last answer to a dispute that a statement tells about."""
    return int(last.key.rpartition(":")[2].partition(".")[2] or 0) if last else 0


def answered(visit: VisitFacts) -> bool:
    """Every plan of the visit has decided and no money is waited for from any (X12 RFI 2548: the last plan's share).

    Below zero a plan paid too much: that is between it and the clinic, and the patient's share stands.
    """
    waits = sum(line.open_cents for line in line_money(visit.movements).values())
    return waits <= 0 and all(claim.state in SETTLED for claim in visit.claims)


def _use_credits(
    practice: int, patients: Sequence[int], private: Private, *, by: Actor, now: datetime, today: date
) -> None:
    """What was paid too much for one visit, or before any was open, pays the oldest open one; never from or to a confidential one.

    Below zero without a payment (written off, then taken back by the plan) is nobody's money.
    """
    entries: list[Entry] = []
    moves: list[tuple[int, tuple[Share, ...]]] = []
    accounts = bills.accounts(practice, patients)
    paid = bills.paid_on(practice, [c for a in accounts.values() for c, (_, _, cents) in a.claims.items() if cents < 0])
    for account in accounts.values():
        hidden = private.get(account.patient, frozenset())
        claims = {claim: one for claim, one in account.claims.items() if one[0] not in hidden}
        below = {claim: min(-cents, paid.get(claim, 0)) for claim, (_, _, cents) in claims.items() if cents < 0}
        over = tuple(Share(claim, -cents) for claim, cents in below.items() if cents > 0)
        credit = account.credit_cents - sum(share.cents for share in over)
        asked = {c: (on, cents - account.held.get(c, 0)) for c, (_, on, cents) in claims.items()}
        open_claims = [OpenClaim(claim, on, cents) for claim, (on, cents) in asked.items() if cents > 0]
        used, _ = allocate(credit, open_claims) if credit > 0 else ((), 0)
        if over or used:
            transfers = [_transfer(account.patient, share) for share in (*over, *used)]
            key = f"credit:{account.patient}:{instant_text(now)}"
            entries.append(Entry(today, "credit", key, "patient", account.patient, tuple(transfers)))
            moves.append((account.patient, (*over, *used)))
    posted = journal.post(practice, entries, by=by.name, at=now)
    payments.spread_credit(practice, [move for move, entry in zip(moves, posted, strict=True) if entry is not None])


def _transfer(patient: int, share: Share) -> Transfer:
    debit, credit = (PATIENT_CREDIT, PATIENT_OWES) if share.cents > 0 else (PATIENT_OWES, PATIENT_CREDIT)
    return Transfer(debit, credit, abs(share.cents), claim=share.claim, patient=patient)


def _issue_statements(
    practice: int,
    ready: Sequence[VisitFacts],
    invoices: Issued,
    accounts: dict[int, Account],
    endings: dict[Kind, list[Ending]],
    private: Private,
    above: Mapping[int, AboveEstimate],
    *,
    now: datetime,
    today: date,
) -> tuple[dict[Kind, int], int]:
    """Statement ids by kind, and what is owed on all of them. Confidential visits stand on a statement of their own."""
    by_kind: dict[Kind, list[VisitFacts]] = {}
    for visit in ready:
        own = visit.encounter in private.get(visit.patient, ())
        by_kind.setdefault((visit.patient, own), []).append(visit)
    asked = sorted({patient for patient, _ in by_kind})
    last = bills.last_statements(practice, asked)
    before = _told_before(practice, last)
    less = _less_share(invoices)
    resting, least_cents = reminders.holds(practice, asked), reminders.policy(practice).small_balance_cents
    people = bills.addressees(practice, asked)
    answering = guarantors.of_patients(practice, asked, on=today)
    reaches = confidential.reaches(practice, sorted(private))
    plans = payment_plans.planned(practice, asked, today=today)
    untold = {one.encounter: one for one in plan_restrictions.holding(practice, [visit.encounter for visit in ready])}
    unpaid = plan_restrictions.policy(practice)
    with_plans = bills.still_with_plans(practice, asked)
    early = prompt_pay.policy(practice)
    clinic = parties.billing_provider(practice)
    sender = Sender(clinic.name, clinic.phone, clinic.address)
    drafts = []
    for kind, visits in by_kind.items():
        patient, own = kind
        news = endings.get(kind, [])
        told = {encounter for ending in news for encounter in letter_of(ending.content).encounters}
        open_lines = disputes.disputed_lines(practice, patient) if accounts[patient].held else {}
        drawn = [
            _billed(v, invoices.current[v.encounter][1], accounts[patient], open_lines, above.get(v.encounter))
            for v in visits
        ]
        lowered = {v.encounter for v in visits if v.encounter in less} if kind in last else set()
        billed = [b for b in drawn if b.owed_cents + b.held_cents > 0 or b.invoice.encounter in told | lowered]
        owes_cents = sum(b.owed_cents for b in billed)
        if not news and not lowered and (owes_cents <= 0 or owes_cents < least_cents):
            continue
        if not billed or patient in resting:
            continue
        newest = str(max(invoices.current[b.invoice.encounter][0] for b in billed))
        told_until = max((ending.event for ending in news), default=_told(last.get(kind)))
        mark = f"{newest}.{told_until}" if told_until else newest
        moved = tells_otherwise(before.get(kind), billed, private.get(patient, ()))
        if moved or _is_due(last.get(kind), mark, today):
            name, address, _ = people[patient]
            changes = tuple(change_of(letter_of(ending.content)) for ending in news)
            if kind in last:
                changes += _changed_shares(invoices, [b.invoice for b in billed if b.invoice.encounter not in told])
            draft = Statement("", today, due_on(today), sender, name, address, tuple(billed), changes)
            draft = _apart(draft, reaches[patient]) if own else _to(draft, answering.get(patient))
            draft = replace(
                draft,
                waiting=tuple(v for e, v in with_plans.get(patient, ()) if (e in private.get(patient, ())) == own),
            )
            draft = _with_plan(draft, plans.get(patient))
            waits = [pay_by(untold[b.invoice.encounter], unpaid) for b in billed if b.invoice.encounter in untold]
            draft = replace(draft, keep_from_plan_until=min(waits, default=None))
            if draft.owed_cents <= 0 and not own:
                draft = replace(draft, credit_cents=max(accounts[patient].credit_cents, 0))
            if not draft.planned_cents:
                draft = replace(draft, prompt_pay=offer(early, draft.visits, today))
            after = last[kind].id if kind in last else 0
            drafts.append((kind, f"{patient}:{'c' if own else ''}{after}:{mark}", draft))
    return _write_statements(practice, drafts, now=now)


def _less_share(invoices: Issued) -> set[int]:
    """Visits whose share a plan or a correction made smaller since it was billed; what the clinic took off has a letter of its own."""
    current = {encounter: now for encounter, (_, now) in invoices.current.items()}
    return {e for e, was in invoices.before.items() if current[e].plan_share_cents < was.plan_share_cents}


def _changed_shares(invoices: Issued, billed: Sequence[Invoice]) -> tuple[tuple[str, str], ...]:
    found = [(invoices.before[now.encounter], now) for now in billed if now.encounter in invoices.before]
    return tuple(change for before, now in found if (change := change_of_share(before, now)))


def _billed(
    visit: VisitFacts,
    invoice: Invoice,
    account: Account,
    disputed: dict[int, tuple[int, ...]],
    above: AboveEstimate | None,
) -> StatementVisit:
    paid = sum(line.patient_paid_cents for line in line_money(visit.movements).values())
    held_lines = disputed.get(visit.encounter, ())
    return StatementVisit(invoice, paid, account.held_of(visit.encounter), held_lines, above)


def _to(draft: Statement, guarantor: Guarantor | None) -> Statement:
    return replace(draft, guarantor=guarantor.name, address=guarantor.address) if guarantor else draft


def _apart(draft: Statement, reach: Reach) -> Statement:
    """To the patient alone, where the patient asked to be written to."""
    return replace(draft, address=reach.address, confidential=True)


def _with_plan(draft: Statement, plan: Running | None) -> Statement:
    """A statement says how a payment plan stands that is kept, and how much of what is owed it pays."""
    if plan is None:
        return draft
    named = {visit.invoice.encounter for visit in draft.visits}
    planned = sum(cents for encounter, cents in plan.open_cents.items() if encounter in named)
    return replace(draft, payment_plan=lines(plan.standing), planned_cents=planned) if planned else draft


def _told_before(practice: int, last: Mapping[Kind, Last]) -> dict[Kind, Statement]:
    """The newest statements of patients who ever kept a visit to themselves."""
    asked = confidential.ever_asked(practice, sorted({patient for patient, _ in last}))
    of_them = {kind: one.id for kind, one in last.items() if kind[0] in asked}
    return {kind: frozen.statement(bills.statement_content(practice, key)) for kind, key in of_them.items()}


def _is_due(last: Last | None, mark: str, today: date) -> bool:
    """A new or changed invoice and an answered dispute are told at once; the same ones again only after a cycle."""
    if last is None:
        return True
    return last.key.rpartition(":")[2] != mark or today - last.issued_on >= timedelta(days=CYCLE_DAYS)


def _write_statements(
    practice: int, drafts: Sequence[tuple[Kind, str, Statement]], *, now: datetime
) -> tuple[dict[Kind, int], int]:
    numbers = counters.next_values(practice, "statement", len(drafts)) if drafts else ()
    rows = []
    for ((patient, own), key, s), n in zip(drafts, numbers, strict=True):
        number = f"S{practice}-{_FIRST_NUMBER + n}"
        final = replace(s, number=number)
        rows.append((patient, number, key, s.issued_on, s.due_on, s.owed_cents, frozen.freeze(final), own))
    ids = bills.add_statements(practice, rows, at=now)
    owed = sum(draft.owed_cents for _, _, draft in drafts)
    return {kind: key for (kind, _, _), key in zip(drafts, ids, strict=True)}, owed


def _tell(
    practice: int,
    ready: Sequence[VisitFacts],
    invoices: Issued,
    statements: dict[Kind, int],
    *,
    by: Actor,
    now: datetime,
) -> None:
    """The story of each claim billed now, and the audit trail."""
    new = set(invoices.made)
    billed = [
        (visit, *invoices.current[visit.encounter]) for visit in ready if invoices.current[visit.encounter][0] in new
    ]
    events = [
        (
            visit.claims[-1].id,
            "billed",
            f"The patient's share of {spoken(invoice.share_cents)} was billed, invoice {invoice.number}.",
        )
        for visit, _, invoice in billed
    ]
    bills.add_events(practice, events, by=by.name, at=now)
    issued = [audit.Event("invoice.issue", visit.patient, f"invoice:{key}") for visit, key, _ in billed]
    issued += [
        audit.Event("statement.issue", patient, f"statement:{statement}")
        for (patient, _), statement in statements.items()
    ]
    audit.record(practice, issued, by=by, at=now)
