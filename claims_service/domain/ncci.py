"""Medicare's National Correct Coding Initiative: codes that don't go together, units a day, codes that only come on top."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from claims_service.domain.code_sets import Span

SETTINGS: Mapping[str, str] = {"P": "practitioners", "O": "outpatient hospitals", "S": "equipment suppliers"}
ANY_PRIMARY = "CCCCC"
RELEASING = frozenset(
    "E1 E2 E3 E4 FA F1 F2 F3 F4 F5 F6 F7 F8 F9 TA T1 T2 T3 T4 T5 T6 T7 T8 T9 LT RT LC LD LM RC RI"
    " 24 25 57 58 78 79 27 59 91 XE XS XP XU".split()
)
"""Modifiers that may release a pair whose indicator is 1 (NCCI Policy Manual, chapter I)."""


@dataclass(frozen=True, slots=True)
class PtpEdit:
    """column2 is not paid beside column1. indicator: 0 never, 1 unless a modifier releases it, 9 void from the start."""

    column1: str
    column2: str
    indicator: str
    rationale: str


@dataclass(frozen=True, slots=True)
class Ptp:
    """Procedure-to-procedure edits of one setting, for one patient, one day and one practitioner or group."""

    edits: Mapping[tuple[str, str], Sequence[Span[PtpEdit]]]

    def edit(self, pair: tuple[str, str], day: date) -> PtpEdit | None:
        """The edit that binds two codes on a day, whichever comes first; column2 of it is the line that is denied."""
        for one in (pair, pair[::-1]):
            for span in self.edits.get(one, ()):
                if span.holds(day) and span.meaning.indicator != "9":
                    return span.meaning
        return None

    def allows(self, pair: tuple[str, str], modifiers: Iterable[str], day: date) -> bool:
        """Whether both may be billed. modifiers: those of both lines.

        A modifier releases the pair on paper only: it also has to be true of what was done.
        """
        edit = self.edit(pair, day)
        return edit is None or (edit.indicator == "1" and not RELEASING.isdisjoint(modifiers))


@dataclass(frozen=True, slots=True)
class MueLimit:
    """The most units of a code. adjudication: 1 a line, 2 a day without exception, 3 a day unless records prove more."""

    units: int
    adjudication: str
    rationale: str


@dataclass(frozen=True, slots=True)
class MueExcess:
    """Lines that ask for more than the limit. lines: their positions, from 0; units: what they ask for together."""

    code: str
    lines: tuple[int, ...]
    units: Decimal
    limit: MueLimit


@dataclass(frozen=True, slots=True)
class Mue:
    """Medically unlikely edits of one setting."""

    limits: Mapping[str, Sequence[Span[MueLimit]]]

    def limit(self, code: str, day: date) -> MueLimit | None:
        """The limit of a code on a day; None where none is published."""
        return next((span.meaning for span in self.limits.get(code, ()) if span.holds(day)), None)

    def exceeded(self, lines: Sequence[tuple[str, Decimal]], day: date) -> list[MueExcess]:
        """What (code, units) lines of one patient, day and practitioner ask for too much of, in the order of the lines."""
        places: dict[str, list[int]] = defaultdict(list)
        for place, (code, _) in enumerate(lines):
            places[code].append(place)
        found = []
        for code, listed in places.items():
            limit = self.limit(code, day)
            if limit is None:
                continue
            groups = [[place] for place in listed] if limit.adjudication == "1" else [listed]
            for group in groups:
                units = sum((lines[place][1] for place in group), Decimal(0))
                if units > limit.units:
                    found.append(MueExcess(code, tuple(group), units, limit))
        return sorted(found, key=lambda excess: excess.lines)


@dataclass(frozen=True, slots=True)
class AddOnRule:
    """A code that only comes on top of a primary one.

    edit_type: 1 only on top of the listed primaries, 2 each insurer says which, 3 of the listed and what an insurer adds.
    """

    edit_type: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class AddOnEntry:
    """An add-on code with one primary ("CCCCC": each insurer decides) and the days on which the two go together."""

    add_on: str
    primary: str
    span: Span[AddOnRule]


@dataclass(frozen=True, slots=True)
class AddOns:
    """Add-on codes with their primaries: rules[add-on][primary]."""

    rules: Mapping[str, Mapping[str, Sequence[Span[AddOnRule]]]]

    def primaries(self, code: str, day: date) -> Mapping[str, AddOnRule]:
        """The primaries of an add-on code on a day ("CCCCC": each insurer decides); empty when it is none."""
        rules = self.rules.get(code, {})
        return {primary: span.meaning for primary, spans in rules.items() for span in spans if span.holds(day)}

    def lacks_primary(self, code: str, others: Collection[str], day: date) -> bool:
        """True when the code is an add-on and none of the patient's other codes of that day can carry it.

        Where an insurer decides (types 2 and 3), any other code that is no add-on itself is taken as good.
        """
        primaries = self.primaries(code, day)
        if not primaries or not set(others).isdisjoint(primaries):
            return False
        if all(rule.edit_type == "1" for rule in primaries.values()):
            return True
        return not any(other != code and not self.primaries(other, day) for other in others)
