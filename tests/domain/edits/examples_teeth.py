"""Examples of the edits for dentists' claims."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from claims_service.domain.claim.dental import DentalLine, Tooth, ToothStatus
from tests.domain.edits.good_others import DENTIST, FILLING
from tests.domain.edits.made import DAY, Example

NOTHING: Mapping[str, Any] = {}
CHILD = {"patient.birth_on": date(2020, 1, 1)}


def of(edit: str, words: str, bad: Mapping[str, Any], good: Mapping[str, Any] = NOTHING) -> Example:
    return Example(edit, words, bad, good, DENTIST)


def line(code: str, *teeth: str, **more: Any) -> DentalLine:
    """A service on teeth written as on the form: "14 MO"."""
    made = tuple(Tooth(number, tuple(surfaces)) for number, _, surfaces in (tooth.partition(" ") for tooth in teeth))
    return replace(FILLING, procedure=code, teeth=made, **more)


def only(code: str, *teeth: str, **more: Any) -> dict[str, Any]:
    return {"lines": (line(code, *teeth, **more),)}


def both(first: DentalLine, second: DentalLine) -> dict[str, Any]:
    return {"lines": (first, replace(second, number=2))}


NEW = {"prosthesis": "R", "replaces_on": date(2015, 6, 1)}
TEETH = [
    of("dental_code", "99213", only("99213"), only("D0120")),
    of("tooth_missing", "a root canal, which tooth?", only("D3330"), only("D0120")),
    of("surface_missing", "a filling of two surfaces, which?", only("D2392", "14"), only("D2392", "14 DO")),
    of("surface_count", "D2392 of three surfaces", only("D2392", "14 MOD"), only("D2394", "14 MODBL")),
    of("surface_unasked", "a crown with surfaces", only("D2740", "14 MO", prosthesis="I"), only("D2740", "14", prosthesis="I")),
    of("surface_elsewhere", "the edge of a molar", only("D2392", "14 MI"), only("D2331", "8 MI")),
    of("filling_elsewhere", "a back filling in a front tooth", only("D2392", "8 ML"), only("D2392", "4 MO")),
    of("root_canal_elsewhere", "a molar's on a premolar", only("D3330", "4"), only("D3320", "4")),
    of("milk_tooth_code", "a milk tooth's crown on 14", only("D2930", "14"), {**only("D2930", "A"), **CHILD}),
    of("grown_tooth_code", "a molar's root canal on K", {**only("D3330", "K"), **CHILD}, only("D3330", "19")),
    of("milk_tooth_age", "tooth C at 46", only("D2331", "C MI"), {**only("D2331", "C MI"), **CHILD}),
    of("grown_tooth_age", "tooth 8 at two", {**only("D2331", "8 MI"), "patient.birth_on": date(2024, 1, 1)}, {**only("D2331", "8 MI"), **CHILD}),
    of("quadrant_missing", "scaling, where?", only("D4341"), only("D4341", oral_cavity=("10",))),
    of("quadrant_of_tooth", "tooth 14 upper right", only("D2392", "14 MO", oral_cavity=("10",)), only("D2392", "14 MO", oral_cavity=("20",))),
    of("tooth_units", "two crowns on tooth 14", only("D2740", "14", prosthesis="I", units=Decimal(2)), only("D0220", units=Decimal(2))),
    of("tooth_twice", "D2392 on 14 MO twice", both(FILLING, FILLING), both(FILLING, line("D2392", "15 MO"))),
    of("surface_twice", "MO and DO of one tooth", both(FILLING, line("D2392", "14 DO")), both(FILLING, line("D2391", "14 B"))),
    of("tooth_taken_out", "filled and taken out", both(FILLING, line("D7140", "14")), both(FILLING, line("D7140", "16"))),
    of("tooth_gone", "14 is on the list of missing teeth", {"tooth_status": (ToothStatus("14", "M"),)}, {"tooth_status": (ToothStatus("1", "M"),)}),
    of("prosthesis_unsaid", "a crown", only("D2740", "14"), only("D2740", "14", prosthesis="I")),
    of("placed_before_missing", "a new crown for an old one, how old?", only("D2740", "14", prosthesis="R"), only("D2740", "14", **NEW)),
    of("placed_before_later", "placed today", only("D2740", "14", prosthesis="R", replaces_on=DAY), only("D2740", "14", **NEW)),
    of("replaced_early", "placed in 2023", only("D2740", "14", prosthesis="R", replaces_on=date(2023, 6, 1)), only("D2740", "14", **NEW)),
]  # fmt: skip
