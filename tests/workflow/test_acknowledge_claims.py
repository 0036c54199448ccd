"""What insurers say on receipt: every claim sent is accepted, sent back or pending, and never lost between them."""

import random

import pytest

from claims_service.domain.claim.acknowledgement import (
    GroupAnswer,
    InterchangeAnswer,
    TransactionAnswer,
)
from claims_service.formats.x12.acknowledgements import write_999, write_ta1
from claims_service.store import claims
from claims_service.store.claims import Head
from claims_service.store.connection import run
from claims_service.workflow.check_claims import check_claims
from claims_service.workflow.submit_claims import submit_claims
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.factories835 import file_835, payment, remittance
from tests.workflow.cycle import post, sent
from tests.workflow.receipts import envelope, receipt, told


def states(clinic: Clinic, heads: tuple[Head, ...]) -> list[str]:
    return [claims.heads(clinic.practice, [head.id])[head.id].state for head in heads]


@pytest.mark.check(53)
def test_accepted_sent_back_and_pending_are_always_all_that_was_sent(clinic: Clinic) -> None:
    """Nine claims; receipts come in any order, twice, and about claims we never sent. The counts add up each time."""
    heads = sent(clinic, 9)
    chance = random.Random(53)
    for control in range(1, 7):
        picked = chance.sample(heads, 4)
        content = receipt(clinic, picked[:2], picked[2:], control)
        for _ in range(chance.choice([1, 2])):
            told(clinic, content)
        now = states(clinic, heads)
        pending = now.count("sent") + now.count("received")
        assert now.count("accepted") + now.count("sent_back") + pending == len(heads)


@pytest.mark.check(53)
def test_a_claim_sent_back_is_reopened_with_its_reason_and_goes_out_again(clinic: Clinic) -> None:
    """A7:164, the member id is not known: the claim waits with these words, is checked and sent again; $150.00 stay owed."""
    good, bad = sent(clinic, 2)

    outcome = told(clinic, receipt(clinic, [good], [bad]))

    assert (outcome.counts["accepted"], outcome.counts["sent_back"]) == (1, 1)
    assert states(clinic, (good, bad)) == ["accepted", "sent_back"]
    rule, mend = run(
        "select rule, mend from claim_problem where claim_id = ? and settled_at is null", (bad.id,)
    ).fetchone()
    assert rule == "277CA_A7:164"
    assert mend
    check_claims(clinic.practice, [bad.id], by=BILLER, now=NOW, today=TODAY)
    assert submit_claims(clinic.practice, by=BILLER, now=NOW).files[0].claims == (bad.id,)


@pytest.mark.check(53)
def test_a_refused_file_sends_all_its_claims_back(clinic: Clinic) -> None:
    """TA1 R for one file, 999 R for another: every claim of both comes back, and no other."""
    first, second, third = sent(clinic, 2), sent(clinic, 1), sent(clinic, 1)

    told(clinic, write_ta1(envelope(), [InterchangeAnswer("000000001", TODAY, "1700", "R", "025")]))
    refusal = GroupAnswer("2", "HC", "005010X222A1", "R", (TransactionAnswer("0001", "R"),), 1, 1, 0)
    told(clinic, write_999(envelope(), [refusal]))

    assert states(clinic, (*first, *second, *third)) == ["sent_back"] * 3 + ["sent"]


def test_a_999_alone_leaves_a_claim_pending(clinic: Clinic) -> None:
    """The file was readable; whether the claim is taken, only the 277CA or the answer says."""
    heads = sent(clinic, 1)
    answer = GroupAnswer("1", "HC", "005010X222A1", "A", (TransactionAnswer("0001", "A"),), 1, 1, 1)

    assert told(clinic, write_999(envelope(), [answer])).counts["received"] == 1

    assert states(clinic, heads) == ["received"]


def test_a_receipt_after_the_payment_changes_nothing(clinic: Clinic) -> None:
    """The insurer paid $87.00 before its receipt arrived: the claim stays answered."""
    heads = sent(clinic, 1)
    post(clinic, file_835(remittance([payment(heads[0].control_number)])))

    told(clinic, receipt(clinic, [], list(heads)))

    assert states(clinic, heads) == ["decided"]
