"""Faults as they happen at a desk, each in words: one change to a good claim, and the edit that has to notice it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from claims_service.domain.claim.circumstances import Accident, Attachment, ClaimDates, Note
from claims_service.domain.claim.claim import Adjustment, Claim, OtherPayer
from claims_service.domain.claim.earlier import EarlierService, FollowUp, Giver
from claims_service.domain.claim.edits.finding import PayerRules
from claims_service.domain.code_sets import Span
from claims_service.domain.ncci import AddOnRule, AddOns, Mue, MueLimit, Ptp, PtpEdit
from claims_service.domain.party import Address, Payer
from tests.domain.edits.made import COLLEAGUE, HOSPITAL, TODAY

Change = Mapping[str, Any]
DAYS = timedelta(days=1)
SINCE = date(2020, 1, 1)
TYPO = replace(COLLEAGUE, npi="1990000031")
LIKE_DOCTOR = Giver("1990000022")


@dataclass(frozen=True)
class Fault:
    """words: what went wrong. edit: what has to notice. kind: of good_claims. change: value by path, as in `made`.

    A value that is a function is given the claim.
    """

    words: str
    edit: str
    kind: str
    change: Change


def first(**changes: Any) -> Callable[[Claim], Any]:
    """The lines with another first one."""
    return lambda c: (replace(c.lines[0], **changes), *c.lines[1:])


def day(days: int) -> Callable[[Claim], date]:
    """A day before or after the visit."""
    return lambda c: c.served_on + days * DAYS


def twice(c: Claim) -> Any:
    return (*c.lines, replace(c.lines[0], number=len(c.lines) + 1, reference="AGAIN"))


def own_code(c: Claim) -> frozenset[str]:
    return frozenset({c.lines[0].procedure})


def pair(c: Claim) -> Ptp:
    codes = (c.lines[0].procedure, c.lines[-1].procedure)
    return Ptp({codes: [Span(SINCE, None, PtpEdit(*codes, "1", "test"))]})


def other(**changes: Any) -> Callable[[Claim], Any]:
    """The other plan, changed."""
    return lambda c: (replace(c.other_payers[0], **changes),)


def decision(**changes: Any) -> Callable[[Claim], Any]:
    """What the first plan decided on the first line, changed."""
    return lambda c: (replace(c.lines[0], decisions=(replace(c.lines[0].decisions[0], **changes),)), *c.lines[1:])


CLINIC = [
    Fault("the clinic's NPI has two digits swapped", "billing_npi", "office", {"billing.npi": "1990000041"}),
    Fault("the clinic's NPI is nine digits long", "billing_npi", "therapy", {"billing.npi": "199000001"}),
    Fault("the tax number was typed with its dash", "billing_tax_id", "office", {"billing.tax_id": "99-0000001"}),
    Fault("the clinic bills from a PO box", "billing_street", "talk", {"billing.address.line1": "PO Box 77"}),
    Fault("the clinic's ZIP lacks the last four digits", "billing_zip", "joint", {"billing.address.zip": "97201"}),
    Fault("the clinic's state is written out", "billing_state", "office", {"billing.address.state": "Oregon"}),
    Fault("the clinic's phone number carries dashes", "billing_phone", "drug", {"billing.phone": "503-555-0142"}),
    Fault("the clinic's name was left empty", "billing_name", "home", {"billing.name": ""}),
    Fault("the clinic's city is missing", "billing_address", "ward", {"billing.address.city": ""}),
    Fault("the clinic's taxonomy lost its X", "billing_taxonomy", "office", {"billing.taxonomy": "207Q00000"}),
    Fault("payments should go to an address without a state", "pay_to_address", "office",
          {"billing.pay_to": Address("Box 1", "", "Portland", "", "97202")}),
    Fault("the doctor's NPI has a typing error", "rendering_npi", "office", {"rendering.npi": "1990000023"}),
    Fault("the doctor's NPI is the license number", "rendering_npi", "joint", {"rendering.npi": "MD12345"}),
    Fault("the doctor's last name is missing", "rendering_name", "joint", {"rendering.last": ""}),
    Fault("the doctor's specialty is a word", "rendering_taxonomy", "therapy", {"rendering.taxonomy": "THERAPIST"}),
    Fault("the referring doctor's NPI does not check", "referring_npi", "picture", {"referring": TYPO}),
    Fault("the referring doctor has no name", "referring_name", "picture", {"referring.last": " "}),
    Fault("the hospital's NPI does not check", "facility_npi", "ward", {"facility": replace(HOSPITAL, npi="1990000049")}),
    Fault("the hospital's street is missing", "facility_address", "delivery", {"facility.address.line1": ""}),
    Fault("the clinic itself is named as another place", "facility_is_clinic", "nursing", {"facility.npi": "1990000014"}),
    Fault("the supervisor's NPI does not check", "supervising_npi", "supervised", {"supervising": TYPO}),
    Fault("the assistant is named as her own supervisor", "supervising_is_rendering", "supervised", {"supervising": COLLEAGUE}),
    Fault("a second referring doctor without a first", "second_referring_alone", "supervised", {"second_referring": COLLEAGUE}),
    Fault("one service was given by somebody with a wrong NPI", "line_rendering_npi", "joint", {"lines": first(rendering=TYPO)}),
    Fault("one test was ordered by somebody with a wrong NPI", "line_ordering_npi", "laboratory", {"lines": first(ordering=TYPO)}),
    Fault("one service is referred and the visit is not", "line_referring_alone", "supervised", {"lines": first(referring=COLLEAGUE)}),
]  # fmt: skip

PATIENT = [
    Fault("the patient has no last name", "patient_name", "office", {"patient.last": ""}),
    Fault("the patient has no first name", "patient_name", "drug", {"patient.first": ""}),
    Fault("a zero stands for an O in the name", "patient_name_digits", "home", {"patient.last": "0KAFOR"}),
    Fault("the date of birth was never asked", "patient_birth", "office", {"patient.birth_on": None}),
    Fault("born in 1894 instead of 1994", "patient_age", "therapy", {"patient.birth_on": date(1894, 5, 5)}),
    Fault("a newborn seen the day before its birth", "before_birth", "office", {"patient.birth_on": day(1)}),
    Fault("the sex was left as unknown", "patient_sex", "laboratory", {"patient.sex": "U"}),
    Fault("the street is missing", "patient_address", "office", {"patient.address.line1": ""}),
    Fault("the city is missing", "patient_address", "talk", {"patient.address.city": ""}),
    Fault("the state is a province of Canada", "patient_state", "joint", {"patient.address.state": "BC"}),
    Fault("the ZIP has four digits", "patient_zip", "office", {"patient.address.zip": "9720"}),
    Fault("the ZIP has a dash", "patient_zip", "ride", {"patient.address.zip": "97202-1234"}),
]  # fmt: skip

PLAN = [
    Fault("the insurer has no payer id", "payer_identifier", "office", {"coverage.payer.identifier": " "}),
    Fault("the insurer has no name", "payer_name", "office", {"coverage.payer.name": ""}),
    Fault("the kind of plan is a code of the old standard", "filing_code", "joint", {"coverage.payer.filing": "09"}),
    Fault("the member number is missing", "member_id", "check_up", {"coverage.member_id": ""}),
    Fault("only the first digit of the member number was typed", "member_id_short", "office", {"coverage.member_id": "S"}),
    Fault("the member number was copied with its blanks", "member_id_blanks", "spouse", {"coverage.member_id": "SYN 000 0001"}),
    Fault("the member number belongs to another insurer", "member_id_shape", "office", {"facts.payer": PayerRules(member_id="QHM[0-9]{7}")}),
    Fault("a social security number as member number", "member_id_social_security", "ward", {"coverage.member_id": "000-12-3456"}),
    Fault("the group number was copied from the member number", "group_is_member", "office",
          {"coverage.group_number": lambda c: c.coverage.member_id}),
    Fault("how the child is related was not asked", "relationship", "check_up", {"coverage.relationship": ""}),
    Fault("the insured parent has no name", "subscriber", "check_up", {"coverage.subscriber.last": ""}),
    Fault("the patient is the spouse of the patient", "other_is_self", "spouse", {"coverage.subscriber": lambda c: c.patient}),
    Fault("a child of the insured is forty", "old_child", "check_up", {"patient.birth_on": date(1985, 3, 3)}),
    Fault("a wife of nine", "young_spouse", "spouse", {"patient.birth_on": date(2017, 3, 3)}),
    Fault("Medicare second, and nobody said why", "medicare_reason_missing", "medicare_second", {"medicare_reason": ""}),
    Fault("Medicare second for a reason that does not exist", "medicare_reason_code", "medicare_second", {"medicare_reason": "99"}),
    Fault("a reason for Medicare on a claim to a PPO", "medicare_reason_unasked", "office", {"medicare_reason": "12"}),
    Fault("the plan began after the visit", "not_covered_yet", "office", {"coverage.valid_from": day(1)}),
    Fault("the plan had ended on the day of the visit", "no_longer_covered", "drug", {"coverage.valid_until": day(0)}),
    Fault("the plan had ended a year before", "no_longer_covered", "therapy", {"coverage.valid_from": None, "coverage.valid_until": day(-365)}),
    Fault("the insurer wants an approval and none is there", "authorization", "joint",
          {"facts.payer": lambda c: PayerRules(authorization=own_code(c))}),
    Fault("the approval number holds a whole letter", "authorization_long", "office",
          {"prior_authorization": "Approved by phone, see the letter of October 5, page 2"}),
    Fault("the referral number was typed as the approval", "authorization_is_referral", "picture",
          {"prior_authorization": "R1", "referral_number": "R1"}),
]  # fmt: skip

OTHERS = [
    Fault("a fourth plan", "sequence_code", "office", {"sequence": "A"}),
    Fault("both plans are first", "plan_order", "second", {"sequence": "P"}),
    Fault("the first plan has not answered yet", "first_decision", "second", {"other_payers": other(paid_cents=None)}),
    Fault("Medicaid is billed before the employer's plan", "medicaid_first", "office",
          {"coverage.payer": Payer("SYNMEDICAID", "Medicaid", "MC"), "other_payers": lambda c: (_later(c),)}),
    Fault("the first plan has no payer id", "other_identifier", "second", {"other_payers": other(payer=Payer("", "Old Mill Trust"))}),
    Fault("the plan that is billed is also the first one", "other_same_payer", "second",
          {"other_payers": lambda c: (replace(c.other_payers[0], payer=c.coverage.payer, member_id=c.coverage.member_id),)}),
    Fault("the first plan's member number is missing", "other_member_id", "second", {"other_payers": other(member_id="")}),
    Fault("the first plan's relationship is missing", "other_relationship", "medicare_second", {"other_payers": other(relationship="")}),
    Fault("the first plan paid less than nothing", "other_paid_negative", "second", {"other_payers": other(paid_cents=-1)}),
    Fault("the first plan decides next year", "decision_future", "medicaid_last", {"other_payers": other(decided_on=date(2027, 2, 1))}),
    Fault("an adjustment group that claims do not know", "adjustment_group", "second",
          {"lines": decision(adjustments=(Adjustment("XX", "45", 1),))}),
    Fault("a discount of the first plan was left out", "decision_balance", "second", {"lines": decision(adjustments=())}),
    Fault("the first plan's payment was typed a cent too high", "decision_balance", "medicare_second",
          {"lines": lambda c: decision(paid_cents=c.lines[0].decisions[0].paid_cents + 1)(c)}),
    Fault("the first plan's payment has a minus sign", "decision_negative", "second", {"lines": decision(paid_cents=-100)}),
    Fault("a decision of a plan the patient does not have", "decision_of_stranger", "second", {"lines": decision(payer_identifier="ZZ999")}),
    Fault("the first plan is passed over for half the charge", "passed_over_amount", "second", {"other_payers": other(not_covered_cents=1)}),
]  # fmt: skip


def _later(c: Claim) -> Any:
    return OtherPayer(Payer("SYNPPO", "Old Mill Trust"), c.patient, "18", "SYN1", "S")


DIAGNOSES = [
    Fault("no diagnosis at all", "no_diagnosis", "office", {"diagnoses": ()}),
    Fault("thirteen diagnoses", "too_many_diagnoses", "home", {"diagnoses": lambda c: (*c.diagnoses, *(f"R{n}" for n in range(10, 23)))}),
    Fault("the main diagnosis stands twice", "diagnosis_twice", "drug", {"diagnoses": lambda c: (c.diagnoses[0], c.diagnoses[0])}),
    Fault("the fall is named before the sprain", "principal_external_cause", "injury", {"diagnoses": lambda c: c.diagnoses[::-1]}),
    Fault("a sprain without cause or accident", "injury_unexplained", "injury", {"accident": None, "diagnoses": ("S93401A", "M25571")}),
    Fault("a diagnosis with its dot", "diagnosis_shape", "home", {"diagnoses": ("I10.0",)}),
    Fault("an ICD-9 code", "diagnosis_shape", "talk", {"diagnoses": lambda c: ("30000", *c.diagnoses[1:])}),
    Fault("a diagnosis of eight characters", "diagnosis_shape", "injury", {"diagnoses": ("S93401AA", "W109XXA")}),
    Fault("a letter O for a zero", "diagnosis_shape", "unlisted", {"diagnoses": ("LO05",)}),
    Fault("a code that is on no list", "diagnosis_unknown", "home", {"facts.known_diagnoses": frozenset({"J069"})}),
    Fault("a heading instead of a code", "diagnosis_invalid", "home", {"diagnoses": ("I15",), "facts.invalid": frozenset({"I15"})}),
    Fault("a code that was retired", "diagnosis_invalid", "talk", {"facts.invalid": lambda c: frozenset(c.diagnoses[:1])}),
    Fault("a pregnancy in a man's record", "diagnosis_female", "pregnancy", {"patient.sex": "M"}),
    Fault("a prostate in a woman's record", "diagnosis_male", "breast", {"diagnoses": ("N400",)}),
    Fault("a newborn's diagnosis on a grown man", "diagnosis_newborn", "home", {"diagnoses": ("P599",)}),
    Fault("a pregnancy at seventy", "diagnosis_pregnancy_age", "pregnancy", {"patient.birth_on": date(1950, 1, 1)}),
    Fault("billed with ICD-10 for a day of 2014", "before_icd10", "home",
          {"lines": lambda c: tuple(replace(n, served_on=date(2014, 3, 3)) for n in c.lines)}),
    Fault("the check-up leads and no service points to it", "principal_unused", "pregnancy",
          {"diagnoses": ("Z3A12", "O0991"), "lines": lambda c: tuple(replace(n, pointers=(2,)) for n in c.lines)}),
]  # fmt: skip

SERVICES = [
    Fault("a visit without a service", "no_lines", "office", {"lines": ()}),
    Fault("fifty-two services", "too_many_lines", "laboratory",
          {"lines": lambda c: tuple(replace(c.lines[1], number=n, reference=f"R{n}", procedure=f"8{n:04}") for n in range(1, 53))}),
    Fault("everything for nothing", "zero_charge", "laboratory", {"lines": lambda c: tuple(replace(n, charge_cents=0) for n in c.lines)}),
    Fault("a code of four digits", "procedure_shape", "therapy", {"lines": first(procedure="9711")}),
    Fault("a code with a letter O for a zero", "procedure_shape", "talk", {"lines": first(procedure="9O834")}),
    Fault("99201, which was retired", "procedure_invalid", "office", {"lines": first(procedure="99201"), "facts.invalid": frozenset({"99201"})}),
    Fault("a service that is not on the price list", "no_price", "joint", {"facts.priced": frozenset({2, 3})}),
    Fault("a charge with a minus sign", "charge_negative", "laboratory", {"lines": first(charge_cents=-1_00)}),
    Fault("no units", "units_missing", "therapy", {"lines": first(units=Decimal(0))}),
    Fault("half a visit", "units_fraction", "office", {"lines": first(units=Decimal("0.5"))}),
    Fault("minutes typed as units", "units_many", "therapy", {"lines": first(units=Decimal(1500))}),
    Fault("units counted in days", "unit_basis", "therapy", {"lines": first(unit_basis="DA")}),
    Fault("an anaesthesia without its minutes", "anaesthesia_minutes", "anaesthesia", {"lines": first(unit_basis="UN", units=Decimal(3))}),
    Fault("minutes of exercise", "minutes_elsewhere", "therapy", {"lines": first(unit_basis="MJ", units=Decimal(30))}),
    Fault("an unlisted code without words", "unlisted_unexplained", "unlisted", {"lines": first(description="")}),
    Fault("a drug without a code and without words", "unlisted_unexplained", "therapy", {"lines": first(procedure="J3490")}),
    Fault("a description like a letter", "description_long", "unlisted", {"lines": first(description="Removal " * 12)}),
    Fault("a service points to no diagnosis", "pointer_missing", "laboratory", {"lines": first(pointers=())}),
    Fault("a service points to the fifth of two", "pointer_unknown", "laboratory", {"lines": first(pointers=(1, 5))}),
    Fault("a service points twice to one", "pointer_twice", "laboratory", {"lines": first(pointers=(1, 1))}),
    Fault("a service points to five diagnoses", "too_many_pointers", "home",
          {"diagnoses": ("I10", "E119", "E785", "K219", "R05"), "lines": first(pointers=(1, 2, 3, 4, 5))}),
    Fault("the same service typed twice", "service_twice", "therapy", {"lines": twice}),
    Fault("the visit was billed last week already", "billed_before", "talk",
          {"facts.same_day": lambda c: frozenset({(c.lines[0].procedure, c.lines[0].modifiers)})}),
    Fault("two codes Medicare never pays together", "ncci_pair", "laboratory", {"facts.ptp": pair}),
    Fault("more units than a day has", "ncci_units", "therapy",
          {"lines": first(units=Decimal(9)), "facts.mue": Mue({"97110": [Span(SINCE, None, MueLimit(6, "3", "test"))]})}),
    Fault("an add-on without its main service", "ncci_add_on", "talk",
          {"lines": first(procedure="90833"), "facts.add_ons": AddOns({"90833": {"99213": [Span(SINCE, None, AddOnRule("1"))]}})}),
    Fault("two services share a reference", "reference_twice", "laboratory", {"lines": lambda c: tuple(replace(n, reference="R") for n in c.lines)}),
]  # fmt: skip

MODIFIERS = [
    Fault("a modifier of one letter", "modifier_shape", "therapy", {"lines": first(modifiers=("G",))}),
    Fault("a modifier in small letters", "modifier_shape", "laboratory", {"lines": first(modifiers=("qw",))}),
    Fault("a modifier that is on no list", "modifier_unknown", "therapy",
          {"lines": first(modifiers=("Q9",)), "facts.known_modifiers": frozenset({"GP", "59"})}),
    Fault("GP twice", "modifier_twice", "therapy", {"lines": first(modifiers=("GP", "GP"))}),
    Fault("five modifiers", "too_many_modifiers", "therapy", {"lines": first(modifiers=("GP", "KX", "GA", "76", "CQ"))}),
    Fault("the left and the right knee on one line", "both_sides", "joint", {"lines.1.modifiers": ("RT", "LT")}),
    Fault("both knees and one side", "bilateral_side", "joint", {"lines.1.modifiers": ("50", "RT")}),
    Fault("both knees and two units", "bilateral_units", "joint", {"lines.1.modifiers": ("50",), "lines.1.units": Decimal(2)}),
    Fault("reading and equipment of one picture", "both_components", "picture", {"lines": first(modifiers=("26", "TC"))}),
    Fault("a notice signed and not signed", "notice_conflict", "laboratory", {"lines": first(modifiers=("GA", "GZ"))}),
    Fault("never covered and perhaps not covered", "notice_never_covered", "laboratory", {"lines": first(modifiers=("GY", "GA"))}),
    Fault("repeated by the same and another doctor", "repeat_conflict", "picture", {"lines": first(modifiers=("76", "77"))}),
    Fault("two kinds of assistant surgeon", "assistant_conflict", "unlisted", {"lines": first(modifiers=("80", "82"))}),
    Fault("25 on the picture instead of the visit", "visit_modifier_elsewhere", "picture", {"lines": first(modifiers=("25",))}),
    Fault("an injection of the knee beside a visit without 25", "visit_and_procedure", "joint", {"lines": first(modifiers=())}),
    Fault("59 on a visit", "separate_visit", "office", {"lines": first(modifiers=("59",))}),
    Fault("59 and XS on one service", "separate_twice", "therapy", {"lines": first(modifiers=("59", "XS"))}),
    Fault("nobody says who gave the anaesthesia", "anaesthesia_role", "anaesthesia", {"lines": first(modifiers=())}),
    Fault("a talk by video, billed as in the office", "telehealth_place", "talk", {"place_of_service": "11"}),
]  # fmt: skip

PLACES = [
    Fault("a place that does not exist", "place_unknown", "office", {"place_of_service": "77"}),
    Fault("one service at a place that does not exist", "line_place_unknown", "office", {"lines": first(place_of_service="00")}),
    Fault("a hospital visit at the office", "hospital_visit", "ward", {"place_of_service": "11"}),
    Fault("an emergency visit at the office", "emergency_visit", "injury", {"place_of_service": "11"}),
    Fault("a nursing home visit at the office", "nursing_visit", "nursing", {"place_of_service": "11"}),
    Fault("a visit at home, billed as at the office", "home_visit", "home", {"place_of_service": "11"}),
    Fault("an office visit of a patient in a bed", "office_visit_in_hospital", "office", {"place_of_service": "21"}),
    Fault("the day of admission is missing", "admission_missing", "ward", {"dates": ClaimDates()}),
    Fault("a baby's check-up of a woman of forty", "preventive_age", "check_up", {"patient.birth_on": date(1986, 1, 1)}),
    Fault("a check-up without a check-up's diagnosis", "preventive_diagnosis", "check_up", {"diagnoses": ("J069", "R05")}),
    Fault("newborn care of a patient of fifty", "newborn_care", "home", {"lines": first(procedure="99460")}),
    Fault("a delivery by a man", "obstetric_sex", "delivery", {"patient.sex": "M"}),
    Fault("a man's womb", "female_organ", "unlisted", {"lines": first(procedure="58150"), "patient.sex": "M"}),
    Fault("a woman's prostate", "male_organ", "unlisted", {"lines": first(procedure="55840"), "patient.sex": "F"}),
    Fault("a vaccine that nobody gave", "vaccine_not_given", "check_up", {"lines": lambda c: (c.lines[0], c.lines[2])}),
    Fault("a shot of nothing", "vaccine_missing", "check_up", {"lines": lambda c: c.lines[:2]}),
    Fault("the drug number has its dashes", "ndc_shape", "drug", {"lines.2.ndc": "00641-0367-25"}),
    Fault("the drug number has ten digits", "ndc_shape", "drug", {"lines.2.ndc": "0641036725"}),
    Fault("the drug is counted in pieces", "ndc_unit", "drug", {"lines.2.ndc_unit": "EA"}),
    Fault("none of the drug was given", "ndc_quantity", "drug", {"lines.2.ndc_quantity": Decimal(0)}),
    Fault("how much of a drug that is not named", "ndc_alone", "drug", {"lines.2.ndc": ""}),
    Fault("a drug without its number", "drug_unnumbered", "drug", {"lines.2.ndc": "", "lines.2.ndc_quantity": None}),
    Fault("the CLIA number lacks its D", "clia_shape", "laboratory", {"clia": "3801234567"}),
    Fault("a mammography without the certificate", "mammography_certificate", "breast", {"mammography": ""}),
]  # fmt: skip

AROUND = [
    Fault("an accident of no kind", "accident_cause", "injury", {"accident": Accident(())}),
    Fault("a car accident without its day", "accident_date", "injury", {"accident": Accident(("AA",), None, "OR")}),
    Fault("the accident lies after the visit", "accident_after", "injury", {"accident": lambda c: Accident(("OA",), c.served_on + DAYS)}),
    Fault("a car accident nowhere", "accident_state", "injury", {"accident": lambda c: Accident(("AA",), c.served_on)}),
    Fault("the illness began after the visit", "date_after_service", "office", {"dates": lambda c: ClaimDates(onset_on=c.served_on + DAYS)}),
    Fault("back at work before the last day of work", "dates_backwards", "therapy",
          {"dates": ClaimDates(last_worked_on=date(2026, 5, 2), back_to_work_on=date(2026, 5, 1))}),
    Fault("discharged before admission", "dates_backwards", "ward",
          {"dates": lambda c: ClaimDates(admitted_on=c.served_on, discharged_on=c.served_on - DAYS)}),
    Fault("admitted next week", "date_future", "ward", {"dates": ClaimDates(admitted_on=TODAY + 7 * DAYS)}),
    Fault("a paper that is not said to be anything", "paper_kind", "unlisted", {"attachments": (Attachment(""),)}),
    Fault("a paper sent by pigeon", "paper_way", "unlisted", {"attachments": (Attachment("OZ", "PG", "1"),)}),
    Fault("a fax without a number to find it by", "paper_number", "unlisted", {"attachments": (Attachment("OZ", "FX"),)}),
    Fault("eleven papers", "too_many_papers", "unlisted", {"attachments": (Attachment("OZ"),) * 11}),
    Fault("a note of an unknown kind", "note_kind", "office", {"notes": (Note("See chart", "XXX"),)}),
    Fault("a note like a letter", "note_long", "office", {"notes": (Note("See the chart. " * 8),)}),
    Fault("a note that says nothing", "note_empty", "office", {"notes": (Note(" "),)}),
    Fault("a ride without why and how far", "ride_missing", "ride", {"ambulance": None}),
    Fault("a ride for no reason", "ride_reason", "ride", {"ambulance.reason": ""}),
    Fault("a ride of minus two miles", "ride_miles", "ride", {"ambulance.miles": Decimal(-2)}),
    Fault("a ride to nowhere", "ride_ends", "ride", {"ambulance.drop_off": None}),
]  # fmt: skip

FORM = [
    Fault("a claim number with a blank", "control_number", "office", {"control_number": "C 17"}),
    Fault("neither new nor a correction", "frequency", "office", {"frequency": "6"}),
    Fault("a replacement of nothing", "original_number", "replacement", {"payer_claim_number": ""}),
    Fault("a new claim with an insurer's number", "original_number_unasked", "office", {"payer_claim_number": "ICN0000123"}),
    Fault("nobody says whether the plan's price is taken", "assignment", "office", {"accept_assignment": ""}),
    Fault("nobody says whom the plan pays", "benefits", "therapy", {"benefits_assigned": ""}),
    Fault("the patient's consent is missing", "release", "talk", {"release_of_information": ""}),
    Fault("whether the doctor signed is missing", "signature", "ward", {"signature": ""}),
    Fault("a signature code of the old standard", "patient_signature", "office", {"patient_signature": "B"}),
    Fault("late for a reason that does not exist", "delay_reason", "office", {"delay_reason": "12"}),
    Fault("a special program that does not exist", "program", "check_up", {"program": "01"}),
    Fault("the patient paid less than nothing", "patient_paid_negative", "office", {"patient_paid_cents": -1}),
    Fault("the patient paid more than the charge", "patient_paid_more", "office", {"patient_paid_cents": 99_999_999}),
    Fault("a visit of next week", "future", "talk", {"lines": first(served_on=TODAY + 7 * DAYS)}),
    Fault("a stay that ends before it begins", "span_backwards", "therapy", {"lines": lambda c: first(served_until=c.served_on - DAYS)(c)}),
    Fault("a stay until next week", "span_future", "therapy", {"lines": first(served_until=TODAY + 7 * DAYS)}),
    Fault("services of May and July on one claim", "days_far_apart", "laboratory", {"lines": lambda c: first(served_on=c.served_on - 40 * DAYS)(c)}),
    Fault("sent after the insurer's last day", "too_late", "office", {"facts.payer": PayerRules(filing_days=0), "lines": lambda c: _aged(c, 30)}),
    Fault("sent on the insurer's last day", "deadline_near", "talk", {"facts.payer": PayerRules(filing_days=30), "lines": lambda c: _aged(c, 30)}),
]  # fmt: skip


def _aged(c: Claim, days: int) -> Any:
    return tuple(replace(line, served_on=TODAY - days * DAYS) for line in c.lines)


def _seen(c: Claim) -> Any:
    return (EarlierService(c.served_on - 400 * DAYS, "99213", LIKE_DOCTOR),)


def _healing(days: int, before: int) -> Callable[[Claim], Any]:
    return lambda c: (FollowUp("11402", c.served_on - before * DAYS, days, LIKE_DOCTOR),)


HISTORY = [
    Fault("a new patient who was here last year", "new_patient_seen", "office", {"lines": first(procedure="99203"), "facts.earlier": _seen}),
    Fault("a new patient's check-up of a known child", "new_patient_seen", "check_up",
          {"lines": first(procedure="99381"), "facts.earlier": _seen}),
    Fault("a visit five days after a cyst was cut out", "global_visit", "home", {"facts.follow_ups": _healing(10, 5)}),
    Fault("a visit two months after a new knee", "global_visit", "nursing", {"facts.follow_ups": _healing(90, 60)}),
    Fault("a visit the day before a new knee", "global_visit_before", "ward", {"facts.follow_ups": _healing(90, -1)}),
    Fault("a second surgery while the first heals", "global_surgery", "unlisted",
          {"lines": first(procedure="11402"),
           "facts.follow_ups": lambda c: (*_healing(10, 3)(c), FollowUp("11402", c.served_on, 10, LIKE_DOCTOR))}),
    Fault("a visit after surgery with a charge of its own", "follow_up_charged", "office", {"lines": first(procedure="99024")}),
]  # fmt: skip

FAULTS = [*CLINIC, *PATIENT, *PLAN, *OTHERS, *DIAGNOSES, *SERVICES, *MODIFIERS, *PLACES, *AROUND, *FORM, *HISTORY]
