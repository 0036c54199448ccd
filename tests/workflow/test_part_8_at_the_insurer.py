"""Part 8, corrections: what insurers do with a replacement (7) and a void (8), from our file to the last cent of their 835."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from claims_service.domain.encounter import ServiceLine
from claims_service.domain.ledger import accounts as a
from claims_service.gateways.sandbox_insurer import Plan, SandboxInsurer
from claims_service.gateways.sandbox_insurer.plan import Member
from claims_service.queries import work_queue
from claims_service.store import audit, claims, encounters, files, journal
from claims_service.store.claims import Head
from claims_service.workflow.correct_claim import Correction, correct_claims
from claims_service.workflow.incoming import IncomingFile
from claims_service.workflow.post_remittance import post_remittance
from claims_service.workflow.read_acknowledgement import read_acknowledgement
from claims_service.workflow.submit_claims import submit_claims
from claims_service.workflow.void_claim import void_claims
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.gateways.sandbox_insurer.claims import plan
from tests.workflow.cycle import held, ready


@pytest.fixture
def quillhaven(clinic: Clinic, tmp_path: Path) -> SandboxInsurer:
    """Insures Alma; allows $121.00 for a level 3, $168.00 for a level 4 and $18.00 for a blood count, less $30.00 a visit and a fifth of tests."""
    return SandboxInsurer(
        insuring(clinic, plan("quillhaven"), "QHM0000001", "QHM0000002"), tmp_path / "quillhaven.json"
    )


def insuring(clinic: Clinic, usual: Plan, *members: str) -> Plan:
    """The same plan with these members, whose deductible is used up."""
    pattern = next(iter(usual.members.values()))
    made: dict[str, Member] = {
        number: replace(pattern, member_id=number, deductible_used_cents=500_00, others=()) for number in members
    }
    assert clinic.practice
    return replace(usual, members=made)


def send(clinic: Clinic, insurer: SandboxInsurer, days: int) -> None:
    """Ready claims go out, their receipts come back; days: after the first claim."""
    now = NOW + timedelta(days=days)
    for sent in submit_claims(clinic.practice, by=BILLER, now=now).files:
        for answer in insurer.receive(files.content_of(clinic.practice, sent.file), now):
            came = [IncomingFile(answer.name, answer.content, sent.payer)]
            (outcome,) = read_acknowledgement(clinic.practice, came, by=BILLER, now=now)
            assert outcome.state == "read", outcome


def pay(clinic: Clinic, insurer: SandboxInsurer, days: int) -> int:
    """What the insurer pays on a day; gives how many remittances came."""
    on = TODAY + timedelta(days=days)
    answers = insurer.pay(on)
    for answer in answers:
        came = [IncomingFile(answer.name, answer.content)]
        (outcome,) = post_remittance(clinic.practice, came, by=BILLER, now=NOW + timedelta(days=days), today=on)
        assert (outcome.state, outcome.problems) == ("read", ()), outcome
    return len(answers)


def correct(clinic: Clinic, old: int, days: int, *codes: str) -> Head:
    found = head(clinic, old)
    visit = encounters.load(clinic.practice, [found.encounter])[found.encounter].encounter
    better = replace(visit, lines=tuple(ServiceLine(code, (1,)) for code in codes))
    now, today = NOW + timedelta(days=days), TODAY + timedelta(days=days)
    (made,) = correct_claims(
        clinic.practice, [Correction(old, better)], why="coded low", by=BILLER, now=now, today=today
    )
    assert made.state == "ready", made
    return head(clinic, made.claim)


def head(clinic: Clinic, claim: int) -> Head:
    return claims.heads(clinic.practice, [claim])[claim]


def totals(clinic: Clinic) -> dict[str, int]:
    return {name: cents for name, cents in journal.trial_balance(clinic.practice).items() if cents}


def silent(clinic: Clinic, days: int) -> int:
    """Claims that wait for an answer longer than their insurer takes."""
    now, today = NOW + timedelta(days=days), TODAY + timedelta(days=days)
    return work_queue.counts(clinic.practice, today=today, now=now)["no_answer"]


def test_part_8_a_corrected_claim_ends_with_what_the_right_claim_brings(
    clinic: Clinic, quillhaven: SandboxInsurer
) -> None:
    """$150.00 were paid as $104.40; the visit was a level 4. The reversal of $104.40 and $152.40 anew: $152.40 in all."""
    (old,) = ready(clinic)
    send(clinic, quillhaven, 0)
    pay(clinic, quillhaven, 12)
    assert totals(clinic)[a.INSURER_CLEARING] == 104_40

    new = correct(clinic, old.id, 13, "99214", "85025")
    send(clinic, quillhaven, 13)
    assert pay(clinic, quillhaven, 25) == 1

    assert totals(clinic) == {
        a.REVENUE: -210_00,
        a.INSURER_CLEARING: 152_40,
        a.CONTRACTUAL: 24_00,
        a.PATIENT_OWES: 33_60,
    }
    assert (head(clinic, old.id).state, head(clinic, new.id).state) == ("replaced", "decided")
    assert (held(clinic), silent(clinic, 400), journal.check(), audit.verify()) == ([], 0, [], [])


def test_part_8_a_claim_voided_after_payment_ends_with_nothing(clinic: Clinic, quillhaven: SandboxInsurer) -> None:
    """The visit never was. Quillhaven keeps its $104.40 from what it pays for the next visit, and nothing else is left."""
    (old,) = ready(clinic)
    send(clinic, quillhaven, 0)
    pay(clinic, quillhaven, 12)

    asked = ask_to_void(clinic, old.id, 13)
    send(clinic, quillhaven, 13)
    pay(clinic, quillhaven, 25)

    assert totals(clinic) == {a.INSURER_CLEARING: 104_40, a.PROVIDER_BALANCE: -104_40}
    assert (head(clinic, old.id).state, head(clinic, asked).state) == ("replaced", "decided")
    (other,) = ready(clinic)
    send(clinic, quillhaven, 26)
    pay(clinic, quillhaven, 38)
    assert head(clinic, other.id).state == "decided"
    assert totals(clinic)[a.INSURER_CLEARING] == 104_40
    assert a.PROVIDER_BALANCE not in totals(clinic)
    assert (held(clinic), silent(clinic, 400), journal.check()) == ([], 0, [])


def ask_to_void(clinic: Clinic, claim: int, days: int) -> int:
    now, today = NOW + timedelta(days=days), TODAY + timedelta(days=days)
    outcome = void_claims(clinic.practice, [claim], why="never happened", by=BILLER, now=now, today=today)
    return outcome.asked[0].claim


def test_part_8_a_claim_voided_before_it_was_decided_is_never_paid(clinic: Clinic, quillhaven: SandboxInsurer) -> None:
    """The void (8) comes before payday: no remittance is owed for it, and nobody is sent after one."""
    (old,) = ready(clinic)
    send(clinic, quillhaven, 0)

    asked = ask_to_void(clinic, old.id, 1)
    send(clinic, quillhaven, 1)

    assert pay(clinic, quillhaven, 40) == 0
    assert totals(clinic) == {}
    assert (head(clinic, old.id).state, head(clinic, asked).state, silent(clinic, 400)) == ("replaced", "accepted", 0)


def test_part_8_an_undecided_claim_that_is_corrected_is_paid_once(clinic: Clinic, quillhaven: SandboxInsurer) -> None:
    """Corrected before payday: Quillhaven decides the right claim alone, $152.40, and reverses nothing."""
    (old,) = ready(clinic)
    send(clinic, quillhaven, 0)

    correct(clinic, old.id, 1, "99214", "85025")
    send(clinic, quillhaven, 1)
    pay(clinic, quillhaven, 12)

    assert totals(clinic)[a.INSURER_CLEARING] == 152_40
    assert (held(clinic), journal.check()) == ([], [])
