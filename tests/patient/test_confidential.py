"""A confidential visit is told to the patient alone: it stands on no bill, sum or message that a guarantor gets."""

from datetime import date

import peewee
import pytest

from claims_service.domain.errors import NotFound, Rejected
from claims_service.domain.ledger.accounts import PATIENT_CREDIT, PATIENT_OWES, WRITE_OFF
from claims_service.domain.party import Address
from claims_service.domain.patient import frozen, prompt_pay
from claims_service.domain.patient.confidential import EMAIL, MAIL, PORTAL, Reach
from claims_service.domain.patient.statement import Statement
from claims_service.queries import bills as bill_queries
from claims_service.queries import today
from claims_service.queries.to_pay import to_pay
from claims_service.store import audit, bills, confidential, journal, tables
from claims_service.store.connection import run, write
from claims_service.workflow.bill_patient import bill_patients
from claims_service.workflow.keep_confidential import Wish, end_confidential, keep_confidential
from claims_service.workflow.offer_discount import set_prompt_pay
from claims_service.workflow.take_payment import DeskPayment, take_desk_payments
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.patient import visits
from tests.patient.test_guarantors import ROSA, born, name
from tests.patient.visits import FIVE, Visit

OWN = Reach(MAIL, address=Address("PO Box 7", "", "Salem", "OR", "97301"))


def keep(clinic: Clinic, visit: Visit | None, reach: Reach = OWN) -> list[int]:
    wish = Wish(clinic.alma, visit.encounter if visit else None, reach)
    return keep_confidential(clinic.practice, [wish], by=BILLER, now=NOW, today=TODAY)


def billed(clinic: Clinic, on: date = TODAY) -> list[Statement]:
    made = bill_patients(clinic.practice, None, by=BILLER, now=NOW, today=on).statements
    return [frozen.statement(bills.statement_content(clinic.practice, key)) for key in made]


@pytest.fixture
def child(clinic: Clinic) -> tuple[Clinic, Visit, Visit]:
    """Alma is sixteen, her mother answers for her bills: $100.60 of one visit and $30.00 of another."""
    born(clinic.alma, date(2010, 1, 5))
    name(clinic, ROSA)
    return clinic, visits.decided(clinic), visits.decided(clinic, FIVE[:1], on=date(2026, 10, 20))


def test_the_parents_bill_says_nothing_of_it_and_the_patient_gets_a_bill_of_her_own(
    child: tuple[Clinic, Visit, Visit],
) -> None:
    """$100.60 are asked of Rosa in Salem, $30.00 of Alma at her post box."""
    clinic, seen, secret = child
    keep(clinic, secret)

    hers, own = sorted(billed(clinic), key=lambda told: told.confidential)

    assert (hers.addressee, hers.owed_cents, [v.invoice.encounter for v in hers.visits]) == (
        "Rosa Testparent", 100_60, [seen.encounter],
    )  # fmt: skip
    assert (own.addressee, own.address, own.owed_cents) == ("Alma Testpatient", OWN.address, 30_00)
    assert [v.invoice.encounter for v in own.visits] == [secret.encounter]
    assert billed(clinic) == []


def test_a_confidential_visit_that_the_plan_has_not_answered_is_named_to_the_patient_alone(
    child: tuple[Clinic, Visit, Visit],
) -> None:
    """Two visits wait for the plan: Rosa's bill names the one of November 3, Alma's own the one of November 5."""
    clinic, _, secret = child
    visits.sent(clinic, FIVE[:2], on=date(2026, 11, 3))
    keep(clinic, secret)
    keep(clinic, visits.sent(clinic, FIVE[:1], on=date(2026, 11, 5)))

    hers, own = sorted(billed(clinic), key=lambda told: told.confidential)

    assert [(v.served_on, v.payers) for v in hers.waiting] == [(date(2026, 11, 3), ("Quillhaven Health",))]
    assert [v.served_on for v in own.waiting] == [date(2026, 11, 5)]


def test_a_visit_already_on_a_bill_leaves_it_with_its_links_and_letters(child: tuple[Clinic, Visit, Visit]) -> None:
    """The mother was asked for $130.60; the next bill asks for $100.60, and the first can't be opened or paid any more."""
    clinic, _, secret = child
    (first,) = billed(clinic)
    assert first.owed_cents == 130_60
    [old] = bill_queries.bills_of(clinic.practice, clinic.alma)
    with write():
        tables.PayLink.create(
            practice=clinic.practice, statement=old.id, patient=clinic.alma, made_at=NOW, expires_at=NOW, failures=0
        )
        tables.Reminder.create(
            practice=clinic.practice, statement=old.id, patient=clinic.alma, letter="ready", channel="paper",
            state="to_print", open_cents=130_60, at=NOW,
        )  # fmt: skip

    keep(clinic, secret)

    assert tables.PayLink.get().revoked_at is not None
    assert tables.Reminder.get().state == "failed"
    [old] = bill_queries.bills_of(clinic.practice, clinic.alma)
    assert (old.misplaced, old.changed, old.payable) == (True, True, False)
    hers, own = sorted(billed(clinic), key=lambda told: told.confidential)
    assert (hers.owed_cents, own.owed_cents) == (100_60, 30_00)


def test_the_oldest_visit_of_a_bill_made_confidential_brings_a_new_bill_at_once(
    child: tuple[Clinic, Visit, Visit],
) -> None:
    """The mother's newest visit stays the same: $130.60 become $30.00 all the same, and again when it is taken back."""
    clinic, oldest, _ = child
    billed(clinic)
    keep(clinic, oldest)
    hers, own = sorted(billed(clinic), key=lambda told: told.confidential)
    assert (hers.owed_cents, own.owed_cents) == (30_00, 100_60)
    assert billed(clinic) == []
    end_confidential(clinic.practice, clinic.alma, oldest.encounter, by=BILLER, now=NOW)
    (told,) = billed(clinic)
    assert told.owed_cents == 130_60


def test_every_visit_from_today_on(child: tuple[Clinic, Visit, Visit]) -> None:
    """What was before stays the mother's to pay."""
    clinic, *_ = child
    keep(clinic, None, Reach(PORTAL))
    later = visits.decided(clinic, FIVE[:1], on=TODAY)

    hers, own = sorted(billed(clinic), key=lambda told: told.confidential)

    assert (hers.owed_cents, own.owed_cents) == (130_60, 30_00)
    assert [v.invoice.encounter for v in own.visits] == [later.encounter]
    assert own.address == Address()


def test_a_payment_that_names_no_bill_does_not_pay_it_and_one_that_names_it_pays_nothing_else(
    child: tuple[Clinic, Visit, Visit],
) -> None:
    """$200.00 of the mother's cover her $100.60, the rest is credit; Alma's $30.00 are paid by name."""
    clinic, seen, secret = child
    keep(clinic, secret)
    billed(clinic)
    own = next(b for b in bill_queries.bills_of(clinic.practice, clinic.alma) if b.statement.confidential)

    def pay(cents: int, key: str, statement: int | None = None) -> None:
        desk = DeskPayment(clinic.alma, cents, "cash", key, "", statement)
        take_desk_payments(clinic.practice, [desk], by=BILLER, now=NOW, today=TODAY)

    pay(200_00, "a")
    account = bills.accounts(clinic.practice, [clinic.alma])[clinic.alma]
    assert [(visit, cents) for visit, _, cents in account.claims.values()] == [(secret.encounter, 30_00)]
    assert account.credit_cents == 99_40
    billed(clinic, date(2027, 1, 5))
    assert bills.accounts(clinic.practice, [clinic.alma])[clinic.alma].credit_cents == 99_40, "credit stays hers"
    pay(30_00, "b", own.id)
    assert bills.accounts(clinic.practice, [clinic.alma])[clinic.alma].claims == {}
    assert journal.check(clinic.practice) == []
    assert seen.encounter != secret.encounter


def test_who_has_been_told_of_both_bills_is_not_counted_as_one_to_bill(child: tuple[Clinic, Visit, Visit]) -> None:
    """$100.60 and $30.00 are open and told: nobody waits for a bill on Today."""
    clinic, _, secret = child
    keep(clinic, secret)
    assert today.queues(clinic.practice, now=NOW)["to_bill"].count == 1
    billed(clinic)
    assert "to_bill" not in today.queues(clinic.practice, now=NOW)


def test_taken_back_it_stands_on_the_next_bill_again(child: tuple[Clinic, Visit, Visit]) -> None:
    clinic, _, secret = child
    keep(clinic, secret)
    billed(clinic)

    assert end_confidential(clinic.practice, clinic.alma, secret.encounter, by=BILLER, now=NOW) == 1
    assert end_confidential(clinic.practice, clinic.alma, secret.encounter, by=BILLER, now=NOW) == 0

    (told,) = billed(clinic)
    assert (told.confidential, told.owed_cents) == (False, 130_60)
    assert [b.payable for b in bill_queries.bills_of(clinic.practice, clinic.alma)] == [True, False, False]


def test_a_visit_made_of_several_is_confidential_where_one_of_them_is(child: tuple[Clinic, Visit, Visit]) -> None:
    clinic, seen, secret = child
    run("update encounter set billed_with = ? where id = ?", (secret.encounter, seen.encounter))
    keep(clinic, seen)

    assert confidential.visits_of(clinic.practice, [clinic.alma]) == {
        clinic.alma: frozenset({seen.encounter, secret.encounter})
    }


def test_a_visit_that_claims_took_apart_is_kept_whole(child: tuple[Clinic, Visit, Visit]) -> None:
    clinic, seen, secret = child
    run("update encounter set reference = 'F1' where id = ?", (seen.encounter,))
    run("update encounter set reference = 'F1/2' where id = ?", (secret.encounter,))
    assert len(keep(clinic, secret)) == 2


def test_a_corrected_claim_stays_confidential(child: tuple[Clinic, Visit, Visit]) -> None:
    """The visit that takes the place of another is as secret; one that nobody asked to keep is not."""
    clinic, seen, secret = child
    keep(clinic, secret)
    new = [visits.sent(clinic, FIVE[:1]).encounter for _ in range(2)]
    with write():
        moved = {secret.encounter: (clinic.alma, new[0]), seen.encounter: (clinic.alma, new[1])}
        confidential.carry(clinic.practice, moved, since=TODAY, by="x", at=NOW)

    assert confidential.visits_of(clinic.practice, [clinic.alma])[clinic.alma] == {secret.encounter, new[0]}


def test_twice_is_once_another_address_holds_from_then_on_and_the_trail_tells(
    child: tuple[Clinic, Visit, Visit],
) -> None:
    clinic, _, secret = child
    assert len(keep(clinic, secret)) == 1
    assert keep(clinic, secret) == []
    keep(clinic, secret, Reach(EMAIL, "alma.own@example.org"))

    assert confidential.reaches(clinic.practice, [clinic.alma])[clinic.alma].email == "alma.own@example.org"
    trail = run("select count(*) from audit where action = 'encounter.keep_confidential'").fetchone()[0]
    assert trail == 2
    assert audit.verify() == []


@pytest.mark.parametrize(
    ("reach", "field"),
    [
        (Reach(""), "how"),
        (Reach(EMAIL, "alma"), "email"),
        (Reach(MAIL, address=Address("", "", "Salem", "OR", "97301")), "line1"),
        (Reach(MAIL, address=Address("1 Road", "", "", "OR", "97301")), "city"),
        (Reach(MAIL, address=Address("1 Road", "", "Salem", "XX", "97301")), "state"),
        (Reach(MAIL, address=Address("1 Road", "", "Salem", "OR", "9730")), "zip"),
    ],
)
def test_without_a_place_to_write_to_nothing_is_kept(
    child: tuple[Clinic, Visit, Visit], reach: Reach, field: str
) -> None:
    clinic, _, secret = child
    with pytest.raises(Rejected) as refused:
        keep(clinic, secret, reach)
    assert [problem.where for problem in refused.value.problems] == [f"[0].{field}"]
    assert tables.ConfidentialRequest.select().count() == 0


def test_nobody_keeps_somebody_elses_visit(child: tuple[Clinic, Visit, Visit]) -> None:
    clinic, _, secret = child
    for wish in (Wish(clinic.bruno, secret.encounter, OWN), Wish(999, None, OWN), Wish(clinic.alma, 999, OWN)):
        with pytest.raises(NotFound):
            keep_confidential(clinic.practice, [wish], by=BILLER, now=NOW, today=TODAY)
    assert tables.ConfidentialRequest.select().count() == 0


def test_the_database_keeps_clinics_apart(clinic: Clinic) -> None:
    with pytest.raises(peewee.IntegrityError), write():
        confidential.add(clinic.practice, [(clinic.alma, 999, OWN)], since=TODAY, by="x", at=NOW)


def test_paying_early_saves_the_same_on_a_confidential_bill_and_takes_nothing_off_the_other(clinic: Clinic) -> None:
    """A tenth: $90.54 settle $100.60, and $27.00 the $30.00 Alma keeps to herself; neither bill touches the other's offer."""
    set_prompt_pay(clinic.practice, prompt_pay.Policy(10, 14, insured=True), by=BILLER, now=NOW)
    seen, secret = visits.decided(clinic), visits.decided(clinic, FIVE[:1], on=date(2026, 10, 20))
    keep(clinic, secret)
    billed(clinic)
    shown = {b.statement.confidential: b for b in bill_queries.bills_of(clinic.practice, clinic.alma)}
    asked = {own: to_pay(clinic.practice, clinic.alma, b, today=TODAY) for own, b in shown.items()}
    assert {own: (one.asked_cents, one.off_cents) for own, one in asked.items()} == {
        False: (100_60, 10_06), True: (30_00, 3_00),
    }  # fmt: skip
    for own, cents in ((True, 27_00), (False, 90_54)):
        paid = DeskPayment(clinic.alma, cents, "cash", f"form-{own}", statement=shown[own].id)
        take_desk_payments(clinic.practice, [paid], by=BILLER, now=NOW, today=TODAY)
        first = secret if own else seen
        assert journal.balance(clinic.practice, PATIENT_OWES, claim=first.claim) == 0
    assert journal.balance(clinic.practice, WRITE_OFF) == 13_06
    assert journal.balance(clinic.practice, PATIENT_CREDIT, patient=clinic.alma) == 0
