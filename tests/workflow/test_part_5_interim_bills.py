"""A long stay billed in parts: type of bill 112, 113 and 114 (CLM05-3), from the visit to file, paper and FHIR."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from claims_service.domain.claim.institutional import CodedValue
from claims_service.domain.encounter import Encounter
from claims_service.domain.errors import Rejected
from claims_service.formats.documents.claim_paper import TEXT, Look
from claims_service.store import encounters
from claims_service.store.connection import run
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.correct_claim import Correction, correct_claims
from claims_service.workflow.print_claims import print_claims
from claims_service.workflow.record_encounter import record_encounters
from claims_service.workflow.submit_claims import submit_claims
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.formats.x12.pyx12_judge import judge
from tests.workflow import stays

STILL_HERE = {"patient_status": "30", "discharged_time": ""}
PARTS: tuple[tuple[str, int, int, int, dict[str, Any]], ...] = (
    ("2", 2, 8, 7, STILL_HERE),
    ("3", 9, 12, 4, STILL_HERE),
    ("4", 13, 15, 2, {}),
)


def part(clinic: Clinic, interim: str, first: int, last: int, days: int, changes: dict[str, Any]) -> Encounter:
    """Days of November in a room at $900.00 each, of a patient who came on the 2nd."""
    stay = stays.stay(
        interim=interim, admitted_on=date(2026, 11, 2), statement_until=date(2026, 11, last), surgeries=(), occurrences=(),
        spans=(), values=(CodedValue("80", Decimal(days)),), drg="", **changes,
    )  # fmt: skip
    room = replace(stays.ROOM, units=Decimal(days), charge_cents=days * 900_00)
    return stays.hospital(
        clinic, lines=(room,), stay=stay, reference=f"STAY {interim}", served_on=date(2026, 11, first)
    )


def billed(clinic: Clinic, *visits: Encounter) -> list[int]:
    record_encounters(clinic.practice, visits, by=BILLER, now=NOW)
    built = build_claims(clinic.practice, by=BILLER, now=NOW, today=TODAY).claims
    assert [made.state for made in built] == ["ready"] * len(visits), built
    submit_claims(clinic.practice, by=BILLER, now=NOW)
    return [made.claim for made in built]


def test_a_stay_goes_out_in_a_first_a_further_and_a_last_bill(clinic: Clinic) -> None:
    """$6,300.00, $3,600.00 and $1,800.00: each bill its own days, none is the bill of another again."""
    billed(clinic, *(part(clinic, *one) for one in PARTS))
    content = stays.newest("837I")

    assert [line.split(b"*")[2:6:3] for line in content.split(b"~") if line.startswith(b"CLM*")] == [
        [b"6300", b"11:A:2"],
        [b"3600", b"11:A:3"],
        [b"1800", b"11:A:4"],
    ]
    assert judge(content) == (True, [])


def test_the_paper_says_which_bill_of_the_stay_it_is(clinic: Clinic) -> None:
    (claim,) = billed(clinic, part(clinic, *PARTS[0]))

    paper = print_claims(clinic.practice, [claim], look=Look(TEXT), by=BILLER, now=NOW, today=TODAY)

    assert b"0112" in paper.content


def test_a_bill_of_a_part_is_replaced_as_any_other(clinic: Clinic) -> None:
    """Once it is replaced the third digit says so (7), and which part it was is kept with the visit."""
    (claim,) = billed(clinic, part(clinic, *PARTS[0]))
    run("update claim set state = 'accepted', payer_claim_number = 'QH77' where id = ?", (claim,))
    visit = part(clinic, *PARTS[0])
    (made,) = correct_claims(clinic.practice, [Correction(claim, visit)], by=BILLER, now=NOW, today=TODAY)
    submit_claims(clinic.practice, [made.claim], by=BILLER, now=NOW)

    assert b"*11:A:7*" in stays.newest("837I")
    (key,) = run("select encounter_id from claim where id = ?", (made.claim,)).fetchone()
    kept = encounters.load(clinic.practice, [key])[key].encounter.stay
    assert kept is not None
    assert kept.interim == "2"


@pytest.mark.parametrize("third", ["5", "7", "X"])
def test_a_third_digit_that_no_visit_can_have_is_refused(clinic: Clinic, third: str) -> None:
    with pytest.raises(Rejected, match="third digit is 1 for the whole stay"):
        record_encounters(clinic.practice, [part(clinic, third, 2, 8, 7, STILL_HERE)], by=BILLER, now=NOW)
