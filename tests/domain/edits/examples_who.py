"""Examples for the edits on clinic, providers, patient, plan and other plans."""

from dataclasses import replace
from datetime import date

from claims_service.domain.claim.claim import Adjustment, LineDecision, OtherPayer
from claims_service.domain.claim.edits.finding import PayerRules
from claims_service.domain.party import Address, Payer, Person
from tests.domain.edits.made import ALMA, CLINIC, COLLEAGUE, DAY, DOCTOR, HOME, HOSPITAL, NORTHFOLD, QUILLHAVEN, Example

BAD_NPI = replace(COLLEAGUE, npi="1990000031")
BOX = Address("PO Box 12", "", "Portland", "OR", "97202")
DECIDED = LineDecision("NF002", 90_00, "99213", DAY, adjustments=(Adjustment("CO", "45", 30_00),))
FIRST = OtherPayer(NORTHFOLD, ALMA, "18", "NFM0000009", "P", paid_cents=90_00, decided_on=DAY)
SECOND = {"sequence": "S", "other_payers": (FIRST,)}
SECOND_BY_LINE = {"sequence": "S", "other_payers": (replace(FIRST, decided_on=None),), "lines.0.decisions": (DECIDED,)}
SPOUSE = Person("TESTPATIENT", "BRUNO", "", date(1978, 5, 1), "M", HOME)
OTHERS = {"coverage.relationship": "01", "coverage.subscriber": SPOUSE}
MEDICARE = Payer("SYNMEDICARE", "Medicare", "MB")
MEDICAID = Payer("SYNMEDICAID", "Medicaid", "MC")


def seats() -> list[Example]:
    """Each provider that a line may name."""
    names = ("rendering", "facility", "supervising", "ordering", "referring")
    return [
        Example(
            f"line_{name}_npi", f"the {name} of a line has the NPI 1990000031",
            {f"lines.0.{name}": BAD_NPI, "referring": COLLEAGUE}, {f"lines.0.{name}": COLLEAGUE, "referring": COLLEAGUE},
        )
        for name in names
    ]  # fmt: skip


CLINICS = [
    Example("billing_name", "no name", {"billing.name": " "}),
    Example("billing_npi", "1990000015: the check digit is wrong", {"billing.npi": "1990000015"}, {"billing.npi": "1990000055"}),
    Example("billing_tax_id", "eight digits", {"billing.tax_id": "99000000"}, {"billing.tax_id": "990000002"}),
    Example("billing_taxonomy", "207Q0000X: a zero is missing", {"billing.taxonomy": "207Q0000X"}, {"billing.taxonomy": "261QP2300X"}),
    Example("billing_street", "PO Box 12", {"billing.address.line1": "P.O. Box 12"}, {"billing.address.line1": "12 Boxwood Lane"}),
    Example("billing_address", "no city", {"billing.address.city": ""}, {"billing.address.line2": "Suite 4"}),
    Example("billing_state", "the state is XX", {"billing.address.state": "XX"}, {"billing.address.state": "WA"}),
    Example("billing_zip", "97201: five digits", {"billing.address.zip": "97201"}, {"billing.address.zip": "972019999"}),
    Example("billing_phone", "503-555-0142", {"billing.phone": "503-555-0142"}, {"billing.phone": ""}),
    Example("pay_to_address", "payments go to a box without a ZIP", {"billing.pay_to": replace(BOX, zip="")}, {"billing.pay_to": BOX}),
    Example("rendering_npi", "1990000031", {"rendering": BAD_NPI}, {"rendering": COLLEAGUE}),
    Example("rendering_name", "only a first name", {"rendering.last": ""}, {"rendering": None}),
    Example("rendering_taxonomy", "FAMILY", {"rendering.taxonomy": "FAMILY"}, {"rendering.taxonomy": ""}),
    Example("referring_npi", "1990000031", {"referring": BAD_NPI}, {"referring": COLLEAGUE}),
    Example("referring_name", "no last name", {"referring": replace(COLLEAGUE, last="")}, {"referring": replace(COLLEAGUE, first="")}),
    Example("second_referring_alone", "a second without a first", {"second_referring": COLLEAGUE},
            {"second_referring": COLLEAGUE, "referring": DOCTOR}),
    Example("facility_npi", "1990000049", {"facility": replace(HOSPITAL, npi="1990000049")}, {"facility": replace(HOSPITAL, npi="")}),
    Example("facility_address", "a hospital without a street", {"facility": replace(HOSPITAL, address=Address("", "", "Salem", "OR", "97301"))},
            {"facility": HOSPITAL}),
    Example("facility_is_clinic", "the clinic as another place", {"facility": replace(HOSPITAL, npi=CLINIC.npi)}, {"facility": HOSPITAL}),
    Example("supervising_npi", "1990000031", {"supervising": BAD_NPI}, {"supervising": COLLEAGUE}),
    Example("supervising_is_rendering", "Dr. Voss supervises herself", {"supervising": DOCTOR}, {"supervising": COLLEAGUE}),
    *seats(),
    Example("line_referring_alone", "a line is referred, the claim is not", {"lines.0.referring": COLLEAGUE},
            {"lines.0.referring": COLLEAGUE, "referring": DOCTOR}),
]  # fmt: skip

PATIENTS = [
    Example("patient_name", "no first name", {"patient.first": ""}, {"patient.middle": "M"}),
    Example("patient_name_digits", "TESTPAT1ENT", {"patient.last": "TESTPAT1ENT"}, {"patient.last": "O'TEST-PATIENT"}),
    Example("patient_birth", "unknown", {"patient.birth_on": None}),
    Example("patient_age", "born in 1880", {"patient.birth_on": date(1880, 4, 2)}, {"patient.birth_on": date(1920, 4, 2)}),
    Example("before_birth", "born the day after the visit", {"patient.birth_on": date(2026, 10, 16)}, {"patient.birth_on": DAY}),
    Example("patient_sex", "unknown", {"patient.sex": "U"}, {"patient.sex": "M"}),
    Example("patient_address", "no street", {"patient.address.line1": ""}, {"patient.address.line2": "Apt 3"}),
    Example("patient_state", "Oregon written out", {"patient.address.state": "OREGON"}, {"patient.address.state": "ID"}),
    Example("patient_zip", "9720", {"patient.address.zip": "9720"}, {"patient.address.zip": "972021234"}),
]  # fmt: skip

PLANS = [
    Example("payer_identifier", "no payer id", {"coverage.payer.identifier": ""}, {"coverage.payer.identifier": "60054"}),
    Example("payer_name", "no name", {"coverage.payer.name": ""}),
    Example("filing_code", "09, which claims no longer know", {"coverage.payer.filing": "09"}, {"coverage.payer.filing": "BL"}),
    Example("member_id", "no number", {"coverage.member_id": " "}, {"coverage.member_id": "QHM0000002"}),
    Example("member_id_short", "7", {"coverage.member_id": "7"}, {"coverage.member_id": "78"}),
    Example("member_id_blanks", "QHM 000 0001", {"coverage.member_id": "QHM 000 0001"}, {"coverage.member_id": " QHM0000001 "}),
    Example("member_id_shape", "this insurer's numbers are QHM and seven digits",
            {"coverage.member_id": "0000001", "facts.payer": PayerRules(member_id="QHM[0-9]{7}")},
            {"facts.payer": PayerRules(member_id="QHM[0-9]{7}")}),
    Example("member_id_social_security", "000-12-3456", {"coverage.member_id": "000-12-3456"}, {"coverage.member_id": "0001234567"}),
    Example("group_is_member", "twice QHM0000001", {"coverage.group_number": "QHM0000001"}, {"coverage.group_number": ""}),
    Example("relationship", "unknown", {"coverage.relationship": ""}, OTHERS),
    Example("subscriber", "the spouse has no name", {**OTHERS, "coverage.subscriber.last": ""}, OTHERS),
    Example("other_is_self", "Alma is her own spouse", {"coverage.relationship": "01"}, OTHERS),
    Example("old_child", "a child of 46", {**OTHERS, "coverage.relationship": "19"},
            {**OTHERS, "coverage.relationship": "19", "patient.birth_on": date(2001, 1, 1)}),
    Example("young_spouse", "a spouse of 12", {**OTHERS, "patient.birth_on": date(2014, 1, 1)}, OTHERS),
    Example("medicare_reason_code", "99", {**SECOND, "coverage.payer": MEDICARE, "medicare_reason": "99"},
            {**SECOND, "coverage.payer": MEDICARE, "medicare_reason": "12"}),
    Example("medicare_reason_missing", "Medicare second without a reason", {**SECOND, "coverage.payer": MEDICARE},
            {**SECOND, "coverage.payer": MEDICARE, "medicare_reason": "43"}),
    Example("medicare_reason_unasked", "12 on a first claim", {"medicare_reason": "12"}, {"coverage.payer": MEDICARE}),
    Example("not_covered_yet", "covered from the day after", {"coverage.valid_from": date(2026, 10, 16)}, {"coverage.valid_from": DAY}),
    Example("no_longer_covered", "the first day without cover", {"coverage.valid_until": DAY}, {"coverage.valid_until": date(2026, 10, 16)}),
]  # fmt: skip

OTHER_PLANS = [
    Example("sequence_code", "a fourth plan", {"sequence": "A"}, SECOND),
    Example("plan_order", "two first plans", {**SECOND, "sequence": "P"}, SECOND),
    Example("first_decision", "the first plan has not decided", {**SECOND, "other_payers": (replace(FIRST, paid_cents=None),)}, SECOND),
    Example("medicaid_first", "Medicaid before Northfold", {"coverage.payer": MEDICAID, "other_payers": (replace(FIRST, sequence="S"),)},
            {**SECOND, "coverage.payer": MEDICAID}),
    Example("other_identifier", "no payer id", {**SECOND, "other_payers": (replace(FIRST, payer=Payer("", "Northfold")),)}, SECOND),
    Example("other_same_payer", "Quillhaven twice with one number",
            {**SECOND, "other_payers": (replace(FIRST, payer=QUILLHAVEN, member_id="QHM0000001"),)},
            {**SECOND, "other_payers": (replace(FIRST, payer=QUILLHAVEN, member_id="QHM0000777"),)}),
    Example("other_member_id", "no number", {**SECOND, "other_payers": (replace(FIRST, member_id=""),)}, SECOND),
    Example("other_relationship", "unknown", {**SECOND, "other_payers": (replace(FIRST, relationship=""),)}, SECOND),
    Example("other_paid_negative", "-$1.00", {**SECOND, "other_payers": (replace(FIRST, paid_cents=-100),)},
            {**SECOND, "other_payers": (replace(FIRST, paid_cents=0),)}),
    Example("decision_undated", "neither the plan nor its lines say when", {**SECOND, "other_payers": (replace(FIRST, decided_on=None),)},
            SECOND_BY_LINE),
    Example("decision_future", "decides next year", {**SECOND, "other_payers": (replace(FIRST, decided_on=date(2027, 1, 1)),)}, SECOND),
    Example("adjustment_group", "a group XX", {**SECOND, "other_payers": (replace(FIRST, adjustments=(Adjustment("XX", "45", 60_00),)),)},
            {**SECOND, "other_payers": (replace(FIRST, adjustments=(Adjustment("OA", "23", 60_00),)),)}),
    Example("adjustment_reasons", "seven reasons of group CO",
            {**SECOND, "other_payers": (replace(FIRST, adjustments=tuple(Adjustment("CO", str(n), 1_00) for n in range(45, 52))),)},
            {**SECOND, "other_payers": (replace(FIRST, adjustments=tuple(Adjustment("CO", str(n), 1_00) for n in range(45, 51))),)}),
    Example("passed_over_amount", "$100.00 of $150.00", {**SECOND, "other_payers": (replace(FIRST, not_covered_cents=100_00),)},
            {**SECOND, "other_payers": (replace(FIRST, not_covered_cents=150_00),)}),
    Example("decision_balance", "$90.00 paid and $20.00 adjusted of $120.00",
            {**SECOND_BY_LINE, "lines.0.decisions": (replace(DECIDED, adjustments=(Adjustment("CO", "45", 20_00),)),)}, SECOND_BY_LINE),
    Example("decision_negative", "-$1.00 paid, $121.00 adjusted",
            {**SECOND_BY_LINE, "lines.0.decisions": (replace(DECIDED, paid_cents=-1_00, adjustments=(Adjustment("CO", "45", 121_00),)),)},
            {**SECOND_BY_LINE, "lines.0.decisions": (replace(DECIDED, paid_cents=0, adjustments=(Adjustment("CO", "45", 120_00),)),)}),
    Example("decision_of_stranger", "a plan ZZ001 that the claim does not name",
            {**SECOND, "lines.0.decisions": (replace(DECIDED, payer_identifier="ZZ001"),)}, SECOND_BY_LINE),
]  # fmt: skip
