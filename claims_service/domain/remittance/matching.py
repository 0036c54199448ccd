"""Which of our claim's lines a service of a remittance is about. Never a guess: two that fit are none."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from claims_service.domain.claim.claim import ClaimLine
from claims_service.domain.remittance.advice import ClaimPayment, LinePayment


def line_numbers(payment: ClaimPayment, lines: Sequence[ClaimLine]) -> dict[int, int]:
    """Our line number by SVC position: by REF*6R, else by code, modifiers, day and charge where only one line fits.

    A line that the insurer split is told by its parts: same code and day, charges that add up to the line's. The code is the
    one that was billed (SVC06 when the insurer changed it); a day is the claim's where the line has none (835 2110 DTM*472).
    """
    by_reference = {line.reference: line.number for line in lines}
    found: dict[int, int] = {}
    loose = []
    for service in payment.lines:
        number = by_reference.get(service.reference)
        if number is None:
            loose.append(service)
        else:
            found[service.position] = number
    if loose:
        taken = set(found.values())
        found |= _by_service(payment, loose, [line for line in lines if line.number not in taken])
    return found


def _by_service(payment: ClaimPayment, services: Sequence[LinePayment], lines: Sequence[ClaimLine]) -> dict[int, int]:
    """Those with all modifiers first: what they take is not looked at again."""
    found: dict[int, int] = {}
    split: defaultdict[tuple[str, date | None], list[LinePayment]] = defaultdict(list)
    for service in sorted(services, key=lambda service: -len(service.modifiers)):
        left = [line for line in lines if line.number not in found.values()]
        fits = [
            line.number
            for line in left
            if _same_service(payment, service, line) and line.charge_cents == abs(service.charge_cents)
        ]
        if len(fits) == 1:
            found[service.position] = fits[0]
        elif not fits:
            split[(_code(service), service.served_on)].append(service)
    left = [line for line in lines if line.number not in found.values()]
    for parts in split.values():
        alike = [line for line in left if all(_same_service(payment, part, line) for part in parts)]
        whole = [line.number for line in alike if line.charge_cents == sum(abs(part.charge_cents) for part in parts)]
        if len(whole) == 1:
            found |= {part.position: whole[0] for part in parts}
    return found


def _code(service: LinePayment) -> str:
    return service.original_procedure or service.procedure


def _same_service(payment: ClaimPayment, service: LinePayment, line: ClaimLine) -> bool:
    """Insurers drop modifiers that do not price and days the claim has: they must not contradict, but may be missing."""
    if _code(service) != line.procedure or not set(service.modifiers) <= set(line.modifiers):
        return False
    if service.served_on:
        return service.served_on == line.served_on
    first, last = payment.served_on, payment.served_until or payment.served_on
    return first is None or last is None or first <= line.served_on <= last


def day_of_service(payment: ClaimPayment) -> date | None:
    """The first day that a claim payment is about: DTM*232, else the earliest of its lines."""
    days: Iterable[date] = [line.served_on for line in payment.lines if line.served_on]
    return payment.served_on or min(days, default=None)
