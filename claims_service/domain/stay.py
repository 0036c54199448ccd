"""A facility's bill of one patient, as a UB-04 holds it beside the services: type of bill, admission, coded facts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from claims_service.domain import codes
from claims_service.domain.claim.claim import INTERIM, ORIGINAL
from claims_service.domain.claim.institutional import CodedValue, Occurrence, Surgery
from claims_service.domain.dates import EARLIEST
from claims_service.domain.errors import Problem

PRESENT = ("Y", "N", "U", "W", "")
INPATIENT_BILLS = ("11", "12", "18", "21", "41", "65", "66", "86")
"""Types of bill of patients who were admitted: they need day, hour, type and source of the admission (NUBC)."""

_BILL = re.compile(r"[1-8][1-9]", re.ASCII)
_TIME = re.compile(r"([01][0-9]|2[0-3])[0-5][0-9]", re.ASCII)
_TWO = re.compile(r"[0-9A-Z]{2}", re.ASCII)
_SURGERY = re.compile(r"[0-9A-HJ-NP-Z]{7}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Stay:
    """type_of_bill: facility and care ("11" inpatient hospital); the third digit is the claim's. statement_until: last day billed.

    interim: that third digit where a new claim bills a part of the stay: 2 its first, 3 a further, 4 its last bill; else "".

    admission_type, admission_source, patient_status: CL101 to 103. admitted_time, discharged_time: HHMM.
    present: by diagnosis, whether it was there on admission (Y, N, U, W, "" exempt). surgeries: ICD-10-PCS, the principal first.
    """

    type_of_bill: str
    statement_until: date
    admission_type: str = "9"
    patient_status: str = "01"
    admission_source: str = ""
    admitted_on: date | None = None
    admitted_time: str = ""
    discharged_time: str = ""
    admitting_diagnosis: str = ""
    drg: str = ""
    operating_id: int | None = None
    present: tuple[str, ...] = ()
    surgeries: tuple[Surgery, ...] = ()
    occurrences: tuple[Occurrence, ...] = ()
    spans: tuple[Occurrence, ...] = ()
    values: tuple[CodedValue, ...] = ()
    conditions: tuple[str, ...] = ()
    interim: str = ""

    @property
    def is_inpatient(self) -> bool:
        return self.type_of_bill in INPATIENT_BILLS

    def frequency(self, of_claim: str) -> str:
        """The third digit of the type of bill: a new claim's is what the stay says, a replacement or void says so itself."""
        return self.interim or ORIGINAL if of_claim == ORIGINAL else of_claim

    def problems(self, served_on: date) -> Iterator[Problem]:
        """What is wrong with it, for a bill that begins on this day."""
        if not _BILL.fullmatch(self.type_of_bill):
            yield Problem(
                "stay.type_of_bill",
                "Two digits, like 11 for inpatients or 13 for outpatients of a hospital.",
                "837I 2300 CLM05-1",
            )
        if self.interim and self.interim not in INTERIM:
            yield Problem(
                "stay.type_of_bill",
                "The third digit is 1 for the whole stay, or 2, 3 or 4 for its first, a further or its last bill.",
                "837I 2300 CLM05-3",
            )
        if self.statement_until < served_on:
            yield Problem("stay.statement_until", "The bill ends before it begins.", "837I 2300 DTP*434")
        if len(self.admission_type) != 1 or not self.admission_type.isdigit():
            yield Problem(
                "stay.admission_type",
                "One digit: 1 emergency, 2 urgent, 3 elective, 4 newborn, 5 trauma, 9 not known.",
                "837I 2300 CL101",
            )
        if not _TWO.fullmatch(self.patient_status):
            yield Problem(
                "stay.patient_status",
                "Two digits, like 01 for discharged home or 30 for still a patient.",
                "837I 2300 CL103",
            )
        yield from self._admission(served_on)
        yield from self._coded()

    def _admission(self, served_on: date) -> Iterator[Problem]:
        if self.is_inpatient and self.admitted_on is None:
            yield Problem("stay.admitted_on", "An inpatient bill needs the day of admission.", "837I 2300 DTP*435")
        if self.is_inpatient and not self.admission_source:
            yield Problem(
                "stay.admission_source",
                "An inpatient bill needs where the patient came from, like 1.",
                "837I 2300 CL102",
            )
        if self.is_inpatient and not self.admitting_diagnosis:
            yield Problem(
                "stay.admitting_diagnosis", "An inpatient bill needs the admitting diagnosis.", "837I 2300 HI*ABJ"
            )
        if self.admitted_on and self.admitted_on > self.statement_until:
            yield Problem("stay.admitted_on", "The admission is after the last day billed.", "837I 2300 DTP*435")
        for name, text in (("admitted_time", self.admitted_time), ("discharged_time", self.discharged_time)):
            if text and not _TIME.fullmatch(text):
                yield Problem(f"stay.{name}", "Hours and minutes, like 0930.", "837I 2300 DTP")
        if self.admitting_diagnosis:
            try:
                codes.diagnosis(self.admitting_diagnosis)
            except ValueError as wrong:
                yield Problem("stay.admitting_diagnosis", f"{str(wrong).capitalize()}.", "ICD-10-CM")

    def _coded(self) -> Iterator[Problem]:
        if any(mark not in PRESENT for mark in self.present):
            yield Problem("stay.present", "Present on admission is Y, N, U or W.", "837I 2300 HI")
        if not all(_SURGERY.fullmatch(one.code) for one in self.surgeries):
            yield Problem(
                "stay.surgeries", "An ICD-10-PCS code has seven characters, like 0DTJ4ZZ.", "837I 2300 HI*BBR"
            )
        listed = [
            *self.conditions,
            *(one.code for one in (*self.occurrences, *self.spans)),
            *(one.code for one in self.values),
        ]
        if not all(_TWO.fullmatch(code) for code in listed):
            yield Problem("stay.codes", "Occurrence, value and condition codes have two characters.", "837I 2300 HI")
        if any(one.on < EARLIEST for one in (*self.occurrences, *self.spans)):
            yield Problem("stay.occurrences", "Each occurrence has its day, like 11 11/09/2026.", "837I 2300 HI*BH")
        if not all(one.value.is_finite() for one in self.values):
            yield Problem("stay.values", "Each value code has its number, like 80 3.", "837I 2300 HI*BE")
        if any(span.until is None or span.until < span.on for span in self.spans):
            yield Problem("stay.spans", "A span has a first and a last day.", "837I 2300 HI*BI")
