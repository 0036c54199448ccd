"""One guarantor, several patients: the sum is that of their bills, and one payment goes to the oldest visits."""

from dataclasses import replace
from datetime import date

import pytest

from claims_service.domain.errors import NotFound, Rejected
from claims_service.domain.party import Address
from claims_service.domain.patient.confidential import PORTAL, Reach
from claims_service.domain.patient.family import split
from claims_service.domain.patient.payment import OpenClaim
from claims_service.queries import family as questions
from claims_service.store import journal, tables
from claims_service.workflow.bill_patient import bill_patients
from claims_service.workflow.keep_confidential import Wish, keep_confidential
from claims_service.workflow.take_family_payment import FamilyTaken, take_family_payment
from claims_service.workflow.take_payment import DeskPayment
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.patient import visits
from tests.patient.test_guarantors import ROSA, born, name
from tests.patient.visits import FIVE


@pytest.fixture
def family(clinic: Clinic) -> Clinic:
    """Rosa answers for Alma, who owes $100.60 for October 6, and Bruno, who owes $30.00 for October 2."""
    for child in (clinic.alma, clinic.bruno):
        born(child, date(2016, 1, 5))
        name(clinic, ROSA, child)
    visits.decided(clinic)
    visits.decided(clinic, FIVE[:1], patient=clinic.bruno, on=date(2026, 10, 2))
    return clinic


def bill(clinic: Clinic) -> None:
    bill_patients(clinic.practice, None, by=BILLER, now=NOW, today=TODAY)


def asked(clinic: Clinic) -> dict[int, int]:
    found = questions.family(clinic.practice, clinic.alma, on=TODAY)
    assert found
    assert found.asked_cents == sum(member.asked_cents for member in found.members)
    return {member.patient: member.asked_cents for member in found.members}


def pay(clinic: Clinic, cents: int, key: str = "k") -> tuple[FamilyTaken, ...]:
    desk = DeskPayment(clinic.alma, cents, "check", key, "1001")
    return take_family_payment(clinic.practice, desk, by=BILLER, now=NOW, today=TODAY)


def test_the_page_adds_up_what_the_bills_ask_for_and_the_journal_holds(family: Clinic) -> None:
    bill(family)
    assert asked(family) == {family.alma: 100_60, family.bruno: 30_00}
    owed = sum(journal.balance(family.practice, "patient_owes", patient=one) for one in (family.alma, family.bruno))
    assert owed == 130_60


def test_one_check_pays_the_oldest_visit_first_and_each_bill_has_its_receipt(family: Clinic) -> None:
    """$50.00: Bruno's $30.00 of October 2, then $20.00 of Alma's."""
    bill(family)
    taken = pay(family, 50_00)

    assert {one.patient: one.cents for one in taken} == {family.bruno: 30_00, family.alma: 20_00}
    assert len({one.receipt_number for one in taken}) == 2
    assert asked(family) == {family.alma: 80_60, family.bruno: 0}
    assert journal.check(family.practice) == []


def test_the_same_form_twice_is_one_payment(family: Clinic) -> None:
    bill(family)
    first = pay(family, 50_00)
    again = pay(family, 50_00)

    assert {(one.payment, one.cents) for one in again} == {(one.payment, one.cents) for one in first}
    assert all(one.again for one in again)
    assert tables.Payment.select().count() == 2


def test_more_than_they_owe_together_is_refused_and_nothing_is_booked(family: Clinic) -> None:
    bill(family)
    for cents in (130_61, 0, -5):
        with pytest.raises(Rejected):
            pay(family, cents)
    assert tables.Payment.select().count() == 0
    assert sum(one.cents for one in pay(family, 130_60)) == 130_60


def test_a_confidential_visit_is_in_no_sum_and_gets_no_money(family: Clinic) -> None:
    secret = visits.decided(family, FIVE[:1], on=date(2026, 9, 1))
    bill(family)
    assert asked(family)[family.alma] == 130_60
    wish = Wish(family.alma, secret.encounter, Reach(PORTAL))
    keep_confidential(family.practice, [wish], by=BILLER, now=NOW, today=TODAY)
    bill(family)

    assert asked(family) == {family.alma: 100_60, family.bruno: 30_00}
    pay(family, 130_60)
    assert journal.balance(family.practice, "patient_owes", claim=secret.claim) == 30_00


def test_who_bears_the_same_name_elsewhere_is_another(family: Clinic) -> None:
    name(family, replace(ROSA, address=Address("1 Other Road", "", "Bend", "OR", "97701")), family.bruno)
    bill(family)
    assert asked(family) == {family.alma: 100_60}
    name(family, None, family.alma)
    assert questions.family(family.practice, family.alma, on=TODAY) is None
    with pytest.raises(NotFound):
        pay(family, 1_00)


def test_a_sum_is_split_by_day_whosever_visit_it_is() -> None:
    owed = {
        1: [OpenClaim(10, date(2026, 1, 3), 40_00)],
        2: [OpenClaim(20, date(2026, 1, 1), 10_00), OpenClaim(21, date(2026, 1, 5), 10_00)],
    }
    parts, left = split(55_00, owed)
    assert ([(part.patient, part.cents) for part in parts], left) == ([(1, 40_00), (2, 15_00)], 0)
    assert split(100_00, owed)[1] == 40_00
