"""What an insurer agreed to pay: contracts by date of service, their terms, and which term a service falls under."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from claims_service.domain.pricing.medicare import FACILITIES, MPFS

FLAT, MEDICARE, CHARGE, PER_DIEM = "flat", "medicare", "charge", "per_diem"
METHODS = (FLAT, MEDICARE, CHARGE, PER_DIEM)
FACILITY, OFFICE = "F", "N"
ANY_CODE = ("", "")
Rank = tuple[int, int, int, int, str]


@dataclass(frozen=True, slots=True)
class Service:
    """A service to be priced. charge_cents: for all units; None = nobody said."""

    procedure: str
    day: date
    modifiers: tuple[str, ...] = ()
    units: Decimal = Decimal(1)
    place: str = "11"
    provider_class: str = ""
    charge_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """What is paid for some services. Empty code, modifier, place, provider_class: whatever they are.

    line: where it stands in the file. place: F facility, N not a facility, or a place of service. cents: flat for a unit,
    per_diem for a day. percent: of Medicare or of the charge. release: "2026A" keeps Medicare's prices of then, "" takes those
    of the day of service. locality: seven digits. reductions: percent of the first, second ... procedure of a day; the last
    of them goes on.
    """

    line: int
    method: str
    code_from: str = ""
    code_until: str = ""
    modifier: str = ""
    place: str = ""
    provider_class: str = ""
    cents: int | None = None
    percent: Decimal | None = None
    release: str = ""
    program: str = MPFS
    locality: str = ""
    lesser_of_charge: bool = False
    reductions: tuple[Decimal, ...] = ()
    note: str = ""

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """What it is about; no two terms of a contract are about the same."""
        return self.code_from, self.code_until, self.modifier, self.place, self.provider_class

    def fits(self, service: Service) -> bool:
        """Whether the term says anything of a service."""
        return (
            self.has_code(service.procedure)
            and (not self.modifier or self.modifier in service.modifiers)
            and (not self.place or self.place in (service.place, _setting(service.place)))
            and (not self.provider_class or self.provider_class == service.provider_class)
        )

    def has_code(self, code: str) -> bool:
        """Whether a code lies between its first and last; one that ends in a letter holds codes with that letter alone."""
        if not self.code_from:
            return True
        return self.code_from <= code <= self.code_until and _family(code) == _family(self.code_from)

    def rank(self, service: Service) -> Rank:
        """The lower, the more exactly the term speaks of the service: code, then modifier, place, provider class.

        One code before a range, a narrow range before a wide one; of the service's modifiers the first that a term names;
        a place of service before facility or not.
        """
        return (
            span_of(self.code_from, self.code_until),
            service.modifiers.index(self.modifier) if self.modifier else len(service.modifiers),
            0 if len(self.place) == 2 else 1 if self.place else 2,
            0 if self.provider_class else 1,
            self.code_from,
        )


def _setting(place: str) -> str:
    return FACILITY if place in FACILITIES else OFFICE


def _family(code: str) -> str:
    return code[-1:] if code[-1:].isalpha() else ""


def span_of(code_from: str, code_until: str) -> int:
    """How many codes lie from one to the other, counted in letters and digits; a term without codes is the widest."""
    if not code_from:
        return 36**5
    return int(code_until, 36) - int(code_from, 36)


def undecided(terms: Iterable[Term]) -> list[tuple[Term, Term]]:
    """Pairs of terms of which neither is the more exact: about the same, or ranges that overlap only in part."""
    alike: dict[tuple[str, ...], list[Term]] = defaultdict(list)
    for term in terms:
        alike[(*term.key[2:], _family(term.code_from))].append(term)
    found = []
    for group in alike.values():
        # An outer range comes before those within it, so only the ranges still open can be cut.
        opened: list[Term] = []
        for term in sorted(group, key=lambda t: (t.code_from, -span_of(t.code_from, t.code_until), t.line)):
            while opened and opened[-1].code_until < term.code_from:
                opened.pop()
            if opened and (
                opened[-1].key == term.key or (opened[-1].code_until < term.code_until and opened[-1].code_from)
            ):
                found.append((opened[-1], term))
            opened.append(term)
    return sorted(found, key=lambda pair: pair[1].line)


@dataclass(frozen=True, slots=True)
class Contract:
    """An agreement with an insurer. valid_until: the last day of service, None = until the next contract."""

    id: int
    payer: int
    name: str
    valid_from: date
    valid_until: date | None
    terms: tuple[Term, ...] = field(repr=False)
    corrects: int | None = None

    def fitting(self, service: Service) -> list[Term]:
        """The terms that speak of a service, the one that decides first; their order in the file does not matter."""
        return sorted((t for t in self.terms if t.fits(service)), key=lambda t: (t.rank(service), t.line))


@dataclass(frozen=True, slots=True)
class InForce:
    """A contract with the days it really holds."""

    contract: Contract
    first: date
    until: date | None

    def holds(self, day: date) -> bool:
        """Whether the day is one of them."""
        return self.first <= day and (self.until is None or day <= self.until)


def in_force(contracts: Iterable[Contract]) -> tuple[InForce, ...]:
    """One insurer's contracts with the days of each, in order and never two on a day.

    A later first day ends the contract before; of several with the same first day the last that was imported holds.
    """
    latest: dict[date, Contract] = {}
    for contract in sorted(contracts, key=lambda c: c.id):
        latest[contract.valid_from] = contract
    ordered: Sequence[Contract] = sorted(latest.values(), key=lambda c: c.valid_from)
    found = []
    for place, contract in enumerate(ordered):
        ends = [contract.valid_until] if contract.valid_until else []
        if place + 1 < len(ordered):
            ends.append(ordered[place + 1].valid_from - timedelta(days=1))
        found.append(InForce(contract, contract.valid_from, min(ends, default=None)))
    return tuple(found)
