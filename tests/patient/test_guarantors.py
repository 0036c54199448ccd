"""A child gets no bill: who answers for a patient's bills is named, and statements go there until the child is of age."""

from dataclasses import replace
from datetime import date

import peewee
import pytest

from claims_service.domain.errors import NotFound, Rejected
from claims_service.domain.party import Address
from claims_service.domain.patient import frozen
from claims_service.domain.patient.guarantor import Guarantor, last_day_as_minor
from claims_service.domain.patient.statement import Statement, title
from claims_service.store import audit, bills, connection, guarantors, tables
from claims_service.workflow.bill_patient import bill_patients
from claims_service.workflow.name_guarantor import name_guarantors
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.patient import visits

ROSA = Guarantor("Rosa Testparent", "parent", Address("9 Elm Street", "", "Salem", "OR", "97301"))


def born(patient: int, on: date) -> None:
    connection.run("update patient set birth_on = ? where id = ?", (on, patient))


def name(clinic: Clinic, one: Guarantor | None, patient: int = 0) -> None:
    name_guarantors(clinic.practice, {patient or clinic.alma: one}, by=BILLER, now=NOW, today=TODAY)


def billed(clinic: Clinic) -> Statement:
    (made,) = bill_patients(clinic.practice, None, by=BILLER, now=NOW, today=TODAY).statements
    return frozen.statement(bills.statement_content(clinic.practice, made))


def test_a_childs_statement_goes_to_the_parent_and_says_whose_visit_it_was(clinic: Clinic) -> None:
    """Alma is ten: $100.60 is asked of her mother in Salem."""
    born(clinic.alma, date(2016, 1, 5))
    visits.decided(clinic)
    name(clinic, ROSA)

    told = billed(clinic)

    assert (told.addressee, told.address.city, told.owed_cents) == ("Rosa Testparent", "Salem", 100_60)
    assert title(told, "en") == "Alma Testpatient’s visit on October 6, 2026 with Imani Voss"
    assert title(told, "es") == "Visita de Alma Testpatient del 6 de octubre de 2026 con Imani Voss"


def test_without_a_name_the_patient_answers_alone(clinic: Clinic) -> None:
    visits.decided(clinic)

    told = billed(clinic)

    assert (told.addressee, told.guarantor) == ("Alma Testpatient", "")
    assert title(told, "en") == "Your visit on October 6, 2026 with Imani Voss"


def test_a_parent_answers_until_the_day_before_the_eighteenth_birthday(clinic: Clinic) -> None:
    born(clinic.alma, date(2010, 11, 21))
    name(clinic, ROSA)

    assert guarantors.of_patients(clinic.practice, [clinic.alma], on=date(2028, 11, 20))[clinic.alma].name == ROSA.name
    assert guarantors.of_patients(clinic.practice, [clinic.alma], on=date(2028, 11, 21)) == {}
    assert last_day_as_minor(date(2008, 2, 29)) == date(2026, 2, 28)


def test_a_parent_does_not_answer_for_a_grown_up_but_an_agent_may(clinic: Clinic) -> None:
    with pytest.raises(Rejected) as refused:
        name(clinic, ROSA)
    assert [p.where for p in refused.value.problems] == [f"[{clinic.alma}].relationship"]

    name(clinic, replace(ROSA, relationship="agent"))
    assert guarantors.of_patients(clinic.practice, [clinic.alma], on=date(2090, 1, 1))


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", replace(ROSA, name=" ")),
        ("name", replace(ROSA, name="x" * 101)),
        ("relationship", replace(ROSA, relationship="friend")),
        ("line1", replace(ROSA, address=replace(ROSA.address, line1=""))),
        ("state", replace(ROSA, address=replace(ROSA.address, state="XX"))),
        ("zip", replace(ROSA, address=replace(ROSA.address, zip="9730"))),
        ("until", replace(ROSA, until=date(2026, 11, 19))),
    ],
)
def test_a_bill_that_could_not_arrive_is_refused_at_its_field_and_nothing_is_kept(
    clinic: Clinic, field: str, wrong: Guarantor
) -> None:
    born(clinic.bruno, date(2016, 1, 5))
    born(clinic.alma, date(2016, 1, 5))

    with pytest.raises(Rejected) as refused:
        name_guarantors(clinic.practice, {clinic.bruno: ROSA, clinic.alma: wrong}, by=BILLER, now=NOW, today=TODAY)

    assert [p.where for p in refused.value.problems] == [f"[{clinic.alma}].{field}"]
    assert tables.GuarantorRow.select().count() == 0


def test_who_answered_before_is_kept_the_same_twice_is_once_and_nobody_is_somebody_elses(clinic: Clinic) -> None:
    born(clinic.alma, date(2016, 1, 5))
    name(clinic, ROSA)
    name(clinic, ROSA)
    name(clinic, None)
    name(clinic, None)

    assert [row.name for row in tables.GuarantorRow.select().order_by(tables.GuarantorRow.id)] == [ROSA.name, ""]
    assert guarantors.of_patients(clinic.practice, [clinic.alma], on=TODAY) == {}
    with pytest.raises(NotFound):
        name(clinic, ROSA, patient=999)
    assert audit.verify() == []


@pytest.mark.parametrize("change", ["update guarantor set name = 'x'", "delete from guarantor"])
def test_the_database_itself_keeps_who_answered(clinic: Clinic, change: str) -> None:
    born(clinic.alma, date(2016, 1, 5))
    name(clinic, ROSA)

    with pytest.raises(peewee.PeeweeException), connection.write():
        connection.run(change)
