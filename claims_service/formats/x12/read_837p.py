"""An 837P to professional claims, one at a time: what a payer reads, and what a clinic checks its own files by."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

from claims_service.domain.claim.circumstances import NO_DATES, Ambulance, ClaimDates
from claims_service.domain.claim.claim import Claim, ClaimLine
from claims_service.domain.quick import completed, quick
from claims_service.formats.x12 import read_claim_levels as levels
from claims_service.formats.x12 import values, write_837p, write_837p_line
from claims_service.formats.x12.claim_file import ClaimFile
from claims_service.formats.x12.guide import guide
from claims_service.formats.x12.node import Node, Segment, padded
from claims_service.formats.x12.tokenizer import Source

_CLAIM, _LINE = quick(Claim), quick(ClaimLine)
_CLAIM_PROVIDERS = {
    **write_837p.REFERRERS.by_loop, ("2310B", "82"): "rendering", **write_837p.PLACES.by_loop,
}  # fmt: skip
_LINE_PROVIDERS = write_837p_line.PROVIDERS.by_loop
_CLAIM_NUMBERS = write_837p.NUMBERS.by_code
_LINE_NUMBERS = write_837p_line.NUMBERS.by_code
_DIAGNOSES = ("ABK", "BK", "ABF", "BF")
_DATES = {qualifier: field for field, qualifier in write_837p.DATES if field not in ("accident", "disability")}


def read_837p(source: Source, *, check: bool = True) -> ClaimFile[Claim]:
    """Read an 837P (005010X222A1) from bytes or a binary stream; memory holds one claim. check: see ClaimFile."""
    return ClaimFile(source, {"837p": claim}, check=check)


def claim(node: Node, parents: Sequence[Node], component: str) -> Claim:
    """Loop 2300 under its 2000A, 2000B and, for a dependant, 2000C.

    Raises:
        Unreadable: an amount, date or number can't be read.
    """
    clm = padded(node.items[0], 20)  # type: ignore[arg-type]
    place = [*clm[5].split(component), "", ""]
    found = levels.above(parents)
    lines: list[ClaimLine] = []
    here = place[0]
    diagnoses: tuple[str, ...] = ()
    rendering, is_plain = None, not clm[11]
    for item in node.items:
        if isinstance(item, Node):
            loop_id = item.place.loop.id
            if loop_id == "2400":
                lines.append(_line(item, here, component))
            elif loop_id == "2310B" and rendering is None:
                rendering = levels.provider(item)
            else:
                is_plain = False
        elif item[0] == "HI" and not diagnoses:
            diagnoses = _diagnoses(tuple(item), component)
            is_plain = is_plain and bool(diagnoses)
        elif item[0] != "CLM":
            is_plain = False
    made = _CLAIM(
        control_number=clm[1],
        billing=found.billing,
        patient=found.patient,
        coverage=found.coverage,
        place_of_service=here,
        diagnoses=diagnoses,
        lines=tuple(lines),
        sequence=found.sequence,
        frequency=place[2],
        rendering=rendering,
        accept_assignment=clm[7],
        benefits_assigned=clm[8],
        release_of_information=clm[9],
        signature=clm[6],
        patient_signature=clm[10],
        medicare_reason=found.medicare_reason,
        program=clm[12],
        delay_reason=clm[20],
        property_claim_number=found.property_claim_number,
    )
    return made if is_plain else completed(made, _circumstances(node, clm, component))


@lru_cache(maxsize=4096)
def _diagnoses(hi: tuple[str, ...], component: str) -> tuple[str, ...]:
    """The codes of an HI with nothing but diagnoses, principal first; none if it holds anything else."""
    codes: list[str] = []
    for composite in hi[1:]:
        parts = composite.split(component)
        if parts[0] not in (("ABF", "BF") if codes else ("ABK", "BK")) or len(parts) < 2:
            return ()
        codes.append(parts[1])
    return tuple(codes)


def _circumstances(node: Node, clm: Segment, component: str) -> dict[str, object]:
    """What few claims hold."""
    codes = levels.by_qualifier(node, component)
    return {
        "diagnoses": tuple(code for kind in _DIAGNOSES if kind in codes for code in codes[kind]),
        "patient_paid_cents": values.maybe_cents(node.first("AMT", "F5"), 2) or 0,
        "surgeries": tuple(code for kind in ("BP", "BO") if kind in codes for code in codes[kind]),
        "conditions": tuple(codes.get("BG", ())),
        "other_payers": levels.other_payers(node, clm[8], clm[9]),
        "accident": levels.accident(node, clm, component),
        "dates": _dates(node),
        "attachments": levels.attachments(node),
        "notes": levels.notes(node),
        "ambulance": _ambulance(node, "2310E", "2310F"),
        "epsdt": levels.epsdt(node),
        **levels.numbers(node, _CLAIM_NUMBERS),
        **levels.providers(node, _CLAIM_PROVIDERS),
    }


def _dates(node: Node) -> ClaimDates:
    found: dict[str, object] = {}
    for dtp in node.segments("DTP"):
        qualifier, full = dtp[1] if len(dtp) > 1 else "", padded(dtp, 3)
        if qualifier in _DATES:
            found[_DATES[qualifier]] = values.day(full, 3)
        elif qualifier == "314":
            found["disabled_on"], found["disabled_until"] = values.days(full, 3)
        elif qualifier in ("360", "361"):
            found["disabled_on" if qualifier == "360" else "disabled_until"] = values.day(full, 3)
    return ClaimDates(**found) if found else NO_DATES  # type: ignore[arg-type]


def _ambulance(node: Node, pick_up: str, drop_off: str) -> Ambulance | None:
    ride, crc, riders = node.first("CR1", size=10), node.first("CRC", "07", 7), node.first("QTY", "PT", 2)
    start, end = node.child(pick_up), node.child(drop_off)
    if not (ride or crc or riders or start or end):
        return None
    cr1 = ride or [""] * 11
    return Ambulance(
        reason=cr1[4],
        miles=values.quantity(cr1, 6) if cr1[6] else Decimal(0),
        pick_up=levels.address(start) if start else None,
        drop_off=levels.address(end) if end else None,
        drop_off_name=levels.first(end, "NM1")[3],
        weight_lb=values.quantity(cr1, 2) if cr1[2] else None,
        round_trip=cr1[9],
        stretcher=cr1[10],
        conditions=tuple(code for code in crc[3:] if code) if crc else (),
        conditions_apply=crc is None or crc[2] != "N",
        patients=values.count(riders, 2),
    )


_ONE = Decimal(1)


def _line(loop: Node, claim_place: str, component: str) -> ClaimLine:
    if loop.slots == _PLAIN:
        lx, sv1, dtp, ref = loop.items
    else:
        own = levels.firsts(loop)
        lx, sv1 = own.get("LX", []), own.get("SV1", ["SV1"])
        dtp, ref = loop.first("DTP", "472") or ["DTP"], loop.first("REF", "6R") or ["REF", "6R", ""]
    service = _service(tuple(sv1), component)  # type: ignore[arg-type]
    served_on, served_until = values.days(dtp, 3)  # type: ignore[arg-type]
    made = _LINE(
        values.count(lx, 1) or 0,  # type: ignore[arg-type]
        ref[2],  # type: ignore[index]
        service.procedure,
        service.charge_cents,
        served_on,
        service.pointers,
        service.modifiers,
        service.units,
        service.unit_basis,
        served_until,
        service.place_of_service or claim_place,
        "",
        service.description,
        (),
        service.qualifier,
        None,
        "UN",
        "",
        service.emergency,
        service.epsdt,
        service.family_planning,
    )
    return made if loop.slots == _PLAIN else completed(made, _line_circumstances(loop, service.units, component))


_GUIDE = guide("837p")
_PLAIN = bytes(  # where the segments stand of a line that holds nothing seldom
    _GUIDE.use("2400", *segment).slot for segment in (("LX",), ("SV1",), ("DTP", "472"), ("REF", "6R"))
)


@lru_cache(maxsize=4096)
def _service(segment: tuple[str, ...], component: str) -> ClaimLine:
    """What an SV1 says, as a line without a number and a day: a clinic's few services come again and again.

    Raises:
        Unreadable: an amount or number can't be read.
    """
    sv1 = levels.full([*segment], 12)
    code = [*sv1[1].split(component), *[""] * 7]
    pointers = tuple(values.count(["SV1", one], 1) or 0 for one in sv1[7].split(component) if one)
    return ClaimLine(
        number=0,
        reference="",
        procedure=code[1],
        charge_cents=values.cents(sv1, 2),
        served_on=date.min,
        pointers=pointers,
        modifiers=tuple(modifier for modifier in code[2:6] if modifier),
        units=values.quantity(sv1, 4) if sv1[4] else _ONE,
        unit_basis=sv1[3],
        place_of_service=sv1[5],
        description=code[6],
        qualifier=code[0],
        emergency=sv1[9] == "Y",
        epsdt=sv1[11] == "Y",
        family_planning=sv1[12] == "Y",
    )


def _line_circumstances(loop: Node, units: Decimal, component: str) -> dict[str, object]:
    """What few lines hold."""
    return {
        "decisions": levels.decisions(loop, component),
        "obstetric_units": values.count(loop.first("QTY", "FL"), 2),
        "notes": levels.notes(loop),
        "attachments": levels.attachments(loop),
        "ambulance": _ambulance(loop, "2420G", "2420H"),
        **levels.numbers(loop, _LINE_NUMBERS),
        **levels.drug(loop, units, component),
        **levels.providers(loop, _LINE_PROVIDERS),
    }
