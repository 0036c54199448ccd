"""What a service costs: the clinic's own prices, and what an insurer agreed to allow."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from claims_service.domain.pricing.contract_book import ContractBook


@dataclass(frozen=True, slots=True)
class FeeSchedule:
    """The clinic's prices per unit from a day on.

    cents: by (procedure, modifier); modifier "" is the price without one. valid_until: first day it no longer holds.
    """

    name: str
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
    """The clinic's schedules, the newest first, and its contracts. classes: of providers, by id (see provider_class).

    known: what was priced before, with the services themselves, so that an id in its key stays theirs.
    """

    def __init__(
        self,
        schedules: Iterable[FeeSchedule],
        contracts: ContractBook | None = None,
        classes: Mapping[int, str] | None = None,
    ) -> None:
        self._schedules = sorted(schedules, key=lambda s: s.valid_from, reverse=True)
        self.contracts = contracts or ContractBook()
        self.classes = classes or {}
        self.known: dict[tuple[Any, ...], tuple[Any, Any]] = {}

    def charge_cents(self, procedure: str, modifiers: Iterable[str], units: Decimal, day: date) -> int | None:
        """The clinic's price for all units; None when no schedule of that day has the code."""
        modifiers = tuple(modifiers)
        for schedule in self._schedules:
            if schedule.holds(day):
                unit = schedule.unit_cents(procedure, modifiers)
                if unit is not None:
                    # Units may be a part (anaesthesia, drugs): half a cent and more counts up, once, at the end.
                    return int((unit * units).quantize(Decimal(1), ROUND_HALF_UP))
        return None
