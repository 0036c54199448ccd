"""'Paid in full, do not tell my plan' (45 CFR 164.522(a)(1)(vi)): no file ever carries the visit while the wish holds."""

from datetime import date, timedelta

import pytest

from claims_service.domain.encounter import Encounter, ServiceLine
from claims_service.domain.errors import Conflict, NotFound
from claims_service.domain.patient import frozen
from claims_service.domain.patient.confidential import EMAIL, Reach
from claims_service.domain.patient.plan_restriction import Policy
from claims_service.gateways.messages.outbox import Message
from claims_service.store import audit, bills, claims, journal, plan_restrictions, reminders, tables
from claims_service.store.connection import run, write
from claims_service.workflow.bill_patient import bill_patients
from claims_service.workflow.bill_together import bill_together
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.follow_restrictions import follow_restrictions
from claims_service.workflow.keep_confidential import Wish, keep_confidential
from claims_service.workflow.pause_bills import Pause, pause_bills
from claims_service.workflow.record_encounter import record_encounters
from claims_service.workflow.restrict_plan import (
    end_restriction,
    restrict_plan,
    set_restriction_policy,
    tell_of_end,
)
from claims_service.workflow.submit_claims import submit_claims
from claims_service.workflow.take_payment import DeskPayment, take_desk_payments
from claims_service.workflow.tell_of_restrictions import tell_of_restrictions
from tests.clinic import BILLER, NOW, TODAY, Clinic

LATE = TODAY + timedelta(days=31)


class Letters:
    """An outbox that keeps what leaves."""

    channels = frozenset({"email"})

    def __init__(self) -> None:
        self.sent: list[Message] = []

    def send(self, message: Message) -> None:
        self.sent.append(message)


def recorded(clinic: Clinic, reference: str = "V1") -> int:
    """Alma's visit, not built yet."""
    line = ServiceLine("99213", (1,))
    visit = Encounter(clinic.alma, date(2026, 11, 10), "11", clinic.doctor, ("J069",), (line,), reference)
    [key] = record_encounters(clinic.practice, [visit], by=BILLER, now=NOW).recorded
    return key


def restrict(clinic: Clinic, encounter: int, patient: int = 0) -> tuple[int, ...]:
    wish = (patient or clinic.alma, encounter)
    visits = restrict_plan(clinic.practice, [wish], by=BILLER, now=NOW, today=TODAY)
    build_claims(clinic.practice, visits, by=BILLER, now=NOW, today=TODAY)
    return visits


def standing(clinic: Clinic, encounter: int) -> list[tuple[str, str, bool]]:
    """(sequence, state, whether a plan is asked) of the claims that stand."""
    found = claims.of_encounters(clinic.practice, [encounter]).get(encounter, [])
    return [(head.sequence, head.state, bool(head.payer)) for head in found if head.state != "void"]


def sent(clinic: Clinic) -> int:
    return submit_claims(clinic.practice, by=BILLER, now=NOW).claim_count


def pay(clinic: Clinic, cents: int, key: str = "p") -> None:
    desk = DeskPayment(clinic.alma, cents, "cash", key)
    take_desk_payments(clinic.practice, [desk], by=BILLER, now=NOW, today=TODAY)


def owed(clinic: Clinic) -> int:
    return sum(cents for _, _, cents in bills.accounts(clinic.practice, [clinic.alma])[clinic.alma].claims.values())


def follow(clinic: Clinic, on: date) -> tuple[int, tuple[int, ...]]:
    done = follow_restrictions(clinic.practice, by=BILLER, now=NOW, today=on)
    return done.to_tell, done.visits


def test_before_the_claim_is_built_the_patient_is_asked_and_no_file_is_written(clinic: Clinic) -> None:
    encounter = recorded(clinic)
    restrict(clinic, encounter)

    assert standing(clinic, encounter) == [("N", "patient", False)]
    assert owed(clinic) > 0
    assert sent(clinic) == 0
    told = bill_patients(clinic.practice, None, by=BILLER, now=NOW, today=TODAY).statements
    statement = frozen.statement(bills.statement_content(clinic.practice, told[0]))
    assert statement.keep_from_plan_until == TODAY + timedelta(days=30)
    assert statement.payers == ()


def test_a_claim_that_is_ready_is_taken_out_of_the_books_and_never_goes(clinic: Clinic) -> None:
    """The plan owed the charge; now Alma does, to the cent, and nothing is left with the plan."""
    encounter = recorded(clinic)
    build_claims(clinic.practice, [encounter], by=BILLER, now=NOW, today=TODAY)
    charge = journal.balance(clinic.practice, "payer_owes", patient=clinic.alma)
    assert charge > 0

    restrict(clinic, encounter)

    assert journal.balance(clinic.practice, "payer_owes", patient=clinic.alma) == 0
    assert owed(clinic) == charge
    assert sent(clinic) == 0
    assert run("select count(*) from file_claim").fetchone()[0] == 0
    assert journal.check(clinic.practice) == []


def test_asked_twice_it_holds_once_and_nobody_asks_for_another(clinic: Clinic) -> None:
    encounter = recorded(clinic)
    assert restrict(clinic, encounter) == (encounter,)
    assert restrict(clinic, encounter) == ()
    assert len(plan_restrictions.holding(clinic.practice)) == 1
    assert standing(clinic, encounter) == [("N", "patient", False)]
    for wrong in ((clinic.bruno, encounter), (clinic.alma, 999)):
        with pytest.raises(NotFound):
            restrict_plan(clinic.practice, [wrong], by=BILLER, now=NOW, today=TODAY)
    trail = run("select count(*) from audit where action = 'encounter.restrict_plan'").fetchone()[0]
    assert trail == 1
    assert audit.verify() == []


def test_once_a_file_has_carried_it_the_wish_comes_too_late(clinic: Clinic) -> None:
    encounter = recorded(clinic)
    build_claims(clinic.practice, [encounter], by=BILLER, now=NOW, today=TODAY)
    assert sent(clinic) == 1
    before = standing(clinic, encounter)

    with pytest.raises(Conflict, match="too late"):
        restrict(clinic, encounter)

    assert standing(clinic, encounter) == before
    assert plan_restrictions.holding(clinic.practice) == []


def test_it_is_never_billed_together_with_visits_the_plan_hears_of(clinic: Clinic) -> None:
    first, second = recorded(clinic, "V1"), recorded(clinic, "V2")
    restrict_plan(clinic.practice, [(clinic.alma, first)], by=BILLER, now=NOW, today=TODAY)

    with pytest.raises(Conflict, match="the plan is not told"):
        bill_together(clinic.practice, [first, second], by=BILLER, now=NOW)


def test_a_visit_billed_with_others_is_not_taken_out_of_them(clinic: Clinic) -> None:
    first, second = recorded(clinic, "V1"), recorded(clinic, "V2")
    bill_together(clinic.practice, [first, second], by=BILLER, now=NOW)

    with pytest.raises(Conflict, match="together"):
        restrict(clinic, first)


def test_the_last_wall_holds_a_claim_that_should_not_stand_there(clinic: Clinic) -> None:
    """Written past the steps: a ready claim of such a visit still stays out of every file."""
    encounter = recorded(clinic)
    build_claims(clinic.practice, [encounter], by=BILLER, now=NOW, today=TODAY)
    with write():
        plan_restrictions.add(clinic.practice, [(clinic.alma, encounter)], on=TODAY, by="x", at=NOW)
    [claim] = [head.id for head in claims.of_encounters(clinic.practice, [encounter])[encounter]]

    assert sent(clinic) == 0
    assert submit_claims(clinic.practice, [claim], by=BILLER, now=NOW).claim_count == 0


def test_paid_in_full_it_holds_for_good(clinic: Clinic) -> None:
    encounter = recorded(clinic)
    restrict(clinic, encounter)
    pay(clinic, owed(clinic))

    assert follow(clinic, LATE + timedelta(days=900)) == (0, ())
    assert standing(clinic, encounter) == [("N", "patient", False)]


def test_not_paid_the_patient_is_told_first_and_only_then_the_plan_is_billed(clinic: Clinic) -> None:
    """Asked on November 20: told after 30 days, billed after 14 more; $10.00 paid in between are the patient's credit."""
    encounter = recorded(clinic)
    restrict(clinic, encounter)
    pay(clinic, 10_00)
    assert follow(clinic, LATE - timedelta(days=1)) == (0, ())
    assert follow(clinic, LATE) == (1, ())
    assert follow(clinic, LATE + timedelta(days=90)) == (1, ()), "nobody was told yet"

    tell_of_end(clinic.practice, clinic.alma, encounter, by=BILLER, now=NOW, today=LATE)
    assert follow(clinic, LATE + timedelta(days=14)) == (0, ())
    assert follow(clinic, LATE + timedelta(days=15)) == (0, (encounter,))
    build_claims(clinic.practice, [encounter], by=BILLER, now=NOW, today=LATE)

    ((sequence, _, asks_plan),) = standing(clinic, encounter)
    assert (sequence, asks_plan) == ("P", True)
    assert sent(clinic) == 1
    bill_patients(clinic.practice, None, by=BILLER, now=NOW, today=LATE)
    assert bills.accounts(clinic.practice, [clinic.alma])[clinic.alma].credit_cents == 10_00
    assert tables.PlanRestriction.get().lifted_why == "unpaid"
    assert journal.check(clinic.practice) == []


def test_the_message_leaves_once_to_where_the_patient_reads_and_starts_the_days_of_grace(clinic: Clinic) -> None:
    encounter = recorded(clinic)
    restrict(clinic, encounter)
    with write():
        reminders.add_choices(clinic.practice, clinic.alma, [("email", "yes")], via="desk", by="x", at=NOW)
    follow(clinic, LATE)
    letters = Letters()

    def tell() -> int:
        return tell_of_restrictions(
            clinic.practice, outbox=letters, site_url="https://pay.example", by=BILLER, now=NOW, today=LATE
        )

    assert (tell(), tell()) == (1, 0)
    [message] = letters.sent
    assert message.to == "alma@example.org"
    assert "January 4, 2027" in message.text
    assert "$" not in message.subject
    assert plan_restrictions.holding(clinic.practice)[0].told_on == LATE


def test_about_a_confidential_visit_it_goes_to_the_address_named_for_it(clinic: Clinic) -> None:
    encounter = recorded(clinic)
    restrict(clinic, encounter)
    wish = Wish(clinic.alma, encounter, Reach(EMAIL, "own@example.org"))
    keep_confidential(clinic.practice, [wish], by=BILLER, now=NOW, today=TODAY)
    follow(clinic, LATE)
    letters = Letters()
    tell_of_restrictions(clinic.practice, outbox=letters, site_url="", by=BILLER, now=NOW, today=LATE)

    assert [message.to for message in letters.sent] == ["own@example.org"]


def test_without_e_mail_it_waits_until_a_person_told_the_patient(clinic: Clinic) -> None:
    encounter = recorded(clinic)
    restrict(clinic, encounter)
    follow(clinic, LATE)
    letters = Letters()
    assert tell_of_restrictions(clinic.practice, outbox=letters, site_url="", by=BILLER, now=NOW, today=LATE) == 0
    assert letters.sent == []
    assert plan_restrictions.holding(clinic.practice)[0].told_on is None
    assert follow(clinic, LATE + timedelta(days=400)) == (1, ())


def test_paid_after_all_and_charged_back_later_the_patient_is_told_anew(clinic: Clinic) -> None:
    encounter = recorded(clinic)
    restrict(clinic, encounter)
    tell_of_end(clinic.practice, clinic.alma, encounter, by=BILLER, now=NOW, today=LATE)
    pay(clinic, owed(clinic))
    assert follow(clinic, LATE + timedelta(days=20)) == (0, ())
    assert plan_restrictions.holding(clinic.practice)[0].told_on is None


def test_bills_that_rest_let_it_rest(clinic: Clinic) -> None:
    encounter = recorded(clinic)
    restrict(clinic, encounter)
    pause_bills(clinic.practice, [Pause(clinic.alma, "hardship")], by=BILLER, now=NOW, today=TODAY)
    assert follow(clinic, LATE) == (0, ())


def test_the_patient_may_end_it_and_the_manager_sets_the_days(clinic: Clinic) -> None:
    encounter = recorded(clinic)
    restrict(clinic, encounter)
    set_restriction_policy(clinic.practice, Policy(5, 3), by=BILLER, now=NOW)
    assert follow(clinic, TODAY + timedelta(days=6)) == (1, ())

    visits = end_restriction(clinic.practice, clinic.alma, encounter, by=BILLER, now=NOW, today=TODAY)
    build_claims(clinic.practice, visits, by=BILLER, now=NOW, today=TODAY)

    assert standing(clinic, encounter)[0][0] == "P"
    with pytest.raises(NotFound):
        end_restriction(clinic.practice, clinic.alma, encounter, by=BILLER, now=NOW, today=TODAY)
    with pytest.raises(ValueError, match="365"):
        Policy(0, 3)
