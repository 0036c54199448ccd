"""Edits on where and on whom: place of service, kinds of visit, age and sex of the patient, drugs and tests."""

import re
from collections.abc import Container

from claims_service.domain.claim.claim import Claim, ClaimLine
from claims_service.domain.claim.edits.edit import ClaimEdit, Edit, LineEdit
from claims_service.domain.claim.edits.finding import LOOK, MUST, Facts
from claims_service.domain.claim.edits.plan import age

PLACES = frozenset(
    "01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 31 32 33 34 41 42 49 50 51 52 53 54 55 56"
    " 57 58 60 61 62 65 66 71 72 81 99".split()
)
OFFICE, INPATIENT, EMERGENCY = "11", "21", "23"
NURSING = frozenset({"31", "32", "54", "56"})
HOMES = frozenset({"04", "12", "13", "14", "16", "33", "55"})
_NDC = re.compile(r"[0-9]{11}", re.ASCII)
_CLIA = re.compile(r"[0-9]{2}D[0-9]{7}", re.ASCII)
_NDC_UNITS = frozenset({"F2", "GR", "ME", "ML", "UN"})
_PREVENTIVE = {"1": (0, 0), "2": (1, 4), "3": (5, 11), "4": (12, 17), "5": (18, 39), "6": (40, 64), "7": (65, 199)}
_CHECK_UP = ("Z00", "Z01", "Z02", "Z76")
_GIVING = frozenset("90460 90471 90473 90480 G0008 G0009 G0010".split())
_MAMMOGRAM = frozenset({"77065", "77066", "77067"})
_POS = "CMS place of service codes"
_GUIDE = "X12 005010X222A1"


def place_of(claim: Claim, line: ClaimLine) -> str:
    """Where a service was given: the line's place, else the claim's."""
    return line.place_of_service or claim.place_of_service


def _is_preventive(code: str) -> bool:
    return code[:4] in {"9938", "9939"} and code[4:] in _PREVENTIVE


def _wrong_age(claim: Claim, line: ClaimLine, _: Facts) -> bool:
    if not _is_preventive(line.procedure) or (years := age(claim)) < 0:
        return False
    least, most = _PREVENTIVE[line.procedure[4:]]
    return not least <= years <= most


def _is_vaccine(code: str) -> bool:
    return ("90476" <= code <= "90759" or "91300" <= code <= "91399") and code not in _GIVING


def _codes(claim: Claim) -> set[str]:
    return {line.procedure for line in claim.lines}


def _has_product(claim: Claim) -> bool:
    return any(_is_vaccine(code) for code in _codes(claim))


def _visit_elsewhere(name: str, first: str, last: str, places: Container[str], where: str) -> LineEdit:
    """Visits whose codes say where they took place."""
    edit = Edit(name, MUST, f"{{line.procedure}} is a visit {where}, and the place says otherwise.", "Correct the code or the place.",
                "2400 SV105", "Claim.item.location", "CPT", "procedure")  # fmt: skip
    return LineEdit(edit, lambda c, line, f: first <= line.procedure <= last and place_of(c, line) not in places)


EDITS = (
    ClaimEdit(
        Edit("place_unknown", MUST, "The place of service is not on the list.", "Choose one, like 11 for an office.", "2300 CLM05-1",
             "Claim.item.location", _POS, "place_of_service"),
        lambda c, f: c.place_of_service not in PLACES,
    ),
    LineEdit(
        Edit("line_place_unknown", MUST, "The place of {line.procedure} is not on the list.", "Choose one, like 11 for an office.",
             "2400 SV105", "Claim.item.location", _POS, "place_of_service"),
        lambda c, line, f: bool(line.place_of_service) and line.place_of_service not in PLACES,
    ),
    _visit_elsewhere("hospital_visit", "99221", "99239", PLACES - {OFFICE, "12", "10", "02"}, "in a hospital"),
    _visit_elsewhere("emergency_visit", "99281", "99285", {EMERGENCY}, "in an emergency room"),
    _visit_elsewhere("nursing_visit", "99304", "99316", NURSING, "in a nursing facility"),
    _visit_elsewhere("home_visit", "99341", "99350", HOMES | {"02", "10"}, "at home"),
    LineEdit(
        Edit("office_visit_in_hospital", LOOK, "{line.procedure} is an office visit, and the patient lay in a hospital.",
             "Correct the code or the place.", "2400 SV105", "Claim.item.location", "CPT", "procedure"),
        lambda c, line, f: "99202" <= line.procedure <= "99215" and place_of(c, line) == INPATIENT,
    ),
    ClaimEdit(
        Edit("admission_missing", LOOK, "The patient lay in a hospital, and the day of admission is missing.", "Add it.", "2300 DTP*435",
             "Claim.supportingInfo", _GUIDE, "place_of_service"),
        lambda c, f: c.place_of_service == INPATIENT and c.dates.admitted_on is None,
    ),
    LineEdit(
        Edit("preventive_age", MUST, "{line.procedure} is a check-up for another age than the patient's.",
             "Choose the code of the patient's age.", "2400 SV101", "Claim.item.productOrService", "CARC 6", "procedure"),
        _wrong_age,
    ),
    LineEdit(
        Edit("preventive_diagnosis", LOOK, "{line.procedure} is a check-up, and no diagnosis says so.", "Add Z00.00 or another of Z00 to Z02.",
             "2300 HI", "Claim.diagnosis", "CARC 11", "pointers"),
        lambda c, line, f: _is_preventive(line.procedure) and not any(code.startswith(_CHECK_UP) for code in c.diagnoses),
    ),
    LineEdit(
        Edit("newborn_care", MUST, "{line.procedure} is care of a newborn, and the patient is older than a year.",
             "Correct the code or the date of birth.", "2400 SV101", "Claim.item.productOrService", "CARC 6", "procedure"),
        lambda c, line, f: "99460" <= line.procedure <= "99465" and age(c) > 0,
    ),
    LineEdit(
        Edit("obstetric_sex", MUST, "{line.procedure} is care of a pregnancy, and the patient is a man.",
             "Correct the code or the patient's sex.", "2400 SV101", "Claim.item.productOrService", "CARC 7", "procedure"),
        lambda c, line, f: c.patient.sex == "M" and "59000" <= line.procedure <= "59899",
    ),
    LineEdit(
        Edit("female_organ", MUST, "{line.procedure} is done on women, and the patient is a man.", "Correct the code or the patient's sex.",
             "2400 SV101", "Claim.item.productOrService", "CARC 7", "procedure"),
        lambda c, line, f: c.patient.sex == "M" and "56405" <= line.procedure <= "58999",
    ),
    LineEdit(
        Edit("male_organ", MUST, "{line.procedure} is done on men, and the patient is a woman.", "Correct the code or the patient's sex.",
             "2400 SV101", "Claim.item.productOrService", "CARC 7", "procedure"),
        lambda c, line, f: c.patient.sex == "F" and "54000" <= line.procedure <= "55899",
    ),
    LineEdit(
        Edit("vaccine_not_given", LOOK, "The vaccine {line.procedure} stands without giving it.", "Add 90471, 90473 or 90460.", "2400 SV101",
             "Claim.item", "CPT", "procedure"),
        lambda c, line, f: _is_vaccine(line.procedure) and _GIVING.isdisjoint(_codes(c)),
    ),
    LineEdit(
        Edit("vaccine_missing", LOOK, "{line.procedure} gives a vaccine, and which one is missing.", "Add its code.",
             "2400 SV101", "Claim.item", "CPT", "procedure"),
        lambda c, line, f: line.procedure in _GIVING and not _has_product(c),
    ),
    LineEdit(
        Edit("ndc_shape", MUST, "The drug number of {line.procedure} does not have eleven digits.", "Without dashes, zeros in front.",
             "2410 LIN03", "Claim.item.productOrService", "45 CFR 162.1002", "ndc"),
        lambda c, line, f: bool(line.ndc) and not _NDC.fullmatch(line.ndc),
    ),
    LineEdit(
        Edit("ndc_unit", MUST, "The unit of the drug of {line.procedure} is not one that claims know.", "F2, GR, ME, ML or UN.", "2410 CTP05",
             "Claim.item.quantity", _GUIDE, "ndc"),
        lambda c, line, f: bool(line.ndc) and line.ndc_unit not in _NDC_UNITS,
    ),
    LineEdit(
        Edit("ndc_quantity", MUST, "How much of the drug of {line.procedure} was given is not above zero.", "Write the quantity.", "2410 CTP04",
             "Claim.item.quantity", _GUIDE, "ndc"),
        lambda c, line, f: bool(line.ndc) and line.ndc_quantity is not None and line.ndc_quantity <= 0,
    ),
    LineEdit(
        Edit("ndc_alone", MUST, "A prescription number or drug quantity of {line.procedure} stands without a drug.", "Add the drug's number.",
             "2410 LIN", "Claim.item", _GUIDE, "ndc"),
        lambda c, line, f: not line.ndc and (bool(line.prescription) or line.ndc_quantity is not None),
    ),
    LineEdit(
        Edit("drug_unnumbered", LOOK, "{line.procedure} is a drug, and its number (NDC) is missing.", "Medicaid and many insurers ask for it.",
             "2410 LIN", "Claim.item", "42 U.S.C. 1396b(i)(10)", "ndc"),
        lambda c, line, f: line.procedure.startswith("J") and not line.ndc,
    ),
    ClaimEdit(
        Edit("clia_shape", MUST, "The laboratory's CLIA number is not two digits, D and seven digits.", "Copy it from the certificate.",
             "2300 REF*X4", "Claim.supportingInfo", "42 CFR 493", "clia"),
        lambda c, f: any(number and not _CLIA.fullmatch(number) for number in (c.clia, *(line.clia for line in c.lines))),
    ),
    LineEdit(
        Edit("mammography_certificate", LOOK, "{line.procedure} is a mammography, and the certificate's number is missing.",
             "Medicare asks for it.", "2300 REF*EW", "Claim.supportingInfo", "21 CFR 900.11", "procedure"),
        lambda c, line, f: line.procedure in _MAMMOGRAM and not (c.mammography or line.mammography),
    ),
)  # fmt: skip
