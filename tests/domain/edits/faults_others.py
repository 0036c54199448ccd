"""Faults of facilities' and dentists' bills, each in words: one change to a good bill of some kind, and the edit that has to notice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from claims_service.domain.claim.dental import Tooth, ToothStatus
from claims_service.domain.claim.institutional import CodedValue, FoundDiagnosis, Occurrence, RevenueLine, Surgery
from tests.domain.edits.faults import Fault
from tests.domain.edits.made import COLLEAGUE, TODAY

DAY = timedelta(1)
STAY, OUT, URGENT, TEETH = "a stay in hospital", "an outpatient", "an emergency", "a back filling"


def row(number: int, **changes: Any) -> Callable[[Any], Any]:
    """The lines with one of them changed."""
    return lambda c: (*c.lines[:number], replace(c.lines[number], **changes), *c.lines[number + 1 :])


def more(*lines: RevenueLine) -> Callable[[Any], Any]:
    return lambda c: (*c.lines, *(replace(one, number=len(c.lines) + n) for n, one in enumerate(lines, 1)))


def days(code: str, more_than_there_are: int = 0) -> Callable[[Any], Any]:
    """The value codes with one more that counts days."""
    return lambda c: (*c.values, CodedValue(code, c.values[0].value + more_than_there_are))


def shifted(field: str, by: int) -> Callable[[Any], date]:
    return lambda c: getattr(c, field) + by * DAY


BED = RevenueLine(1, "0120", 900_00, Decimal(1), "DA")
STAYS = [
    Fault("still a patient, billed as if gone", "bill_interim", STAY, {"patient_status": "30", "discharge_time": ""}),
    Fault("nobody wrote when she left", "discharge_hour", STAY, {"discharge_time": ""}),
    Fault("an hour of discharge of one who is still there", "discharge_hour_unasked", STAY, {"patient_status": "30"}),
    Fault("nobody wrote when he came", "admission_hour", STAY, {"admitted_time": ""}),
    Fault("the bill begins the day after the admission", "bill_begins_late", STAY, {"admitted_on": shifted("statement_from", -1)}),
    Fault("billed beyond today", "bill_future", STAY, {"statement_until": TODAY + DAY}),
    Fault("an admission of type 7", "admission_type_unknown", STAY, {"admission_type": "7"}),
    Fault("came from a source that ended in 2010", "admission_source_unknown", STAY, {"admission_source": "7"}),
    Fault("a birth that came from home", "newborn_source", "a birth", {"admission_source": "1"}),
    Fault("a newborn of 46", "newborn_age", "a birth", {"patient.birth_on": date(1980, 1, 1)}),
    Fault("left with a status nobody knows", "patient_status_unknown", STAY, {"patient_status": "08"}),
    Fault("died, on which day?", "death_undated", "a death", {"occurrences": ()}),
    Fault("went home with a day of death", "death_unsaid", "a death", {"patient_status": "01"}),
    Fault("an outpatient who was admitted", "admitted_twice", OUT, {"admitted_on": lambda c: c.statement_from}),
    Fault("was it there on admission?", "present_unsaid", STAY, {"diagnoses": (FoundDiagnosis("J189"),)}),
    Fault("an outpatient asked what was there on admission", "present_unasked", OUT, {"diagnoses": (FoundDiagnosis("R0602", "Y"),)}),
    Fault("a DRG of two digits", "drg_shape", STAY, {"drg": "19"}),
    Fault("an outpatient with a DRG", "drg_unasked", OUT, {"drg": "194"}),
    Fault("an outpatient with a procedure of inpatients", "surgery_of_outpatient", URGENT,
          {"surgeries": lambda c: (Surgery("0DTJ4ZZ", c.statement_from),), "operating": COLLEAGUE}),
    Fault("taken out on no day", "surgery_undated", STAY, {"surgeries": (Surgery("0DTJ4ZZ"),)}),
    Fault("operated a week before", "surgery_outside", STAY, {"surgeries": lambda c: (Surgery("0DTJ4ZZ", c.statement_from - 7 * DAY),)}),
    Fault("operated by nobody", "surgeon_missing", STAY, {"operating": None, "surgeries": lambda c: (Surgery("0DTJ4ZZ", c.statement_from),)}),
    Fault("why did he come to the emergency room?", "visit_reason", URGENT, {"visit_reasons": ()}),
    Fault("no covered days", "covered_days_missing", STAY, {"values": ()}),
    Fault("a covered day too many", "covered_days", STAY, {"values": lambda c: (CodedValue("80", c.values[0].value + 1),)}),
    Fault("half a day of coinsurance", "days_not_whole", STAY, {"values": lambda c: (*c.values, CodedValue("82", Decimal("0.5")))}),
    Fault("more days with coinsurance than days", "paid_days_many", STAY, {"values": days("82", 1)}),
    Fault("the leave has no days", "not_covered_span", "a day of leave", {"spans": ()}),
    Fault("a leave before the stay", "span_outside", "a day of leave",
          {"spans": lambda c: (Occurrence("74", c.statement_from - 2 * DAY, c.statement_from),)}),
    Fault("an onset tomorrow", "occurrence_future", STAY, {"occurrences": (Occurrence("11", TODAY + DAY),)}),
    Fault("the covered days told twice", "value_twice", STAY, {"values": days("80")}),
    Fault("a condition told twice", "condition_twice", OUT, {"conditions": ("09", "09")}),
    Fault("26 diagnoses", "stay_diagnoses_many", STAY, {"diagnoses": lambda c: (c.diagnoses[0],) * 26}),
    Fault("25 conditions", "codes_many", OUT, {"conditions": tuple(f"{n:02}" for n in range(1, 26))}),
    Fault("the total as a line", "revenue_total", STAY, {"lines": more(replace(BED, revenue_code="0001", unit_basis="UN"))}),
    Fault("an emergency room without its code", "revenue_uncoded", URGENT, {"lines": row(0, procedure="")}),
    Fault("therapy of which kind?", "therapy_unsaid", OUT, {"lines": row(0, revenue_code="0420", procedure="97110", modifiers=())}),
    Fault("a room for an outpatient", "room_of_outpatient", OUT, {"lines": more(BED)}),
    Fault("a room in pieces", "room_uncounted", STAY, {"lines": row(0, unit_basis="UN")}),
    Fault("a day of blood count", "days_elsewhere", STAY, {"lines": row(1, unit_basis="DA")}),
    Fault("given the day after the bill ends", "line_outside_bill", OUT, {"lines": lambda c: row(0, served_on=c.statement_until + DAY)(c)}),
    Fault("a drug from the laboratory", "drug_elsewhere", STAY, {"lines": row(1, ndc="00409733701")}),
    Fault("a drug without its name", "drug_unnamed", STAY, {"lines": row(2, revenue_code="0636")}),
    Fault("a day more in the room than in hospital", "room_days", STAY, {"lines": lambda c: row(0, units=c.lines[0].units + 1)(c)}),
    Fault("a day less in the room than covered", "covered_room_days", STAY,
          {"values": lambda c: (CodedValue("80", c.lines[0].units + 1),)}),
    Fault("a stay without a room", "room_missing", STAY, {"lines": lambda c: c.lines[1:]}),
]  # fmt: skip

KID = date(2019, 3, 1)
DENTAL = [
    Fault("a visit's code at the dentist", "dental_code", TEETH, {"lines": row(0, procedure="99213")}),
    Fault("a filling, in which tooth?", "tooth_missing", TEETH, {"lines": row(0, teeth=())}),
    Fault("a root canal, of which tooth?", "tooth_missing", "a root canal", {"lines": row(0, teeth=())}),
    Fault("taken out, which one?", "tooth_missing", "a tooth out", {"lines": row(0, teeth=())}),
    Fault("a filling of which surfaces?", "surface_missing", TEETH, {"lines": row(0, teeth=(Tooth("14"),))}),
    Fault("a front filling of which surfaces?", "surface_missing", "a front filling", {"lines": row(0, teeth=(Tooth("8"),))}),
    Fault("three surfaces under the code of two", "surface_count", TEETH, {"lines": row(0, teeth=(Tooth("14", ("M", "O", "D")),))}),
    Fault("one surface under the code of two", "surface_count", "a front filling", {"lines": row(0, teeth=(Tooth("8", ("M",)),))}),
    Fault("a crown of two surfaces", "surface_unasked", "a first crown", {"lines": row(0, teeth=(Tooth("14", ("M", "O")),))}),
    Fault("the edge of a molar", "surface_elsewhere", TEETH, {"lines": row(0, teeth=(Tooth("14", ("M", "I")),))}),
    Fault("the chewing face of a front tooth", "surface_elsewhere", "a front filling", {"lines": row(0, teeth=(Tooth("8", ("M", "O")),))}),
    Fault("a back filling in a front tooth", "filling_elsewhere", TEETH, {"lines": row(0, teeth=(Tooth("8", ("M", "L")),))}),
    Fault("a front filling in a molar", "filling_elsewhere", "a front filling", {"lines": row(0, teeth=(Tooth("14", ("M", "L")),))}),
    Fault("a molar's root canal in a premolar", "root_canal_elsewhere", "a root canal", {"lines": row(0, teeth=(Tooth("4"),))}),
    Fault("a molar's root canal in a front tooth", "root_canal_elsewhere", "a root canal", {"lines": row(0, teeth=(Tooth("9"),))}),
    Fault("a milk tooth's crown on 14", "milk_tooth_code", "a milk tooth's crown", {"lines": row(0, teeth=(Tooth("14"),))}),
    Fault("a molar's root canal in a milk tooth", "grown_tooth_code", "a root canal",
          {"lines": row(0, teeth=(Tooth("K"),)), "patient.birth_on": KID}),
    Fault("a milk tooth at 46", "milk_tooth_age", "a milk tooth's crown", {"patient.birth_on": date(1980, 1, 1)}),
    Fault("a grown front tooth at two", "grown_tooth_age", "a front filling", {"patient.birth_on": date(2024, 6, 1)}),
    Fault("a grown molar at two", "grown_tooth_age", TEETH, {"patient.birth_on": date(2024, 6, 1)}),
    Fault("scaling, where?", "quadrant_missing", "scaling", {"lines": row(0, oral_cavity=())}),
    Fault("a second scaling, where?", "quadrant_missing", "scaling", {"lines": row(1, oral_cavity=())}),
    Fault("a tooth of another quadrant", "quadrant_of_tooth", TEETH, {"lines": row(0, teeth=(Tooth("14", ("M", "O")),), oral_cavity=("10",))}),
    Fault("two crowns on one tooth", "tooth_units", "a first crown", {"lines": row(0, units=Decimal(2))}),
    Fault("one filling billed twice", "tooth_twice", TEETH, {"lines": lambda c: (*c.lines, replace(c.lines[0], number=2))}),
    Fault("one tooth taken out twice", "tooth_twice", "a tooth out", {"lines": lambda c: (*c.lines, replace(c.lines[0], number=2))}),
    Fault("filled and taken out", "tooth_taken_out", TEETH,
          {"lines": lambda c: (*c.lines, replace(c.lines[0], number=2, procedure="D7140", teeth=(Tooth(c.lines[0].teeth[0].number),)))}),
    Fault("a filling in a missing tooth", "tooth_gone", TEETH, {"tooth_status": lambda c: (ToothStatus(c.lines[0].teeth[0].number, "M"),)}),
    Fault("a root canal in a missing tooth", "tooth_gone", "a root canal",
          {"tooth_status": lambda c: (ToothStatus(c.lines[0].teeth[0].number, "M"),)}),
    Fault("a first crown or another?", "prosthesis_unsaid", "a first crown", {"lines": row(0, prosthesis="")}),
    Fault("a new crown for one of what age?", "placed_before_missing", "a new crown", {"lines": row(0, replaces_on=None)}),
    Fault("the old crown was placed tomorrow", "placed_before_later", "a new crown", {"lines": row(0, replaces_on=TODAY + DAY)}),
    Fault("the old crown is three years old", "replaced_early", "a new crown", {"lines": row(0, replaces_on=date(2023, 11, 1))}),
]  # fmt: skip
