"""An 837P to professional claims, one at a time: what a payer reads, and what a clinic checks its own files by."""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from claims_service.domain.claim.circumstances import NO_DATES, Ambulance, ClaimDates
from claims_service.domain.claim.claim import Claim, ClaimLine
from claims_service.formats.x12 import read_claim_levels as levels
from claims_service.formats.x12 import values, write_837p, write_837p_line
from claims_service.formats.x12.claim_file import ClaimFile
from claims_service.formats.x12.node import Node, Segment, padded
from claims_service.formats.x12.quick import quick
from claims_service.formats.x12.tokenizer import Source

_CLAIM, _LINE = quick(Claim), quick(ClaimLine)
_CLAIM_PROVIDERS = {
    **write_837p.REFERRERS.by_loop, ("2310B", "82"): "rendering", **write_837p.PLACES.by_loop,
}  # fmt: skip
_LINE_PROVIDERS = write_837p_line.PROVIDERS.by_loop
_CLAIM_NUMBERS = write_837p.NUMBERS.by_code
_LINE_NUMBERS = write_837p_line.NUMBERS.by_code
_PLAIN_CLAIM = frozenset({"CLM", "HI", "REF", "AMT", "2310B", "2400"})  # what most claims hold and nothing else
_PLAIN_LINE = frozenset({"LX", "SV1", "DTP", "REF"})
_DIAGNOSES = ("ABK", "BK", "ABF", "BF")
_DATES = {qualifier: field for field, qualifier in write_837p.DATES if field not in ("accident", "disability")}


def read_837p(source: Source) -> ClaimFile[Claim]:
    """Read an 837P (005010X222A1) from bytes or a binary stream; memory holds one claim."""
    return ClaimFile(source, {"837p": claim})


def claim(node: Node, parents: Sequence[Node], component: str) -> Claim:
    """Loop 2300 under its 2000A, 2000B and, for a dependant, 2000C.

    Raises:
        Unreadable: an amount, date or number can't be read.
    """
    clm = padded(node.items[0], 20)  # type: ignore[arg-type]
    place = [*clm[5].split(component), "", ""]
    found = levels.above(parents)
    codes = levels.by_qualifier(node, component)
    return _CLAIM(
        control_number=clm[1],
        billing=found.billing,
        patient=found.patient,
        coverage=found.coverage,
        place_of_service=place[0],
        diagnoses=tuple(code for kind in _DIAGNOSES if kind in codes for code in codes[kind]),
        lines=tuple(_line(loop, place[0], component) for loop in node.loops("2400")),
        sequence=found.sequence,
        frequency=place[2],
        patient_paid_cents=values.maybe_cents(node.first("AMT", "F5"), 2) or 0,
        accept_assignment=clm[7],
        benefits_assigned=clm[8],
        release_of_information=clm[9],
        signature=clm[6],
        patient_signature=clm[10],
        medicare_reason=found.medicare_reason,
        program=clm[12],
        delay_reason=clm[20],
        surgeries=tuple(code for kind in ("BP", "BO") if kind in codes for code in codes[kind]),
        conditions=tuple(codes.get("BG", ())),
        property_claim_number=found.property_claim_number,
        **levels.numbers(node, _CLAIM_NUMBERS),  # type: ignore[arg-type]
        **levels.providers(node, _CLAIM_PROVIDERS),  # type: ignore[arg-type]
        **({} if not clm[11] and levels.holds_only(node, _PLAIN_CLAIM) else _circumstances(node, clm, component)),  # type: ignore[arg-type]
    )


def _circumstances(node: Node, clm: Segment, component: str) -> dict[str, object]:
    """What few claims hold."""
    return {
        "other_payers": levels.other_payers(node, clm[8], clm[9]),
        "accident": levels.accident(node, clm, component),
        "dates": _dates(node),
        "attachments": levels.attachments(node),
        "notes": levels.notes(node),
        "ambulance": _ambulance(node, "2310E", "2310F"),
        "epsdt": levels.epsdt(node),
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
    sv1 = levels.first(loop, "SV1")
    qualifier, procedure, modifiers, description = _procedure(sv1[1], component)
    pointers = _pointers(sv1[7], component)
    served_on, served_until = values.days(levels.first(loop, "DTP", "472"), 3)
    units = values.quantity(sv1, 4) if sv1[4] else _ONE
    return _LINE(
        number=values.count(padded(loop.items[0], 1), 1) or 0,  # type: ignore[arg-type]
        procedure=procedure,
        charge_cents=values.cents(sv1, 2),
        served_on=served_on,
        pointers=pointers,
        modifiers=modifiers,
        units=units,
        unit_basis=sv1[3],
        served_until=served_until,
        place_of_service=sv1[5] or claim_place,
        description=description,
        qualifier=qualifier,
        emergency=sv1[9] == "Y",
        epsdt=sv1[11] == "Y",
        family_planning=sv1[12] == "Y",
        **{"reference": "", **levels.numbers(loop, _LINE_NUMBERS)},  # type: ignore[arg-type]
        **({} if levels.holds_only(loop, _PLAIN_LINE) else _line_circumstances(loop, units, component)),  # type: ignore[arg-type]
    )


@lru_cache(maxsize=4096)
def _procedure(text: str, component: str) -> tuple[str, str, tuple[str, ...], str]:
    parts = [*text.split(component), *[""] * 7]
    return parts[0], parts[1], tuple(modifier for modifier in parts[2:6] if modifier), parts[6]


@lru_cache(maxsize=1024)
def _pointers(text: str, component: str) -> tuple[int, ...]:
    return tuple(values.count(["SV1", pointer], 1) or 0 for pointer in text.split(component) if pointer)


def _line_circumstances(loop: Node, units: Decimal, component: str) -> dict[str, object]:
    """What few lines hold."""
    return {
        "decisions": levels.decisions(loop, component),
        "obstetric_units": values.count(loop.first("QTY", "FL"), 2),
        "notes": levels.notes(loop),
        "attachments": levels.attachments(loop),
        "ambulance": _ambulance(loop, "2420G", "2420H"),
        **levels.drug(loop, units, component),
        **levels.providers(loop, _LINE_PROVIDERS),
    }
