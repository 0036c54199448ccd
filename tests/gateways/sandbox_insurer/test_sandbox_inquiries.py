"""Part 7, answers: what the sandbox insurers say when they are asked, out of their own plans."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from claims_service.config import data_folder
from claims_service.domain.claim.status import StatusQuestion
from claims_service.domain.eligibility.answer import EligibilityAnswer
from claims_service.domain.eligibility.question import EligibilityQuestion
from claims_service.domain.eligibility.summary import Amount, summary
from claims_service.domain.party import Payer, Person, Provider
from claims_service.formats.x12.interchange import Interchange
from claims_service.formats.x12.read_eligibility import read_271
from claims_service.formats.x12.read_status import read_277
from claims_service.formats.x12.write_eligibility import write_270
from claims_service.formats.x12.write_status import write_276
from claims_service.gateways.inquiry import NoAnswer
from claims_service.gateways.sandbox_insurer import SandboxInsurer
from claims_service.gateways.sandbox_line import SandboxLine
from tests.gateways.sandbox_insurer.claims import CLINIC, NADIA, NADIA_MEMBER, PAYERS, SENT_AT, claim, file_of, insurer

NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
ASKER = Provider(CLINIC.npi, CLINIC.name)


def question(member: str, person: Person, key: str, **more: object) -> EligibilityQuestion:
    asked = EligibilityQuestion(Payer(PAYERS[key], key.title()), ASKER, person, member, "T1", "1990000142", NOW.date())
    return replace(asked, **more)  # type: ignore[arg-type]


def told(folder: Path, key: str, asked: EligibilityQuestion, payer: SandboxInsurer | None = None) -> EligibilityAnswer:
    content = write_270(Interchange("LARKSPUR01", key.upper(), 1, 1, NOW), [asked])
    file = read_271((payer or insurer(folder, key)).answer(content, NOW).content)
    (answer,) = file
    assert file.findings == []
    return answer


def test_a_member_is_told_copay_deductible_and_what_is_left(tmp_path: Path) -> None:
    """Nadia's plan: $30.00 a visit; $440.00 of $500.00 were used before."""
    found = summary(told(tmp_path, "quillhaven", question(NADIA_MEMBER, NADIA, "quillhaven")))

    assert (found.standing, found.copay) == ("active", (Amount(30_00),))
    assert (found.deductible, found.deductible_left) == ((Amount(500_00),), (Amount(60_00),))
    assert (found.out_of_pocket_left, found.not_paid) == ((Amount(3560_00),), ("99406",))


def test_what_a_claim_used_of_the_deductible_is_gone_afterwards(tmp_path: Path) -> None:
    """A blood test of $18.00 is decided: $18.00 less are left."""
    payer = insurer(tmp_path)
    payer.receive(file_of(claim("C1", "80053 40.00")), SENT_AT)
    payer.pay((SENT_AT + timedelta(days=12)).date())

    found = summary(told(tmp_path, "quillhaven", question(NADIA_MEMBER, NADIA, "quillhaven"), payer))

    used = 60_00 - (found.deductible_left[0].cents or 0)
    assert 0 < used < 40_00
    assert found.out_of_pocket_left[0].cents == 3560_00 - used


def test_medicare_knows_who_pays_second(tmp_path: Path) -> None:
    abel = Person("Norquist", "Abel", "", date(1951, 4, 6), "M")

    first = summary(told(tmp_path, "medicare", question("MC44770021", abel, "medicare")))
    second = summary(told(tmp_path, "oldmill", question("OM44770021", abel, "oldmill")))

    assert [(other.name, other.order) for other in first.others] == [("OLD MILL TRUST", "pays second")]
    assert [(other.name, other.order) for other in second.others] == [("MEDICARE", "pays first")]


@pytest.mark.parametrize(
    ("member", "person", "standing", "reasons"),
    [("NM46593707", Person("Eklund", "Maja", "", date(1999, 11, 11), "F"), "not_active", []),
     ("NM00000000", NADIA, "unknown", ["75"]), ("NM44141822", NADIA, "unknown", ["71"])],
)  # fmt: skip
def test_who_is_not_covered_is_told_why(
    tmp_path: Path, member: str, person: Person, standing: str, reasons: list[str]
) -> None:
    found = summary(told(tmp_path, "northfold", question(member, person, "northfold")))

    assert found.standing == standing
    assert [refusal.reason for refusal in found.refusals] == reasons


def test_a_child_is_asked_about_through_the_parent(tmp_path: Path) -> None:
    parent, child = (
        Person("Ferrante", "Lucia", "", date(1970, 6, 16), "F"),
        Person("Ferrante", "Nico", "", date(2016, 2, 20), "M"),
    )

    answer = told(
        tmp_path, "northfold", question("NM45610953", parent, "northfold", dependent=child, relationship="19")
    )

    assert answer.dependent == replace(child, last="FERRANTE", first="NICO")
    assert summary(answer).standing == "active"
    assert summary(answer).to_authorize == ("76700",)


def test_a_claim_is_followed_from_acceptance_to_payment(tmp_path: Path) -> None:
    """In process, waiting for the payday, paid with the number of the remittance; a stranger is not found."""
    payer = insurer(tmp_path)
    payer.receive(file_of(claim("C1", "99213 150.00")), SENT_AT)

    def status(number: str, on: datetime) -> tuple[str, str, str]:
        asked = StatusQuestion(Payer("QH001", "Quillhaven"), CLINIC, NADIA, NADIA_MEMBER, "T1", number, "", 150_00)
        asked = replace(asked, subscriber=replace(NADIA, address=type(NADIA.address)()))
        content = write_276(Interchange("LARKSPUR01", "QUILLHAVEN", 1, 1, on), [asked])
        file = read_277(payer.answer(content, on).content)
        (answer,) = file
        assert file.findings == []
        (step,) = answer.steps
        return step.reasons[0].category, step.reasons[0].status, step.payment

    fresh, soon = status("C1", SENT_AT), status("C1", SENT_AT + timedelta(days=9))
    (paid,) = payer.pay((SENT_AT + timedelta(days=12)).date())
    after, stranger = status("C1", NOW), status("C2", NOW)

    assert (fresh[:2], soon[:2], after[:2], stranger[:2]) == (("P1", "20"), ("P1", "38"), ("F1", "65"), ("A4", "35"))
    assert after[2].encode() in paid.content


def test_the_line_answers_for_sandbox_insurers_alone(tmp_path: Path) -> None:
    line = SandboxLine(data_folder("fixtures") / "insurers", tmp_path)
    content = write_270(
        Interchange("LARKSPUR01", "QUILLHAVEN", 1, 1, NOW), [question(NADIA_MEMBER, NADIA, "quillhaven")]
    )

    assert list(read_271(line.ask("QUILLHAVEN", content, kind="270", now=NOW)))
    with pytest.raises(NoAnswer, match="answers no questions"):
        line.ask("ELSEWHERE", content, kind="270", now=NOW)
    with pytest.raises(NoAnswer, match="could not read the 270"):
        line.ask("QUILLHAVEN", b"Dear Sir or Madam", kind="270", now=NOW)
