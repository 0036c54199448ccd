"""Edits on diagnoses (837P 2300 HI): shape, existence, order, sex and age."""

import re
from datetime import date

from claims_service.domain import codes
from claims_service.domain.claim.claim import Claim
from claims_service.domain.claim.edits.edit import ClaimEdit, DiagnosisEdit, Edit
from claims_service.domain.claim.edits.finding import LOOK, MUST, Facts
from claims_service.domain.claim.edits.plan import age

MOST = 12
ICD10_SINCE = date(2015, 10, 1)
_EXTERNAL = ("V", "W", "X", "Y")
_INJURY = re.compile(r"[ST][0-9]", re.ASCII)
_FEMALE = re.compile(r"O|Z3[34679]|C5[1-8]|N(7[0-7]|8|9[0-8])", re.ASCII)
_MALE = re.compile(r"C6[0-3]|N4[0-9]|N5[0-3]", re.ASCII)
_PREGNANT = re.compile(r"O|Z3[34]", re.ASCII)
_GUIDE = "X12 005010X222A1"


def _principal_unused(claim: Claim, _: Facts) -> bool:
    firsts = {line.pointers[0] for line in claim.lines if line.pointers}
    return len(claim.diagnoses) > 1 and claim.diagnoses[0].startswith("Z") and 1 not in firsts


def _injury_unexplained(claim: Claim, _: Facts) -> bool:
    injured = any(_INJURY.match(code) for code in claim.diagnoses)
    return injured and claim.accident is None and not any(code.startswith(_EXTERNAL) for code in claim.diagnoses)


EDITS = (
    ClaimEdit(
        Edit("no_diagnosis", MUST, "The claim has no diagnosis.", "Add why the patient came.", "2300 HI01", "Claim.diagnosis", _GUIDE,
             "diagnoses"),
        lambda c, f: not c.diagnoses,
    ),
    ClaimEdit(
        Edit("too_many_diagnoses", MUST, "A claim carries twelve diagnoses.", "Keep those that the services point to.", "2300 HI12",
             "Claim.diagnosis", _GUIDE, "diagnoses"),
        lambda c, f: len(c.diagnoses) > MOST,
    ),
    ClaimEdit(
        Edit("diagnosis_twice", MUST, "The same diagnosis stands twice.", "Remove one, and point the services to the other.", "2300 HI",
             "Claim.diagnosis", _GUIDE, "diagnoses"),
        lambda c, f: len(set(c.diagnoses)) < len(c.diagnoses),
    ),
    ClaimEdit(
        Edit("principal_external_cause", MUST, "The first diagnosis says what caused an injury, not what it is.", "Put the injury first.",
             "2300 HI01", "Claim.diagnosis", "ICD-10-CM guidelines I.C.20", "diagnoses"),
        lambda c, f: bool(c.diagnoses) and c.diagnoses[0].startswith(_EXTERNAL),
    ),
    ClaimEdit(
        Edit("principal_unused", LOOK, "No service points to the first diagnosis.", "Put the main reason for the visit first.", "2400 SV107",
             "Claim.item.diagnosisSequence", _GUIDE, "diagnoses[0]"),
        _principal_unused,
    ),
    ClaimEdit(
        Edit("injury_unexplained", LOOK, "An injury stands without its cause.", "Insurers ask for it: add the accident or its code.",
             "2300 CLM11", "Claim.accident", "CARC 227", "diagnoses"),
        _injury_unexplained,
    ),
    ClaimEdit(
        Edit("before_icd10", MUST, "ICD-10 codes bill services from October 1, 2015 on.", "Correct the date of service.", "2300 HI",
             "Claim.diagnosis", "45 CFR 162.1002", "served_on"),
        lambda c, f: bool(c.lines) and c.served_on < ICD10_SINCE,
    ),
    DiagnosisEdit(
        Edit("diagnosis_shape", MUST, "{code} is not the shape of an ICD-10-CM code.", "A letter, two characters, then up to four more, like J06.9.",
             "2300 HI", "Claim.diagnosis.diagnosisCodeableConcept", "ICD-10-CM"),
        lambda c, at, f: not codes.is_diagnosis(c.diagnoses[at]),
    ),
    DiagnosisEdit(
        Edit("diagnosis_unknown", MUST, "{code} is not on the ICD-10-CM list.", "It may be missing its last characters: look it up.", "2300 HI",
             "Claim.diagnosis.diagnosisCodeableConcept", "ICD-10-CM"),
        lambda c, at, f: bool(f.known_diagnoses) and c.diagnoses[at] not in f.known_diagnoses,
    ),
    DiagnosisEdit(
        Edit("diagnosis_invalid", MUST, "{code} was a heading or not valid on the day of service.", "Look up the code that says all and was valid.",
             "2300 HI", "Claim.diagnosis.diagnosisCodeableConcept", "ICD-10-CM"),
        lambda c, at, f: c.diagnoses[at] in f.invalid,
    ),
    DiagnosisEdit(
        Edit("diagnosis_female", MUST, "{code} is of women, and the patient is a man.", "Correct the diagnosis or the patient's sex.", "2300 HI",
             "Claim.diagnosis", "CARC 10"),
        lambda c, at, f: c.patient.sex == "M" and bool(_FEMALE.match(c.diagnoses[at])),
    ),
    DiagnosisEdit(
        Edit("diagnosis_male", MUST, "{code} is of men, and the patient is a woman.", "Correct the diagnosis or the patient's sex.", "2300 HI",
             "Claim.diagnosis", "CARC 10"),
        lambda c, at, f: c.patient.sex == "F" and bool(_MALE.match(c.diagnoses[at])),
    ),
    DiagnosisEdit(
        Edit("diagnosis_newborn", LOOK, "{code} is of newborns, and the patient is older than a year.", "Correct the diagnosis or the date of birth.",
             "2300 HI", "Claim.diagnosis", "CARC 9"),
        lambda c, at, f: c.diagnoses[at].startswith("P") and age(c) > 1,
    ),
    DiagnosisEdit(
        Edit("diagnosis_pregnancy_age", LOOK, "{code} is of a pregnancy, and the patient is younger than 9 or older than 64.",
             "Correct the diagnosis or the date of birth.", "2300 HI", "Claim.diagnosis", "CARC 9"),
        lambda c, at, f: bool(_PREGNANT.match(c.diagnoses[at])) and age(c) >= 0 and not 9 <= age(c) <= 64,
    ),
)  # fmt: skip
