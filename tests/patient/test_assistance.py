"""Who earns little asks once, bills rest meanwhile, a person decides, and what is taken off stands in the books as charity."""

from datetime import date, timedelta

import peewee
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims_service.domain.actor import Actor
from claims_service.domain.errors import Conflict, NotFound, Rejected
from claims_service.domain.ledger.accounts import PATIENT_OWES, WRITE_OFF
from claims_service.domain.patient import assistance as rules
from claims_service.domain.patient import frozen
from claims_service.domain.patient.assistance import Policy
from claims_service.formats.attachments import SentFile
from claims_service.formats.documents.assistance_pdf import assistance_pdf
from claims_service.formats.tables.poverty import guidelines
from claims_service.store import assistance, bills, journal, reminders, tables
from claims_service.store.assistance import Head
from claims_service.store.connection import run, write
from claims_service.workflow.ask_assistance import Application, add_papers, ask_assistance, withdraw_assistance
from claims_service.workflow.bill_patient import bill_patients
from claims_service.workflow.decide_assistance import Decision, decide_assistance, set_scale
from claims_service.workflow.pause_bills import Pause, pause_bills
from tests.clinic import BILLER, MANAGER, NOW, TODAY, Clinic
from tests.patient import visits
from tests.patient.visits import Line

PHOTO = SentFile("pay stub.jpg", b"\xff\xd8\xff\xe0" + b"0" * 50)
SECOND_MANAGER = Actor("user:3", "manager", "127.0.0.1")
POOR = 20_000_00  # for one person: 126 percent of $15,960 in 2026


def ask(
    clinic: Clinic, income: int = POOR, *, household: int = 1, key: str = "form-1", papers: tuple[SentFile, ...] = ()
) -> int:
    wish = Application(clinic.alma, household, income, key, "I lost my work.", papers=papers)
    [made] = ask_assistance(clinic.practice, [wish], by=BILLER, now=NOW, today=TODAY)
    return made.application


def decide(clinic: Clinic, application: int, percent: int, words: str = "", *, by: Actor = BILLER) -> Head:
    one = Decision(application, percent, words)
    [after] = decide_assistance(clinic.practice, [one], by=by, now=NOW, today=TODAY, above_limit=by is not BILLER)
    return after


def owes(clinic: Clinic, claim: int) -> int:
    return journal.claim_balances(clinic.practice, [claim])[claim].get(PATIENT_OWES, 0)


def test_the_guideline_of_2026() -> None:
    """91 FR 1797: $15,960 for one, $33,000 for four; Alaska and Hawaii have their own; last January's before January 13."""

    def of(state: str, day: date = TODAY, people: int = 1) -> int:
        found = rules.guideline_on(day, state, guidelines())
        assert found is not None
        return found.cents(people)

    assert (of("OR"), of("OR", people=4), of("AK"), of("HI")) == (15_960_00, 33_000_00, 19_950_00, 18_360_00)
    assert of("OR", date(2026, 1, 12)) == 15_650_00


@given(st.integers(0, 200_000_00), st.integers(1, 12))
def test_who_earns_more_never_gets_more_off(income: int, household: int) -> None:
    guideline = guidelines()[0]

    def off(cents: int, people: int) -> int:
        return rules.percent_off(rules.percent_of_guideline(cents, people, guideline), Policy())

    assert off(income, household) >= off(income + 1, household)
    assert off(income, household + 1) >= off(income, household)


@given(st.integers(0, 10**7), st.lists(st.tuples(st.integers(0, 9), st.integers(-500, 10**6)), max_size=8))
def test_what_is_taken_off_lines_adds_up(cents: int, shares: list[tuple[int, int]]) -> None:
    parts = rules.spread(cents, shares)

    assert sum(part for _, part in parts) == (cents if any(share > 0 for _, share in shares) else 0)


def test_bills_rest_while_it_is_open_and_go_on_when_it_is_taken_back(clinic: Clinic) -> None:
    visits.decided(clinic)
    application = ask(clinic)

    assert [hold.kind for hold in reminders.holds(clinic.practice, [clinic.alma])[clinic.alma]] == ["hardship"]
    assert bill_patients(clinic.practice, None, by=BILLER, now=NOW, today=TODAY).statements == ()

    withdraw_assistance(clinic.practice, application, by=BILLER, now=NOW, today=TODAY, patient=clinic.alma)

    assert reminders.holds(clinic.practice, [clinic.alma]) == {}
    assert len(bill_patients(clinic.practice, None, by=BILLER, now=NOW, today=TODAY).statements) == 1


def test_a_pause_for_another_reason_goes_on(clinic: Clinic) -> None:
    pause_bills(clinic.practice, [Pause(clinic.alma, "attorney")], by=BILLER, now=NOW, today=TODAY)
    decide(clinic, ask(clinic), 100)

    assert [hold.kind for hold in reminders.holds(clinic.practice, [clinic.alma])[clinic.alma]] == ["attorney"]


def test_granted_in_full_the_balance_is_gone_and_every_line_says_so(clinic: Clinic) -> None:
    """Alma owes $100.60 for five services; at 126 percent of the guideline all of it is taken off, line by line, as charity."""
    visit = visits.decided(clinic)
    after = decide(clinic, ask(clinic), 100)

    assert (after.state, after.percent, after.off_cents) == (rules.GRANTED, 100, 100_60)
    assert owes(clinic, visit.claim) == 0
    rows = tables.JournalTransfer.select().where(tables.JournalTransfer.reason == rules.CHARITY)
    assert {(row.debit, row.credit) for row in rows} == {(WRITE_OFF, PATIENT_OWES)}
    assert sorted((row.line, row.cents) for row in rows) == [(1, 30_00), (2, 42_00), (3, 22_00), (4, 4_80), (5, 1_80)]
    assert after.letter is not None
    assert (after.letter.off_cents, after.letter.owed_cents) == (100_60, 0)
    for language in ("en", "es"):
        assert assistance_pdf(after.letter, language).startswith(b"%PDF-")


def test_a_part_leaves_the_rest_on_the_next_bill(clinic: Clinic) -> None:
    """75 percent of $100.60 is $75.45; the bill asks for $25.15."""
    visits.decided(clinic)
    decide(clinic, ask(clinic, 31_000_00), 75)

    [key] = bill_patients(clinic.practice, None, by=BILLER, now=NOW, today=TODAY).statements
    told = frozen.statement(bills.statement_content(clinic.practice, key))

    assert (told.forgiven_cents, told.owed_cents) == (75_45, 25_15)


def test_later_visits_fall_under_it_once_and_none_after_it_is_over(clinic: Clinic) -> None:
    decide(clinic, ask(clinic, 31_000_00), 75)
    inside, day = (
        visits.sent(clinic, [Line("99213", 100_00)], on=TODAY + timedelta(days=30), plan=False),
        TODAY + timedelta(days=40),
    )
    outside = visits.sent(
        clinic, [Line("99213", 100_00)], on=rules.valid_until(TODAY, 6) + timedelta(days=1), plan=False
    )

    for _ in range(2):
        bill_patients(clinic.practice, None, by=BILLER, now=NOW, today=day)

    assert (owes(clinic, inside.claim), owes(clinic, outside.claim)) == (25_00, 100_00)


def test_a_form_sent_twice_and_a_second_application_are_one(clinic: Clinic) -> None:
    assert ask(clinic) == ask(clinic) == ask(clinic, key="form-2")
    assert tables.AssistanceRow.select().count() == 1


def test_decided_twice_takes_off_once(clinic: Clinic) -> None:
    visit = visits.decided(clinic)
    application = ask(clinic, 31_000_00)
    decide(clinic, application, 75)

    with pytest.raises(Conflict):
        decide(clinic, application, 75)
    assert owes(clinic, visit.claim) == 25_15


def test_above_the_limit_two_people_decide(clinic: Clinic) -> None:
    """$100.60 above $100.00: the biller's word takes nothing off, nor does it when said again; the manager's does."""
    visit = visits.decided(clinic)
    set_scale(clinic.practice, Policy(approve_above_cents=100_00), by=BILLER, now=NOW)
    application = ask(clinic)

    for _ in range(2):
        waiting = decide(clinic, application, 100)
        assert (waiting.state, waiting.proposed_by, owes(clinic, visit.claim)) == (rules.OPEN, BILLER.name, 100_60)
    after = decide(clinic, application, 100, by=MANAGER)

    assert (after.state, after.proposed_by, owes(clinic, visit.claim)) == (rules.GRANTED, "", 0)


def test_above_the_limit_nobody_agrees_with_oneself_or_to_something_else(clinic: Clinic) -> None:
    """A manager alone waits like anyone; another manager's 100 percent is no yes to 75, but a new word."""
    visits.decided(clinic)
    set_scale(clinic.practice, Policy(approve_above_cents=50_00), by=BILLER, now=NOW)
    application = ask(clinic)

    assert [decide(clinic, application, 75, "Fair.", by=MANAGER).state for _ in range(2)] == [rules.OPEN] * 2
    other = decide(clinic, application, 100, by=SECOND_MANAGER)
    assert (other.state, other.percent, other.proposed_by) == (rules.OPEN, 100, SECOND_MANAGER.name)
    assert decide(clinic, application, 100, by=BILLER).proposed_by == BILLER.name
    assert decide(clinic, application, 100, by=MANAGER).state == rules.GRANTED


def test_what_is_taken_back_while_it_waits_for_a_second_person_takes_nothing_off(clinic: Clinic) -> None:
    visit = visits.decided(clinic)
    set_scale(clinic.practice, Policy(approve_above_cents=0), by=BILLER, now=NOW)
    application = ask(clinic)
    decide(clinic, application, 100)

    withdraw_assistance(clinic.practice, application, by=BILLER, now=NOW, today=TODAY)

    assert owes(clinic, visit.claim) == 100_60
    with pytest.raises(Conflict):
        decide(clinic, application, 100, by=MANAGER)


def test_no_and_another_percent_than_the_scale_need_words(clinic: Clinic) -> None:
    application = ask(clinic)

    with pytest.raises(Rejected):
        decide(clinic, application, 0)
    with pytest.raises(Rejected):
        decide(clinic, application, 50)
    after = decide(clinic, application, 0, "Your papers show another income.")
    assert (after.state, after.percent, after.valid_until) == (rules.REFUSED, 0, None)


def test_papers_are_told_by_their_bytes_and_belong_to_their_patient(clinic: Clinic) -> None:
    application = ask(clinic, papers=(PHOTO,))
    add_papers(clinic.practice, application, [PHOTO], by=BILLER, now=NOW, patient=clinic.alma)

    [(paper, name, _)] = assistance.files(clinic.practice, application)
    assert name == "pay stub.jpg"
    with pytest.raises(NotFound):
        assistance.file(clinic.practice, application, paper, patient=clinic.bruno)
    with pytest.raises(NotFound):
        add_papers(clinic.practice, application, [PHOTO], by=BILLER, now=NOW, patient=clinic.bruno)
    with pytest.raises(Rejected):
        add_papers(clinic.practice, application, [SentFile("a.pdf", b"MZ")], by=BILLER, now=NOW)


@pytest.mark.parametrize("steps", [(), ((200, 50), (150, 100)), ((150, 50), (200, 75)), ((150, 101),), ((0, 10),)])
def test_a_scale_that_makes_no_sense_is_refused(clinic: Clinic, steps: tuple[tuple[int, int], ...]) -> None:
    with pytest.raises(Rejected):
        set_scale(clinic.practice, Policy(steps), by=BILLER, now=NOW)


@pytest.mark.parametrize(
    "sql", ["update assistance set percent = 5", "delete from assistance", "delete from assistance_policy"]
)
def test_the_database_itself_keeps_what_was_decided(clinic: Clinic, sql: str) -> None:
    set_scale(clinic.practice, Policy(months=3), by=BILLER, now=NOW)
    decide(clinic, ask(clinic), 100)

    with pytest.raises(peewee.DatabaseError), write():
        run(sql, ())
