"""Examples for the edits on diagnoses, services, modifiers, visits, circumstances, the claim itself and its dates."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from claims_service.domain.claim.circumstances import Accident, Ambulance, Attachment, Note
from claims_service.domain.claim.claim import ClaimLine
from claims_service.domain.claim.edits.finding import PayerRules
from claims_service.domain.code_sets import Span
from claims_service.domain.ncci import AddOnRule, AddOns, Mue, MueLimit, Ptp, PtpEdit
from tests.domain.edits.made import DAY, GOOD, HOME, TODAY, Example

SINCE = date(2020, 1, 1)
ONE = GOOD.lines[0]
PAIR = Ptp({("99213", "85025"): [Span(SINCE, None, PtpEdit("99213", "85025", "1", "test"))]})
FIXED = Ptp({("99213", "85025"): [Span(SINCE, None, PtpEdit("99213", "85025", "0", "test"))]})
LIMIT = Mue({"85025": [Span(SINCE, None, MueLimit(1, "3", "test"))]})
ON_TOP = AddOns({"99417": {"99215": [Span(SINCE, None, AddOnRule("1"))]}})
RIDE = Ambulance("A", Decimal(4), HOME, HOME)
MAN = {"patient.sex": "M"}
NINE = tuple(f"J0{n}0" for n in range(1, 10))
DRUG = {"lines.0.ndc": "00012345678"}


def lines(*codes: str, **more: Any) -> tuple[ClaimLine, ...]:
    """A line for each code."""
    return tuple(replace(ONE, number=n, reference=f"C1L{n}", procedure=code, **more) for n, code in enumerate(codes, 1))


def only(code: str, **more: Any) -> dict[str, Any]:
    """The claim with one line of this code."""
    return {"lines": lines(code, **more)}


DIAGNOSES = [
    Example("no_diagnosis", "none", {"diagnoses": (), "lines.0.pointers": (), "lines.1.pointers": ()}),
    Example("too_many_diagnoses", "thirteen", {"diagnoses": (*NINE, "R05", "R51", "R52", "R53")},
            {"diagnoses": (*NINE, "R05", "R51", "R52")}),
    Example("diagnosis_twice", "J06.9 twice", {"diagnoses": ("J069", "J069")}, {"diagnoses": ("J069", "J068")}),
    Example("principal_external_cause", "a fall before the injury", {"diagnoses": ("W010XXA", "R509")}, {"diagnoses": ("R509", "W010XXA")}),
    Example("principal_unused", "a vaccination first, and all services point to the cold",
            {"diagnoses": ("Z23", "J069"), "lines.0.pointers": (2,), "lines.1.pointers": (2,)}, {"diagnoses": ("Z23", "J069")}),
    Example("injury_unexplained", "a sprained ankle without its cause", {"diagnoses": ("S93401A", "R509")},
            {"diagnoses": ("S93401A", "R509"), "accident": Accident(("OA",), DAY)}),
    Example("before_icd10", "a visit of September 30, 2015", {"lines.0.served_on": date(2015, 9, 30)}, {"lines.0.served_on": date(2026, 10, 1)}),
    Example("diagnosis_shape", "J6", {"diagnoses": ("J6", "R509")}, {"diagnoses": ("QA001", "R509")}),
    Example("diagnosis_unknown", "J06.7 is on no list", {"diagnoses": ("J067", "R509"), "facts.known_diagnoses": frozenset({"J069", "R509"})},
            {"facts.known_diagnoses": frozenset({"J069", "R509"})}),
    Example("diagnosis_invalid", "E11 is the heading above E11.9", {"diagnoses": ("E11", "R509"), "facts.invalid": frozenset({"E11"})},
            {"diagnoses": ("E119", "R509"), "facts.invalid": frozenset({"E11"})}),
    Example("diagnosis_female", "a pregnancy of a man", {**MAN, "diagnoses": ("O0900", "R509")}, {"diagnoses": ("O0900", "R509")}),
    Example("diagnosis_male", "an enlarged prostate of a woman", {"diagnoses": ("N400", "R509")}, {**MAN, "diagnoses": ("N400", "R509")}),
    Example("diagnosis_newborn", "a newborn's jaundice at 46", {"diagnoses": ("P599", "R509")},
            {"diagnoses": ("P599", "R509"), "patient.birth_on": date(2026, 10, 1)}),
    Example("diagnosis_pregnancy_age", "a pregnancy at 70", {"diagnoses": ("O0900", "R509"), "patient.birth_on": date(1956, 1, 1)},
            {"diagnoses": ("O0900", "R509")}),
]  # fmt: skip

SERVICES = [
    Example("no_lines", "none", {"lines": ()}),
    Example("too_many_lines", "fifty-one", {"lines": lines(*(f"8{n:04}" for n in range(51)))}, {"lines": lines(*(f"8{n:04}" for n in range(50)))}),
    Example("zero_charge", "two services for nothing", {"lines.0.charge_cents": 0, "lines.1.charge_cents": 0}, {"lines.1.charge_cents": 0}),
    Example("charge_digits", "$100,000,000.00", {"lines.0.charge_cents": 10_000_000_000}, {"lines.0.charge_cents": 9_000_000_000}),
    Example("reference_twice", "C1L1 twice", {"lines.1.reference": "C1L1"}, {"lines.0.reference": "", "lines.1.reference": ""}),
    Example("procedure_shape", "9921", {"lines.0.procedure": "9921"}, {"lines.0.procedure": "0001F"}),
    Example("procedure_invalid", "99201 was retired in 2021", {**only("99201"), "facts.invalid": frozenset({"99201"})}, only("99202")),
    Example("no_price", "the second service has none", {"facts.priced": frozenset({1})}),
    Example("charge_negative", "-$1.00", {"lines.1.charge_cents": -1_00}, {"lines.1.charge_cents": 0}),
    Example("units_missing", "0", {"lines.1.units": Decimal(0)}, {"lines.1.units": Decimal(2)}),
    Example("units_fraction", "a visit and a half", {"lines.0.units": Decimal("1.5")}, {"lines.1.units": Decimal("1.5")}),
    Example("units_many", "1,000", {"lines.1.units": Decimal(1000)}, {"lines.1.units": Decimal(999)}),
    Example("unit_basis", "days", {"lines.1.unit_basis": "DA"}),
    Example("anaesthesia_minutes", "one unit", only("00400", modifiers=("AA",)),
            only("00400", modifiers=("AA",), unit_basis="MJ", units=Decimal(45))),
    Example("minutes_elsewhere", "a blood count of five minutes", {"lines.1.unit_basis": "MJ", "lines.1.units": Decimal(5)}),
    Example("unlisted_unexplained", "17999 without words", only("17999"), only("17999", description="Removal of a tattoo of 4 sq cm")),
    Example("description_long", "81 characters", only("17999", description="x" * 81), only("17999", description="x" * 80)),
    Example("reference_long", "51 characters", {"lines.0.reference": "R" * 51}, {"lines.0.reference": "R" * 50}),
    Example("pointer_missing", "no reason", {"lines.0.pointers": ()}),
    Example("pointer_unknown", "the third of two", {"lines.0.pointers": (1, 3)}, {"lines.0.pointers": (2, 1)}),
    Example("pointer_twice", "the first, twice", {"lines.0.pointers": (1, 1)}),
    Example("too_many_pointers", "five", {"diagnoses": ("J069", "R509", "R05", "R51", "R52"), "lines.0.pointers": (1, 2, 3, 4, 5)},
            {"diagnoses": ("J069", "R509", "R05", "R51"), "lines.0.pointers": (1, 2, 3, 4)}),
    Example("service_twice", "two blood counts", {"lines": lines("99213", "85025", "85025")},
            {"lines": (*lines("99213", "85025"), replace(lines("85025", modifiers=("91",))[0], number=3, reference="C1L3"))}),
    Example("billed_before", "another claim of that day has it", {"facts.same_day": frozenset({("99213", ())})},
            {"facts.same_day": frozenset({("99214", ())})}),
    Example("ncci_pair", "a blood count that belongs to the visit", {"facts.ptp": PAIR}, {"facts.ptp": PAIR, "lines.1.modifiers": ("59",)}),
    Example("ncci_units", "two of one a day", {"facts.mue": LIMIT, "lines.1.units": Decimal(2)}, {"facts.mue": LIMIT}),
    Example("ncci_add_on", "more time without the long visit", {"facts.add_ons": ON_TOP, **only("99417")},
            {"facts.add_ons": ON_TOP, "lines": lines("99215", "99417")}),
]  # fmt: skip

MODIFIERS = [
    Example("modifier_shape", "2", {"lines.1.modifiers": ("2",)}, {"lines.1.modifiers": ("QW",)}),
    Example("modifier_unknown", "Q9 is on no list", {"lines.1.modifiers": ("Q9",), "facts.known_modifiers": frozenset({"QW"})},
            {"lines.1.modifiers": ("QW",), "facts.known_modifiers": frozenset({"QW"})}),
    Example("modifier_twice", "QW twice", {"lines.1.modifiers": ("QW", "QW")}),
    Example("too_many_modifiers", "five", {"lines.1.modifiers": ("QW", "91", "GA", "KX", "XU")}, {"lines.1.modifiers": ("QW", "91", "GA", "KX")}),
    Example("both_sides", "LT and RT", only("73030", modifiers=("LT", "RT")), only("73030", modifiers=("LT",))),
    Example("bilateral_side", "50 and LT", only("73030", modifiers=("50", "LT")), only("73030", modifiers=("50",))),
    Example("bilateral_units", "50 with two units", only("73030", modifiers=("50",), units=Decimal(2)), only("73030", modifiers=("50",))),
    Example("both_components", "26 and TC", only("73030", modifiers=("26", "TC")), only("73030", modifiers=("26",))),
    Example("notice_conflict", "GA and GZ", {"lines.1.modifiers": ("GA", "GZ")}, {"lines.1.modifiers": ("GA",)}),
    Example("notice_never_covered", "GY and GZ", {"lines.1.modifiers": ("GY", "GZ")}, {"lines.1.modifiers": ("GY", "GX")}),
    Example("repeat_conflict", "76 and 77", {"lines.1.modifiers": ("76", "77")}, {"lines.1.modifiers": ("77",)}),
    Example("assistant_conflict", "80 and 82", only("47562", modifiers=("80", "82")), only("47562", modifiers=("AS", "80"))),
    Example("visit_modifier_elsewhere", "25 on a blood count", {"lines.1.modifiers": ("25",)}, {"lines.0.modifiers": ("25",)}),
    Example("visit_and_procedure", "a wart removed at the visit", {"lines": lines("99213", "17110")},
            {"lines": (replace(ONE, modifiers=("25",)), replace(lines("17110")[0], number=2, reference="C1L2"))}),
    Example("separate_visit", "59 on the visit", {"lines.0.modifiers": ("59",)}, {"lines.1.modifiers": ("59",)}),
    Example("separate_twice", "59 and XU", {"lines.1.modifiers": ("59", "XU")}, {"lines.1.modifiers": ("XU",)}),
    Example("anaesthesia_role", "nobody is named", only("00400", unit_basis="MJ", units=Decimal(45)),
            only("00400", unit_basis="MJ", units=Decimal(45), modifiers=("QZ",))),
    Example("telehealth_place", "95 in the office", {"lines.0.modifiers": ("95",)},
            {"lines.0.modifiers": ("95",), "place_of_service": "10", "lines.0.place_of_service": "10"}),
]  # fmt: skip

VISITS = [
    Example("place_unknown", "30", {"place_of_service": "30"}, {"place_of_service": "22"}),
    Example("line_place_unknown", "30", {"lines.1.place_of_service": "30"}, {"lines.1.place_of_service": "81"}),
    Example("hospital_visit", "a hospital day in the office", only("99221"), only("99221", place_of_service="22")),
    Example("emergency_visit", "in the office", only("99283"), only("99283", place_of_service="23")),
    Example("nursing_visit", "in the office", only("99309"), only("99309", place_of_service="31")),
    Example("home_visit", "in the office", only("99348"), only("99348", place_of_service="12")),
    Example("office_visit_in_hospital", "place 21", {"lines.0.place_of_service": "21"}, {"lines.0.place_of_service": "22"}),
    Example("admission_missing", "in the hospital since when?", {"place_of_service": "21"},
            {"place_of_service": "21", "dates.admitted_on": DAY}),
    Example("preventive_age", "a check-up of 18 to 39 at 46", {**only("99395"), "diagnoses": ("Z0000", "R509")},
            {**only("99396"), "diagnoses": ("Z0000", "R509")}),
    Example("preventive_diagnosis", "a check-up for a cold", only("99396"), {**only("99396"), "diagnoses": ("Z0000", "R509")}),
    Example("newborn_care", "of a woman of 46", only("99460", place_of_service="22"),
            {**only("99460", place_of_service="22"), "patient.birth_on": date(2026, 10, 14)}),
    Example("obstetric_sex", "a man's delivery", {**MAN, **only("59400")}, only("59400")),
    Example("female_organ", "a man's colposcopy", {**MAN, **only("57454")}, only("57454")),
    Example("male_organ", "a woman's vasectomy", only("55250"), {**MAN, **only("55250")}),
    Example("vaccine_not_given", "a flu shot that nobody gave", only("90686"), {"lines": lines("90686", "90471")}),
    Example("vaccine_missing", "gave, but what?", only("90471"), {"lines": lines("90471", "90715")}),
    Example("ndc_shape", "ten digits", {"lines.0.ndc": "1234567890"}, {"lines.0.ndc": "00012345678"}),
    Example("ndc_unit", "tablets", {**DRUG, "lines.0.ndc_unit": "TB"}, {**DRUG, "lines.0.ndc_unit": "ML"}),
    Example("ndc_quantity", "0 ml", {"lines.0.ndc": "00012345678", "lines.0.ndc_quantity": Decimal(0)},
            {"lines.0.ndc": "00012345678", "lines.0.ndc_quantity": Decimal("0.5")}),
    Example("ndc_alone", "a prescription of nothing", {"lines.0.prescription": "RX1"}, {"lines.0.ndc": "00012345678", "lines.0.prescription": "RX1"}),
    Example("drug_unnumbered", "J1885 without NDC", only("J1885"), only("J1885", ndc="00012345678")),
    Example("clia_shape", "38-D0000001", {"clia": "38-D0000001"}, {"clia": "38D0000001"}),
    Example("mammography_certificate", "77067 without it", only("77067"), {**only("77067"), "mammography": "MAM1"}),
]  # fmt: skip

CIRCUMSTANCES = [
    Example("accident_cause", "no kind", {"accident": Accident((), DAY)}, {"accident": Accident(("EM",), DAY)}),
    Example("accident_date", "a fall, some day", {"accident": Accident(("OA",))}, {"accident": Accident(("EM",))}),
    Example("accident_after", "the day after the visit", {"accident": Accident(("OA",), date(2026, 10, 16))}, {"accident": Accident(("OA",), DAY)}),
    Example("accident_state", "a car accident somewhere", {"accident": Accident(("AA",), DAY)}, {"accident": Accident(("AA",), DAY, "OR")}),
    Example("date_after_service", "onset after the visit", {"dates.onset_on": date(2026, 10, 20)}, {"dates.onset_on": date(2026, 10, 10)}),
    Example("dates_backwards", "discharged before admitted", {"dates.admitted_on": DAY, "dates.discharged_on": date(2026, 10, 14)},
            {"dates.admitted_on": DAY, "dates.discharged_on": DAY}),
    Example("date_future", "admitted next month", {"dates.admitted_on": date(2026, 12, 1)}, {"dates.admitted_on": DAY}),
    Example("paper_kind", "no kind", {"attachments": (Attachment(""),)}, {"attachments": (Attachment("OZ"),)}),
    Example("paper_way", "by pigeon", {"attachments": (Attachment("OZ", "PG", "1"),)}, {"attachments": (Attachment("OZ", "FX", "1"),)}),
    Example("paper_number", "a fax without a number", {"attachments": (Attachment("OZ", "FX"),)}, {"attachments": (Attachment("OZ", "AA"),)}),
    Example("too_many_papers", "eleven", {"attachments": (Attachment("OZ"),) * 11}, {"attachments": (Attachment("OZ"),) * 10}),
    Example("note_kind", "XYZ", {"notes": (Note("See chart", "XYZ"),)}, {"notes": (Note("See chart"),)}),
    Example("note_long", "81 characters", {"notes": (Note("x" * 81),)}, {"notes": (Note("x" * 80),)}),
    Example("note_empty", "blanks", {"notes": (Note("  "),)}, {"notes": ()}),
    Example("ride_missing", "a ride without why and how far", only("A0429"), {**only("A0429"), "ambulance": RIDE}),
    Example("ride_reason", "Z", {"ambulance": replace(RIDE, reason="Z")}, {"ambulance": RIDE}),
    Example("ride_miles", "-1", {"ambulance": replace(RIDE, miles=Decimal(-1))}, {"ambulance": replace(RIDE, miles=Decimal(0))}),
    Example("ride_ends", "to nowhere", {"ambulance": replace(RIDE, drop_off=None)}, {"ambulance": RIDE}),
]  # fmt: skip

FORMS = [
    Example("control_number", "a blank inside", {"control_number": "C 1"}, {"control_number": "A" * 20}),
    Example("frequency", "2", {"frequency": "2"}, {"frequency": "7", "payer_claim_number": "ICN1"}),
    Example("original_number", "a void of nothing", {"frequency": "8"}, {"frequency": "8", "payer_claim_number": "ICN1"}),
    Example("original_number_unasked", "a new claim with a number", {"payer_claim_number": "ICN1"}, {"frequency": "7", "payer_claim_number": "ICN1"}),
    Example("assignment", "P, of the former standard", {"accept_assignment": "P"}, {"accept_assignment": "C"}),
    Example("benefits", "empty", {"benefits_assigned": ""}, {"benefits_assigned": "W"}),
    Example("release", "N", {"release_of_information": "N"}, {"release_of_information": "I"}),
    Example("signature", "empty", {"signature": ""}, {"signature": "N"}),
    Example("patient_signature", "B, of the former standard", {"patient_signature": "B"}, {"patient_signature": "P"}),
    Example("delay_reason", "12", {"delay_reason": "12"}, {"delay_reason": "11"}),
    Example("program", "01", {"program": "01"}, {"program": "09"}),
    Example("patient_paid_negative", "-$5.00", {"patient_paid_cents": -5_00}, {"patient_paid_cents": 5_00}),
    Example("patient_paid_more", "$200.00 of $150.00", {"patient_paid_cents": 200_00}, {"patient_paid_cents": 150_00}),
    Example("authorization_long", "51 characters", {"prior_authorization": "A" * 51}, {"prior_authorization": "A" * 50}),
    Example("authorization_is_referral", "A1 in both", {"prior_authorization": "A1", "referral_number": "A1"},
            {"prior_authorization": "A1", "referral_number": "R1"}),
    Example("authorization", "Quillhaven wants to be asked before a blood count", {"facts.payer": PayerRules(authorization=frozenset({"85025"}))},
            {"facts.payer": PayerRules(authorization=frozenset({"85025"})), "lines.1.prior_authorization": "A1"}),
]  # fmt: skip

DATES = [
    Example("future", "tomorrow", {"lines.0.served_on": date(2026, 11, 3)}, {"lines.0.served_on": TODAY}),
    Example("span_backwards", "ends the day before", {"lines.0.served_until": date(2026, 10, 14)}, {"lines.0.served_until": DAY}),
    Example("span_future", "until next week", {"lines.0.served_until": date(2026, 11, 9)}, {"lines.0.served_until": TODAY}),
    Example("span_long", "two years", {"lines.0.served_on": date(2024, 10, 1), "lines.0.served_until": DAY, "facts.payer": PayerRules(),
                                       "coverage.valid_from": None, "lines.1.served_on": date(2024, 10, 1)},
            {"lines.0.served_until": date(2026, 10, 30)}),
    Example("days_far_apart", "September and October", {"lines.0.served_on": date(2026, 9, 1)}, {"lines.0.served_on": date(2026, 9, 20)}),
    Example("too_late", "taken for ten days", {"facts.payer": PayerRules(filing_days=10)},
            {"facts.payer": PayerRules(filing_days=10), "delay_reason": "11"}),
    Example("deadline_near", "taken for twenty days", {"facts.payer": PayerRules(filing_days=20)}, {"facts.payer": PayerRules(filing_days=60)}),
]  # fmt: skip
