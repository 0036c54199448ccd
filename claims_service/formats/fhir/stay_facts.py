"""What a stay adds to a FHIR Claim and to what was decided on it: coded facts, diagnoses as found, procedures done.

The same names as `arriving_bills` reads: categories of CARIN Blue Button where it has one, code lists of the NUBC.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from claims_service.domain.stay import Stay

NUBC = "https://www.nubc.org/CodeSystem/"
MS_DRG = "https://www.cms.gov/Medicare/Medicare-Fee-for-Service-Payment/AcuteInpatientPPS/MS-DRG-Classifications-and-Software"
STILL_A_PATIENT = "30"  # NUBC patient discharge status: no day of discharge yet


class Diagnosis(NamedTuple):
    """sequence counts from 1. kind: principal or admitting, of a stay; present: on admission (Y, N, U, W)."""

    sequence: int
    code: str
    kind: str = ""
    present: str = ""


class Fact(NamedTuple):
    """One supportingInfo: a code, and a day, a span of days or a number where the code has one."""

    category: str
    system: str = ""
    code: str = ""
    on: date | None = None
    begun: date | None = None
    until: date | None = None
    value: Decimal | None = None
    sequence: int = 0


class Done(NamedTuple):
    """A procedure of the stay (ICD-10-PCS); sequence counts from 1."""

    sequence: int
    code: str
    on: date | None


def diagnoses(listed: tuple[str, ...], stay: Stay | None) -> tuple[Diagnosis, ...]:
    """The claim's diagnoses, numbered; those of a stay end with the one it was admitted for."""
    if stay is None:
        return tuple([Diagnosis(sequence, code) for sequence, code in enumerate(listed, 1)])
    found = [
        Diagnosis(n, code, "principal" if n == 1 else "", stay.present[n - 1] if n <= len(stay.present) else "")
        for n, code in enumerate(listed, 1)
    ]
    admitting = stay.admitting_diagnosis
    return (*found, *([Diagnosis(len(found) + 1, admitting, "admitting")] if admitting else []))


def facts(record: Any) -> tuple[Fact, ...]:
    """The coded facts of a store.fhir_records.ClaimRecord; none without a stay."""
    if record.stay is None:
        return ()
    return tuple(fact._replace(sequence=n) for n, fact in enumerate(_facts(record.stay, record.frequency), 1))


def done(stay: Stay | None) -> tuple[Done, ...]:
    """The procedures, the principal first."""
    return tuple(Done(n, one.code, one.on) for n, one in enumerate(stay.surgeries if stay else (), 1))


def _facts(stay: Stay, frequency: str) -> Iterator[Fact]:
    yield Fact("typeofbill", f"{NUBC}TypeOfBill", f"0{stay.type_of_bill}{stay.frequency(frequency)}")
    yield Fact("admtype", f"{NUBC}PriorityTypeOfAdmitOrVisit", stay.admission_type)
    if stay.admission_source:
        yield Fact("pointoforigin", f"{NUBC}PointOfOrigin", stay.admission_source)
    if stay.admitted_on:
        ended = None if stay.patient_status == STILL_A_PATIENT else stay.statement_until
        yield Fact("admissionperiod", begun=stay.admitted_on, until=ended)
    yield Fact("discharge-status", f"{NUBC}PatDischargeStatus", stay.patient_status)
    if stay.drg:
        yield Fact("drg", MS_DRG, stay.drg)
    for one in stay.occurrences:
        yield Fact("info", f"{NUBC}OccurrenceCodes", one.code, one.on)
    for one in stay.spans:
        yield Fact("info", f"{NUBC}OccurrenceSpanCodes", one.code, begun=one.on, until=one.until)
    for value in stay.values:
        yield Fact("info", f"{NUBC}ValueCodes", value.code, value=value.value)
    for condition in stay.conditions:
        yield Fact("info", f"{NUBC}ConditionCodes", condition)
