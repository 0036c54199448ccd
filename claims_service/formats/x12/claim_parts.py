"""Pieces that every 837 writes alike: providers, attachments, notes, coded facts and what other payers decided."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any

from claims_service.domain.claim.circumstances import Attachment, Billed
from claims_service.domain.claim.claim import Adjustment, LineDecision, OtherPayer
from claims_service.domain.party import Provider
from claims_service.formats.x12.claim_levels import PERSON, AddressForms
from claims_service.formats.x12.guide import guide
from claims_service.formats.x12.plain import amount_text, day_text, quantity_text
from claims_service.formats.x12.writer import Form, Writer, form

MOST_REASONS = 6  # triplets in one CAS
TRIPLETS = " ".join(f"reason{i} amount{i} quantity{i}" for i in range(1, MOST_REASONS + 1))
MODIFIERS = "modifier1 modifier2 modifier3 modifier4"


class ProviderForms:
    """NM1, PRV, N3, N4 and REF of one provider's loop, as far as the guide has them there."""

    __slots__ = ("address", "is_named", "kinds", "name", "number", "specialty")

    def __init__(self, guide_name: str, loop: str, entity: str, role: str = "") -> None:
        known = guide(guide_name)
        use = known.use(loop, "NM1", entity)
        elements = {one.element.name: one for one in use.elements}
        self.is_named = "first" in elements
        self.kinds = elements["entity_type"].codes
        names = PERSON if self.is_named else "last"
        self.name = form(guide_name, loop, "NM1", f"entity={entity} entity_type {names} id_qualifier id")
        there = {one.id for one in known.loops[loop].segments}
        specialty = f"role={role} qualifier=PXC taxonomy"
        self.specialty = form(guide_name, loop, "PRV", specialty) if role and "PRV" in there else None
        self.address = AddressForms(guide_name, loop) if "N3" in there else None
        self.number = form(guide_name, loop, "REF", "qualifier value") if "REF" in there else None

    def write(self, out: Writer, provider: Provider) -> None:
        kind = self.kinds[0] if len(self.kinds) == 1 else "1" if provider.is_person else "2"
        name = (provider.last, provider.first, provider.middle, provider.suffix)
        out.add(self.name, kind, *(name if self.is_named else name[:1]), "XX" if provider.npi else "", provider.npi)
        if self.specialty and provider.taxonomy:
            out.add(self.specialty, provider.taxonomy)
        if self.address and provider.address.complete:
            self.address.write(out, provider.address)
        if self.number:
            for qualifier, value in provider.numbers:
                out.add(self.number, qualifier, value)


def attachment_form(guide_name: str, loop: str) -> Form:
    """The form of PWK in a loop (X12 PWK01, PWK02, PWK05, PWK06)."""
    return form(guide_name, loop, "PWK", "type transmission id_qualifier id")


def write_attachments(out: Writer, pwk: Form, attachments: Sequence[Attachment]) -> None:
    """A PWK for each attachment, in order."""
    for one in attachments:
        out.add(pwk, one.report, one.transmission, "AC" if one.control_number else "", one.control_number)


class NumberForms:
    """REFs of one loop, in the guide's order; numbers: (qualifier, field of the claim or line that holds the number).

    by_code: qualifier -> field, for whoever reads them back. forms: field -> its REF.
    """

    __slots__ = ("_held", "by_code", "forms")

    def __init__(self, guide_name: str, loop: str, *numbers: tuple[str, str]) -> None:
        self.by_code = dict(numbers)
        self.forms = {
            field: form(guide_name, loop, "REF", f"qualifier={code} value", "value") for code, field in numbers
        }
        self._held = _reader_of([field for _, field in numbers])

    def write(self, out: Writer, holder: object) -> None:
        held = self._held(holder)
        if any(held):
            for ref, value in zip(self.forms.values(), held, strict=True):
                if value:
                    out.add(ref, value)


class Seats:
    """The providers of a claim or line; seats: (loop, NM101, PRV01 or "", field that holds the provider).

    by_loop: (loop, NM101) -> field, for whoever reads them back.
    """

    __slots__ = ("_forms", "_held", "by_loop")

    def __init__(self, guide_name: str, *seats: tuple[str, str, str, str]) -> None:
        self.by_loop = {(loop, entity): field for loop, entity, _, field in seats}
        self._forms = tuple(ProviderForms(guide_name, loop, entity, role) for loop, entity, role, _ in seats)
        self._held = _reader_of([field for *_, field in seats])

    def write(self, out: Writer, holder: object) -> None:
        held = self._held(holder)
        if any(held):
            for forms, someone in zip(self._forms, held, strict=True):
                if someone:
                    forms.write(out, someone)


def _reader_of(fields: Sequence[str]) -> Callable[[object], tuple[Any, ...]]:
    """All those fields of an object at once, always as a tuple."""
    if len(fields) > 1:
        return attrgetter(*fields)
    one = attrgetter(fields[0])
    return lambda holder: (one(holder),)


def write_days(out: Writer, dtp: Form, start: date, end: date | None) -> None:
    """A DTP of one day (D8), or of a range (RD8) that ends on another."""
    if end and end != start:
        out.add(dtp, "RD8", f"{day_text(start)}-{day_text(end)}")
    else:
        out.add(dtp, "D8", day_text(start))


class DrugForms:
    """Loop 2410: the drug's NDC, how much of it, and the prescription."""

    __slots__ = ("drug", "prescription", "quantity")

    def __init__(self, guide_name: str) -> None:
        self.drug = form(guide_name, "2410", "LIN", "qualifier=N4 code")
        self.quantity = form(guide_name, "2410", "CTP", "quantity unit{code}")
        self.prescription = form(guide_name, "2410", "REF", "qualifier=XZ value")

    def write(self, out: Writer, ndc: str, quantity: Decimal, unit: str, prescription: str) -> None:
        out.add(self.drug, ndc)
        out.add(self.quantity, quantity_text(quantity), unit)
        if prescription:
            out.add(self.prescription, prescription)


def coded_forms(guide_name: str, first: str, rest: str = "", most: int = 12, parts: str = "") -> list[Form]:
    """The HIs of one family with 1 to `most` codes; `rest` qualifies those behind the first, `parts` adds elements."""
    inner = f" {parts}" if parts else ""
    return [
        form(guide_name, "2300", "HI", f"code1{{qualifier={first} code{inner}}}" + "".join(
            f" code{i}{{qualifier={rest or first} code{inner}}}" for i in range(2, count + 1)
        ))
        for count in range(1, most + 1)
    ]  # fmt: skip


def write_coded(out: Writer, forms: Sequence[Form], facts: Sequence[Sequence[str]]) -> None:
    """Facts in as many HIs as they need, each fact with the values of its composite."""
    for first in range(0, len(facts), len(forms)):
        few = facts[first : first + len(forms)]
        out.add(forms[len(few) - 1], *(value for fact in few for value in fact))


class OtherPayerForms:
    """Loops 2320, 2330A, 2330B and 2430 in one guide."""

    def __init__(self, guide_name: str) -> None:
        def of(loop: str, segment: str, fields: str) -> Form:
            return form(guide_name, loop, segment, fields)

        known = guide(guide_name)
        coverage = {one.element.name for one in known.use("2320", "SBR").elements}
        self.has_medicare_reason = "medicare_reason" in coverage
        reason = "medicare_reason " if self.has_medicare_reason else ""
        self.coverage = of("2320", "SBR", f"order relation group plan {reason}filing")
        self.cas = {loop: of(loop, "CAS", f"group {TRIPLETS}") for loop in ("2320", "2430")}
        amounts = (("D", "paid_cents"), ("A8", "not_covered_cents"), ("EAF", "patient_share_cents"))
        made = [(of("2320", "AMT", f"qualifier={code} amount"), field) for code, field in amounts]
        self.amounts = sorted(made, key=lambda one: one[0].use.slot)
        self.left = of("2430", "AMT", "qualifier=EAF amount")
        self.consents = of("2320", "OI", "benefits release")
        self.remarks = of("2320", "MOA", " ".join(f"remark{i}" for i in range(1, 6)))
        self.subscriber = of("2330A", "NM1", f"entity=IL entity_type {PERSON} id_qualifier=MI id")
        self.payer = of("2330B", "NM1", "entity=PR entity_type=2 last id_qualifier=PI id")
        self.addresses = {loop: AddressForms(guide_name, loop) for loop in ("2330A", "2330B")}
        self.decided = {loop: of(loop, "DTP", "qualifier=573 format=D8 date") for loop in ("2330B", "2430")}
        self.numbers = {q: of("2330B", "REF", f"qualifier={q} value") for q in ("G1", "9F", "F8")}
        fourth = [one.element.name for one in known.use("2430", "SVD").elements if one.position == 4]
        self.has_revenue = bool(fourth)
        revenue = f"{fourth[0]} " if fourth else ""
        self.decision = of(
            "2430", "SVD", f"payer paid procedure{{qualifier code {MODIFIERS}}} {revenue}quantity bundled_into"
        )

    def write(self, out: Writer, other: OtherPayer, claim: Billed) -> None:
        """2320 with 2330A and 2330B; adjustments go out word for word as they came in the other payer's 835."""
        reason = (other.medicare_reason,) if self.has_medicare_reason else ()
        plan = "" if other.group_number else other.plan_name
        out.add(
            self.coverage, other.sequence, other.relationship, other.group_number, plan, *reason, other.payer.filing
        )
        write_adjustments(out, self.cas["2320"], other.adjustments)
        for amount, field in self.amounts:
            value = getattr(other, field)
            if value is not None:
                out.add(amount, amount_text(value))
        out.add(self.consents, other.benefits_assigned or claim.benefits_assigned,
                other.release_of_information or claim.release_of_information)  # fmt: skip
        if other.remarks:
            out.add(self.remarks, *(*other.remarks, "", "", "", "", "")[:5])
        self._parties(out, other)

    def _parties(self, out: Writer, other: OtherPayer) -> None:
        person, payer = other.subscriber, other.payer
        kind = "1" if person.first or other.relationship == "18" else "2"
        out.add(self.subscriber, kind, person.last, person.first, person.middle, person.suffix, other.member_id)
        if person.address.complete:
            self.addresses["2330A"].write(out, person.address)
        out.add(self.payer, payer.name, payer.identifier)
        if payer.address.complete:
            self.addresses["2330B"].write(out, payer.address)
        if other.decided_on:
            out.add(self.decided["2330B"], day_text(other.decided_on))
        for qualifier, value in (
            ("G1", other.prior_authorization),
            ("9F", other.referral_number),
            ("F8", other.payer_claim_number),
        ):
            if value:
                out.add(self.numbers[qualifier], value)

    def write_decision(self, out: Writer, decision: LineDecision, qualifier: str) -> None:
        """2430; what is left to the patient (AMT*EAF) is the sum of the PR adjustments."""
        modifiers = (*decision.modifiers, "", "", "", "")[:4]
        revenue = (decision.revenue_code,) if self.has_revenue else ()
        bundled = "" if decision.bundled_into is None else str(decision.bundled_into)
        out.add(self.decision, decision.payer_identifier, amount_text(decision.paid_cents),
                qualifier if decision.procedure else "", decision.procedure, *modifiers, *revenue,
                quantity_text(decision.units), bundled)  # fmt: skip
        write_adjustments(out, self.cas["2430"], decision.adjustments)
        out.add(self.decided["2430"], day_text(decision.decided_on))
        left = sum(adjustment.cents for adjustment in decision.adjustments if adjustment.group == "PR")
        if left > 0:
            out.add(self.left, amount_text(left))


def write_adjustments(out: Writer, cas: Form, adjustments: Sequence[Adjustment]) -> None:
    """One CAS a group. A group with more than six reasons fits no 837 and is refused (X12 allows it in the 835 only)."""
    groups: dict[str, list[Adjustment]] = {}
    for adjustment in adjustments:
        groups.setdefault(adjustment.group, []).append(adjustment)
    for group, members in groups.items():
        values = adjustment_values(members[:MOST_REASONS])
        if len(members) > MOST_REASONS:
            out.refuse(cas, "More than six reasons in one adjustment group.", "Send this claim on paper.")
        out.add(cas, group, *values)


def adjustment_values(adjustments: Sequence[Adjustment]) -> list[str]:
    """Reason, amount and quantity of up to six adjustments, empty behind the last."""
    values: list[str] = []
    for adjustment in adjustments:
        quantity = "" if adjustment.quantity is None else quantity_text(adjustment.quantity)
        values += (adjustment.reason, amount_text(adjustment.cents), quantity)
    return values + [""] * (3 * MOST_REASONS - len(values))
