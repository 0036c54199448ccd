"""Edits on modifiers (837P SV101-3 to -6)."""

from collections.abc import Iterable

from claims_service.domain import codes
from claims_service.domain.claim.claim import Claim, ClaimLine
from claims_service.domain.claim.edits.edit import Edit, LineEdit
from claims_service.domain.claim.edits.finding import LOOK, MUST, Facts
from claims_service.domain.claim.edits.lines import is_anaesthesia, is_visit

MOST = 4
TELEHEALTH = frozenset({"93", "95", "GT", "GQ"})
ANAESTHESIA_ROLES = frozenset({"AA", "AD", "QK", "QX", "QY", "QZ"})
_SIDES = frozenset({"LT", "RT"})
_REPEATS = frozenset({"76", "77"})
_ASSISTANTS = frozenset({"80", "81", "82", "AS"})
_BLOOD_DRAWS = frozenset({"36415", "36416"})  # drawn beside any visit without a modifier
_VISIT_ONLY = frozenset({"25", "57"})
_PLACE = "modifiers"
_NCCI = "NCCI policy manual, chapter 1"


def _has(line: ClaimLine, modifiers: Iterable[str]) -> bool:
    return not set(modifiers).isdisjoint(line.modifiers)


def _all(line: ClaimLine, modifiers: Iterable[str]) -> bool:
    return set(modifiers) <= set(line.modifiers)


def _is_office_visit(line: ClaimLine) -> bool:
    return "99202" <= line.procedure <= "99215"


def _is_procedure(line: ClaimLine) -> bool:
    return "10000" <= line.procedure <= "69999" and line.procedure not in _BLOOD_DRAWS


def _visit_beside_procedure(claim: Claim, line: ClaimLine, _: Facts) -> bool:
    if not _is_office_visit(line) or _has(line, _VISIT_ONLY):
        return False
    return any(_is_procedure(other) and other.served_on == line.served_on for other in claim.lines)


def _edit(name: str, severity: str, sentence: str, mend: str, source: str) -> Edit:
    return Edit(name, severity, sentence, mend, "2400 SV101-3", "Claim.item.modifier", source, _PLACE)


EDITS = (
    LineEdit(
        _edit("modifier_shape", MUST, "A modifier of {line.procedure} is not two letters or digits.", "Look it up, or take it away.", "HCPCS"),
        lambda c, line, f: any(not codes.is_modifier(one) for one in line.modifiers),
    ),
    LineEdit(
        _edit("modifier_unknown", MUST, "A modifier of {line.procedure} is not on the list.", "Look it up, or take it away.", "clinic"),
        lambda c, line, f: bool(f.known_modifiers) and any(one not in f.known_modifiers for one in line.modifiers),
    ),
    LineEdit(
        _edit("modifier_twice", MUST, "The same modifier stands twice on {line.procedure}.", "Remove one.", "X12 005010X222A1"),
        lambda c, line, f: len(set(line.modifiers)) < len(line.modifiers),
    ),
    LineEdit(
        _edit("too_many_modifiers", MUST, "{line.procedure} has more than four modifiers.", "Keep those that change the price first.",
              "X12 005010X222A1"),
        lambda c, line, f: len(line.modifiers) > MOST,
    ),
    LineEdit(
        _edit("both_sides", MUST, "{line.procedure} is marked left and right.", "Bill one line for each side, or modifier 50.", "HCPCS"),
        lambda c, line, f: _all(line, _SIDES),
    ),
    LineEdit(
        _edit("bilateral_side", MUST, "{line.procedure} is marked bilateral and one side.", "Keep 50, or the side.", "CPT appendix A"),
        lambda c, line, f: "50" in line.modifiers and _has(line, _SIDES),
    ),
    LineEdit(
        _edit("bilateral_units", LOOK, "{line.procedure} is marked bilateral and has more than one unit.",
              "With modifier 50 most insurers want one unit.", "CPT appendix A"),
        lambda c, line, f: "50" in line.modifiers and line.units > 1,
    ),
    LineEdit(
        _edit("both_components", MUST, "{line.procedure} is marked as reading and as equipment.", "Without 26 and TC it means both.", "HCPCS"),
        lambda c, line, f: _all(line, ("26", "TC")),
    ),
    LineEdit(
        _edit("notice_conflict", MUST, "{line.procedure} says that the patient signed a notice, and that none was signed.", "Keep GA or GZ.",
              "Medicare ABN"),
        lambda c, line, f: _all(line, ("GA", "GZ")),
    ),
    LineEdit(
        _edit("notice_never_covered", MUST, "{line.procedure} is marked as never covered, and as perhaps not covered.", "Keep GY, or GA or GZ.",
              "Medicare ABN"),
        lambda c, line, f: "GY" in line.modifiers and _has(line, ("GA", "GZ")),
    ),
    LineEdit(
        _edit("repeat_conflict", MUST, "{line.procedure} was repeated by the same and by another provider.", "Keep 76 or 77.", "CPT appendix A"),
        lambda c, line, f: _all(line, _REPEATS),
    ),
    LineEdit(
        _edit("assistant_conflict", MUST, "{line.procedure} names two kinds of assistant.", "Keep one of 80, 81, 82 and AS.", "CPT appendix A"),
        lambda c, line, f: len(_ASSISTANTS & set(line.modifiers)) > 1 and not _all(line, ("AS", "80")),
    ),
    LineEdit(
        _edit("visit_modifier_elsewhere", MUST, "25 and 57 belong to visits, not to {line.procedure}.", "Move the modifier to the visit.",
              _NCCI),
        lambda c, line, f: _has(line, _VISIT_ONLY) and "10000" <= line.procedure <= "89999",
    ),
    LineEdit(
        _edit("visit_and_procedure", MUST, "An office visit with a procedure on the same day needs modifier 25.",
              "Add 25 if the visit went beyond the procedure; else remove the visit.", _NCCI),
        _visit_beside_procedure,
    ),
    LineEdit(
        _edit("separate_visit", MUST, "59 does not set a visit apart.", "Use 25 on the visit.", _NCCI),
        lambda c, line, f: "59" in line.modifiers and is_visit(line.procedure),
    ),
    LineEdit(
        _edit("separate_twice", MUST, "{line.procedure} carries 59 and one of its finer forms.", "Keep XE, XP, XS or XU.", _NCCI),
        lambda c, line, f: "59" in line.modifiers and _has(line, ("XE", "XP", "XS", "XU")),
    ),
    LineEdit(
        _edit("anaesthesia_role", MUST, "Who gave the anaesthesia {line.procedure} is missing.", "Add AA, AD, QK, QX, QY or QZ first.",
              "Medicare Claims Processing Manual 12, 50"),
        lambda c, line, f: is_anaesthesia(line.procedure) and not _has(line, ANAESTHESIA_ROLES),
    ),
    LineEdit(
        _edit("telehealth_place", MUST, "{line.procedure} was given from afar, and the place says otherwise.",
              "Place 10 for the patient's home, 02 for elsewhere.", "CMS place of service codes"),
        lambda c, line, f: _has(line, TELEHEALTH) and (line.place_of_service or c.place_of_service) not in {"02", "10"},
    ),
)  # fmt: skip
