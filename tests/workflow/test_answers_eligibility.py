"""Part 7, answers: is the patient covered (270, 271), asked at once and the night before."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from claims_service.config import Config
from claims_service.domain.eligibility.answer import EligibilityAnswer, Refusal
from claims_service.domain.eligibility.differences import differences
from claims_service.domain.eligibility.question import EligibilityQuestion
from claims_service.domain.eligibility.summary import Amount, summary
from claims_service.domain.errors import NotFound
from claims_service.domain.party import Payer, Person, Provider
from claims_service.domain.receiver import FOLDER, Receiver
from claims_service.formats.x12.read_eligibility import read_270
from claims_service.formats.x12.write_eligibility import write_271
from claims_service.interfaces.jobs import exchange, questions
from claims_service.store import connection, eligibility, files, patients, receivers
from claims_service.store.connection import run
from claims_service.workflow.incoming import FileOutcome, IncomingFile
from claims_service.workflow.read_eligibility_answer import read_eligibility_answer
from claims_service.workflow.record_encounter import record_encounters
from tests import clinic as clinics
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.workflow.insurer_line import BENEFITS, TOMORROW, Line, ask, covered, envelope


@pytest.fixture
def clinic(database_url: str) -> Iterator[Clinic]:
    connection.connect(database_url)
    with connection.opened():
        yield clinics.found()


def plan_of(clinic: Clinic, patient: int) -> int:
    return patients.coverages(clinic.practice, [patient])[patient][0].id


def kept(clinic: Clinic, patient: int) -> eligibility.Kept:
    return eligibility.of_patient(clinic.practice, patient)[plan_of(clinic, patient)]


def faults(content: bytes) -> list[object]:
    """What a strict reader of the guide finds; pyx12 has no map of the 270 of 2010."""
    file = read_270(content)
    assert list(file)
    return list(file.findings)


def states() -> list[str]:
    return [state for (state,) in run("select state from eligibility_check order by id").fetchall()]


def take(clinic: Clinic, *answers: EligibilityAnswer, control: int = 9, payer: int | None = None) -> FileOutcome:
    """The insurer sends a file of answers."""
    file = IncomingFile("answers.271", write_271(envelope(control), answers), payer)
    return read_eligibility_answer(clinic.practice, [file], by=BILLER, now=NOW)[0]


def asked_by_file(clinic: Clinic, *people: int) -> list[EligibilityQuestion]:
    (sent,) = ask(clinic, None, *people).files
    return list(read_270(files.content_of(clinic.practice, sent.file)))


def test_the_front_desk_asks_and_knows_what_to_collect(clinic: Clinic) -> None:
    """Alma is covered: $30.00 for the visit, and $60.00 of her $500.00 deductible are left."""
    asked = ask(clinic, Line(), clinic.alma)

    answer = kept(clinic, clinic.alma).answer
    assert answer is not None
    told = summary(answer)
    assert (asked.answered, asked.problems) == (1, ())
    assert (told.standing, told.plan) == ("active", "QUILLHAVEN CHOICE")
    assert (told.copay, told.deductible, told.deductible_left) == (
        (Amount(30_00),),
        (Amount(500_00),),
        (Amount(60_00),),
    )
    assert answer.benefits == BENEFITS
    assert run("select count(*) from audit where action in ('eligibility.ask', 'eligibility.answer') and patient = ?",
               (clinic.alma,)).fetchone()[0] == 2  # fmt: skip


def test_every_plan_of_the_patient_is_asked(clinic: Clinic) -> None:
    line = Line()

    asked = ask(clinic, line, clinic.bruno)

    assert (len(asked.asked), len(line.questions), asked.answered) == (2, 2, 2)


def test_a_question_tells_the_insurer_no_more_than_it_needs(clinic: Clinic) -> None:
    """Number, name and birth date find a member: no street, and the file is as the guide asks."""
    line = Line()

    ask(clinic, line, clinic.alma)

    (question,) = line.questions
    assert b"SAMPLE ROAD" not in question
    assert faults(question) == []


def test_the_same_question_is_not_asked_again_the_same_day_unless_it_must_be(clinic: Clinic) -> None:
    line = Line()
    ask(clinic, line, clinic.alma)

    again = ask(clinic, line, clinic.alma, now=NOW + timedelta(hours=3))
    forced = ask(clinic, line, clinic.alma, now=NOW + timedelta(hours=3), force=True)
    later = ask(clinic, line, clinic.alma, now=NOW + timedelta(hours=30))

    assert (again.asked, len(again.standing)) == ((), 1)
    assert (len(forced.asked), len(later.asked), len(line.questions)) == (1, 1, 3)


@pytest.mark.parametrize(
    "why", ["The clearinghouse did not answer within 20 seconds.", "The clearinghouse can't be reached."]
)
def test_no_answer_is_said_plainly_and_may_be_asked_again_at_once(clinic: Clinic, why: str) -> None:
    failed = ask(clinic, Line(silent=why), clinic.alma)
    again = ask(clinic, Line(), clinic.alma)

    assert ([problem.message for problem in failed.problems], failed.answered) == ([why], 0)
    assert again.answered == 1
    assert states() == ["failed", "answered"]


def test_a_question_on_the_line_when_the_program_died_is_asked_again(clinic: Clinic) -> None:
    def dies(_: EligibilityQuestion) -> EligibilityAnswer:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ask(clinic, Line(say=dies), clinic.alma)
    soon = ask(clinic, Line(), clinic.alma, now=NOW + timedelta(minutes=1))
    later = ask(clinic, Line(), clinic.alma, now=NOW + timedelta(minutes=3))

    assert (len(soon.standing), later.answered) == (1, 1)


def test_a_member_the_insurer_does_not_know_is_an_answer(clinic: Clinic) -> None:
    """AAA 75: the number on file is wrong; that is found now and not in six weeks."""

    def unknown(asked: EligibilityQuestion) -> EligibilityAnswer:
        return replace(covered(asked), benefits=(), refusals=(Refusal("subscriber", "75", "C"),))

    asked = ask(clinic, Line(say=unknown), clinic.alma)

    answer = kept(clinic, clinic.alma).answer
    assert answer is not None
    assert (asked.answered, summary(answer).standing, summary(answer).refusals[0].reason) == (1, "unknown", "75")


def test_a_system_that_is_down_is_no_answer(clinic: Clinic) -> None:
    """AAA 42 for the member or for the payer as a whole: ask again later; nobody is told that the patient has no cover."""

    def down(asked: EligibilityQuestion) -> EligibilityAnswer:
        return replace(covered(asked), benefits=(), refusals=(Refusal("subscriber", "42", "R"),))

    def all_down(asked: EligibilityQuestion) -> EligibilityAnswer:
        return EligibilityAnswer(asked.payer, asked.provider, Person("", ""), refusals=(Refusal("payer", "42", "R"),))

    ask(clinic, Line(say=down), clinic.alma)
    whole = ask(clinic, Line(say=all_down), clinic.alma)

    assert states() == ["failed", "failed"]
    assert kept(clinic, clinic.alma).answer is None
    assert "Payer cannot answer now" in kept(clinic, clinic.alma).last.problem
    assert len(whole.problems) == 1


def test_what_the_answer_contradicts_is_named(clinic: Clinic) -> None:
    """The insurer writes Alma with another birth date; case, accents and marks are no difference."""

    def other(asked: EligibilityQuestion) -> EligibilityAnswer:
        return replace(
            covered(asked), subscriber=replace(asked.subscriber, last="TEST-PATIENT", birth_on=date(1980, 1, 11))
        )

    ask(clinic, Line(say=other), clinic.alma)

    answer = kept(clinic, clinic.alma).answer
    person = patients.people(clinic.practice, [clinic.alma])
    plan = patients.coverages(clinic.practice, [clinic.alma], person)[clinic.alma][0]
    assert answer is not None
    (found,) = differences(answer, plan, person[clinic.alma])
    assert (found.whose, found.what, found.ours, found.theirs) == (
        "patient",
        "date of birth",
        date(1980, 1, 1),
        date(1980, 1, 11),
    )


def test_an_answer_about_somebody_else_is_held(clinic: Clinic) -> None:
    """Our number, another member, another name, another birth date: never shown as Alma's cover."""

    def stranger(asked: EligibilityQuestion) -> EligibilityAnswer:
        return replace(covered(asked), subscriber=Person("Other", "Olga", "", date(1950, 5, 5), "F"), member_id="ZZ9")

    asked = ask(clinic, Line(say=stranger), clinic.alma)

    assert (asked.answered, states()) == (0, ["failed"])
    assert run("select kind, place from held_item").fetchall() == [("unknown_answer", "answer 1")]


def test_an_answer_counts_once_however_often_it_comes(clinic: Clinic) -> None:
    """The same file twice, then the same answer in another file: one answer, kept as it first came."""
    (asked,) = asked_by_file(clinic, clinic.alma)

    first, same = take(clinic, covered(asked)), take(clinic, covered(asked))
    other = take(clinic, replace(covered(asked), benefits=BENEFITS[:1]), control=10)

    assert (first.state, same.state, other.counts["again"]) == ("read", "duplicate", 1)
    answer = kept(clinic, clinic.alma).answer
    assert answer is not None
    assert answer.benefits == BENEFITS


def test_an_answer_without_our_number_is_matched_by_member_and_day_or_not_at_all(clinic: Clinic) -> None:
    """One open question about the member: matched. Two, for today and tomorrow: held, since either may be meant."""
    (asked,) = asked_by_file(clinic, clinic.alma)
    matched = take(clinic, replace(covered(asked), trace=""))
    ask(clinic, None, clinic.alma, force=True)
    ask(clinic, None, clinic.alma, force=True)
    held = take(clinic, replace(covered(asked), trace=""), control=11)

    assert matched.counts["answered"] == 1
    assert (held.state, held.counts["held"]) == ("held", 1)


def test_an_answer_to_no_question_is_held(clinic: Clinic) -> None:
    stranger = EligibilityAnswer(
        Payer("QH001", "Q"),
        Provider("1990000014", "L"),
        Person("Nobody", "Ned"),
        "QX1",
        "E9-1",
        "1990000001",
        benefits=BENEFITS,
    )

    held = take(clinic, stranger)

    assert held.state == "held"
    assert states() == []


def test_an_insurer_answers_for_itself_alone(clinic: Clinic) -> None:
    """Northfold sends an answer with the number of a question to Quillhaven: held, nothing changed."""
    (asked,) = asked_by_file(clinic, clinic.alma)

    outcome = take(clinic, covered(asked), payer=clinic.northfold)

    assert outcome.counts == {"answered": 0, "again": 0, "held": 1}
    assert states() == ["asked"]


def test_the_night_before_everyone_who_comes_is_asked_about_by_file(clinic: Clinic, config: Config) -> None:
    """Two visits tomorrow, three plans: a file to each insurer, once; the answers come back as files do."""
    top = config.data_dir / "watched"
    for name in ("in", "out"):
        (top / name).mkdir(parents=True)
    route = Receiver("QH001", "Quillhaven Health", FOLDER, outbound=f"{top}/in", inbound=f"{top}/out")
    receivers.put(clinic.practice, route, at=NOW)
    visits = [clinic.visit(p, reference=f"T{p}", served_on=TOMORROW) for p in (clinic.alma, clinic.bruno)]
    record_encounters(clinic.practice, visits, by=BILLER, now=NOW)

    questions.evening(config, clinic.practice, NOW, TODAY)
    questions.evening(config, clinic.practice, NOW + timedelta(hours=1), TODAY)
    exchange.exchange(config, clinic.practice, NOW, TODAY)
    (brought,) = (top / "in").iterdir()
    asked = list(read_270(brought.read_bytes()))
    (top / "out" / "answers.271").write_bytes(write_271(envelope(3), [covered(one) for one in asked]))
    exchange.exchange(config, clinic.practice, NOW + timedelta(hours=9), TOMORROW)

    assert [one.member_id for one in asked] == ["QHM0000001", "QHM0000002"]
    assert {one.asked_on for one in asked} == {TOMORROW}
    assert sorted(states()) == ["answered", "answered", "asked"]
    assert run("select count(*) from exchange_file where kind = '270'").fetchone()[0] == 2
    assert faults(brought.read_bytes()) == []
    assert run("select count(distinct patient) from audit where action = 'claim_file.deliver'").fetchone()[0] == 2


def test_a_patient_without_plan_or_number_is_told(clinic: Clinic) -> None:
    run("update coverage set member_id = '' where patient_id = ?", (clinic.alma,))

    asked = ask(clinic, Line(), clinic.alma)

    assert asked.asked == ()
    assert "member number with Quillhaven Health is missing" in asked.problems[0].message


def test_another_practices_patient_is_nobody(clinic: Clinic) -> None:
    other = clinics.found("Hilltop Clinic", "1990000048", suffix="B")

    with pytest.raises(NotFound):
        ask(clinic, Line(), other.alma)


def test_an_answer_that_stands_can_not_be_changed(clinic: Clinic) -> None:
    """Not even by SQL: the trigger refuses."""
    ask(clinic, Line(), clinic.alma)

    with pytest.raises(Exception, match="never changed"), connection.write():
        run("update eligibility_check set answer = '{}'")


def test_one_question_that_cannot_be_written_keeps_no_other_back(clinic: Clinic) -> None:
    """Bruno's number with Quillhaven holds what no X12 file can: Alma is asked about, and no control number is missing."""
    run(
        "update coverage set member_id = 'QHM^2~' where patient_id = ? and payer_id = ?",
        (clinic.bruno, clinic.quillhaven),
    )

    asked = ask(clinic, None, clinic.alma, clinic.bruno)
    live = ask(clinic, Line(), clinic.alma, clinic.bruno, force=True)

    controls = [
        int(control)
        for (control,) in run("select interchange_control from exchange_file where direction = 'out' order by id")
    ]
    assert sum(len(sent.questions) for sent in asked.files) == 2
    assert [problem.where for problem in (*asked.problems, *live.problems)] == ["[1]", "[1]"]
    assert controls == list(range(1, len(controls) + 1))
