"""What is remembered for speed never lets a fault through or changes a value."""

import gc
from dataclasses import FrozenInstanceError, replace
from datetime import date

import pytest

from claims_service.domain.errors import Rejected
from claims_service.domain.ledger.accounts import CONTRACTUAL, PAYER_OWES
from claims_service.domain.ledger.journal import Transfer
from claims_service.domain.quick import bulk, quick
from claims_service.domain.remittance.advice import ClaimPayment, LinePayment
from claims_service.formats.x12.read_835 import read_835
from claims_service.formats.x12.write_837p import write_837p
from tests.bench.row_posting import remittance
from tests.formats.x12.examples import ENVELOPE, claim, line


def test_a_value_made_quickly_is_the_same_value_and_as_frozen() -> None:
    quickly = quick(LinePayment)(1, "99213", 12050, 7000, "L1", served_on=date(2026, 10, 15))
    plainly = LinePayment(1, "99213", 12050, 7000, "L1", served_on=date(2026, 10, 15))
    assert type(quickly) is LinePayment
    assert (quickly, hash(quickly), repr(quickly)) == (plainly, hash(plainly), repr(plainly))
    assert replace(quickly, paid_cents=1).paid_cents == 1
    with pytest.raises(FrozenInstanceError):
        quickly.paid_cents = 2  # type: ignore[misc]


@pytest.mark.parametrize(
    "bad", [(CONTRACTUAL, PAYER_OWES, 0), (PAYER_OWES, PAYER_OWES, 1), (CONTRACTUAL, "savings", 1)]
)
def test_a_transfer_made_quickly_is_checked_as_ever(bad: tuple[str, str, int]) -> None:
    assert quick(Transfer)(CONTRACTUAL, PAYER_OWES, 4000) == Transfer(CONTRACTUAL, PAYER_OWES, 4000)
    with pytest.raises(AssertionError):
        quick(Transfer)(*bad)


def test_cycles_are_looked_for_again_after_work_in_bulk_that_failed() -> None:
    was_on = []
    with pytest.raises(ZeroDivisionError), bulk():
        was_on.append(1 // int(gc.isenabled()))
    assert not was_on
    assert gc.isenabled()


@pytest.mark.parametrize("bad", ["C*2", "C:2", "C~2", "C^2", "C\x1d2", "C\x1e2", "Ä", "", "C" * 39])
def test_a_bad_number_is_refused_though_its_neighbours_were_sent_before(bad: str) -> None:
    write_837p(ENVELOPE, [claim()])
    with pytest.raises(Rejected):
        write_837p(ENVELOPE, [claim(), claim(control_number=bad)])
    if bad:
        with pytest.raises(Rejected):
            write_837p(ENVELOPE, [claim(), claim(control_number="C2", lines=(line(reference=bad + "X" * 30),))])


def test_a_file_is_the_same_whether_its_claims_were_met_before_or_not() -> None:
    other = claim(control_number="C2", diagnoses=("E119",), lines=(line(reference="R2"), line(2, 100, reference="")))
    assert write_837p(ENVELOPE, [claim(), other]) == write_837p(ENVELOPE, [claim(), other])
    assert b"CLM*C2*121.5*" in write_837p(ENVELOPE, [other, claim()])


@pytest.mark.parametrize("bare", [b"DTM", b"AMT", b"NM1", b"CAS", b"REF"])
def test_a_segment_without_elements_does_not_stop_a_remittance(bare: bytes) -> None:
    content = remittance(["C1", "C2"]).replace(b"~SVC*", b"~" + bare + b"~SVC*", 1)
    read = read_835(content)
    assert [payment.control_number for payment in read if isinstance(payment, ClaimPayment)] == ["C1", "C2"]
    assert read.findings
