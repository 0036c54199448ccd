"""Payment plans: schedules to the cent, the journal as the only truth of what was paid, reminders that rest, an end by itself."""

import email as mail_format
import hashlib
from dataclasses import replace
from datetime import date, datetime, timedelta
from email import policy
from pathlib import Path

import peewee
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims_service.domain.errors import Conflict, NotFound, Rejected
from claims_service.domain.ledger.accounts import PATIENT_CREDIT, PATIENT_OWES
from claims_service.domain.ledger.journal import Entry, Transfer
from claims_service.domain.patient import frozen
from claims_service.domain.patient.pay_link import PayLinks
from claims_service.domain.patient.payment_plan import (
    KEPT,
    LAPSED,
    LATE,
    MONTHS,
    PAID,
    RESTING,
    STOPPED,
    Money,
    Policy,
    cut,
    first_due,
    line,
    offers,
    schedule,
    standing,
    total,
)
from claims_service.gateways.messages.outbox import FolderOutbox
from claims_service.queries import payment_plans as plan_queries
from claims_service.store import bills, connection, journal, payment_plans, tables
from claims_service.store.payment_plans import Running
from claims_service.workflow.agree_payment_plan import (
    Agreed,
    Wish,
    agree_payment_plans,
    set_plan_policy,
    stop_payment_plan,
)
from claims_service.workflow.bill_patient import bill_patients
from claims_service.workflow.follow_payment_plans import Followed, follow_payment_plans, remind_late_plans
from claims_service.workflow.open_disputes import Complaint, open_disputes
from claims_service.workflow.pause_bills import choose_contact
from claims_service.workflow.remind_patients import remind_patients
from claims_service.workflow.take_payment import DeskPayment, take_desk_payments
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.patient import visits
from tests.patient.visits import FIVE, Visit

FIRST = date(2026, 12, 20)  # the bill's own last day
amounts = st.integers(200, 50_000_00)
months = st.sampled_from(MONTHS)


@given(amounts, months, st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_a_schedule_adds_up_to_the_cent_and_the_last_payment_takes_the_rest(cents: int, count: int, on: date) -> None:
    made = schedule(cents, count, on)
    assert total(made) == cents
    assert len(made) == count
    assert len({one.cents for one in made[:-1]}) == 1
    assert 0 <= made[-1].cents - made[0].cents < count
    days = [one.due_on for one in made]
    assert days == sorted(set(days))
    assert {(one.due_on.year, one.due_on.month) for one in made}.__len__() == count, "one a month, on the 31st too"


def test_seventy_dollars_sixty_in_three_and_in_six() -> None:
    assert [one.cents for one in schedule(70_60, 3, FIRST)] == [23_53, 23_53, 23_54]
    assert [one.cents for one in schedule(70_60, 6, FIRST)] == [11_76] * 5 + [11_80]


@given(amounts, st.integers(100, 200_00), st.integers(0, 36).filter(lambda n: n != 1))
def test_no_offer_asks_for_less_than_the_least_or_for_longer_than_the_most(cents: int, least: int, most: int) -> None:
    for made in offers(cents, Policy(least, most), FIRST):
        assert min(one.cents for one in made) >= least
        assert len(made) <= most


@given(amounts, months, st.integers(0, 60_000_00), st.integers(0, 60_000_00), st.integers(0, 1300))
def test_a_plan_never_asks_for_more_than_is_open_nor_than_was_agreed(
    cents: int, count: int, paid: int, still_open: int, days: int
) -> None:
    """Whatever was paid and is open, on whatever day: what is left is at most both, and the schedule is a start of the agreed one."""
    agreed = schedule(cents, count, FIRST)
    found = standing(agreed, Money(paid, still_open), 10, FIRST + timedelta(days=days - 60))
    assert 0 <= found.left_cents <= min(still_open, cents)
    assert found.behind_cents <= found.left_cents
    assert found.next_cents <= found.left_cents
    assert found.to_pay_cents <= max(found.left_cents, found.behind_cents)
    assert (found.state == PAID) == (found.left_cents == 0)
    assert [one.due_on for one in found.schedule] == [one.due_on for one in agreed][: len(found.schedule)]
    assert all(now.cents == then.cents for now, then in zip(found.schedule[:-1], agreed, strict=False))


@given(amounts, months, st.data())
def test_paying_in_any_parts_comes_to_the_same(cents: int, count: int, data: st.DataObject) -> None:
    agreed = schedule(cents, count, FIRST)
    paid = data.draw(st.integers(0, cents))
    found = standing(agreed, Money(paid, cents - paid), 10, FIRST)
    assert found.schedule == agreed
    assert found.paid == sum(total(agreed[: n + 1]) <= paid for n in range(count))
    assert found.paid_cents + found.left_cents == cents


def test_a_shorter_plan_loses_its_last_payments() -> None:
    """Of $70.60 in six the insurer takes $20.00: the sixth is gone and the fifth is $3.56."""
    shorter = cut(schedule(70_60, 6, FIRST), 50_60)
    assert [one.cents for one in shorter] == [11_76, 11_76, 11_76, 11_76, 3_56]


def test_how_a_plan_is_told() -> None:
    found = standing(schedule(70_60, 6, date(2026, 11, 5)), Money(23_52, 47_08), 10, date(2026, 12, 20))
    assert line(found, "en") == "Plan: 2 of 6 paid, next $11.76 on January 5, 2027"
    assert line(found, "es") == "Plan: 2 de 6 pagados, el próximo de $11.76 el 5 de enero de 2027"


@pytest.mark.parametrize(("day", "state"), [(5, KEPT), (6, LATE), (15, LATE), (16, LAPSED)])
def test_a_payment_is_late_after_its_day_and_the_plan_lapses_after_ten_more(day: int, state: str) -> None:
    agreed = schedule(70_60, 6, date(2026, 12, 5))
    found = standing(agreed, Money(0, 70_60), 10, date(2026, 12, day))
    assert found.state == state
    assert found.behind_cents == (0 if state == KEPT else 11_76), "never a fee"


def test_the_first_payment_is_never_asked_for_sooner_than_the_bill() -> None:
    assert first_due(TODAY, TODAY + timedelta(days=30)) == TODAY + timedelta(days=30)
    assert first_due(TODAY, TODAY + timedelta(days=3)) == TODAY + timedelta(days=14)


@pytest.mark.parametrize("bad", [(99, 12, 10), (1000, 1, 10), (1000, 37, 10), (1000, 12, 61), (1000, 12, -1)])
def test_a_policy_nobody_can_keep_is_refused(bad: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match=r"^\w"):
        Policy(*bad)


@pytest.fixture
def visit(clinic: Clinic) -> Visit:
    """Alma owes $100.60 for one visit and has her bill; she chose e-mail."""
    made = visits.decided(clinic)
    choose_contact(clinic.practice, clinic.alma, by_email=True, by_text=False, via="desk", by=BILLER, now=NOW)
    bill_patients(clinic.practice, None, by=BILLER, now=NOW, today=TODAY)
    return made


def newest(clinic: Clinic) -> int:
    return int(tables.Statement.select().order_by(tables.Statement.id.desc()).first().id)


def agree(clinic: Clinic, count: int = 6, *, key: str = "form-1", cents: int = 100_60, patient: int = 0) -> Agreed:
    wish = Wish(patient or clinic.alma, newest(clinic), count, cents, key, "Alma Reyes", "portal", "203.0.113.7", "en")
    return agree_payment_plans(clinic.practice, [wish], by=BILLER, now=NOW, today=TODAY)[0]


def pay(clinic: Clinic, cents: int, key: str) -> None:
    desk = DeskPayment(clinic.alma, cents, "cash", key, statement=newest(clinic))
    take_desk_payments(clinic.practice, [desk], by=BILLER, now=NOW, today=TODAY)


def stands(clinic: Clinic, today: date = TODAY) -> Running:
    return payment_plans.running(clinic.practice, [clinic.alma], today=today)[clinic.alma]


def follow(clinic: Clinic, today: date = TODAY) -> Followed:
    now = datetime.combine(today, NOW.timetz())
    return follow_payment_plans(clinic.practice, None, by=BILLER, now=now, today=today)


def test_a_plan_is_agreed_once_and_posts_nothing(clinic: Clinic, visit: Visit) -> None:
    """The same form twice is one plan with one paper; what Alma owes is what she owed."""
    entries = tables.JournalEntry.select().count()
    first, again = agree(clinic), agree(clinic)
    assert (again.plan, again.again, first.again) == (first.plan, True, False)
    assert tables.PaymentPlanRow.select().count() == 1
    assert tables.JournalEntry.select().count() == entries
    assert journal.balance(clinic.practice, PATIENT_OWES, patient=clinic.alma) == 100_60
    assert [one.cents for one in stands(clinic).agreed] == [16_76] * 5 + [16_80]
    assert stands(clinic).agreed[0].due_on == FIRST


def test_the_paper_is_frozen_in_both_languages(clinic: Clinic, visit: Visit) -> None:
    plan = agree(clinic).plan
    for language in ("en", "es"):
        paper = payment_plans.paper(clinic.practice, plan, language)
        assert paper.startswith(b"%PDF")
        row = tables.PaymentPlanAgreement.get(tables.PaymentPlanAgreement.language == language)
        assert row.sha256 == hashlib.sha256(paper).hexdigest()
    with pytest.raises(peewee.DatabaseError), connection.write():
        connection.run("update payment_plan_agreement set language = 'xx'")
    with pytest.raises(peewee.DatabaseError), connection.write():
        connection.run("update payment_plan set accepted_by = 'Nobody'")
    with pytest.raises(peewee.DatabaseError), connection.write():
        connection.run("delete from payment_plan_version")


@pytest.mark.parametrize(
    ("count", "cents", "refusal"), [(5, 100_60, Rejected), (12, 100_60, Rejected), (6, 90_00, Conflict)]
)
def test_only_what_was_offered_can_be_agreed(
    clinic: Clinic, visit: Visit, count: int, cents: int, refusal: type[Exception]
) -> None:
    """Five months are not on the page, twelve would be $8.38 a month, and $90.00 is not what is owed."""
    with pytest.raises(refusal):
        agree(clinic, count, cents=cents)
    assert tables.PaymentPlanRow.select().count() == 0


def test_nobody_agrees_for_another_or_twice(clinic: Clinic, visit: Visit) -> None:
    with pytest.raises(NotFound):
        agree(clinic, patient=clinic.bruno)
    agree(clinic)
    with pytest.raises(Conflict):
        agree(clinic, key="form-2")


def test_payments_count_by_the_journal_and_a_refund_takes_them_back(clinic: Clinic, visit: Visit) -> None:
    """$40.00 complete two payments of $16.76 and part of the third; twice the same form counts once."""
    agree(clinic)
    pay(clinic, 40_00, "desk-1")
    pay(clinic, 40_00, "desk-1")
    found = stands(clinic).standing
    assert (found.paid, found.paid_cents, found.next_cents, found.left_cents) == (2, 40_00, 10_28, 60_60)
    assert found.next_on == date(2027, 2, 20)
    assert journal.balance(clinic.practice, PATIENT_OWES, patient=clinic.alma) == found.left_cents


def test_what_was_paid_before_is_no_payment_of_the_plan(clinic: Clinic, visit: Visit) -> None:
    pay(clinic, 30_00, "desk-1")
    agree(clinic, cents=70_60)
    assert stands(clinic).standing.paid_cents == 0
    assert total(stands(clinic).agreed) == 70_60


def test_a_plan_ends_by_itself_when_nothing_is_open(clinic: Clinic, visit: Visit) -> None:
    agree(clinic)
    pay(clinic, 100_60, "desk-1")
    assert follow(clinic).paid == 1
    assert follow(clinic) == Followed()
    assert payment_plans.of_patient(clinic.practice, clinic.alma)[0].state == PAID
    assert payment_plans.running(clinic.practice, None, today=TODAY) == {}


def test_an_insurer_that_pays_more_takes_the_last_payments_away(clinic: Clinic, visit: Visit) -> None:
    """Two of six are paid, then the plan pays for the heart tracing, $42.00: of $67.08 that were left, $25.08 are."""
    agree(clinic)
    pay(clinic, 33_52, "desk-1")
    visits.taken_back(clinic, visit)
    better = [replace(one, paid_cents=42_00, reasons={}) if one.code == "93000" else one for one in FIVE]
    visits.answered(clinic, visit, better, key="2")
    found = stands(clinic).standing
    assert [one.cents for one in found.schedule] == [16_76, 16_76, 16_76, 8_32]
    assert (found.paid, found.left_cents) == (2, 25_08)
    assert follow(clinic).changed == 1
    assert follow(clinic).changed == 0
    rows = connection.run("select number, why, schedule from payment_plan_version order by number").fetchall()
    assert [tuple(row[:2]) for row in rows] == [(1, "agreed"), (2, "shortened")]
    assert len(payment_plans.schedule_of(rows[0][2])) == 6, "the one before is kept"


def test_a_credit_shortens_the_plan_and_is_no_payment(clinic: Clinic, visit: Visit) -> None:
    agree(clinic)
    given = Transfer(PATIENT_CREDIT, PATIENT_OWES, 50_60, visit.claim, patient=clinic.alma)
    with connection.write():
        journal.post(
            clinic.practice, [Entry(TODAY, "credit", "c1", "patient", clinic.alma, (given,))], by="test", at=NOW
        )
    found = stands(clinic).standing
    assert (found.paid, found.left_cents, len(found.schedule)) == (0, 50_00, 3)


def test_a_disputed_amount_is_no_part_of_the_plan_until_it_is_answered(clinic: Clinic, visit: Visit) -> None:
    """$42.00 are in dispute: $58.60 stay on the plan, from the end; all of it in dispute and the plan rests, but does not end."""
    agree(clinic)
    complaint = Complaint(clinic.alma, newest(clinic), ((visit.encounter, 2),), "wrong_amount", "Too much.", "d-1")
    open_disputes(clinic.practice, [complaint], by=BILLER, now=NOW, today=TODAY)
    assert (total(stands(clinic).standing.schedule), stands(clinic).standing.left_cents) == (58_60, 58_60)
    rest = tuple((visit.encounter, number) for number in (1, 3, 4, 5))
    complaint = Complaint(clinic.alma, newest(clinic), rest, "wrong_amount", "Too much.", "d-2")
    open_disputes(clinic.practice, [complaint], by=BILLER, now=NOW, today=TODAY)
    assert stands(clinic).standing.state == RESTING
    follow(clinic)
    assert payment_plans.of_patient(clinic.practice, clinic.alma)[0].state == "running"


@pytest.fixture
def outbox(tmp_path: Path) -> FolderOutbox:
    return FolderOutbox(tmp_path / "messages")


def remind(clinic: Clinic, outbox: FolderOutbox, today: date) -> tuple[int, dict[str, int], int]:
    """(bills reminded of, what stopped others, late payments told of) on a day."""
    now = datetime.combine(today, NOW.timetz())
    told = remind_late_plans(
        clinic.practice, outbox=outbox, site_url="https://b.example", by=BILLER, now=now, today=today
    )
    out = remind_patients(
        clinic.practice, outbox=outbox, links=PayLinks("https://b.example", "a secret"), by=BILLER, now=now, today=today
    )
    return out.sent, dict(out.stopped), told.sent


def test_a_plan_that_is_kept_stops_reminders_and_a_lapsed_one_does_not(
    clinic: Clinic, visit: Visit, outbox: FolderOutbox
) -> None:
    """Day 14 would remind. On the plan nothing goes; the missed payment is told of once; after the grace the bill is reminded of."""
    agree(clinic)
    assert remind(clinic, outbox, TODAY + timedelta(days=14)) == (0, {"A payment plan is kept": 1}, 0)
    assert remind(clinic, outbox, FIRST + timedelta(days=1)) == (0, {"A payment plan is kept": 1}, 1)
    assert remind(clinic, outbox, FIRST + timedelta(days=2)) == (0, {"A payment plan is kept": 1}, 0), "told once"
    assert follow(clinic, FIRST + timedelta(days=10)).lapsed == 0
    assert follow(clinic, FIRST + timedelta(days=11)).lapsed == 1
    assert follow(clinic, FIRST + timedelta(days=11)).lapsed == 0
    assert remind(clinic, outbox, FIRST + timedelta(days=16)) == (1, {}, 0)
    told = [
        mail_format.message_from_bytes(file.read_bytes(), policy=policy.default) for file in outbox._folder.glob("*")
    ]
    late = [str(one["Subject"]) for one in told if "is missing $16.76" in str(one.get_body().get_content())]  # type: ignore[union-attr]
    assert late == ["About your plan with Lakeside Clinic"]
    pay(clinic, 16_76, "desk-1")
    assert follow(clinic, FIRST + timedelta(days=16)).resumed == 1, "who catches up goes on, at no cost"


def test_a_visit_beside_the_plan_is_reminded_of_without_it(clinic: Clinic, visit: Visit, outbox: FolderOutbox) -> None:
    """Alma is on a plan for $100.60; a new visit leaves her $48.00: the new bill says both, and the reminder asks for $48.00."""
    agree(clinic)
    visits.decided(clinic, FIVE[:2][1:], on=date(2026, 11, 10))
    made = bill_patients(clinic.practice, None, by=BILLER, now=NOW, today=TODAY)
    told = frozen.statement(bills.statement_content(clinic.practice, made.statements[0]))
    assert (told.owed_cents, told.planned_cents) == (142_60, 100_60)
    assert told.payment_plan[0] == "Plan: 0 of 6 paid, next $16.76 on December 20, 2026"
    assert remind(clinic, outbox, TODAY)[0] == 1
    [row] = connection.run("select open_cents from reminder").fetchall()
    assert row[0] == 42_00


def test_a_stopped_plan_leaves_the_bill_as_it_is(clinic: Clinic, visit: Visit) -> None:
    plan = agree(clinic).plan
    assert stop_payment_plan(clinic.practice, plan, "asked by phone", by=BILLER, now=NOW)
    assert not stop_payment_plan(clinic.practice, plan, "asked by phone", by=BILLER, now=NOW)
    assert payment_plans.of_patient(clinic.practice, clinic.alma)[0].state == STOPPED
    assert journal.balance(clinic.practice, PATIENT_OWES, patient=clinic.alma) == 100_60
    with pytest.raises(NotFound):
        stop_payment_plan(clinic.practice, plan, "mine?", by=BILLER, now=NOW, patient=clinic.bruno)
    with pytest.raises(Rejected):
        stop_payment_plan(clinic.practice, plan, " ", by=BILLER, now=NOW)


def test_a_new_policy_holds_for_new_plans_alone(clinic: Clinic, visit: Visit) -> None:
    agree(clinic)
    set_plan_policy(clinic.practice, Policy(50_00, 2, 5), by=BILLER, now=NOW)
    assert len(stands(clinic).agreed) == 6
    stop_payment_plan(clinic.practice, stands(clinic).head.id, "asked", by=BILLER, now=NOW)
    with pytest.raises(Rejected):
        agree(clinic, key="form-2")
    assert agree(clinic, 2, key="form-3").number


def test_the_list_begins_with_who_is_late_and_each_plan_costs_no_more_selects(clinic: Clinic, visit: Visit) -> None:
    """Alma paid nothing, Bruno his first payment: two days after the due day Alma stands first, with $16.76 behind."""
    visits.decided(clinic, patient=clinic.bruno)
    agree(clinic)
    bill_patients(clinic.practice, None, by=BILLER, now=NOW, today=TODAY)
    agree(clinic, key="form-2", patient=clinic.bruno)
    desk = DeskPayment(clinic.bruno, 16_76, "cash", "desk-b", statement=newest(clinic))
    take_desk_payments(clinic.practice, [desk], by=BILLER, now=NOW, today=TODAY)
    listed = plan_queries.queue(clinic.practice, today=FIRST + timedelta(days=2))
    assert [(one.head.patient, one.state, one.standing.behind_cents) for one in listed] == [
        (clinic.alma, LATE, 16_76),
        (clinic.bruno, KEPT, 0),
    ]
    assert [row.state for row in listed[0].rows[:2]] == ["missed", "coming"]
    assert [row.state for row in listed[1].rows[:2]] == ["done", "next"]
