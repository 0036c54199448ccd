"""Part 3, contracts: one that comes after the visits it holds for, and the claims that were built without it."""

import pytest

from claims_service.domain.errors import Conflict, NotFound
from claims_service.queries.underpayments import underpaid
from claims_service.store import audit, claims, journal
from claims_service.store.connection import run
from claims_service.workflow.bill_next_payer import bill_next_payers
from claims_service.workflow.reprice_claims import Outcome, reprice_claims
from tests import clinic as clinics
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.contract_files import contract, taken
from tests.factories835 import file_835, payment, remittance
from tests.workflow.cycle import post, ready, sent

NEWER = ("FLAT,99213,,,,,,110.00,,", "FLAT,85025,,,,,,25.00,,")  # until now $90.00 and $22.50


def came_late(clinic: Clinic, *terms: str, first: str = "2026-10-01") -> int:
    made = taken(clinic, contract(*(terms or NEWER), first=first)).contract
    assert made is not None
    return made


def reprice(clinic: Clinic, key: int, *, dry_run: bool = False) -> Outcome:
    return reprice_claims(clinic.practice, key, by=BILLER, now=NOW, dry_run=dry_run)


def expected(clinic: Clinic, claim: int) -> tuple[dict[int, int | None], int | None]:
    """By service, and of the claim."""
    whole = run("select expected_cents from claim where id = ?", (claim,)).fetchone()[0]
    return claims.expected(clinic.practice, [claim])[claim], whole


def test_part_3_open_claims_are_expected_to_bring_what_the_late_contract_says(clinic: Clinic) -> None:
    """$112.50 were expected of $150.00; by the contract that came on the 20th and holds since October it is $135.00."""
    (claim,) = ready(clinic)
    before = expected(clinic, claim.id)
    key = came_late(clinic)

    done = reprice(clinic, key)

    assert before == ({1: 90_00, 2: 22_50}, 112_50)
    assert expected(clinic, claim.id) == ({1: 110_00, 2: 25_00}, 135_00)
    assert (done.looked_at, done.changed, done.before_cents, done.after_cents) == (1, 1, 112_50, 135_00)
    assert reprice(clinic, key).services == (), "once is enough"


def test_part_3_a_preview_changes_nothing(clinic: Clinic) -> None:
    ready(clinic, 2)
    key = came_late(clinic)
    rows = run("select id, expected_cents, version from claim order by id").fetchall()

    seen = reprice(clinic, key, dry_run=True)

    assert [(one.procedure, one.before_cents, one.after_cents) for one in seen.services[:2]] == [
        ("99213", 90_00, 110_00),
        ("85025", 22_50, 25_00),
    ]
    assert run("select id, expected_cents, version from claim order by id").fetchall() == rows
    assert run("select count(*) from audit where action = 'claim.reprice'").fetchone()[0] == 0


def test_part_3_a_late_contract_finds_what_an_answered_claim_was_paid_too_little(clinic: Clinic) -> None:
    """Quillhaven allowed $90.00 for the visit as the old contract said; by the new one $20.00 are missing."""
    (claim,) = sent(clinic)
    post(clinic, file_835(remittance([payment(claim.control_number)])))
    assert underpaid(clinic.practice, today=TODAY) == []

    reprice(clinic, came_late(clinic))

    assert [(one.procedure, one.missing_cents) for one in underpaid(clinic.practice, today=TODAY)] == [
        ("99213", 20_00),
        ("85025", 3_00),
    ]
    assert journal.check() == []


def test_part_3_only_claims_of_its_days_insurer_and_first_plan_are_priced_again(clinic: Clinic) -> None:
    """A visit before October, one of Northfold as second plan and a replaced claim stay as they were."""
    (first,) = sent(clinic, patient=clinic.bruno)
    post(clinic, file_835(remittance([payment(first.control_number)])))
    (second,) = bill_next_payers(clinic.practice, by=BILLER, now=NOW, today=TODAY).claims
    (early, gone) = ready(clinic, 2)
    run("update claim set served_on = '2026-09-30' where id = ?", (early.id,))
    run("update claim set state = 'replaced' where id = ?", (gone.id,))
    before = [expected(clinic, claim) for claim in (second.claim, early.id, gone.id)]

    done = reprice(clinic, came_late(clinic))

    assert done.looked_at == 1
    assert {one.claim for one in done.services} == {first.id}
    assert [expected(clinic, claim) for claim in (second.claim, early.id, gone.id)] == before


def test_part_3_what_the_late_contract_does_not_say_is_not_known_any_more(clinic: Clinic) -> None:
    (claim,) = ready(clinic)

    reprice(clinic, came_late(clinic, NEWER[0]))

    assert expected(clinic, claim.id) == ({1: 110_00, 2: None}, None)


def test_part_3_the_story_and_the_trail_say_what_changed_and_by_which_contract(clinic: Clinic) -> None:
    (claim,) = ready(clinic)
    key = came_late(clinic)

    reprice(clinic, key)

    (told,) = run("select text from claim_event where claim_id = ? and kind = 'repriced'", (claim.id,)).fetchone()
    assert told == "Expected by a contract that came later: 99213 $90.00, now $110.00; 85025 $22.50, now $25.00."
    (why,) = run(
        "select why from audit where action = 'claim.reprice' and subject = ?", (f"claim:{claim.id}",)
    ).fetchone()
    assert why == f"contract:{key}"
    assert audit.verify() == []


def test_part_3_a_contract_that_was_corrected_or_is_anothers_prices_nothing(clinic: Clinic) -> None:
    old = came_late(clinic)
    taken(clinic, contract("FLAT,99213,,,,,,1.00,,", first="2026-10-01"), name="right.csv", correct=True)
    with pytest.raises(Conflict, match="later contract corrected"):
        reprice(clinic, old)
    other = clinics.found("Hilltop Clinic", "1990000048", suffix="B")
    with pytest.raises(NotFound):
        reprice(other, old)
