"""What a service costs: the clinic's own prices, and what an insurer agreed to allow."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True, slots=True)
class FeeSchedule:
    """Prices per unit from a day on. payer: whose contract it is, None = the clinic's own prices.

    cents: by (procedure, modifier); modifier "" is the price without one. valid_until: first day it no longer holds.
    """

    name: str
    payer: int | None
    valid_from: date
    valid_until: date | None
    cents: dict[tuple[str, str], int] = field(repr=False)

    def holds(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)

    def unit_cents(self, procedure: str, modifiers: Iterable[str]) -> int | None:
        """The price with the first modifier that has one of its own, else without."""
        for modifier in modifiers:
            if (found := self.cents.get((procedure, modifier))) is not None:
                return found
        return self.cents.get((procedure, ""))


class PriceBook:
    """All schedules of a practice, the newest first."""

    def __init__(self, schedules: Iterable[FeeSchedule]) -> None:
        self._schedules = sorted(schedules, key=lambda s: s.valid_from, reverse=True)

    def charge_cents(self, procedure: str, modifiers: Iterable[str], units: Decimal, day: date) -> int | None:
        """The clinic's price for all units; None when no schedule of that day has the code."""
        return self._total(None, procedure, modifiers, units, day)

    def allowed_cents(
        self, payer: int, procedure: str, modifiers: Iterable[str], units: Decimal, day: date
    ) -> int | None:
        """What the contract with an insurer allows for all units; None when it does not say."""
        return self._total(payer, procedure, modifiers, units, day)

    def _total(
        self, payer: int | None, procedure: str, modifiers: Iterable[str], units: Decimal, day: date
    ) -> int | None:
        modifiers = tuple(modifiers)
        for schedule in self._schedules:
            if schedule.payer == payer and schedule.holds(day):
                unit = schedule.unit_cents(procedure, modifiers)
                if unit is not None:
                    # Units may be a part (anaesthesia, drugs): half a cent and more counts up, once, at the end.
                    return int((unit * units).quantize(Decimal(1), ROUND_HALF_UP))
        return None
