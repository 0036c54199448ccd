"""Which edits need not be asked of every claim: those on a part that claims share, and those on what is seldom there.

Edits that look at one part of a claim alone are asked once of each such part that differs in a batch; those that look at its services
and diagnoses together once of all claims that are alike in these.

They are given that part and nothing else, so that one which comes to look at more fails at once and is taken off its list here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

from claims_service.domain.claim.claim import Claim, ClaimLine
from claims_service.domain.claim.edits.edit import ClaimEdit, DiagnosisEdit, LineEdit
from claims_service.domain.claim.edits.finding import Facts


@dataclass(frozen=True, slots=True)
class Part:
    """Names of the fields that some edits look at, of the claim, one line and the facts. edits: their ids.

    by_identity: claims of a batch share the objects themselves (the clinic, its providers, empty tuples), so that these need
    no comparing; else two parts with equal values are one. Facts are always told apart by identity, but for those of `own_facts`.
    """

    claim: tuple[str, ...]
    edits: frozenset[str]
    line: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    by_identity: bool = False
    own_facts: tuple[str, ...] = ()


def _fields_of(kind: type, *but: str) -> tuple[str, ...]:
    """Names of all its fields but these."""
    return tuple(field.name for field in fields(kind) if field.name not in " ".join(but).split())


_PROVIDERS = "rendering referring second_referring facility supervising"
PROVIDERS = Part(
    ("billing", "rendering", "referring", "second_referring", "facility", "supervising"),
    frozenset(
        "billing_name billing_npi billing_tax_id billing_taxonomy billing_street billing_address billing_state billing_zip billing_phone"
        " pay_to_address rendering_npi rendering_name rendering_taxonomy referring_npi referring_name second_referring_alone facility_npi"
        " facility_address facility_is_clinic supervising_npi supervising_is_rendering".split()
    ),
    by_identity=True,
)
AROUND = Part(
    (
        "frequency", "payer_claim_number", "accept_assignment", "benefits_assigned", "release_of_information", "signature",
        "patient_signature", "delay_reason", "program", "prior_authorization", "referral_number", "accident", "dates", "ambulance",
        "sequence", "other_payers",
    ),
    frozenset(
        "frequency original_number original_number_unasked assignment benefits release signature patient_signature delay_reason program"
        " authorization_long authorization_is_referral accident_cause accident_date accident_state dates_backwards date_future ride_reason"
        " ride_miles ride_ends sequence_code plan_order first_decision other_identifier other_member_id other_relationship"
        " other_paid_negative decision_future".split()
    ),
    facts=("today",),
    by_identity=True,
)  # fmt: skip
SERVICE = Part(
    ("place_of_service", "patient.sex", "mammography"),
    frozenset(
        "procedure_shape units_missing units_fraction units_many unit_basis anaesthesia_minutes minutes_elsewhere unlisted_unexplained"
        " description_long pointer_missing pointer_twice too_many_pointers modifier_shape modifier_unknown modifier_twice"
        " too_many_modifiers both_sides bilateral_side bilateral_units both_components notice_conflict notice_never_covered"
        " repeat_conflict assistant_conflict visit_modifier_elsewhere separate_visit separate_twice anaesthesia_role telehealth_place"
        " line_place_unknown hospital_visit emergency_visit nursing_visit home_visit office_visit_in_hospital obstetric_sex female_organ"
        " male_organ ndc_shape ndc_unit ndc_quantity ndc_alone drug_unnumbered mammography_certificate line_rendering_npi"
        " line_facility_npi line_supervising_npi line_ordering_npi line_referring_npi".split()
    ),
    line=(
        "procedure", "modifiers", "units", "unit_basis", "qualifier", "place_of_service", "description", "pointers", "ndc", "ndc_unit",
        "ndc_quantity", "prescription", "mammography", "rendering", "facility", "supervising", "ordering", "referring",
    ),
    facts=("known_modifiers",),
)  # fmt: skip
PERSON = Part(
    ("patient", "coverage", "medicare_reason", "sequence"),
    frozenset(
        "patient_name patient_name_digits patient_birth patient_age patient_address patient_state patient_zip payer_identifier payer_name"
        " filing_code member_id member_id_short member_id_blanks member_id_shape member_id_social_security group_is_member relationship"
        " subscriber other_is_self medicare_reason_missing medicare_reason_unasked".split()
    ),
    facts=("today", "payer"),
    by_identity=True,
)
ALIKE = Part(
    (*_fields_of(Claim, "control_number lines billing patient coverage", _PROVIDERS), "patient.sex"),
    frozenset(
        "patient_sex medicare_reason_code decision_undated adjustment_group adjustment_reasons passed_over_amount no_diagnosis"
        " too_many_diagnoses diagnosis_twice principal_external_cause principal_unused injury_unexplained before_icd10 no_lines"
        " too_many_lines zero_charge charge_digits place_unknown admission_missing clia_shape accident_after date_after_service paper_kind"
        " paper_way paper_number too_many_papers note_kind note_long note_empty ride_missing patient_paid_negative patient_paid_more"
        " authorization_unknown authorization_not_begun authorization_expired authorization_used_up authorization_last"
        " authorization_for_others authorization_forgotten days_far_apart too_late deadline_near procedure_invalid no_price"
        " charge_negative pointer_unknown service_twice ncci_pair ncci_units ncci_add_on visit_and_procedure preventive_diagnosis"
        " vaccine_not_given vaccine_missing authorization follow_up_charged future diagnosis_shape diagnosis_unknown diagnosis_invalid"
        " diagnosis_female diagnosis_male".split()
    ),
    line=_fields_of(ClaimLine, "reference"),
    facts=("today", "payer", "known_diagnoses", "known_modifiers", "ptp", "mue", "add_ons", "authorizations"),
    own_facts=("priced", "invalid"),
)
PARTS = (PROVIDERS, AROUND, SERVICE, PERSON, ALIKE)


@dataclass(frozen=True, slots=True)
class Only:
    """Edits that can't be broken where a field of the line or the facts is empty, as it nearly always is."""

    field: str
    edits: frozenset[str]


ONLY_WITH_LINE = (
    Only("decisions", frozenset({"decision_balance", "decision_negative", "decision_of_stranger"})),
    Only("served_until", frozenset({"span_backwards", "span_future", "span_long"})),
)
ONLY_WITH_FACTS = (
    Only("follow_ups", frozenset({"global_visit", "global_visit_before", "global_surgery"})),
    Only("earlier", frozenset({"new_patient_seen"})),
    Only("same_day", frozenset({"billed_before"})),
    Only("authorizations", frozenset({"authorization_other_service"})),
)
Values = tuple[Any, ...]
Broken = Sequence[tuple[Any, int]]  # an edit, and the place of the line or diagnosis it is about


def values_of(names: Sequence[str]) -> Callable[[Any], Values]:
    """What gives the values of some fields, in order, dotted names reaching deeper."""
    if not names:
        return lambda holder: ()
    get = attrgetter(*names)
    return get if len(names) > 1 else lambda holder: (get(holder),)


def view(names: Sequence[str], values: Values) -> Any:
    """Something that has these fields and no others."""
    found = SimpleNamespace()
    for name, value in zip(names, values, strict=True):
        *outer, last = name.split(".")
        holder = found
        for step in outer:
            holder = holder.__dict__.setdefault(step, SimpleNamespace())
        setattr(holder, last, value)
    return found


class Asked:
    """The edits of one part with what they found before in a batch: `broken` gives those that a claim breaks."""

    def __init__(self, part: Part, checks: Sequence[Any]) -> None:
        self._part, self._checks = part, checks
        self._claim, self._line, self._facts = values_of(part.claim), values_of(part.line), values_of(part.facts)
        self._known: dict[Any, tuple[Values, Sequence[Any]]] = {}

    def of_claim(self, claim: Claim, facts: Facts) -> Sequence[Any]:
        """Edits that the part of a claim breaks."""
        values, beside = self._claim(claim), self._facts(facts)
        key = tuple(map(id, values + beside)) if self._part.by_identity else (values, *map(id, beside))
        if key not in self._known:
            seen = view(self._part.claim, values), view(self._part.facts, beside)
            self._known[key] = values + beside, [check for check in self._checks if check.broken(*seen)]
        return self._known[key][1]

    def of_line(self, about: Values, line: ClaimLine, beside: Values) -> Sequence[Any]:
        """Edits that a line with its claim's part breaks; about, beside: from `claim_values` and `facts_values`."""
        values = self._line(line)
        key = (values, about, *map(id, beside))
        known = self._known.get(key)
        if known is None:
            part = self._part
            seen = view(part.claim, about), view(part.line, values), view(part.facts, beside)
            known = beside, [check for check in self._checks if check.broken(*seen)]
            self._known[key] = known
        return known[1]

    def around(self, claim: Claim, facts: Facts) -> tuple[Values, Values]:
        """(values of the claim, values of the facts) for `of_line`."""
        return self._claim(claim), self._facts(facts)


class AskedAlike:
    """The edits of ALIKE and SERVICE with what they found before in a batch, by the services and diagnoses of a claim."""

    def __init__(self, checks: Sequence[Any], service: Asked) -> None:
        self._service = service
        self._claim, self._line, self._facts = values_of(ALIKE.claim), values_of(ALIKE.line), values_of(ALIKE.facts)
        self._own_facts = values_of(ALIKE.own_facts)
        self._of_claim = [check for check in checks if isinstance(check, ClaimEdit)]
        self._of_line = [check for check in checks if isinstance(check, LineEdit)]
        self._of_diagnosis = [check for check in checks if isinstance(check, DiagnosisEdit)]
        self._known: dict[Any, tuple[Values, Broken]] = {}

    def of_claim(self, claim: Claim, facts: Facts) -> Broken:
        """Edits that a claim breaks, each with the line or diagnosis it is about."""
        values, beside, own = self._claim(claim), self._facts(facts), self._own_facts(facts)
        lines = tuple(map(self._line, claim.lines))
        key = (values, lines, own, *map(id, beside))
        known = self._known.get(key)
        if known is None:
            seen = view(ALIKE.claim, values)
            seen.lines = [view(ALIKE.line, line) for line in lines]
            if lines:
                seen.served_on = claim.served_on
            seen.charge_cents = claim.charge_cents
            found = self._broken(seen, view((*ALIKE.facts, *ALIKE.own_facts), beside + own))
            about, besides = self._service.around(claim, facts)
            for at, line in enumerate(claim.lines):
                found += [(check, at) for check in self._service.of_line(about, line, besides)]
            known = self._known[key] = beside, found
        return known[1]

    def _broken(self, claim: Any, facts: Any) -> list[tuple[Any, int]]:
        found: list[tuple[Any, int]] = [(check, -1) for check in self._of_claim if check.broken(claim, facts)]
        for at, line in enumerate(claim.lines):
            found += [(check, at) for check in self._of_line if check.broken(claim, line, facts)]
        for at in range(len(claim.diagnoses)):
            found += [(check, at) for check in self._of_diagnosis if check.broken(claim, at, facts)]
        return found
