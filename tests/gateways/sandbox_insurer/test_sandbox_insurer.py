"""The sandbox insurer: it shares no pricing or posting code with the service, and pyx12 accepts what it writes."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from claims_service.domain.claim.claim import Adjustment, LineDecision, OtherPayer
from claims_service.domain.money import cents
from claims_service.domain.party import Payer
from claims_service.gateways.sandbox_insurer import Answer
from claims_service.gateways.sandbox_insurer.plan import SecondLook
from tests.formats.x12.pyx12_judge import judge
from tests.gateways.sandbox_insurer.claims import (
    NADIA,
    SENT_AT,
    VISIT,
    claim,
    cuts,
    file_of,
    insurer,
    segments,
)

PAYDAY = date(2026, 11, 16)
NADIAS_DAY = ("99214 245.00", "93000 95.00", "80053 88.00", "83036 62.00", "36415 25.00")


def one(answers: list[Answer], kind: str) -> bytes:
    (found,) = [answer.content for answer in answers if answer.kind == kind]
    return found


def test_a_good_file_is_answered_by_ta1_999_and_277ca(tmp_path: Path) -> None:
    answers = insurer(tmp_path).receive(file_of(claim("A1", *NADIAS_DAY)), SENT_AT)
    assert [answer.kind for answer in answers] == ["TA1", "999", "277CA"]
    assert segments(one(answers, "TA1"), "TA1") == [["TA1", "000000001", "261102", "0900", "A", "000"]]
    assert segments(one(answers, "999"), "AK9") == [["AK9", "A", "1", "1", "1"]]
    assert segments(one(answers, "277CA"), "STC")[-1] == ["STC", "A2:20:PR", "20261102", "WQ", "515"]
    for kind in ("999", "277CA"):
        assert judge(one(answers, kind)) == (True, [])


def test_nadias_visit_leaves_her_exactly_what_her_plan_says(tmp_path: Path) -> None:
    """$515.00 charged, $281.00 agreed: copay $30.00, the last $60.00 of the deductible, 20% after it = $10.60. Paid $180.40."""
    payer = insurer(tmp_path)
    payer.receive(file_of(claim("A1", *NADIAS_DAY)), SENT_AT)
    (remittance,) = payer.pay(PAYDAY)
    assert judge(remittance.content) == (True, [])
    (clp,) = segments(remittance.content, "CLP")
    assert clp[1:6] == ["A1", "1", "515", "180.4", "100.6"]
    shares = [cut for s in segments(remittance.content, "CAS") for cut in cuts(s) if cut[0] == "PR"]
    assert shares == [
        ("PR", "3", 3000),
        ("PR", "1", 4200),
        ("PR", "1", 1800),
        ("PR", "2", 400),
        ("PR", "2", 480),
        ("PR", "2", 180),
    ]


def test_a_deductible_that_is_used_up_is_not_asked_for_again(tmp_path: Path) -> None:
    payer = insurer(tmp_path)
    payer.receive(file_of(claim("A1", *NADIAS_DAY), claim("A2", "93000 95.00")), SENT_AT)
    (remittance,) = payer.pay(PAYDAY)
    assert cuts(segments(remittance.content, "CAS")[-1]) == [("PR", "2", 840)]


def test_what_is_not_due_is_not_paid_and_nothing_is_paid_twice(tmp_path: Path) -> None:
    insurer(tmp_path).receive(file_of(claim("A1", *NADIAS_DAY)), SENT_AT)
    assert insurer(tmp_path).pay(SENT_AT.date() + timedelta(days=10)) == []
    assert len(insurer(tmp_path).pay(PAYDAY)) == 1
    assert insurer(tmp_path).pay(PAYDAY) == []


def test_an_unknown_member_is_sent_back_with_the_reason_and_never_paid(tmp_path: Path) -> None:
    payer = insurer(tmp_path)
    answers = payer.receive(
        file_of(claim("A1", "99213 165.00", member="QH99999999"), claim("A2", "99213 165.00")), SENT_AT
    )
    ca = one(answers, "277CA")
    assert judge(ca) == (True, [])
    assert [s[1] for s in segments(ca, "STC")][-2:] == ["A7:164:IL", "A2:20:PR"]
    assert segments(ca, "QTY")[:2] == [["QTY", "90", "1"], ["QTY", "AA", "1"]]
    (remittance,) = payer.pay(PAYDAY)
    assert [s[1] for s in segments(remittance.content, "CLP")] == ["A2"]


def test_the_same_interchange_twice_is_refused_by_its_number(tmp_path: Path) -> None:
    payer = insurer(tmp_path)
    content = file_of(claim("A1", "99213 165.00"))
    payer.receive(content, SENT_AT)
    answers = payer.receive(content, SENT_AT)
    assert [answer.kind for answer in answers] == ["TA1"]
    assert segments(answers[0].content, "TA1")[0][4:] == ["R", "025"]


def test_a_claim_sent_again_under_a_new_number_of_the_file_is_a_duplicate(tmp_path: Path) -> None:
    payer = insurer(tmp_path)
    payer.receive(file_of(claim("A1", "99213 165.00")), SENT_AT)
    answers = payer.receive(file_of(claim("A1", "99213 165.00"), control=2), SENT_AT)
    assert segments(one(answers, "277CA"), "STC")[-1][1] == "A3:78"


def test_a_fault_in_the_structure_is_named_by_segment_and_element(tmp_path: Path) -> None:
    """A claim without its place of service: no 277CA, nothing taken in."""
    payer = insurer(tmp_path)
    broken = file_of(claim("A1", "99213 165.00")).replace(b"*11:B:1*", b"*:B:1*")
    answers = payer.receive(broken, SENT_AT)
    assert [answer.kind for answer in answers] == ["TA1", "999"]
    assert judge(one(answers, "999")) == (True, [])
    assert segments(one(answers, "999"), "IK4") == [["IK4", "5:1", "", "1"]]
    assert segments(one(answers, "999"), "AK9")[0][1] == "R"
    assert payer.pay(PAYDAY) == []


def test_what_is_no_claim_file_is_refused_outright(tmp_path: Path) -> None:
    with pytest.raises(ValueError):
        insurer(tmp_path).receive(b"%PDF-1.7 not a claim", SENT_AT)


def test_part_of_a_claim_is_denied_and_the_rest_paid(tmp_path: Path) -> None:
    """Northfold counts the blood draw into the blood test (CO-97 with M15) and wants an approval for the ultrasound (CO-197)."""
    payer = insurer(tmp_path, "northfold")
    sent = claim("B1", "80053 88.00", "36415 25.00", "76700 320.00", payer="northfold", member="NM44141822")
    payer.receive(file_of(sent), SENT_AT)
    (remittance,) = payer.pay(PAYDAY)
    assert judge(remittance.content) == (True, [])
    found = [cut for s in segments(remittance.content, "CAS") for cut in cuts(s)]
    assert ("CO", "97", 2500) in found
    assert ("CO", "197", 32000) in found
    assert segments(remittance.content, "LQ") == [["LQ", "HE", "M15"]]


def test_an_approval_number_on_the_claim_lets_the_ultrasound_through(tmp_path: Path) -> None:
    payer = insurer(tmp_path, "northfold")
    sent = replace(claim("B1", "76700 320.00", payer="northfold", member="NM44141822"), prior_authorization="NMA-1")
    payer.receive(file_of(sent), SENT_AT)
    (remittance,) = payer.pay(PAYDAY)
    assert "197" not in {reason for s in segments(remittance.content, "CAS") for _, reason, _ in cuts(s)}


def test_a_second_plan_pays_what_the_first_left_to_the_patient(tmp_path: Path) -> None:
    """Medicare allowed $127.00 of $245.00, paid $99.57 and left $25.40. The supplement pays $25.40: OA-23 takes $219.60."""
    first = OtherPayer(Payer("MC001", "Medicare", "MB"), NADIA, "18", "MC1", "P", paid_cents=99_57)
    decided = LineDecision(
        "MC001", 99_57, "99214", date(2026, 11, 10),
        adjustments=(Adjustment("CO", "45", 118_00), Adjustment("CO", "253", 2_03), Adjustment("PR", "2", 25_40)),
    )  # fmt: skip
    member = "QH45266398"
    sent = claim("C1", "99214 245.00", member=member)
    sent = replace(sent, sequence="S", other_payers=(first,), lines=(replace(sent.lines[0], decisions=(decided,)),))
    payer = insurer(tmp_path)
    answers = payer.receive(file_of(sent), SENT_AT)
    assert segments(one(answers, "277CA"), "STC")[-1][1] == "A2:20:PR"
    (remittance,) = payer.pay(PAYDAY)
    assert judge(remittance.content) == (True, [])
    assert segments(remittance.content, "CLP")[0][1:6] == ["C1", "2", "245", "25.4", "0"]
    assert [cut for s in segments(remittance.content, "CAS") for cut in cuts(s)] == [("OA", "23", 219_60)]


def test_a_claim_decided_again_is_reversed_to_the_cent_and_paid_anew(tmp_path: Path) -> None:
    """The strep test was priced at $22.00; a week later Quillhaven takes it back whole and pays by $26.00."""
    payer = insurer(tmp_path)
    payer.receive(file_of(claim("A1", "99213 165.00", "87880 45.00")), SENT_AT)
    (first,) = payer.pay(PAYDAY)
    (second,) = payer.pay(PAYDAY + timedelta(days=7))
    assert judge(second.content) == (True, [])
    before, reversal, correction = *segments(first.content, "CLP"), *segments(second.content, "CLP")
    assert (reversal[2], correction[2]) == ("22", "1")
    assert cents(reversal[4]) == -cents(before[4])
    taken = [cut for s in segments(first.content, "CAS") for cut in cuts(s)]
    given = [cut for s in segments(second.content, "CAS") for cut in cuts(s)][: len(taken)]
    assert given == [(group, reason, -amount) for group, reason, amount in taken]


def test_money_taken_back_after_a_letter_names_the_claim(tmp_path: Path) -> None:
    payer = insurer(tmp_path, "oldmill")
    look = payer.plan.second_looks[0]
    assert look == SecondLook("take_back", "81002", 7)
    member = "OM44283644"
    payer.receive(file_of(claim("D1", "99213 165.00", "81002 18.00", payer="oldmill", member=member)), SENT_AT)
    (first,) = payer.pay(SENT_AT.date() + timedelta(days=16))
    clp, plb = segments(first.content, "CLP")[0], segments(first.content, "PLB")[0]
    assert plb[3] == f"L6:{clp[7]}"
    assert cents(plb[4]) < 0
    payer.receive(
        file_of(claim("D2", "99213 165.00", payer="oldmill", member=member), control=2), SENT_AT + timedelta(days=20)
    )
    (later,) = payer.pay(SENT_AT.date() + timedelta(days=40))
    assert judge(later.content) == (True, [])
    assert segments(later.content, "PLB")[0][3:5] == [f"WO:{clp[7]}", clp[4]]


def test_a_remittance_that_would_be_negative_is_carried_to_the_next(tmp_path: Path) -> None:
    """The take-back is larger than the only new payment: nothing is paid, and the next remittance takes the rest."""
    payer = insurer(tmp_path, "quillhaven", second_looks=(SecondLook("take_back", "99214", 1),))
    payer.receive(file_of(claim("A1", "99214 245.00")), SENT_AT)
    payer.pay(PAYDAY)
    for control, service in ((2, "36415 25.00"), (3, "99215 335.00")):
        payer.receive(file_of(claim(f"A{control}", service), control=control), SENT_AT + timedelta(days=control * 10))
    (none,) = payer.pay(SENT_AT.date() + timedelta(days=31))
    (rest,) = payer.pay(SENT_AT.date() + timedelta(days=41))
    assert judge(none.content) == (True, [])
    assert segments(none.content, "BPR")[0][1:5] == ["H", "0", "C", "NON"]
    owed = cents(segments(none.content, "PLB")[0][-1])
    assert owed < 0
    assert segments(rest.content, "PLB")[0][3:5] == [
        f"FB:{segments(none.content, 'TRN')[0][2]}",
        segments(none.content, "PLB")[0][-1][1:],
    ]


def test_only_the_remittance_that_slips_does_not_add_up(tmp_path: Path) -> None:
    """Northfold's second remittance pays $2.00 less than its claims say."""
    payer = insurer(tmp_path, "northfold")
    differences = []
    for n in (1, 2, 3):
        sent = claim(f"E{n}", "99213 165.00", payer="northfold", member="NM44141822")
        payer.receive(file_of(sent, control=n), SENT_AT + timedelta(days=n * 10))
        (paid,) = payer.pay(SENT_AT.date() + timedelta(days=n * 10 + 9))
        total = sum(cents(s[4]) for s in segments(paid.content, "CLP"))
        differences.append(cents(segments(paid.content, "BPR")[0][2]) - total)
    assert differences == [0, -200, 0]


def test_every_line_and_claim_of_a_remittance_adds_up(tmp_path: Path) -> None:
    """835 balancing: SVC02 less its CAS is SVC03, the lines make CLP03 and CLP04, PR makes CLP05 (X12 RFI 618, 358, 2184)."""
    payer = insurer(tmp_path)
    payer.receive(file_of(claim("A1", *NADIAS_DAY), claim("A2", "99406 30.00", "99213 165.00")), SENT_AT)
    (paid,) = payer.pay(PAYDAY)
    for text in paid.content.decode().split("CLP*")[1:]:
        clp, *lines = text.split("SVC*")
        head = clp.split("~")[0].split("*")
        found = []
        for line in lines:
            parts = [s.split("*") for s in line.split("~")]
            found.append((cents(parts[0][1]), cents(parts[0][2]), [c for s in parts if s[0] == "CAS" for c in cuts(s)]))
        assert all(charge - sum(c[2] for c in cas) == money for charge, money, cas in found)
        assert sum(charge for charge, _, _ in found) == cents(head[2])
        assert sum(money for _, money, _ in found) == cents(head[3])
        assert sum(c[2] for _, _, cas in found for c in cas if c[0] == "PR") == cents(head[4])


def test_a_replacement_takes_the_first_decision_back_and_pays_the_whole_claim_anew(tmp_path: Path) -> None:
    payer = insurer(tmp_path)
    payer.receive(file_of(claim("A1", "99213 165.00")), SENT_AT)
    (first,) = payer.pay(PAYDAY)
    number = segments(first.content, "CLP")[0][7]
    again = replace(claim("A1R", "99214 245.00"), frequency="7", payer_claim_number=number)
    payer.receive(file_of(again, control=2), SENT_AT + timedelta(days=20))
    (second,) = payer.pay(SENT_AT.date() + timedelta(days=31))
    assert judge(second.content) == (True, [])
    assert [(s[1], s[2], s[4]) for s in segments(second.content, "CLP")] == [("A1", "22", "-91"), ("A1R", "1", "138")]


def test_a_visit_after_the_plan_ended_is_the_patients(tmp_path: Path) -> None:
    """Eklund's plan with Northfold ended thirty days before: CARC 27."""
    payer = insurer(tmp_path, "northfold")
    (eklund,) = [m for m in payer.plan.members.values() if m.valid_until]
    assert eklund.valid_until
    assert eklund.valid_until <= VISIT
    payer.receive(file_of(claim("F1", "99213 165.00", payer="northfold", member=eklund.member_id)), SENT_AT)
    (paid,) = payer.pay(PAYDAY)
    assert cuts(segments(paid.content, "CAS")[0]) == [("PR", "27", 165_00)]


def test_the_same_files_on_the_same_days_give_the_same_bytes(tmp_path: Path) -> None:
    runs = []
    for folder in ("one", "two"):
        payer = insurer(tmp_path / folder)
        answers = payer.receive(file_of(claim("A1", *NADIAS_DAY)), SENT_AT)
        runs.append([a.content for a in [*answers, *payer.pay(PAYDAY)]])
    assert runs[0] == runs[1]
