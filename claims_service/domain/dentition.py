"""What a dentist's claim says of the mouth beside its services (837D 2300 DN1, DN2, DTP*452; boxes 33 and 40 to 42 of the ADA form)."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from claims_service.domain import dates
from claims_service.domain.claim.dental import MISSING, TO_EXTRACT, Orthodontics, ToothStatus
from claims_service.domain.errors import Problem
from claims_service.domain.line_detail import is_tooth

FIELDS = ("missing_teeth", "teeth_to_extract", "orthodontic_months", "orthodontic_months_left", "appliance_on")
MOST_TEETH = 35  # 837D 2300 DN2 repeats 35 times
MOST_MONTHS = 120


@dataclass(frozen=True, slots=True)
class Dentition:
    """missing_teeth, teeth_to_extract: universal numbering. orthodontic_months: of the whole treatment, and those yet to come.

    appliance_on: day the braces were placed.
    """

    missing_teeth: tuple[str, ...] = ()
    teeth_to_extract: tuple[str, ...] = ()
    orthodontic_months: int | None = None
    orthodontic_months_left: int | None = None
    appliance_on: date | None = None

    @property
    def status(self) -> tuple[ToothStatus, ...]:
        return (
            *(ToothStatus(tooth, MISSING) for tooth in self.missing_teeth),
            *(ToothStatus(tooth, TO_EXTRACT) for tooth in self.teeth_to_extract),
        )

    @property
    def orthodontics(self) -> Orthodontics | None:
        told = (self.orthodontic_months, self.orthodontic_months_left, self.appliance_on)
        return None if told == (None, None, None) else Orthodontics(*told[:2])

    def problems(self, served_on: date) -> Iterator[Problem]:
        """What is wrong with it, for a visit on this day."""
        for name in ("missing_teeth", "teeth_to_extract"):
            if wrong := [tooth for tooth in getattr(self, name) if not is_tooth(tooth)]:
                yield Problem(
                    f"dentition.{name}", f"There is no tooth {wrong[0][:3]}: 1 to 32, or A to T for a milk tooth.", "837D 2300 DN201"
                )  # fmt: skip
        listed = (*self.missing_teeth, *self.teeth_to_extract)
        if len(set(listed)) < len(listed):
            yield Problem("dentition.teeth_to_extract", "A tooth is on the lists twice.", "837D 2300 DN2")
        if len(listed) > MOST_TEETH:
            yield Problem("dentition.missing_teeth", f"A claim names at most {MOST_TEETH} teeth.", "837D 2300 DN2")
        yield from self._treatment(served_on)

    def _treatment(self, served_on: date) -> Iterator[Problem]:
        months, left = self.orthodontic_months, self.orthodontic_months_left
        for name, number in (("orthodontic_months", months), ("orthodontic_months_left", left)):
            if number is not None and not 0 <= number <= MOST_MONTHS:
                yield Problem(f"dentition.{name}", f"Whole months, at most {MOST_MONTHS}.", "837D 2300 DN1")
        if left is not None and (months is None or left > months):
            yield Problem(
                "dentition.orthodontic_months_left", "Months yet to come are at most the months of the whole treatment.", "837D 2300 DN102"
            )  # fmt: skip
        if self.appliance_on and self.appliance_on > served_on:
            yield Problem("dentition.appliance_on", "The braces were placed after the visit.", "837D 2300 DTP*452")


NO_DENTITION = Dentition()


def texts_of(dentition: Dentition) -> dict[str, str]:
    """As a person writes it, by field; dentition_of() reads it."""
    months = (dentition.orthodontic_months, dentition.orthodontic_months_left)
    return {
        "missing_teeth": " ".join(dentition.missing_teeth), "teeth_to_extract": " ".join(dentition.teeth_to_extract),
        **{name: "" if number is None else str(number) for name, number in zip(FIELDS[2:4], months, strict=True)},
        "appliance_on": dates.us_text(dentition.appliance_on),
    }  # fmt: skip


def dentition_of(values: Mapping[str, str], *, today: date, wrong: Callable[[str, str], None]) -> Dentition | None:
    """What stands in the fields, None where nothing does. wrong: told of what can't be read, by field."""
    told = {name: values.get(name, "").strip() for name in FIELDS}
    if not any(told.values()):
        return None

    def months(name: str) -> int | None:
        text = told[name]
        if text and not (text.isascii() and text.isdigit() and len(text) < 4):
            wrong(name, f"Whole months, at most {MOST_MONTHS}.")
            return None
        return int(text) if text else None

    placed = told["appliance_on"]
    return Dentition(
        _teeth(told["missing_teeth"]), _teeth(told["teeth_to_extract"]), months("orthodontic_months"), months("orthodontic_months_left"),
        dates.told_day(placed, "appliance_on", today=today, wrong=wrong) if placed else None,
    )  # fmt: skip


def _teeth(text: str) -> tuple[str, ...]:
    return tuple(filter(None, re.split(r"[\s,;]+", text.upper())))
