"""Edits on a dentist's claim (837D 2400): the tooth, surfaces and area that a CDT code asks for, and what goes together."""

import re
from collections.abc import Mapping

from claims_service.domain.claim.dental import MISSING, DentalClaim, DentalLine
from claims_service.domain.claim.edits.edit import Edit, OtherLineEdit
from claims_service.domain.claim.edits.finding import LOOK, MUST, Facts
from claims_service.domain.claim.edits.mouth import FRONT, MILK, MOLARS, PREMOLARS, place_of, quadrant_of
from claims_service.domain.line_detail import FIRST, REPLACEMENT

# Surfaces that a filling's code counts; four stands for four or more.
FILLINGS: Mapping[str, int] = {
    "D2140": 1, "D2150": 2, "D2160": 3, "D2161": 4, "D2330": 1, "D2331": 2, "D2332": 3, "D2335": 4, "D2391": 1, "D2392": 2,
    "D2393": 3, "D2394": 4, "D2410": 1, "D2420": 2, "D2430": 3, "D2510": 1, "D2520": 2, "D2530": 3, "D2542": 2, "D2543": 3,
    "D2544": 4, "D2610": 1, "D2620": 2, "D2630": 3, "D2642": 2, "D2643": 3, "D2644": 4, "D2650": 1, "D2651": 2, "D2652": 3,
    "D2662": 2, "D2663": 3, "D2664": 4,
}  # fmt: skip
FRONT_FILLINGS, BACK_FILLINGS = frozenset("D2330 D2331 D2332".split()), frozenset("D2391 D2392 D2393 D2394".split())
QUADRANTS, BY_QUADRANT = ("10", "20", "30", "40"), re.compile(r"D4(210|211|240|241|260|261|341|342)|D73(10|11|20|21)")
OF_MILK, OF_GROWN = frozenset("D2929 D2930 D3230 D3240 D7111".split()), frozenset("D2931 D3310 D3320 D3330".split())
_A_TOOTH = re.compile(
    r"D1351|D1352|D2[1-6]\d\d|D27[1-9]\d|D29[1-7]\d|D3110|D3120|D32[2-4]\d|D33[1-5]\d|D34[1-6]\d|D6010|D605[6-9]|D606\d|D62\d\d"
    r"|D67\d\d|D7111|D7140|D72[1-5]\d|D7270|D7280"
)
_CROWNS = re.compile(r"D27[1-9]\d|D5(11|12|13|14|21|22)\d|D605[89]|D606\d|D62\d\d|D67\d\d")
_NO_SURFACES = re.compile(r"D27[1-9]\d|D7111|D7140|D72[1-5]\d|D62\d\d|D67\d\d|D33[1-3]0")
_OUT = re.compile(r"D7111|D7140|D72[1-5]\d")
_MENDED = re.compile(r"D2[1-7]\d\d|D33[1-3]0|D1351")
_BRIDGE = re.compile(r"D62\d\d|D60\d\d|D5\d\d\d|D70\d\d")
YEARS_A_CROWN_LASTS = 5
GROWN_UP, FIRST_GROWN_TOOTH = 20, 5
_CDT, _GUIDE = "ADA CDT", "X12 005010X224A2"


def _teeth(line: DentalLine) -> frozenset[str]:
    return frozenset(tooth.number for tooth in line.teeth)


def _surfaces(line: DentalLine) -> frozenset[str]:
    return frozenset(surface for tooth in line.teeth for surface in tooth.surfaces)


def _on(claim: DentalClaim, line: DentalLine) -> object:
    return line.served_on or claim.served_on


def _earlier(claim: DentalClaim, line: DentalLine) -> list[DentalLine]:
    """Lines above this one that treat one of its teeth on the same day."""
    above = [one for one in claim.lines if one.number < line.number and _teeth(one) & _teeth(line)]
    return [one for one in above if _on(claim, one) == _on(claim, line)]


def _wrong_count(line: DentalLine) -> bool:
    wanted = FILLINGS.get(line.procedure)
    found = len(_surfaces(line))
    return bool(wanted and found) and (found < 4 if wanted == 4 else found != wanted)


def _root(line: DentalLine) -> bool:
    """A root canal's code is for front teeth, premolars or molars (CDT D3310, D3320, D3330)."""
    of = {"D3310": FRONT, "D3320": PREMOLARS, "D3330": MOLARS}.get(line.procedure)
    return of is not None and any(place_of(number) not in of for number in _teeth(line))


def _surface_elsewhere(line: DentalLine) -> bool:
    """Front teeth have an edge (I), back teeth a chewing face (O)."""
    return any(("O" if place_of(tooth.number) in FRONT else "I") in tooth.surfaces for tooth in line.teeth)


def _renewed_early(claim: DentalClaim, line: DentalLine) -> bool:
    day = line.served_on or claim.served_on
    return (
        day is not None and line.replaces_on is not None and (day - line.replaces_on).days < 365 * YEARS_A_CROWN_LASTS
    )


def _tooth_gone(claim: DentalClaim, line: DentalLine) -> bool:
    missing = {one.number for one in claim.tooth_status if one.status == MISSING}
    return not _BRIDGE.match(line.procedure) and bool(_teeth(line) & missing)


def _age(claim: DentalClaim, line: DentalLine, facts: Facts) -> int:
    """Years on the day of the service; without a birth date none that a tooth could be odd at."""
    born, day = claim.patient.birth_on, line.served_on or claim.served_on or facts.today
    return (day - born).days // 365 if born else FIRST_GROWN_TOOTH


def _line(name: str, severity: str, said: str, mend: str, element: str, fhir: str, source: str, place: str) -> Edit:
    return Edit(name, severity, said, mend, f"837D 2400 {element}", f"Claim.item.{fhir}", source, place)


EDITS = (
    OtherLineEdit(
        _line("dental_code", MUST, "A dentist's claim bills CDT codes, which begin with D.", "Look the code up, or code a visit instead.", "SV301-2",
              "productOrService", "45 CFR 162.1002(a)(4)", "procedure"),
        lambda c, line, f: not line.procedure.startswith("D"),
    ),
    OtherLineEdit(
        _line("tooth_missing", MUST, "{line.procedure} is of one tooth, and none is named.", "Add the tooth, like tooth 14.", "TOO02",
              "bodySite", _CDT,
              "tooth"),
        lambda c, line, f: not line.teeth and bool(_A_TOOTH.fullmatch(line.procedure)),
    ),
    OtherLineEdit(
        _line("surface_missing", MUST, "{line.procedure} is of surfaces, and none is named.", "Add them behind the tooth, like 14 MO.", "TOO03",
              "subSite", _CDT, "surfaces"),
        lambda c, line, f: line.procedure in FILLINGS and not _surfaces(line),
    ),
    OtherLineEdit(
        _line("surface_count", MUST, "{line.procedure} is of another number of surfaces than is named.",
              "Correct the code or the surfaces.", "TOO03",
              "subSite", _CDT, "surfaces"),
        lambda c, line, f: _wrong_count(line),
    ),
    OtherLineEdit(
        _line("surface_unasked", LOOK, "{line.procedure} is of a whole tooth, and surfaces are named.", "Take them away.", "TOO03", "subSite", _CDT,
              "surfaces"),
        lambda c, line, f: bool(_surfaces(line)) and bool(_NO_SURFACES.fullmatch(line.procedure)),
    ),
    OtherLineEdit(
        _line("surface_elsewhere", MUST, "The tooth has no such surface.", "Front teeth have an edge (I), back teeth a chewing face (O).", "TOO03",
              "subSite", _CDT, "surfaces"),
        lambda c, line, f: _surface_elsewhere(line),
    ),
    OtherLineEdit(
        _line("filling_elsewhere", MUST, "{line.procedure} is not a filling of this tooth.",
              "D2330 to D2335 for front teeth, D2391 to D2394 for back ones.",
              "SV301-2", "productOrService", _CDT, "procedure"),
        lambda c, line, f: any(
            line.procedure in (BACK_FILLINGS if place_of(number) in FRONT else FRONT_FILLINGS) for number in _teeth(line)
        ),
    ),
    OtherLineEdit(
        _line("root_canal_elsewhere", MUST, "{line.procedure} is not a root canal of this tooth.",
              "D3310 front teeth, D3320 premolars, D3330 molars.",
              "SV301-2", "productOrService", _CDT, "procedure"),
        lambda c, line, f: bool(line.teeth) and not any(place_of(n) in MILK for n in _teeth(line)) and _root(line),
    ),
    OtherLineEdit(
        _line("milk_tooth_code", MUST, "{line.procedure} is of milk teeth, and this is none.", "Correct the tooth or the code.", "TOO02",
              "bodySite", _CDT,
              "tooth"),
        lambda c, line, f: line.procedure in OF_MILK and any(place_of(number) not in MILK for number in _teeth(line)),
    ),
    OtherLineEdit(
        _line("grown_tooth_code", LOOK, "{line.procedure} is of permanent teeth, and this is a milk tooth.",
              "Correct the tooth or the code.", "TOO02",
              "bodySite", _CDT, "tooth"),
        lambda c, line, f: line.procedure in OF_GROWN and any(place_of(number) in MILK for number in _teeth(line)),
    ),
    OtherLineEdit(
        _line("milk_tooth_age", LOOK, "A milk tooth of a grown-up.", "Look whether the letter is a tooth's number.", "TOO02", "bodySite", "clinic",
              "tooth"),
        lambda c, line, f: any(place_of(n) in MILK for n in _teeth(line)) and _age(c, line, f) > GROWN_UP,
    ),
    OtherLineEdit(
        _line("grown_tooth_age", LOOK, "A permanent tooth of a small child.", "Milk teeth are A to T.", "TOO02", "bodySite", "clinic", "tooth"),
        lambda c, line, f: any(place_of(n) not in MILK for n in _teeth(line)) and _age(c, line, f) < FIRST_GROWN_TOOTH,
    ),
    OtherLineEdit(
        _line("quadrant_missing", MUST, "{line.procedure} is of a quadrant, and none is named.",
              "Add it, like area 10 for the upper right.", "SV304",
              "bodySite", _CDT, "area"),
        lambda c, line, f: bool(BY_QUADRANT.fullmatch(line.procedure)) and not any(a in QUADRANTS for a in line.oral_cavity),
    ),
    OtherLineEdit(
        _line("quadrant_of_tooth", MUST, "The tooth does not stand in the quadrant that is named.", "Correct one of both, or leave the area out.",
              "SV304", "bodySite", _GUIDE, "area"),
        lambda c, line, f: any(
            area in QUADRANTS and quadrant_of(number) != area for area in line.oral_cavity for number in _teeth(line)
        ),
    ),
    OtherLineEdit(
        _line("tooth_units", MUST, "One tooth is treated once, and {line.units} are counted.", "A line for each tooth, with one unit.", "SV306",
              "quantity", _GUIDE, "units"),
        lambda c, line, f: line.units > 1 and len(line.teeth) == 1 and bool(_A_TOOTH.fullmatch(line.procedure)),
    ),
    OtherLineEdit(
        _line("tooth_twice", MUST, "The same service on the same tooth stands twice.", "Remove one, or correct the tooth.", "SV301-2",
              "productOrService", "CARC 18", "procedure"),
        lambda c, line, f: any(one.procedure == line.procedure and _surfaces(one) == _surfaces(line) for one in _earlier(c, line)),
    ),
    OtherLineEdit(
        _line("surface_twice", LOOK, "Two fillings of one tooth share a surface.", "One filling over all its surfaces is coded once.", "TOO03",
              "subSite", _CDT, "surfaces"),
        lambda c, line, f: line.procedure in FILLINGS
        and any(
            one.procedure in FILLINGS and _surfaces(one) != _surfaces(line) and _surfaces(one) & _surfaces(line) for one in _earlier(c, line)
        ),
    ),
    OtherLineEdit(
        _line("tooth_taken_out", LOOK, "The tooth is mended and taken out on one day.", "Look whether both are the same tooth.", "TOO02", "bodySite",
              _CDT, "tooth"),
        lambda c, line, f: any(
            (_OUT.fullmatch(one.procedure) and _MENDED.fullmatch(line.procedure))
            or (_MENDED.fullmatch(one.procedure) and _OUT.fullmatch(line.procedure))
            for one in _earlier(c, line)
        ),
    ),
    OtherLineEdit(
        _line("tooth_gone", MUST, "The tooth is said to be missing, and is treated.", "Correct the tooth, or the list of missing ones.", "TOO02",
              "bodySite", _GUIDE, "tooth"),
        lambda c, line, f: _tooth_gone(c, line),
    ),
    OtherLineEdit(
        _line("prosthesis_unsaid", LOOK, "It is not said whether {line.procedure} is the first or a replacement.",
              "Write first, or replaces with the day of the one before.", "SV305", "detail", "ADA claim form item 44", "prosthesis"),
        lambda c, line, f: bool(_CROWNS.fullmatch(line.procedure)) and line.prosthesis not in (FIRST, REPLACEMENT),
    ),
    OtherLineEdit(
        _line("placed_before_missing", MUST, "A replacement does not say when the one before was placed.", "Add the day, like replaces 06/01/2015.",
              "DTP*441", "detail", _GUIDE, "replaces_on"),
        lambda c, line, f: line.prosthesis == REPLACEMENT and line.replaces_on is None,
    ),
    OtherLineEdit(
        _line("placed_before_later", MUST, "The one before was placed after this one.", "Correct the day of the one before.", "DTP*441",
              "detail", _GUIDE,
              "replaces_on"),
        lambda c, line, f: line.replaces_on is not None and line.replaces_on >= (line.served_on or c.served_on or f.today),
    ),
    OtherLineEdit(
        _line("replaced_early", LOOK, "The one before is not five years old.", "Most plans pay no replacement yet: send why it is needed.",
              "DTP*441",
              "detail", "CARC 119", "replaces_on"),
        lambda c, line, f: _renewed_early(c, line),
    ),
)  # fmt: skip
