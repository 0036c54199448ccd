"""Edits on a facility's bill as a whole (837I 2300): type of bill, admission and discharge, days, coded facts, diagnoses."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from claims_service.domain.claim.claim import INTERIM, ORIGINAL
from claims_service.domain.claim.edits.edit import Edit, OtherEdit
from claims_service.domain.claim.edits.finding import LOOK, MUST
from claims_service.domain.claim.institutional import InstitutionalClaim
from claims_service.domain.stay import INPATIENT_BILLS

HOSPITALS, NURSING = ("11", "41"), ("18", "21")
TYPES, SOURCES = frozenset("1 2 3 4 5 9".split()), frozenset("1 2 4 5 6 8 9 D E F G".split())
NEWBORN, BORN_HERE_OR_THERE = "4", ("5", "6")
MORE_FOLLOW, LAST_OF_SEVERAL = INTERIM[:2], INTERIM[2]
STILL_HERE, DEAD = "30", ("20", "40", "41", "42")
STATUSES = frozenset(
    "01 02 03 04 05 06 07 09 20 21 30 40 41 42 43 50 51 61 62 63 64 65 66 69 70 81 82 83 84 85 86 87 88 89 90 91 92 93 94 95".split()
)
COVERED, NOT_COVERED, COINSURANCE, RESERVE = "80", "81", "82", "83"
DAYS_WITHOUT_COVER = frozenset({"74", "76", "77"})  # spans: leave of absence, the patient's days, the facility's days
DIED_ON = "55"
MOST_DIAGNOSES, MOST_CODES = 25, 24
BEFORE_ADMISSION = timedelta(days=3)
_DRG = re.compile(r"[0-9]{3,4}", re.ASCII)
_MANUAL, _GUIDE = "NUBC UB-04 manual", "X12 005010X223A2"


def _inpatient(c: InstitutionalClaim) -> bool:
    return c.type_of_bill in INPATIENT_BILLS


def days_of(c: InstitutionalClaim) -> int:
    """Days of a stay: the day of discharge does not count, the last day of one still there does; at least one."""
    return max(1, (c.statement_until - c.statement_from).days + (c.patient_status == STILL_HERE))


def value_of(c: InstitutionalClaim, code: str) -> Decimal | None:
    """The first value of a code, None where there is none."""
    return next((one.value for one in c.values if one.code == code), None)


def _counted(c: InstitutionalClaim, *codes: str) -> Decimal:
    return sum((value_of(c, code) or Decimal(0) for code in codes), Decimal(0))


def _most_coinsurance(c: InstitutionalClaim) -> int:
    return 80 if c.type_of_bill in NURSING else 30


def _twice(codes: Sequence[str]) -> bool:
    return len(set(codes)) < len(codes)


def _surgery_outside(c: InstitutionalClaim) -> bool:
    begin = (c.admitted_on or c.statement_from) - BEFORE_ADMISSION
    return any(one.on is not None and not begin <= one.on <= c.statement_until for one in c.surgeries)


def _span_outside(c: InstitutionalClaim) -> bool:
    within = (one for one in c.spans if one.code in DAYS_WITHOUT_COVER)
    return any(one.on < c.statement_from or (one.until or one.on) > c.statement_until for one in within)


def _dates(c: InstitutionalClaim) -> list[date]:
    return [one.on for one in (*c.occurrences, *c.spans)]


def _weeks_old(c: InstitutionalClaim) -> bool:
    born, on = c.patient.birth_on, c.admitted_on or c.statement_from
    return born is not None and (on - born).days > 28


def _stay(name: str, severity: str, said: str, mend: str, x12: str, fhir: str, source: str, place: str) -> Edit:
    loop = "" if x12[0].isdigit() else "2300 "
    return Edit(name, severity, said, mend, f"837I {loop}{x12}", f"Claim.{fhir}", source, f"stay.{place}")


EDITS = (
    OtherEdit(
        _stay("bill_interim", MUST, "The patient is still here, and the bill says it is the whole stay.",
              "Bill after the discharge or bill a part of the stay (112), or correct how the patient left.", "CLM05-3", "subType",
              _MANUAL + " FL 4, 17", "patient_status"),
        lambda c, f: _inpatient(c) and c.frequency == ORIGINAL and c.patient_status == STILL_HERE,
    ),
    OtherEdit(
        _stay("discharge_hour", MUST, "The hour of discharge is missing.", "Add when the patient left, like 1400.", "DTP*096",
              "supportingInfo.timingDate", _MANUAL + " FL 16", "discharged_time"),
        lambda c, f: c.type_of_bill in (*HOSPITALS, "18") and c.patient_status != STILL_HERE and not c.discharge_time,
    ),
    OtherEdit(
        _stay("discharge_hour_unasked", MUST, "The patient is still here, and an hour of discharge is given.",
              "Take the hour away, or correct how the patient left.", "DTP*096", "supportingInfo.timingDate", _MANUAL + " FL 16", "discharged_time"),
        lambda c, f: c.patient_status == STILL_HERE and bool(c.discharge_time),
    ),
    OtherEdit(
        _stay("admission_hour", MUST, "The hour of admission is missing.", "Add when the patient came, like 0930.", "DTP*435",
              "supportingInfo.timingDate", _MANUAL + " FL 13", "admitted_time"),
        lambda c, f: c.type_of_bill in HOSPITALS and not c.admitted_time,
    ),
    OtherEdit(
        _stay("bill_begins_late", MUST, "The bill of the whole stay begins after the admission.", "Begin it on the day of admission.", "DTP*434",
              "billablePeriod.start", _MANUAL + " FL 6, 12", "admitted_on"),
        lambda c, f: _inpatient(c) and c.frequency == ORIGINAL and c.admitted_on is not None and c.admitted_on < c.statement_from,
    ),
    OtherEdit(
        _stay("interim_left", MUST, "More bills of the stay are to follow, and the patient has left.",
              "Make it the last bill (4), or correct how the patient left.", "CLM05-3", "supportingInfo.code", _MANUAL + " FL 4, 17", "type_of_bill"),
        lambda c, f: c.frequency in MORE_FOLLOW and c.patient_status != STILL_HERE,
    ),
    OtherEdit(
        _stay("interim_last", MUST, "It is the last bill of the stay, and the patient is still here.",
              "Make it a further bill (3), or correct how the patient left.", "CLM05-3", "supportingInfo.code",
              _MANUAL + " FL 4, 17", "type_of_bill"),
        lambda c, f: c.frequency == LAST_OF_SEVERAL and c.patient_status == STILL_HERE,
    ),
    OtherEdit(
        _stay("interim_begins", MUST, "The first bill of a stay begins on the day of admission, a later one after it, and this one does not.",
              "Correct the first day billed, or which bill of the stay it is.", "DTP*434", "billablePeriod.start", _MANUAL + " FL 4, 6, 12",
              "type_of_bill"),
        lambda c, f: _inpatient(c) and c.frequency in INTERIM and c.admitted_on is not None
        and (c.frequency == INTERIM[0]) != (c.admitted_on == c.statement_from),
    ),
    OtherEdit(
        _stay("bill_future", MUST, "The bill ends on a day yet to come.", "Bill after its last day, or correct that day.", "DTP*434",
              "billablePeriod.end", _GUIDE, "statement_until"),
        lambda c, f: c.statement_until > f.today,
    ),
    OtherEdit(
        _stay("same_hour_backwards", MUST, "The patient left on the day of admission, before the hour of it.", "Correct one of both hours.",
              "DTP*096", "billablePeriod", _MANUAL + " FL 13, 16", "discharged_time"),
        lambda c, f: c.admitted_on == c.statement_until and "" < c.discharge_time < c.admitted_time,
    ),
    OtherEdit(
        _stay("admission_type_unknown", MUST, "The type of admission is not one of the list.", "1 to 5, or 9 where it is not known.", "CL101",
              "supportingInfo", _MANUAL + " FL 14", "admission_type"),
        lambda c, f: c.admission_type not in TYPES,
    ),
    OtherEdit(
        _stay("admission_source_unknown", MUST, "Where the patient came from is not one of the list.",
              "1 home, 2 clinic, 4 hospital, 5 nursing home ...",
              "CL102", "supportingInfo", _MANUAL + " FL 15", "admission_source"),
        lambda c, f: bool(c.admission_source) and c.admission_source not in SOURCES,
    ),
    OtherEdit(
        _stay("newborn_source", MUST, "A newborn's admission does not say whether it was born here.", "5 born here, 6 born elsewhere.", "CL102",
              "supportingInfo", _MANUAL + " FL 15", "admission_source"),
        lambda c, f: c.admission_type == NEWBORN and c.admission_source not in BORN_HERE_OR_THERE,
    ),
    OtherEdit(
        _stay("newborn_age", MUST, "The admission is a newborn's, and the patient is older than four weeks.", "Correct the type of admission.",
              "CL101", "supportingInfo", _MANUAL + " FL 14", "admission_type"),
        lambda c, f: c.admission_type == NEWBORN and _weeks_old(c),
    ),
    OtherEdit(
        _stay("patient_status_unknown", MUST, "How the patient left is not one of the list.",
              "01 home, 02 another hospital, 20 died, 30 still here ...",
              "CL103", "supportingInfo", _MANUAL + " FL 17", "patient_status"),
        lambda c, f: c.patient_status not in STATUSES,
    ),
    OtherEdit(
        _stay("death_undated", MUST, "The patient died, and the day is missing.", "Add occurrence code 55 with the day.", "HI*BH", "supportingInfo",
              "CMS MLN MM7792", "occurrences"),
        lambda c, f: c.patient_status in DEAD and all(one.code != DIED_ON for one in c.occurrences),
    ),
    OtherEdit(
        _stay("death_unsaid", MUST, "The day of death is given, and the patient did not die.", "Correct how the patient left, or take 55 away.",
              "CL103", "supportingInfo", "CMS MLN MM7792", "patient_status"),
        lambda c, f: c.patient_status not in DEAD and any(one.code == DIED_ON for one in c.occurrences),
    ),
    OtherEdit(
        _stay("admitted_twice", LOOK, "An outpatient's bill says that the patient was admitted.",
              "Take the admission away, or correct the type of bill.",
              "DTP*435", "supportingInfo.timingDate", _GUIDE, "type_of_bill"),
        lambda c, f: c.type_of_bill in ("13", "14", "71", "77", "83", "85") and c.admitted_on is not None,
    ),
    OtherEdit(
        _stay("present_unsaid", LOOK, "No diagnosis says whether it was there on admission.", "Y, N, U or W for each that is not exempt.", "HI01-9",
              "diagnosis.onAdmission", "42 USC 1395ww(d)(4)(D)", "present"),
        lambda c, f: c.type_of_bill == "11" and not any(one.present_on_admission for one in c.diagnoses),
    ),
    OtherEdit(
        _stay("present_unasked", LOOK, "An outpatient's diagnoses say whether they were there on admission.", "Take the marks away.", "HI01-9",
              "diagnosis.onAdmission", _MANUAL + " FL 67", "present"),
        lambda c, f: not _inpatient(c) and any(one.present_on_admission for one in c.diagnoses),
    ),
    OtherEdit(
        _stay("drg_shape", MUST, "The DRG is not three or four digits.", "Like 194, or 0194.", "HI*DR", "diagnosis.packageCode",
              "CMS MS-DRG", "drg"),
        lambda c, f: bool(c.drg) and not _DRG.fullmatch(c.drg),
    ),
    OtherEdit(
        _stay("drg_unasked", MUST, "An outpatient's bill carries a DRG.", "Take it away, or correct the type of bill.", "HI*DR",
              "diagnosis.packageCode", _GUIDE, "drg"),
        lambda c, f: bool(c.drg) and not _inpatient(c),
    ),
    OtherEdit(
        _stay("surgery_of_outpatient", MUST, "ICD-10-PCS codes an inpatient's procedures alone.", "Put the CPT code on a service line.", "HI*BBR",
              "procedure", "45 CFR 162.1002(c)(3)", "surgeries"),
        lambda c, f: bool(c.surgeries) and not _inpatient(c),
    ),
    OtherEdit(
        _stay("surgery_undated", MUST, "A procedure of the stay has no day.", "Add the day behind its code.", "HI*BBR", "procedure.date", _GUIDE,
              "surgeries"),
        lambda c, f: any(one.on is None for one in c.surgeries),
    ),
    OtherEdit(
        _stay("surgery_outside", MUST, "A procedure was done outside the stay and the three days before it.", "Correct its day.", "HI*BBR",
              "procedure.date", _MANUAL + " FL 74", "surgeries"),
        lambda c, f: _surgery_outside(c),
    ),
    OtherEdit(
        _stay("surgeon_missing", LOOK, "A surgery has no surgeon.", "Choose who operated.", "2310B NM1*72", "careTeam", _GUIDE, "operating"),
        lambda c, f: c.operating is None and any(one.code[:1] in ("0", "1") for one in c.surgeries),
    ),
    OtherEdit(
        _stay("visit_reason", MUST, "An emergency or urgent outpatient's bill does not say what the patient came for.",
              "Add the reason the patient gave.", "HI*APR", "diagnosis", _MANUAL + " FL 70", "admitting_diagnosis"),
        lambda c, f: c.type_of_bill in ("13", "85") and c.admission_type in ("1", "2", "5") and not c.visit_reasons
        and any(line.revenue_code[:3] == "045" or line.revenue_code in ("0516", "0526", "0762") for line in c.lines),
    ),
    OtherEdit(
        _stay("covered_days_missing", LOOK, "The bill does not say how many days are covered.", "Add value code 80 with the days.", "HI*BE",
              "supportingInfo", _MANUAL + " FL 39", "values"),
        lambda c, f: c.type_of_bill in ("11", "18", "21") and value_of(c, COVERED) is None,
    ),
    OtherEdit(
        _stay("covered_days", MUST, "Covered and not covered days do not make the days of the bill.",
              "Value codes 80 and 81 add up to its days without that of discharge.", "HI*BE", "supportingInfo", _MANUAL + " FL 39", "values"),
        lambda c, f: _inpatient(c) and value_of(c, COVERED) is not None and _counted(c, COVERED, NOT_COVERED) != days_of(c),
    ),
    OtherEdit(
        _stay("days_not_whole", MUST, "Days are counted in parts.", "Write value codes 80 to 83 as whole days.", "HI*BE", "supportingInfo",
              _MANUAL + " FL 39", "values"),
        lambda c, f: any(one.code in (COVERED, NOT_COVERED, COINSURANCE, RESERVE) and (one.value % 1 or one.value < 0) for one in c.values),
    ),
    OtherEdit(
        _stay("paid_days_many", MUST, "More days with coinsurance or of the reserve than covered days.",
              "Value codes 82 and 83 are part of 80.", "HI*BE",
              "supportingInfo", _MANUAL + " FL 39", "values"),
        lambda c, f: _counted(c, COINSURANCE, RESERVE) > _counted(c, COVERED),
    ),
    OtherEdit(
        _stay("coinsurance_days", MUST, "More days with coinsurance than there are.",
              "At most 30 in a hospital and 80 in a nursing facility.", "HI*BE",
              "supportingInfo", "42 CFR 409.61", "values"),
        lambda c, f: _counted(c, COINSURANCE) > _most_coinsurance(c),
    ),
    OtherEdit(
        _stay("reserve_days", MUST, "More days of the lifetime reserve than the sixty there are.", "Correct value code 83.", "HI*BE",
              "supportingInfo",
              "42 CFR 409.61", "values"),
        lambda c, f: _counted(c, RESERVE) > 60,
    ),
    OtherEdit(
        _stay("not_covered_span", LOOK, "Days are not covered, and no span says which.", "Add span 74, 76 or 77 with its days.", "HI*BI",
              "supportingInfo", _MANUAL + " FL 35", "spans"),
        lambda c, f: _counted(c, NOT_COVERED) > 0 and not any(one.code in DAYS_WITHOUT_COVER for one in c.spans),
    ),
    OtherEdit(
        _stay("span_outside", MUST, "Days without cover lie outside the bill.", "Correct span 74, 76 or 77.", "HI*BI", "supportingInfo.timingPeriod",
              _MANUAL + " FL 35", "spans"),
        lambda c, f: _span_outside(c),
    ),
    OtherEdit(
        _stay("occurrence_future", MUST, "Something coded is yet to come.", "Correct the day of the occurrence.", "HI*BH",
              "supportingInfo.timingDate",
              _GUIDE, "occurrences"),
        lambda c, f: any(day > f.today for day in _dates(c)),
    ),
    OtherEdit(
        _stay("value_twice", MUST, "The same value code stands twice.", "Add both values up, or remove one.", "HI*BE", "supportingInfo",
              _GUIDE, "values"),
        lambda c, f: _twice([one.code for one in c.values]),
    ),
    OtherEdit(
        _stay("condition_twice", MUST, "The same condition code stands twice.", "Remove one.", "HI*BG", "supportingInfo", _GUIDE, "conditions"),
        lambda c, f: _twice(c.conditions),
    ),
    OtherEdit(
        _stay("occurrence_twice", MUST, "The same occurrence stands twice.", "Remove one.", "HI*BH", "supportingInfo", _GUIDE, "occurrences"),
        lambda c, f: _twice([one.code for one in c.occurrences]),
    ),
    OtherEdit(
        Edit("stay_diagnoses_many", MUST, "A facility's bill carries 25 diagnoses.", "Keep the most important.", "837I 2300 HI*ABF",
             "Claim.diagnosis",
             _GUIDE, "diagnoses"),
        lambda c, f: len(c.diagnoses) > MOST_DIAGNOSES,
    ),
    OtherEdit(
        _stay("codes_many", MUST, "A bill carries 24 codes of each kind, and 25 procedures.", "Keep the most important.", "HI", "supportingInfo",
              _GUIDE, "conditions"),
        lambda c, f: len(c.surgeries) > MOST_CODES + 1
        or any(len(listed) > MOST_CODES for listed in (c.occurrences, c.spans, c.values, c.conditions)),
    ),
)  # fmt: skip
