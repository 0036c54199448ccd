"""Examples of the edits for facilities' bills: the whole bill, then its revenue lines."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from claims_service.domain.claim.institutional import CodedValue, FoundDiagnosis, Occurrence, RevenueLine, Surgery
from claims_service.domain.party import Person
from tests.domain.edits.good_others import BED, EMERGENCY, STAY
from tests.domain.edits.made import COLLEAGUE, DAY, TODAY, Example

NOTHING: Mapping[str, Any] = {}
BABY: Person = replace(STAY.patient, birth_on=DAY)
LAB = STAY.lines[1]


def of_stay(edit: str, words: str, bad: Mapping[str, Any], good: Mapping[str, Any] = NOTHING) -> Example:
    return Example(edit, words, bad, good, STAY)


def of_outpatient(edit: str, words: str, bad: Mapping[str, Any], good: Mapping[str, Any] = NOTHING) -> Example:
    return Example(edit, words, bad, good, EMERGENCY)


def counted(**days: int | str) -> dict[str, Any]:
    """Value codes with their days: v80=3."""
    return {"values": tuple(CodedValue(code[1:], Decimal(number)) for code, number in days.items())}


def numbered(*lines: RevenueLine) -> tuple[RevenueLine, ...]:
    return tuple(replace(line, number=n) for n, line in enumerate(lines, 1))


DIED = {"patient_status": "20", "occurrences": (Occurrence("55", date(2026, 10, 18)),)}
NEWBORN = {"admission_type": "4", "admission_source": "5", "patient": BABY}
CODES = tuple(f"{n:02}" for n in range(1, 26))
HERE = {
    "patient_status": "30",
    "discharge_time": "",
    "values": (CodedValue("80", Decimal(4)),),
    "lines.0.units": Decimal(4),
}
LATER = {"admitted_on": date(2026, 10, 14)}
STAYS = [
    of_stay("bill_interim", "status 30 on a bill 111", {"patient_status": "30", "discharge_time": ""}, {"patient_status": "06"}),
    of_stay("discharge_hour", "went home, nobody wrote when", {"discharge_time": ""}, {"discharge_time": "0005"}),
    of_stay("discharge_hour_unasked", "status 30 and 1400", {"patient_status": "30"}, {"patient_status": "02"}),
    of_stay("admission_hour", "came on the 15th, nobody wrote when", {"admitted_time": ""}, {"type_of_bill": "21", "admitted_time": ""}),
    of_stay("bill_begins_late", "admitted on the 14th, billed from the 15th", {"admitted_on": date(2026, 10, 14)}, {"admitted_on": DAY}),
    of_stay("interim_left", "a bill 112 of somebody who went home", {"frequency": "2"}, {**HERE, "frequency": "2"}),
    of_stay("interim_last", "a bill 114 of somebody still there", {**HERE, **LATER, "frequency": "4"}, {**LATER, "frequency": "4"}),
    of_stay("interim_begins", "a bill 113 from the day of admission", {**HERE, "frequency": "3"}, {**HERE, **LATER, "frequency": "3"}),
    of_stay("bill_future", "until November 3 on November 2", {"statement_until": date(2026, 11, 3)},
            {"statement_until": TODAY, **counted(v80=18), "lines.0.units": Decimal(18)}),
    of_stay("same_hour_backwards", "in at 9:30, out at 8:00 of one day",
            {"statement_until": DAY, "discharge_time": "0800", **counted(v80=1), "lines.0.units": Decimal(1)},
            {"statement_until": DAY, "discharge_time": "1000", "surgeries": (), **counted(v80=1), "lines.0.units": Decimal(1)}),
    of_stay("admission_type_unknown", "type 7", {"admission_type": "7"}, {"admission_type": "9"}),
    of_stay("admission_source_unknown", "source 7, the emergency room until 2010", {"admission_source": "7"}, {"admission_source": "D"}),
    of_stay("newborn_source", "a birth, from home", {**NEWBORN, "admission_source": "1"}, NEWBORN),
    of_stay("newborn_age", "a newborn of 46", {"admission_type": "4", "admission_source": "5"}, NEWBORN),
    of_stay("patient_status_unknown", "status 08", {"patient_status": "08"}, {"patient_status": "62"}),
    of_stay("death_undated", "status 20 without occurrence 55", {"patient_status": "20"}, DIED),
    of_stay("death_unsaid", "occurrence 55 of somebody who went home", {**DIED, "patient_status": "01"}, DIED),
    of_outpatient("admitted_twice", "a bill 131 with a day of admission", {"admitted_on": DAY}),
    of_stay("present_unsaid", "no diagnosis with a mark", {"diagnoses": (FoundDiagnosis("J189"),)},
            {"diagnoses": (FoundDiagnosis("J189", "U"), FoundDiagnosis("Z370"))}),
    of_outpatient("present_unasked", "a Y on a bill 131", {"diagnoses": (FoundDiagnosis("R0602", "Y"),)}),
    of_stay("drg_shape", "DRG 19", {"drg": "19"}, {"drg": "0194"}),
    of_outpatient("drg_unasked", "DRG 194 on a bill 131", {"drg": "194"}),
    of_outpatient("surgery_of_outpatient", "0DTJ4ZZ on a bill 131", {"surgeries": (Surgery("0DTJ4ZZ", DAY),), "operating": COLLEAGUE}),
    of_stay("surgery_undated", "0DTJ4ZZ, nobody wrote when", {"surgeries": (Surgery("0DTJ4ZZ"),)}, {"surgeries": (Surgery("0DTJ4ZZ", DAY),)}),
    of_stay("surgery_outside", "four days before the admission", {"surgeries": (Surgery("0DTJ4ZZ", date(2026, 10, 11)),)},
            {"surgeries": (Surgery("0DTJ4ZZ", date(2026, 10, 12)),)}),
    of_stay("surgeon_missing", "an appendix taken out by nobody", {"operating": None}, {"operating": None, "surgeries": (Surgery("B24BZZZ", DAY),)}),
    of_outpatient("visit_reason", "an emergency room without the reason", {"visit_reasons": ()}, {"visit_reasons": (), "admission_type": "3"}),
    of_stay("covered_days_missing", "no value code 80", {"values": ()}, counted(v80=3)),
    of_stay("covered_days", "15th to 18th are three days, not four", counted(v80=4), counted(v80=2, v81=1)),
    of_stay("days_not_whole", "two and a half days", counted(v80=3, v82="0.5"), counted(v80=3, v82=1)),
    of_stay("paid_days_many", "four days with coinsurance of three", counted(v80=3, v82=4), counted(v80=3, v82=2, v83=1)),
    of_stay("coinsurance_days", "31 in a hospital", counted(v80=31, v82=31), {"type_of_bill": "21", **counted(v80=3, v82=3)}),
    of_stay("reserve_days", "61 days", counted(v80=61, v83=61), counted(v80=3, v83=3)),
    of_stay("not_covered_span", "a day not covered, which one is not said", counted(v80=2, v81=1),
            {**counted(v80=2, v81=1), "spans": (Occurrence("74", DAY, DAY),)}),
    of_stay("span_outside", "a leave that began before the stay", {"spans": (Occurrence("74", date(2026, 10, 14), DAY),)},
            {"spans": (Occurrence("74", DAY, DAY),)}),
    of_stay("occurrence_future", "an onset tomorrow", {"occurrences": (Occurrence("11", date(2026, 11, 3)),)},
            {"occurrences": (Occurrence("11", TODAY),)}),
    of_stay("value_twice", "80 twice", {"values": (*counted(v80=3)["values"], CodedValue("80", Decimal(3)))}, counted(v80=3, v82=1)),
    of_stay("condition_twice", "09 twice", {"conditions": ("09", "09")}, {"conditions": ("09", "17")}),
    of_stay("occurrence_twice", "11 twice", {"occurrences": (Occurrence("11", DAY), Occurrence("11", DAY))},
            {"occurrences": (Occurrence("11", DAY), Occurrence("10", DAY))}),
    of_stay("stay_diagnoses_many", "26", {"diagnoses": (STAY.diagnoses[0],) * 26}, {"diagnoses": (STAY.diagnoses[0],) * 25}),
    of_stay("codes_many", "25 condition codes", {"conditions": CODES}, {"conditions": CODES[:24]}),
]  # fmt: skip
REVENUE = [
    of_stay("revenue_total", "a line with the total", {"lines": numbered(*STAY.lines, replace(LAB, revenue_code="0001"))}),
    of_outpatient("revenue_uncoded", "an emergency room without 99284", {"lines.0.procedure": ""}, {"lines.1.procedure": ""}),
    of_outpatient("therapy_unsaid", "exercises without GP", {"lines.0.revenue_code": "0420", "lines.0.procedure": "97110"},
                  {"lines.0.revenue_code": "0420", "lines.0.procedure": "97110", "lines.0.modifiers": ("GP",)}),
    of_outpatient("room_of_outpatient", "0120 on a bill 131", {"lines": (BED,)}),
    of_stay("room_uncounted", "three units of a room", {"lines.0.unit_basis": "UN"}),
    of_stay("days_elsewhere", "a blood count of one day", {"lines.1.unit_basis": "DA"}, {"lines.1.unit_basis": "UN"}),
    of_stay("room_twice", "0120 for two days and again for two", {"lines": numbered(BED, BED)},
            {"lines": numbered(replace(BED, units=Decimal(2)), replace(BED, revenue_code="0200", units=Decimal(1)))}),
    of_outpatient("line_outside_bill", "a drug given the day after", {"lines.1.served_on": date(2026, 10, 16)}, {"lines.1.served_on": DAY}),
    of_stay("drug_elsewhere", "an NDC in the laboratory", {"lines.1.ndc": "00409733701"}, {"lines.2.ndc": "00409733701"}),
    of_stay("drug_unnamed", "0636 without a J code", {"lines.2.revenue_code": "0636"},
            {"lines.2.revenue_code": "0636", "lines.2.procedure": "J0696"}),
    of_stay("room_days", "two days in a room, three days billed", {"values": (), "lines.0.units": Decimal(2)}, {"values": ()}),
    of_stay("covered_room_days", "three covered days, two in a room", {"lines.0.units": Decimal(2)}, {"lines.0.units": Decimal(3)}),
    of_stay("room_missing", "a stay of laboratory alone", {"lines": (LAB,)}, {"lines": (BED, LAB)}),
]  # fmt: skip
