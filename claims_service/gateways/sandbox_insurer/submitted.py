"""A claim as the insurer reads it out of an 837P: named values of the segments, nothing more."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from claims_service.domain.money import cents
from claims_service.formats.x12.node import Node, Part, Segment


@dataclass(slots=True)
class Prior:
    """What an earlier payer decided on a line (2430): payer, paid and (group, reason, cents) of each adjustment."""

    payer: str
    paid_cents: int
    adjustments: list[tuple[str, str, int]] = field(default_factory=list)


@dataclass(slots=True)
class Line:
    """reference: REF*6R, the LX number when the sender gave none."""

    reference: str
    procedure: str
    modifiers: list[str]
    charge_cents: int
    units: str
    served_on: str
    prior: list[Prior] = field(default_factory=list)


@dataclass(slots=True)
class Claim:
    """Dates stay CCYYMMDD as sent. prior_payers: 2330B NM109 of payers that paid before; order: SBR01."""

    control_number: str
    charge_cents: int
    place: str
    frequency: str
    replaces: str
    order: str
    member_id: str
    patient_last: str
    patient_first: str
    payer_id: str
    billing_npi: str
    billing_name: str
    billing_tax_id: str
    rendering_npi: str
    authorization: str
    lines: list[Line] = field(default_factory=list)
    prior_payers: list[str] = field(default_factory=list)

    @property
    def served_on(self) -> str:
        return min(line.served_on for line in self.lines)

    @property
    def served_until(self) -> str:
        return max(line.served_on for line in self.lines)

    @classmethod
    def from_state(cls, kept: dict[str, Any]) -> "Claim":
        """The claim out of the JSON that dataclasses.asdict wrote."""
        lines = [Line(**{**line, "prior": [_prior(p) for p in line["prior"]]}) for line in kept["lines"]]
        return cls(**{**kept, "lines": lines})


def _prior(kept: dict[str, Any]) -> Prior:
    return Prior(
        kept["payer"], kept["paid_cents"], [(group, reason, amount) for group, reason, amount in kept["adjustments"]]
    )


def read_claim(part: Part, component: str) -> Claim:
    """One 2300 loop with the levels above it."""
    above = {node.loop.id: node for node in part.parents}
    claim, subscriber, billing = part.node, above["2000B"], _child(above["2000A"], "2010AA")
    insured, patient = _child(subscriber, "2010BA"), _child(above["2000C"], "2010CA") if "2000C" in above else None
    name = (patient or insured).first("NM1", size=9) or []
    head = claim.first("CLM", size=12) or []
    place = [*head[5].split(component), "", ""]
    return Claim(
        control_number=head[1],
        charge_cents=cents(head[2]),
        place=place[0],
        frequency=place[2] or "1",
        replaces=claim.value("REF", "F8", 2),
        order=subscriber.value("SBR", "", 1),
        member_id=insured.value("NM1", "IL", 9),
        patient_last=name[3],
        patient_first=name[4],
        payer_id=_child(subscriber, "2010BB").value("NM1", "PR", 9),
        billing_npi=billing.value("NM1", "85", 9),
        billing_name=billing.value("NM1", "85", 3),
        billing_tax_id=billing.value("REF", "EI", 2),
        rendering_npi=next((n.value("NM1", "82", 9) for n in claim.loops("2310B")), ""),
        authorization=claim.value("REF", "G1", 2),
        lines=[_line(node, component) for node in claim.loops("2400")],
        prior_payers=[
            b.value("NM1", "PR", 9) for o in claim.loops("2320") if o.value("AMT", "D", 2) for b in o.loops("2330B")
        ],
    )


def _child(node: Node, loop: str) -> Node:
    found = node.child(loop)
    if found is None:
        raise ValueError(f"loop {loop} is missing")
    return found


def _line(node: Node, component: str) -> Line:
    service = node.first("SV1", size=7) or []
    code = service[1].split(component)
    return Line(
        reference=node.value("REF", "6R", 2) or node.value("LX", "", 1),
        procedure=code[1],
        modifiers=[m for m in code[2:6] if m],
        charge_cents=cents(service[2]),
        units=service[4] or "1",
        served_on=node.value("DTP", "472", 3)[:8],
        prior=[_decision(decided) for decided in node.loops("2430")],
    )


def _decision(node: Node) -> Prior:
    found = Prior(node.value("SVD", "", 1), cents(node.value("SVD", "", 2) or "0"))
    for segment in node.segments("CAS"):
        found.adjustments += adjustments(segment)
    return found


def adjustments(segment: Segment) -> Iterator[tuple[str, str, int]]:
    """(group, reason, cents) of a CAS: up to six triplets of reason, amount, quantity."""
    for at in range(2, len(segment) - 1, 3):
        if segment[at]:
            yield segment[1], segment[at], cents(segment[at + 1])
