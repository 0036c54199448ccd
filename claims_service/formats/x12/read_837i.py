"""An 837I to institutional claims, one at a time."""

from collections.abc import Sequence
from decimal import Decimal

from claims_service.domain.claim.institutional import (
    CodedValue,
    FoundDiagnosis,
    InstitutionalClaim,
    Occurrence,
    RevenueLine,
    Surgery,
)
from claims_service.formats.x12 import read_claim_levels as levels
from claims_service.formats.x12 import values, write_837i
from claims_service.formats.x12.claim_file import ClaimFile
from claims_service.formats.x12.node import Node, Segment, padded
from claims_service.formats.x12.tokenizer import Source

_NUMBERS = write_837i.NUMBERS.by_code
_CLAIM_PROVIDERS = write_837i.CLAIM_PROVIDERS.by_loop
_LINE_PROVIDERS = write_837i.LINE_PROVIDERS.by_loop


def read_837i(source: Source) -> ClaimFile[InstitutionalClaim]:
    """Read an 837I (005010X223A2) from bytes or a binary stream; memory holds one claim."""
    return ClaimFile(source, {"837i": claim})


def claim(node: Node, parents: Sequence[Node], component: str) -> InstitutionalClaim:
    """Loop 2300 under its 2000A, 2000B and, for a dependant, 2000C.

    Raises:
        Unreadable: an amount, date or number can't be read.
    """
    clm = padded(node.items[0], 20)  # type: ignore[arg-type]
    bill = [*clm[5].split(component), "", ""]
    found = levels.above(parents)
    statement = values.days(node.first("DTP", "434", 3) or ["DTP", "434", "RD8", ""], 3)
    stay = node.first("CL1", size=3) or [""] * 4
    admission = node.value("DTP", "435", 3)
    notes = levels.notes(node)
    return InstitutionalClaim(
        control_number=clm[1],
        billing=found.billing,
        patient=found.patient,
        coverage=found.coverage,
        type_of_bill=bill[0],
        statement_from=statement[0],
        statement_until=statement[1] or statement[0],
        admission_type=stay[1],
        patient_status=stay[3],
        lines=tuple(_line(loop, component) for loop in node.loops("2400")),
        sequence=found.sequence,
        frequency=bill[2],
        admission_source=stay[2],
        admitted_on=values.day(["DTP", "435", "D8", admission[:8]], 3) if admission else None,
        admitted_time=admission[8:],
        discharge_time=node.value("DTP", "096", 3),
        estimated_due_cents=values.maybe_cents(node.first("AMT", "F3"), 2),
        accept_assignment=clm[7],
        benefits_assigned=clm[8],
        release_of_information=clm[9],
        delay_reason=clm[20],
        epsdt=levels.epsdt(node),
        attachments=levels.attachments(node),
        notes=tuple(note for note in notes if note.kind != "ADD"),
        billing_note=next((note.text for note in notes if note.kind == "ADD"), ""),
        other_payers=levels.other_payers(node, clm[8], clm[9]),
        property_claim_number=found.property_claim_number,
        **_facts(node, component),  # type: ignore[arg-type]
        **levels.numbers(node, _NUMBERS),  # type: ignore[arg-type]
        **levels.providers(node, _CLAIM_PROVIDERS),  # type: ignore[arg-type]
    )


def _facts(node: Node, component: str) -> dict[str, object]:
    """What the HIs say, by field; ICD-9's qualifiers name the same facts on claims of before October 2015."""

    def of(*qualifiers: str) -> list[Segment]:
        return levels.coded(node, *qualifiers, component=component)

    def codes(*qualifiers: str) -> tuple[str, ...]:
        return tuple(one[1] for one in of(*qualifiers))

    def diagnoses(*qualifiers: str) -> tuple[FoundDiagnosis, ...]:
        return tuple(FoundDiagnosis(one[1], one[8]) for one in of(*qualifiers))

    return {
        "diagnoses": diagnoses("ABK", "BK") + diagnoses("ABF", "BF"),
        "admitting_diagnosis": next(iter(codes("ABJ", "BJ")), ""),
        "visit_reasons": codes("APR", "PR"),
        "external_causes": diagnoses("ABN", "BN"),
        "drg": next(iter(codes("DR")), ""),
        "surgeries": tuple(
            Surgery(one[1], values.maybe_day(["HI", *one], 4)) for one in (*of("BBR", "BR", "CAH"), *of("BBQ", "BQ"))
        ),
        "spans": tuple(Occurrence(one[1], *values.days(["HI", *one], 4)) for one in of("BI")),
        "occurrences": tuple(Occurrence(one[1], values.day(["HI", *one], 4)) for one in of("BH")),
        "values": tuple(CodedValue(one[1], values.quantity(["HI", *one], 5)) for one in of("BE")),
        "conditions": codes("BG"),
        "treatments": codes("TC"),
    }


def _line(loop: Node, component: str) -> RevenueLine:
    sv2 = levels.first(loop, "SV2")
    procedure = [*sv2[2].split(component), *[""] * 8][:8]
    served = loop.first("DTP", "472", 3)
    served_on, served_until = values.days(served, 3) if served else (None, None)
    units = values.quantity(sv2, 5) if sv2[5] else Decimal(1)
    return RevenueLine(
        number=values.count(padded(loop.items[0], 1), 1) or 0,  # type: ignore[arg-type]
        revenue_code=sv2[1],
        charge_cents=values.cents(sv2, 3),
        units=units,
        unit_basis=sv2[4],
        procedure=procedure[1],
        modifiers=tuple(modifier for modifier in procedure[2:6] if modifier),
        qualifier=procedure[0] or "HC",
        description=procedure[6],
        not_covered_cents=values.maybe_cents(sv2, 7),
        served_on=served_on,
        served_until=served_until,
        reference=loop.value("REF", "6R", 2),
        note=loop.value("NTE", "TPO", 2),
        attachments=levels.attachments(loop),
        decisions=levels.decisions(loop, component),
        **levels.drug(loop, units, component),  # type: ignore[arg-type]
        **levels.providers(loop, _LINE_PROVIDERS),  # type: ignore[arg-type]
    )
