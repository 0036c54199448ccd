"""Part 8, corrections: what insurers do with a replacement (7) and a void (8), from our file to the last cent of their 835."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from claims_service.domain.encounter import ServiceLine
from claims_service.domain.errors import Conflict
from claims_service.domain.ledger import accounts as a
from claims_service.formats.x12.read_837p import read_837p
from claims_service.gateways.sandbox_insurer import Plan, SandboxInsurer
from claims_service.gateways.sandbox_insurer.plan import Benefit, Member, SecondLook
from claims_service.queries import work_queue
from claims_service.store import audit, claims, encounters, files, journal
from claims_service.store.claims import Head
from claims_service.workflow.bill_next_payer import bill_next_payers
from claims_service.workflow.correct_claim import Correction, correct_claims
from claims_service.workflow.correct_next_claim import correct_next_claims
from claims_service.workflow.incoming import IncomingFile
from claims_service.workflow.post_remittance import post_remittance
from claims_service.workflow.read_acknowledgement import read_acknowledgement
from claims_service.workflow.submit_claims import submit_claims
from claims_service.workflow.void_claim import void_claims
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.formats.x12.pyx12_judge import judge
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


@pytest.fixture
def northfold(clinic: Clinic, tmp_path: Path) -> SandboxInsurer:
    """Bruno's second plan: it pays all that the first one leaves to him."""
    usual = plan("northfold")
    usual = replace(usual, identifier="NF002", slip=(0, 0), benefits=dict.fromkeys(usual.benefits, Benefit()))
    return SandboxInsurer(insuring(clinic, usual, "NFM0000002"), tmp_path / "northfold.json")


def decided_anew(clinic: Clinic, quillhaven: SandboxInsurer, northfold: SandboxInsurer) -> tuple[Head, Head]:
    """Quillhaven paid $104.40 and left $33.60, Northfold paid that; then Quillhaven decides anew and leaves more."""
    (first,) = ready(clinic, patient=clinic.bruno)
    send(clinic, quillhaven, 0)
    pay(clinic, quillhaven, 12)
    (second,) = bill_next(clinic, 12)
    send(clinic, northfold, 12)
    pay(clinic, northfold, 25)
    look = SecondLook("correct", "85025", 20, 1, 28_00)
    quillhaven.plan = replace(quillhaven.plan, second_looks=(look,))
    pay(clinic, quillhaven, 40)
    return head(clinic, first.id), second


def bill_next(clinic: Clinic, days: int) -> list[Head]:
    now, today = NOW + timedelta(days=days), TODAY + timedelta(days=days)
    made = bill_next_payers(clinic.practice, by=BILLER, now=now, today=today)
    return [head(clinic, one.claim) for one in made.claims]


def replace_next(clinic: Clinic, claim: int, days: int) -> Head:
    now, today = NOW + timedelta(days=days), TODAY + timedelta(days=days)
    why = "the first plan decided anew"
    (made,) = correct_next_claims(clinic.practice, [claim], why=why, by=BILLER, now=now, today=today)
    assert made.state == "ready", made
    return head(clinic, made.claim)


def test_part_8_a_claim_to_a_next_plan_is_replaced_when_the_first_plan_decides_anew(
    clinic: Clinic, quillhaven: SandboxInsurer, northfold: SandboxInsurer
) -> None:
    """Quillhaven allows the blood count $28.00 and not $18.00: it leaves $35.60 and not $33.60. Northfold gets a 7 with that."""
    first, second = decided_anew(clinic, quillhaven, northfold)
    assert journal.balance(clinic.practice, a.NEXT_PAYER_OWES, claim=first.id) == 2_00

    new = replace_next(clinic, second.id, 41)

    assert (new.frequency, new.sequence, new.replaces) == ("7", "S", second.id)
    assert head(clinic, second.id).state == "replaced"
    assert journal.balance(clinic.practice, a.NEXT_PAYER_OWES) == 0
    assert journal.balance(clinic.practice, a.PAYER_OWES, claim=new.id) == 35_60
    (file,) = submit_claims(clinic.practice, by=BILLER, now=NOW + timedelta(days=41)).files
    content = files.content_of(clinic.practice, file.file)
    (written,) = read_837p(content)
    assert (written.frequency, written.payer_claim_number) == ("7", head(clinic, second.id).payer_claim_number)
    assert written.other_payers[0].paid_cents == 112_40
    assert judge(content) == (True, [])


def test_part_8_the_next_plan_takes_its_first_payment_back_and_pays_what_is_left_now(
    clinic: Clinic, quillhaven: SandboxInsurer, northfold: SandboxInsurer
) -> None:
    """Northfold reverses $33.60 and pays $35.60: with Quillhaven's $112.40 the two bring $148.00, and Bruno owes nothing."""
    _, second = decided_anew(clinic, quillhaven, northfold)
    new = replace_next(clinic, second.id, 41)

    send(clinic, northfold, 41)
    pay(clinic, northfold, 60)

    assert totals(clinic) == {a.REVENUE: -150_00, a.INSURER_CLEARING: 148_00, a.CONTRACTUAL: 2_00}
    assert (head(clinic, second.id).state, head(clinic, new.id).state) == ("replaced", "decided")
    assert (held(clinic), silent(clinic, 400), journal.check(), audit.verify()) == ([], 0, [], [])


def test_part_8_what_cannot_be_replaced_at_a_next_plan_says_why(
    clinic: Clinic, quillhaven: SandboxInsurer, northfold: SandboxInsurer
) -> None:
    _, second = decided_anew(clinic, quillhaven, northfold)
    (alma,) = ready(clinic)
    send(clinic, quillhaven, 41)
    replace_next(clinic, second.id, 41)
    before = totals(clinic)

    for claim, why in ((alma.id, "first plan: correct its visit"), (second.id, "Replaced")):
        with pytest.raises(Conflict, match=why):
            correct_next_claims(clinic.practice, [claim], by=BILLER, now=NOW, today=TODAY)

    assert totals(clinic) == before


def test_part_8_a_next_plan_that_is_left_nothing_now_is_voided_and_not_replaced(
    clinic: Clinic, quillhaven: SandboxInsurer, northfold: SandboxInsurer
) -> None:
    """Quillhaven takes its decision back and pays all: Northfold has nothing to carry, and nothing is written."""
    _, second = decided_anew(clinic, quillhaven, northfold)
    look = SecondLook("correct", "99213", 20, 1, 120_00)
    free = dict.fromkeys(quillhaven.plan.benefits, Benefit())
    quillhaven.plan = replace(quillhaven.plan, second_looks=(look,), benefits=free)
    pay(clinic, quillhaven, 70)
    before = totals(clinic)

    with pytest.raises(Conflict, match="leaves nothing for this one now"):
        correct_next_claims(clinic.practice, [second.id], by=BILLER, now=NOW, today=TODAY)

    assert totals(clinic) == before
    assert head(clinic, second.id).state == "decided"
