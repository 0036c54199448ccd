"""Financial assistance: income and household against the federal poverty guideline, on the practice's sliding scale."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from claims_service.domain.errors import Problem
from claims_service.domain.money import split
from claims_service.words import said

OPEN, GRANTED, REFUSED, WITHDRAWN = "open", "granted", "refused", "withdrawn"
LABELS = {OPEN: "To decide", GRANTED: "Granted", REFUSED: "Not granted", WITHDRAWN: "Taken back"}
VIAS = {"portal": "On the portal", "desk": "At the desk"}
CHARITY = "charity"  # reason of what is taken off in the journal
MOST_PEOPLE, MOST_WORDS, MOST_FILES = 30, 4_000, 10
MOST_INCOME_CENTS = 100_000_000_00
CONTIGUOUS = "48_states_dc"
_REGIONS = {"AK": "alaska", "HI": "hawaii"}


@dataclass(frozen=True, slots=True)
class Guideline:
    """What HHS calls poor from a day on (42 USC 9902(2)). cents a year: for one person, and for each further one."""

    region: str
    valid_from: date
    first_cents: int
    each_cents: int

    def cents(self, household: int) -> int:
        """The guideline of a household, a year."""
        return self.first_cents + self.each_cents * (household - 1)


@dataclass(frozen=True, slots=True)
class Policy:
    """The practice's scale: up to so many percent of the guideline, so many percent off; the lowest step first.

    months: a grant holds. approve_above_cents: taking more off at once needs a second person.
    """

    steps: tuple[tuple[int, int], ...] = ((150, 100), (200, 75), (250, 50), (300, 25))
    months: int = 6
    approve_above_cents: int = 500_00


def region_of(state: str) -> str:
    """Where a household lives, as the guideline tells places apart."""
    return _REGIONS.get(state.upper(), CONTIGUOUS)


def guideline_on(day: date, state: str, known: Iterable[Guideline]) -> Guideline | None:
    """The guideline that holds for a place on a day."""
    fitting = [one for one in known if one.region == region_of(state) and one.valid_from <= day]
    return max(fitting, key=lambda one: one.valid_from, default=None)


def percent_of_guideline(income_cents: int, household: int, guideline: Guideline) -> int:
    """A year's income in percent of the guideline, rounded up: 150.01 percent is above 150."""
    return -(-income_cents * 100 // guideline.cents(household))


def percent_off(percent: int, policy: Policy) -> int:
    """How much of the share the scale takes off; 0 above its last step."""
    return next((off for limit, off in sorted(policy.steps) if percent <= limit), 0)


def off_cents(owed_cents: int, percent: int) -> int:
    """What is taken off an amount, half a cent rounded up."""
    return (owed_cents * percent + 50) // 100


def valid_until(first: date, months: int) -> date:
    """The last day of a grant."""
    month = first.month - 1 + months
    year, month = first.year + month // 12, month % 12 + 1
    for day in (first.day, 30, 29, 28):
        try:
            return date(year, month, day)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def problems(household: int, income_cents: int, words: str, via: str) -> list[Problem]:
    """What keeps an application from being taken."""
    found = []
    if not 1 <= household <= MOST_PEOPLE:
        found.append(Problem("household", said("Write how many people live from this income, you included.")))
    if not 0 <= income_cents <= MOST_INCOME_CENTS:
        found.append(Problem("income", said("Write the income of a whole year, before taxes.")))
    if len(words) > MOST_WORDS:
        found.append(Problem("words", said("Write 4,000 letters at most.")))
    if via not in VIAS:
        found.append(Problem("via", "Choose how it came to us."))
    return found


def policy_problems(policy: Policy) -> list[Problem]:
    """What keeps a scale from being used."""
    found = []
    limits, offs = [limit for limit, _ in policy.steps], [off for _, off in policy.steps]
    if not policy.steps or limits != sorted(set(limits)) or not all(1 <= limit <= 1000 for limit in limits):
        found.append(
            Problem("steps", "One step at least, each with a higher percent of the guideline than the one before.")
        )
    elif offs != sorted(offs, reverse=True) or not all(1 <= off <= 100 for off in offs):
        found.append(Problem("steps", "Between 1 and 100 percent off, and never more off for more income."))
    if not 1 <= policy.months <= 24:
        found.append(Problem("months", "Between 1 and 24 months."))
    if policy.approve_above_cents < 0:
        found.append(Problem("limit", "The limit can't be below zero."))
    return found


def spread(cents: int, shares: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Take an amount off lines by their shares: (line, cents), to the cent; lines without a share are left out."""
    listed = [(line, share) for line, share in shares if share > 0]
    if not listed or cents <= 0:
        return []
    parts = split(cents, [share for _, share in listed])
    return [(line, part) for (line, _), part in zip(listed, parts, strict=True) if part]
