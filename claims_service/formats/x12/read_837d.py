"""An 837D to dental claims, one at a time."""

from collections.abc import Sequence
from decimal import Decimal

from claims_service.domain.claim.dental import DentalClaim, DentalLine, Orthodontics, Tooth, ToothStatus
from claims_service.formats.x12 import read_claim_levels as levels
from claims_service.formats.x12 import values, write_837d
from claims_service.formats.x12.claim_file import ClaimFile
from claims_service.formats.x12.node import Node, padded
from claims_service.formats.x12.tokenizer import Source

_NUMBERS = write_837d.NUMBERS.by_code
_LINE_NUMBERS = write_837d.LINE_NUMBERS.by_code
_LINE_DATES = {code: field for form, field in write_837d.LINE_DATES for code in form.use.codes}
_CLAIM_PROVIDERS = write_837d.CLAIM_PROVIDERS.by_loop
_LINE_PROVIDERS = write_837d.LINE_PROVIDERS.by_loop


def read_837d(source: Source) -> ClaimFile[DentalClaim]:
    """Read an 837D (005010X224A2) from bytes or a binary stream; memory holds one claim."""
    return ClaimFile(source, {"837d": claim})


def claim(node: Node, parents: Sequence[Node], component: str) -> DentalClaim:
    """Loop 2300 under its 2000A, 2000B and, for a dependant, 2000C.

    Raises:
        Unreadable: an amount, date or number can't be read.
    """
    clm = padded(node.items[0], 20)  # type: ignore[arg-type]
    place = [*clm[5].split(component), "", ""]
    found = levels.above(parents)
    served = node.first("DTP", "472", 3)
    served_on, served_until = values.days(served, 3) if served else (None, None)
    status = (padded(dn2, 2) for dn2 in node.segments("DN2"))
    return DentalClaim(
        control_number=clm[1],
        billing=found.billing,
        patient=found.patient,
        coverage=found.coverage,
        place_of_service=place[0],
        lines=tuple(_line(loop, place[0], component) for loop in node.loops("2400")),
        diagnoses=tuple(one[1] for one in levels.coded(node, "ABK", "BK", "ABF", "BF", "TQ", component=component)),
        sequence=found.sequence,
        frequency=place[2],
        served_on=served_on,
        served_until=served_until,
        appliance_on=values.maybe_day(node.first("DTP", "452", 3), 3),
        is_predetermination=clm[19] == "PB",
        orthodontics=_orthodontics(node),
        tooth_status=tuple(ToothStatus(dn2[1], dn2[2]) for dn2 in status),
        accident=levels.accident(node, clm, component),
        patient_paid_cents=values.maybe_cents(node.first("AMT", "F5"), 2) or 0,
        signature=clm[6],
        accept_assignment=clm[7],
        benefits_assigned=clm[8],
        release_of_information=clm[9],
        program=clm[12],
        delay_reason=clm[20],
        attachments=levels.attachments(node),
        notes=levels.notes(node),
        other_payers=levels.other_payers(node, clm[8], clm[9]),
        medicare_reason=found.medicare_reason,
        property_claim_number=found.property_claim_number,
        **levels.numbers(node, _NUMBERS),  # type: ignore[arg-type]
        **levels.providers(node, _CLAIM_PROVIDERS),  # type: ignore[arg-type]
    )


def _orthodontics(node: Node) -> Orthodontics | None:
    dn1 = node.first("DN1", size=4)
    return None if dn1 is None else Orthodontics(values.count(dn1, 1), values.count(dn1, 2))


def _line(loop: Node, claim_place: str, component: str) -> DentalLine:
    sv3 = levels.first(loop, "SV3")
    procedure = [*sv3[1].split(component), *[""] * 8][:8]
    pointers = tuple(values.count([sv3[0], pointer], 1) or 0 for pointer in sv3[11].split(component) if pointer)
    teeth = [padded(too, 3) for too in loop.segments("TOO")]
    dates = {
        _LINE_DATES[dtp[1]]: values.day(padded(dtp, 3), 3)
        for dtp in loop.segments("DTP")
        if len(dtp) > 1 and dtp[1] in _LINE_DATES
    }
    return DentalLine(
        number=values.count(padded(loop.items[0], 1), 1) or 0,  # type: ignore[arg-type]
        procedure=procedure[1],
        charge_cents=values.cents(sv3, 2),
        units=values.quantity(sv3, 6) if sv3[6] else Decimal(1),
        modifiers=tuple(modifier for modifier in procedure[2:6] if modifier),
        description=procedure[6],
        place_of_service=sv3[3] or claim_place,
        oral_cavity=tuple(area for area in sv3[4].split(component) if area),
        prosthesis=sv3[5],
        pointers=pointers,
        teeth=tuple(Tooth(too[2], tuple(one for one in too[3].split(component) if one)) for too in teeth),
        decisions=levels.decisions(loop, component),
        **dates,  # type: ignore[arg-type]
        **levels.numbers(loop, _LINE_NUMBERS),  # type: ignore[arg-type]
        **levels.providers(loop, _LINE_PROVIDERS),  # type: ignore[arg-type]
    )
