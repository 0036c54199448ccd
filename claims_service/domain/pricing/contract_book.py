"""Prices services by the contracts of a practice: the term, the amount for a unit, then what the claim as a whole changes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from claims_service.domain.pricing.contract import (
    CHARGE,
    MEDICARE,
    PER_DIEM,
    Contract,
    InForce,
    Service,
    Term,
    in_force,
)
from claims_service.domain.pricing.medicare import Fee, Medicare, NoFee, quarter_day

_ONE = Decimal(1)
_WHOLE = Decimal(100)
RateKey = tuple[int, str, tuple[str, ...], str, str]


@dataclass(frozen=True, slots=True)
class Rate:
    """What a unit (or a day) of some service costs from one day to another. cents: exact; None with CHARGE or when why says so.

    why: a sentence, when there is no price. fee: Medicare's amount behind it.
    """

    first: date
    until: date | None
    contract: Contract | None = None
    term: Term | None = None
    cents: Decimal | None = None
    fee: Fee | None = None
    why: str = ""

    def holds(self, day: date) -> bool:
        """Whether the day is one of its days."""
        return self.first <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Price:
    """What is expected for a service; cents None: not known, and rate.why says why. exact: before the charge and rounding.

    percent: what is left of it by the rule for several procedures. included: the day's rate stands on another service.
    """

    rate: Rate
    cents: int | None = None
    exact: Decimal | None = None
    percent: Decimal = _WHOLE
    included: bool = False
    capped: bool = False


class ContractBook:
    """The contracts of a practice, ready to price many services."""

    def __init__(self, contracts: Iterable[Contract] = (), medicare: Medicare | None = None) -> None:
        by_payer: dict[int, list[Contract]] = defaultdict(list)
        for contract in contracts:
            by_payer[contract.payer].append(contract)
        self._in_force: Mapping[int, tuple[InForce, ...]] = {p: in_force(found) for p, found in by_payer.items()}
        self._medicare = medicare or Medicare()
        self._rates: dict[RateKey, list[Rate]] = defaultdict(list)

    def in_force(self, payer: int) -> tuple[InForce, ...]:
        """An insurer's contracts with their days, the earliest first."""
        return self._in_force.get(payer, ())

    def prices(self, payer: int, services: Sequence[Service]) -> list[Price]:
        """What the contract allows for each service of one claim; rounded half up, once, at the end."""
        rates = [self.rate(payer, service) for service in services]
        prices = [_priced(rate, service) for rate, service in zip(rates, services, strict=True)]
        terms = [rate.term for rate in rates if rate.term]
        if any(term.method == PER_DIEM for term in terms):
            prices = _once_a_day(prices, services)
        if any(term.reductions for term in terms):
            prices = self._reduced(prices, services)
        return [_rounded(price, service) for price, service in zip(prices, services, strict=True)]

    def rate(self, payer: int, service: Service) -> Rate:
        """The rate of a service on its day; found once for all services alike."""
        key = (payer, service.procedure, service.modifiers, service.place, service.provider_class)
        known = self._rates[key]
        for rate in known:
            if rate.holds(service.day):
                return rate
        known.append(self._found(payer, service))
        return known[-1]

    def _found(self, payer: int, service: Service) -> Rate:
        holding = next((c for c in self.in_force(payer) if c.holds(service.day)), None)
        if holding is None:
            return Rate(service.day, service.day, why="There is no contract with this insurer on that day.")
        contract = holding.contract
        terms = contract.fitting(service)
        if not terms:
            return Rate(holding.first, holding.until, contract, why="The contract does not speak of this service.")
        term = terms[0]
        if term.method == MEDICARE:
            return self._of_medicare(holding, term, service)
        cents = None if term.method == CHARGE else Decimal(term.cents or 0)
        return Rate(holding.first, holding.until, contract, term, cents)

    def _of_medicare(self, holding: InForce, term: Term, service: Service) -> Rate:
        day = quarter_day(term.release) if term.release else service.day
        fee = self._medicare.fee(
            service.procedure, service.modifiers, service.place, day, locality=term.locality, program=term.program
        )
        # Prices of a release that the contract keeps don't move with the days.
        first, until = (holding.first, holding.until) if term.release else _both(holding, fee)
        if isinstance(fee, NoFee):
            return Rate(first, until, holding.contract, term, why=fee.why)
        cents = fee.cents * (term.percent or 0) / 100
        return Rate(first, until, holding.contract, term, cents, fee)

    def _reduced(self, prices: list[Price], services: Sequence[Service]) -> list[Price]:
        """Several procedures of one day: the dearest whole, the next ones in part, as the term says.

        Only procedures that Medicare ranks (MULT PROC 2). Each whole unit is a procedure of its own.
        """
        units: dict[tuple[date, tuple[Decimal, ...]], list[tuple[Decimal, int]]] = defaultdict(list)
        for place, (price, service) in enumerate(zip(prices, services, strict=True)):
            steps = price.rate.term.reductions if price.rate.term else ()
            if steps and price.exact and self._medicare.is_ranked(service.procedure, service.day):
                count = max(int(service.units), 1)
                units[(service.day, steps)] += [(price.exact / count, place)] * count
        shares: dict[int, list[Decimal]] = defaultdict(list)
        for (_, steps), listed in units.items():
            for rank, (_, place) in enumerate(sorted(listed, key=lambda unit: (-unit[0], unit[1]))):
                shares[place].append(steps[min(rank, len(steps) - 1)])
        return [
            replace(price, percent=sum(shares[place], Decimal(0)) / len(shares[place])) if place in shares else price
            for place, price in enumerate(prices)
        ]


def _both(holding: InForce, fee: Fee | NoFee) -> tuple[date, date | None]:
    until = min((day for day in (holding.until, fee.until) if day), default=None)
    return max(holding.first, fee.first), until


def _priced(rate: Rate, service: Service) -> Price:
    term = rate.term
    if term is None or rate.why:
        return Price(rate)
    if term.method == CHARGE:
        if service.charge_cents is None:
            return Price(rate)
        return Price(rate, exact=(term.percent or Decimal(0)).scaleb(-2) * service.charge_cents)
    assert rate.cents is not None, "every other method gives an amount"
    units = _ONE if term.method == PER_DIEM else service.units
    return Price(rate, exact=rate.cents * units)


def _once_a_day(prices: list[Price], services: Sequence[Service]) -> list[Price]:
    """A day's rate is paid once, on the first service of the day that falls under it."""
    paid: set[tuple[date, int]] = set()
    found = []
    for price, service in zip(prices, services, strict=True):
        term = price.rate.term
        if term and term.method == PER_DIEM:
            day = (service.day, term.line)
            found.append(replace(price, exact=Decimal(0), included=True) if day in paid else price)
            paid.add(day)
        else:
            found.append(price)
    return found


def _rounded(price: Price, service: Service) -> Price:
    if price.exact is None or price.rate.term is None:
        return price
    exact = price.exact if price.percent == _WHOLE else price.exact * price.percent / 100
    cents = int(exact.quantize(_ONE, ROUND_HALF_UP))
    charge = service.charge_cents
    capped = price.rate.term.lesser_of_charge and charge is not None and charge < cents
    return replace(price, cents=charge if capped else cents, capped=capped)
