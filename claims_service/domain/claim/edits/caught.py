"""Which edit would have caught what an insurer sent back: by claim status code (277CA) or by place in the file (999)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from claims_service.domain.claim.edits.checks import CHECKS
from claims_service.domain.claim.edits.edit import Edit

_PLACE = re.compile(r"999_(?P<loop>[0-9]{4}[A-Z]{0,2})?_(?P<segment>[A-Z][A-Z0-9]{1,2})_(?P<element>[0-9]{0,2})")
_STATUS = re.compile(r"277CA_[A-Z][0-9]:(?P<status>[0-9]{1,4})")

# X12 list 508 -> edits that look at the same datum
BY_STATUS: Mapping[str, str] = {
    "27": "no_longer_covered", "29": "member_id member_id_shape", "30": "member_id member_id_shape", "31": "subscriber patient_name",
    "48": "authorization", "54": "billed_before service_twice", "78": "billed_before service_twice", "84": "authorization",
    "85": "plan_order sequence_code", "86": "diagnosis_female diagnosis_male", "88": "not_covered_yet no_longer_covered",
    "91": "not_covered_yet no_longer_covered", "97": "not_covered_yet no_longer_covered", "116": "payer_identifier",
    "121": "too_many_lines", "125": "patient_name subscriber billing_name rendering_name", "126": "patient_address billing_address",
    "127": "billing_phone", "128": "billing_tax_id", "145": "billing_taxonomy rendering_taxonomy", "149": "billing_tax_id",
    "155": "relationship", "156": "relationship", "157": "patient_sex", "158": "patient_birth", "162": "member_id member_id_shape",
    "163": "group_is_member", "164": "member_id member_id_short member_id_shape", "171": "other_identifier first_decision",
    "178": "zero_charge charge_negative charge_digits", "182": "first_decision decision_balance", "187": "future span_backwards span_future",
    "189": "admission_missing", "218": "ndc_shape", "236": "clia_shape", "249": "place_unknown line_place_unknown",
    "251": "anaesthesia_minutes", "252": "authorization authorization_long", "254": "no_diagnosis principal_external_cause",
    "255": "diagnosis_shape diagnosis_unknown diagnosis_invalid", "267": "ride_miles", "283": "medicare_reason_missing",
    "286": "first_decision", "306": "unlisted_unexplained", "365": "accident_cause", "400": "decision_balance zero_charge",
    "402": "zero_charge charge_negative", "428": "ride_reason", "453": "modifier_shape modifier_unknown",
    "454": "procedure_shape procedure_invalid", "464": "original_number", "474": "obstetric_sex female_organ male_organ",
    "475": "preventive_age newborn_care", "476": "units_missing units_fraction units_many", "477": "pointer_missing pointer_unknown",
    "478": "control_number", "479": "other_identifier", "480": "filing_code", "488": "pointer_missing", "489": "paper_number",
    "500": "billing_zip patient_zip", "501": "billing_state patient_state", "502": "billing_address patient_address",
    "503": "billing_street patient_address", "504": "patient_name subscriber", "505": "patient_name subscriber",
    "507": "procedure_shape procedure_invalid", "510": "future span_future date_future", "516": "decision_undated decision_future",
    "519": "adjustment_reasons", "521": "adjustment_reasons", "535": "frequency original_number", "544": "clia_shape",
    "555": "delay_reason", "562": "billing_npi rendering_npi referring_npi", "589": "assignment", "633": "accident_cause",
    "659": "unit_basis", "672": "decision_balance", "674": "authorization_used_up", "693": "charge_negative", "694": "zero_charge",
    "696": "adjustment_group", "700": "diagnosis_shape diagnosis_unknown diagnosis_invalid", "718": "too_late deadline_near",
    "727": "accident_date accident_after", "728": "accident_state", "730": "accident_cause", "742": "sequence_code",
    "746": "billed_before", "754": "patient_name", "772": "diagnosis_invalid", "795": "first_decision", "796": "procedure_invalid",
}  # fmt: skip
# What only the insurer knows: a coverage check before the visit asks it.
ASKED_BEFORE = frozenset("27 29 30 31 32 33 34 53 56 88 89 90 91 92 97 109 116 158 162 164 197 733 766".split())
_BY_ID = {check.edit.id: check.edit for check in CHECKS}


@dataclass(frozen=True, slots=True)
class Caught:
    """edits: ours that look at what the insurer found. coverage_check: a coverage check before the visit would have told."""

    edits: tuple[Edit, ...] = ()
    coverage_check: bool = False


def caught_by(rule: str) -> Caught:
    """What looks for a rejection, by the rule it is kept under ("277CA_A7:164", "999_2010BA_NM1_09"); empty when nothing does."""
    if found := _STATUS.fullmatch(rule):
        status = found["status"]
        named = tuple(_BY_ID[name] for name in BY_STATUS.get(status, "").split() if name in _BY_ID)
        return Caught(named, status in ASKED_BEFORE)
    if found := _PLACE.fullmatch(rule):
        return Caught(_at(found["loop"] or "", found["segment"], found["element"]))
    return Caught()


def place_rule(loop: str, segment: str, element: str) -> str:
    """The rule a fault of a 999 is kept under. element: its number, empty for the whole segment."""
    number = element if element.isdigit() else ""
    rule = f"999_{loop}_{segment}_{number and f'{int(number):02}'}"
    return rule if _PLACE.fullmatch(rule) else "999"


def _at(loop: str, segment: str, element: str) -> tuple[Edit, ...]:
    """Edits of the same place; IK303 holds four characters, so 2010 stands for 2010AA as well as for 2010BA."""
    found = [check.edit for check in CHECKS if check.edit.x12.startswith(loop[:4] or segment)]
    if len(loop) > 4:
        found = [edit for edit in found if edit.x12.startswith(loop)]
    named = re.compile(rf"\b{segment}{element}" if element else rf"\b{segment}")
    return tuple(edit for edit in found if named.search(edit.x12))
