"""A disputed amount stops asking at once, the rest goes on, the books stay as they are, and every dispute gets its answer."""

import contextlib
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims_service.domain.actor import Actor
from claims_service.domain.errors import Conflict, NotFound, Rejected
from claims_service.domain.ledger.accounts import PATIENT_CREDIT, PATIENT_OWES, WRITE_OFF
from claims_service.domain.patient import dispute as rules
from claims_service.domain.patient import frozen
from claims_service.domain.patient.dispute import Policy
from claims_service.domain.patient.dispute_letter import letter_of
from claims_service.domain.patient.statement import Statement
from claims_service.formats.attachments import SentFile
from claims_service.queries import bills as bill_queries
from claims_service.store import bills, connection, disputes, journal, tables
from claims_service.workflow.answer_disputes import Answer, Approval, answer_disputes, approve_answers
from claims_service.workflow.bill_patient import bill_patients
from claims_service.workflow.move_disputes import Step, move_disputes, set_policy
from claims_service.workflow.open_disputes import Complaint, Opened, open_disputes
from claims_service.workflow.take_payment import DeskPayment, take_desk_payments
from tests.clinic import BILLER, MANAGER, NOW, TODAY, Clinic
from tests.patient import visits
from tests.patient.visits import FIVE, Visit

ALMA = Actor("patient:1", "patient", "127.0.0.1")
PHOTO = b"\xff\xd8\xff\xe0" + b"0" * 50


@pytest.fixture
def visit(clinic: Clinic) -> Visit:
    """Alma owes $100.60 for one visit: $30.00, $42.00 (a heart tracing), $22.00, $4.80 and $1.80; her bill is out."""
    made = visits.decided(clinic)
    bill(clinic)
    return made


def bill(clinic: Clinic, today: date = TODAY) -> list[Statement]:
    made = bill_patients(clinic.practice, None, by=BILLER, now=NOW, today=today)
    return [frozen.statement(bills.statement_content(clinic.practice, key)) for key in made.statements]


def newest(clinic: Clinic, patient: int = 0) -> int:
    rows = tables.Statement.select(tables.Statement.id).where(tables.Statement.patient == (patient or clinic.alma))
    return int(rows.order_by(tables.Statement.id.desc()).first().id)


def dispute(
    clinic: Clinic, visit: Visit, *lines: int, reason: str = "wrong_amount", key: str = "form-1", **more: object
) -> Opened:
    places = tuple((visit.encounter, line) for line in lines)
    wish = Complaint(visit.patient, newest(clinic, visit.patient), places, reason, "It is too much.", key, **more)  # type: ignore[arg-type]
    [opened] = open_disputes(clinic.practice, [wish], by=ALMA, now=NOW, today=TODAY)
    return opened


def answer(clinic: Clinic, opened: Opened, outcome: str, *, by: Actor = BILLER, tracing: int = 0) -> disputes.Head:
    [line] = disputes.lines(clinic.practice, [opened.dispute])[opened.dispute]
    given = {(line.encounter, line.line): tracing}
    wish = Answer(opened.dispute, outcome, "We looked at the notes of your visit.", given)
    [found] = answer_disputes(clinic.practice, [wish], by=by, now=NOW, today=TODAY)
    return found


def move(clinic: Clinic, opened: Opened, step: str, *, patient: int | None = None, on: date = TODAY) -> disputes.Head:
    wish = Step(opened.dispute, step, "Words.", patient)
    [found] = move_disputes(clinic.practice, [wish], by=BILLER, now=NOW, today=on)
    return found


def asked(clinic: Clinic) -> tuple[int, int]:
    """(asked, held) of Alma now."""
    with connection.opened():
        found = bill_queries.bill(clinic.practice, clinic.alma, newest(clinic))
    return found.asked_cents, found.held_cents


def pay(clinic: Clinic, cents: int, key: str = "desk-1") -> None:
    wish = DeskPayment(clinic.alma, cents, "cash", key)
    take_desk_payments(clinic.practice, [wish], by=BILLER, now=NOW, today=TODAY)


def test_a_disputed_line_stops_asking_at_once_and_the_rest_goes_on(clinic: Clinic, visit: Visit) -> None:
    """Alma disputes the heart tracing: $42.00 is held, $58.60 is still asked, and nothing is posted."""
    entries = tables.JournalEntry.select().count()
    opened = dispute(clinic, visit, 2)
    assert (opened.held_cents, asked(clinic)) == (42_00, (58_60, 42_00))
    assert tables.JournalEntry.select().count() == entries
    assert journal.balance(clinic.practice, PATIENT_OWES, patient=clinic.alma) == 100_60


def test_a_form_sent_twice_opens_one_dispute(clinic: Clinic, visit: Visit) -> None:
    first, again = dispute(clinic, visit, 2), dispute(clinic, visit, 2)
    assert (again.dispute, again.again, first.again) == (first.dispute, True, False)
    assert tables.DisputeRow.select().count() == 1


def test_a_question_holds_nothing(clinic: Clinic, visit: Visit) -> None:
    opened = dispute(clinic, visit, 2, reason="question")
    assert (opened.held_cents, asked(clinic)) == (0, (100_60, 0))


def test_money_never_goes_to_a_disputed_line_by_itself(clinic: Clinic, visit: Visit) -> None:
    """Alma disputes $42.00 and pays $100.60 by check all the same: $58.60 pays the rest, $42.00 waits as her credit,
    and the next bill run does not spend it either."""
    dispute(clinic, visit, 2)
    pay(clinic, 100_60)
    assert journal.balance(clinic.practice, PATIENT_OWES, patient=clinic.alma) == 42_00
    bill(clinic)
    assert journal.balance(clinic.practice, PATIENT_CREDIT, patient=clinic.alma) == -42_00
    assert asked(clinic) == (0, 42_00)


def test_no_new_bill_goes_out_while_everything_open_is_disputed(clinic: Clinic, visit: Visit) -> None:
    dispute(clinic, visit, 1, 2, 3, 4, 5)
    assert asked(clinic) == (0, 100_60)
    assert bill(clinic, TODAY + timedelta(days=29)) == []


def test_the_next_bill_shows_what_is_held_apart_and_does_not_ask_for_it(clinic: Clinic, visit: Visit) -> None:
    """A month later the bill asks for $58.60; the $42.00 stands beside it."""
    dispute(clinic, visit, 2)
    [sent] = bill(clinic, TODAY + timedelta(days=29))
    assert (sent.owed_cents, sent.held_cents, sent.share_cents) == (58_60, 42_00, 100_60)
    assert sent.visits[0].held_lines == (2,)


def test_a_credit_is_written_off_on_its_line_and_a_new_bill_says_so(clinic: Clinic, visit: Visit) -> None:
    """$42.00 is taken off the heart tracing: her share is $58.60, and the new bill tells why."""
    opened = dispute(clinic, visit, 2)
    found = answer(clinic, opened, rules.CREDITED, tracing=42_00)
    [sent] = bill(clinic)
    assert (found.state, found.outcome) == ("answered", "credited")
    assert journal.balance(clinic.practice, WRITE_OFF) == 42_00
    assert (sent.share_cents, sent.owed_cents, sent.held_cents) == (58_60, 58_60, 0)
    assert sent.changes == (
        (
            "You asked about Heart tracing (ECG). We took $42.00 off.",
            "Usted preguntó por Heart tracing (ECG). Descontamos $42.00.",
        ),
    )
    tracing = sent.visits[0].invoice.lines[1]
    assert (tracing.share_cents, tracing.forgiven_cents) == (0, 42_00)
    assert bill(clinic) == [], "told once"
    assert not journal.check()


def test_an_upheld_amount_is_asked_again_with_thirty_more_days(clinic: Clinic, visit: Visit) -> None:
    opened = dispute(clinic, visit, 2)
    later = TODAY + timedelta(days=12)
    answer(clinic, opened, rules.UPHELD)
    [sent] = bill(clinic, later)
    assert (sent.owed_cents, sent.held_cents, sent.due_on) == (100_60, 0, later + timedelta(days=30))
    assert "the amount is right" in sent.changes[0][0]


def test_a_credit_on_a_line_paid_before_becomes_the_patients_money(clinic: Clinic, visit: Visit) -> None:
    """Alma paid all $100.60; $42.00 is credited: it is hers, and the statement that says so asks for nothing."""
    pay(clinic, 100_60)
    opened = dispute(clinic, visit, 2)
    assert asked(clinic) == (0, 0)
    answer(clinic, opened, rules.CREDITED, tracing=42_00)
    [sent] = bill(clinic)
    assert sent.owed_cents == 0
    assert sent.changes
    assert journal.balance(clinic.practice, PATIENT_CREDIT, patient=clinic.alma) == -42_00


def test_a_credit_above_the_limit_needs_a_second_person(clinic: Clinic, visit: Visit) -> None:
    """The limit is $40.00: the biller proposes $42.00, can't agree herself, and the hold goes on until the manager does."""
    set_policy(clinic.practice, Policy(10, 40_00), by=MANAGER, now=NOW)
    opened = dispute(clinic, visit, 2)
    assert answer(clinic, opened, rules.CREDITED, tracing=42_00).state == rules.TO_APPROVE
    assert (asked(clinic), journal.balance(clinic.practice, WRITE_OFF)) == ((58_60, 42_00), 0)
    with pytest.raises(Conflict, match="second person"):
        approve_answers(clinic.practice, [Approval(opened.dispute, True)], by=BILLER, now=NOW, today=TODAY)
    with pytest.raises(Conflict):
        answer(clinic, opened, rules.UPHELD)
    [found] = approve_answers(clinic.practice, [Approval(opened.dispute, True)], by=MANAGER, now=NOW, today=TODAY)
    assert (found.outcome, journal.balance(clinic.practice, WRITE_OFF)) == (rules.CREDITED, 42_00)


def test_a_credit_sent_back_goes_on_being_worked_on(clinic: Clinic, visit: Visit) -> None:
    set_policy(clinic.practice, Policy(10, 0), by=MANAGER, now=NOW)
    opened = dispute(clinic, visit, 2)
    answer(clinic, opened, rules.CREDITED, tracing=1_00)
    with pytest.raises(Rejected):
        approve_answers(clinic.practice, [Approval(opened.dispute, False)], by=MANAGER, now=NOW, today=TODAY)
    wish = Approval(opened.dispute, False, "Ask the plan first.")
    [found] = approve_answers(clinic.practice, [wish], by=MANAGER, now=NOW, today=TODAY)
    assert (found.state, asked(clinic)) == (rules.IN_PROGRESS, (58_60, 42_00))


def test_what_was_written_off_never_becomes_the_patients_money(clinic: Clinic, visit: Visit) -> None:
    """$42.00 was credited, then the plan takes its whole answer back: Alma paid nothing, so she has no credit."""
    opened = dispute(clinic, visit, 2)
    answer(clinic, opened, rules.CREDITED, tracing=42_00)
    visits.taken_back(clinic, visit)
    bill(clinic)
    assert journal.balance(clinic.practice, PATIENT_CREDIT, patient=clinic.alma) == 0
    assert asked(clinic) == (0, 0)
    visits.answered(clinic, visit, FIVE, key="2")
    bill(clinic)
    assert asked(clinic) == (58_60, 0)


@pytest.mark.parametrize("cents", [42_01, -1])
def test_a_credit_is_never_more_than_the_line(clinic: Clinic, visit: Visit, cents: int) -> None:
    opened = dispute(clinic, visit, 2)
    with pytest.raises(Rejected, match=r"Between \$0.00 and \$42.00"):
        answer(clinic, opened, rules.CREDITED, tracing=cents)
    assert journal.balance(clinic.practice, WRITE_OFF) == 0


def test_corrected_means_that_something_changed(clinic: Clinic, visit: Visit) -> None:
    """Nothing changed: refused. The plan takes its answer back and pays $42.00 more: her share of the tracing is $0.00."""
    opened = dispute(clinic, visit, 2, reason="plan_should_pay")
    with pytest.raises(Rejected, match="Nothing has changed"):
        answer(clinic, opened, rules.CORRECTED)
    better = (*FIVE[:1], visits.Line("93000", 95_00, 53_00, 42_00, {}, "Heart tracing (ECG)"), *FIVE[2:])
    visits.taken_back(clinic, visit)
    visits.answered(clinic, visit, better, key="2")
    assert asked(clinic) == (58_60, 0)
    answer(clinic, opened, rules.CORRECTED)
    [sent] = bill(clinic)
    assert (sent.owed_cents, sent.changes[0][0]) == (
        58_60,
        "You asked about Heart tracing (ECG). We corrected it: your share was $42.00 and is $0.00 now.",
    )


def test_the_answer_is_promised_in_ten_business_days(clinic: Clinic, visit: Visit) -> None:
    """Friday November 20, 2026: Thanksgiving is no business day, so the answer is due Monday December 7."""
    assert dispute(clinic, visit, 2).answer_by == date(2026, 12, 7)


def test_the_promise_rests_while_the_patient_is_asked(clinic: Clinic, visit: Visit) -> None:
    """Five business days are left when Alma is asked on November 30; she replies on December 14: due December 21."""
    opened = dispute(clinic, visit, 2)
    waiting = move(clinic, opened, rules.ASK, on=date(2026, 11, 30))
    assert (waiting.state, waiting.clock.days_left) == (rules.WAITING, 5)
    assert not rules.is_late(waiting.state, waiting.clock.answer_by, date(2027, 1, 4))
    back = move(clinic, opened, rules.REPLY, patient=clinic.alma, on=date(2026, 12, 14))
    assert (back.state, back.clock.answer_by) == (rules.IN_PROGRESS, date(2026, 12, 21))


def test_a_dispute_is_opened_once_more_and_only_once(clinic: Clinic, visit: Visit) -> None:
    opened = dispute(clinic, visit, 2)
    answer(clinic, opened, rules.UPHELD)
    assert asked(clinic) == (100_60, 0)
    again = move(clinic, opened, rules.REOPEN, patient=clinic.alma)
    assert (again.state, again.reopened, again.outcome, asked(clinic)) == ("opened", True, "", (58_60, 42_00))
    answer(clinic, opened, rules.CREDITED, tracing=42_00)
    with pytest.raises(Conflict, match="one time"):
        move(clinic, opened, rules.REOPEN, patient=clinic.alma)


def test_after_sixty_days_an_answer_stands(clinic: Clinic, visit: Visit) -> None:
    opened = dispute(clinic, visit, 2)
    answer(clinic, opened, rules.UPHELD)
    with pytest.raises(Conflict, match="60 days"):
        move(clinic, opened, rules.REOPEN, patient=clinic.alma, on=TODAY + timedelta(days=61))


def test_a_patient_who_takes_it_back_is_asked_again(clinic: Clinic, visit: Visit) -> None:
    opened = dispute(clinic, visit, 2)
    move(clinic, opened, rules.WITHDRAW, patient=clinic.alma)
    assert asked(clinic) == (100_60, 0)


def test_another_patients_bill_line_or_dispute_does_not_exist(clinic: Clinic, visit: Visit) -> None:
    """Bruno can neither dispute a line of Alma's bill nor write into her dispute."""
    opened = dispute(clinic, visit, 2)
    strange = Complaint(clinic.bruno, newest(clinic), ((visit.encounter, 1),), "other", "Mine?", "form-2")
    with pytest.raises(NotFound):
        open_disputes(clinic.practice, [strange], by=ALMA, now=NOW, today=TODAY)
    with pytest.raises(NotFound):
        move(clinic, opened, rules.REPLY, patient=clinic.bruno)
    with pytest.raises(NotFound):
        dispute(clinic, visit, 99, key="form-3")


def test_a_line_is_looked_into_once_at_a_time(clinic: Clinic, visit: Visit) -> None:
    dispute(clinic, visit, 2)
    with pytest.raises(Rejected, match="already"):
        dispute(clinic, visit, 2, 3, key="form-2")


@pytest.mark.parametrize(
    ("content", "kind"),
    [(PHOTO, "image/jpeg"), (b"%PDF-1.7 x", "application/pdf"), (b"\x89PNG\r\n\x1a\nx", "image/png")],
)
def test_a_photo_is_kept_as_its_bytes_and_known_by_them(
    clinic: Clinic, visit: Visit, content: bytes, kind: str
) -> None:
    """The name says nothing: receipt.exe that begins like a photo is kept as a photo."""
    opened = dispute(clinic, visit, 2, file=SentFile("..\\..\\my receipt.exe", content))
    [kept] = tables.DisputeFile.select()
    name, found, same = disputes.file(clinic.practice, opened.dispute, kept.id, patient=clinic.alma)
    assert (found, same, name.rpartition(".")[0]) == (kind, content, "my receipt")
    with pytest.raises(NotFound):
        disputes.file(clinic.practice, opened.dispute, kept.id, patient=clinic.bruno)


@pytest.mark.parametrize("content", [b"MZ\x90", b"<html>", b"", b"\xff\xd8\xff" + b"0" * (10 * 1024 * 1024)])
def test_other_files_are_refused_and_leave_nothing_behind(clinic: Clinic, visit: Visit, content: bytes) -> None:
    with pytest.raises(Rejected):
        dispute(clinic, visit, 2, file=SentFile("photo.jpg", content))
    assert (tables.DisputeRow.select().count(), asked(clinic)) == (0, (100_60, 0))


def test_the_letter_keeps_what_was_said(clinic: Clinic, visit: Visit) -> None:
    opened = dispute(clinic, visit, 2)
    answer(clinic, opened, rules.CREDITED, tracing=40_00)
    event = disputes.last_event(clinic.practice, opened.dispute, "answered")
    assert event
    letter = letter_of(event[2])
    assert (letter.before_cents, letter.off_cents, letter.now_cents) == (42_00, 40_00, 2_00)
    assert (letter.patient, letter.again_until) == ("Alma Testpatient", TODAY + timedelta(days=60))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.one_of(
            st.tuples(st.just("dispute"), st.sets(st.integers(1, 5), min_size=1, max_size=3)),
            st.tuples(st.just("pay"), st.integers(1, 60_00)),
            st.tuples(st.just("bill"), st.none()),
            st.tuples(st.just("uphold"), st.none()),
            st.tuples(st.just("credit"), st.integers(1, 50_00)),
            st.tuples(st.just("withdraw"), st.none()),
        ),
        max_size=8,
    )
)
def test_what_is_asked_never_holds_a_disputed_cent(clinic: Clinic, steps: list[tuple[str, object]]) -> None:
    """Held + asked + paid = the share, whatever was disputed, paid, billed and answered in whatever order."""
    visit = visits.decided(clinic, patient=clinic.alma)
    open_ones: list[Opened] = []
    bill(clinic)
    for n, (what, how) in enumerate(steps):
        with contextlib.suppress(Rejected, Conflict):  # a refused step changes nothing, which the sums below see
            _do(clinic, visit, what, how, f"{visit.claim}-{n}", open_ones)
        _sums_hold(clinic, visit)
    assert not journal.check()


def _do(clinic: Clinic, visit: Visit, what: str, how: object, key: str, open_ones: list[Opened]) -> None:
    if what == "dispute":
        assert isinstance(how, set)
        open_ones.append(dispute(clinic, visit, *how, key=key))
    elif what == "pay":
        assert isinstance(how, int)
        pay(clinic, how, key)
    elif what == "bill":
        bill(clinic)
    elif open_ones and what == "withdraw":
        move(clinic, open_ones.pop(), rules.WITHDRAW, patient=clinic.alma)
    elif open_ones:
        found = open_ones.pop()
        line = disputes.lines(clinic.practice, [found.dispute])[found.dispute][0]
        given = {(line.encounter, line.line): how} if isinstance(how, int) else {}
        outcome = rules.CREDITED if given else rules.UPHELD
        wish = Answer(found.dispute, outcome, "Looked at.", given)
        try:
            answer_disputes(clinic.practice, [wish], by=BILLER, now=NOW, today=TODAY)
        except Rejected:
            open_ones.append(found)


def _sums_hold(clinic: Clinic, visit: Visit) -> None:
    account = bills.accounts(clinic.practice, [clinic.alma])[clinic.alma]
    facts = bills.visits(clinic.practice, [visit.encounter])[visit.encounter]
    lines = visits.money_of(facts)
    share, paid = sum(m.share_cents for m in lines.values()), sum(m.patient_paid_cents for m in lines.values())
    owed, held = account.claims.get(visit.claim, (0, TODAY, 0))[2], account.held.get(visit.claim, 0)
    disputed = disputes.disputed_lines(clinic.practice, clinic.alma).get(visit.encounter, ())
    questioned = sum(max(lines[n].share_cents, 0) for n in disputed)
    asked_now = max(owed - held, 0)
    assert held + asked_now + paid == share + max(paid - share, 0)
    assert held == min(questioned, max(share - paid, 0))
    assert asked_now <= share - questioned + max(questioned - held, 0) - paid + max(paid - share, 0)
