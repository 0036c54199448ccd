"""What an insurer sent on to the next plan itself is not billed by us a second time, however it says so."""

from typing import Any

import pytest

from claims_service.domain.ledger.accounts import NEXT_PAYER_OWES
from claims_service.store import journal
from claims_service.store.connection import run
from claims_service.workflow.bill_next_payer import bill_next_payers
from claims_service.workflow.bill_patient import bill_patients
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.factories835 import file_835, payment, remittance
from tests.workflow.cycle import post, sent

SAYS: dict[str, dict[str, Any]] = {
    "CLP02 19": {"status": "19"},
    "CLP02 20": {"status": "20"},
    "CLP02 21": {"status": "21"},
    "NM1*TT beside a plain status": {"crossover_payer": "NORTHFOLD MUTUAL"},
    "remark MA18": {"remarks": ("MA18",)},
    "remark MA07, to Medicaid": {"remarks": ("MA07",)},
    "remark N89, to several": {"remarks": ("N89",)},
}


@pytest.mark.parametrize("says", SAYS)
def test_a_claim_that_crossed_over_is_not_billed_to_the_next_plan_again(clinic: Clinic, says: str) -> None:
    """Bruno has two plans, $25.00 are left. The first one sent them on: no claim of ours, no bill, however often we ask."""
    (claim,) = sent(clinic, patient=clinic.bruno)
    assert post(clinic, file_835(remittance([payment(claim.control_number, **SAYS[says])]))).state == "read"

    for _ in range(2):
        made = bill_next_payers(clinic.practice, by=BILLER, now=NOW, today=TODAY)
        assert (made.claims, made.waiting) == ((), (claim.id,))
    named = bill_next_payers(clinic.practice, [claim.id], by=BILLER, now=NOW, today=TODAY)
    bill_patients(clinic.practice, None, by=BILLER, now=NOW, today=TODAY)

    assert named.claims == ()
    assert run("select count(*) from claim").fetchone()[0] == 1
    assert run("select count(*) from statement").fetchone()[0] == 0
    assert journal.balance(clinic.practice, NEXT_PAYER_OWES, claim=claim.id) == 25_00


def test_without_such_a_word_the_next_plan_is_billed(clinic: Clinic) -> None:
    (claim,) = sent(clinic, patient=clinic.bruno)
    post(clinic, file_835(remittance([payment(claim.control_number, remarks=("MA15",))])))

    made = bill_next_payers(clinic.practice, by=BILLER, now=NOW, today=TODAY)

    assert (len(made.claims), made.waiting) == (1, ())
