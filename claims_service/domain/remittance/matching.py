"""Which of our claim's lines a service of a remittance is about. Never a guess: two that fit are none."""

from collections.abc import Sequence

from claims_service.domain.claim.claim import ClaimLine
from claims_service.domain.remittance.advice import ClaimPayment, LinePayment


def line_numbers(payment: ClaimPayment, lines: Sequence[ClaimLine]) -> dict[int, int]:
    """Our line number by SVC position: by REF*6R first, then by code, modifiers and charge where only one line fits.

    Rule 48 of the 835 practice: 6R, then the code as billed (SVC06 when the payer changed it).
    """
    by_reference = {line.reference: line.number for line in lines}
    found: dict[int, int] = {}
    for service in payment.lines:
        number = by_reference.get(service.reference)
        if number is None:
            fits = [line.number for line in lines if _same_service(service, line)]
            number = fits[0] if len(fits) == 1 else None
        if number is not None:
            found[service.position] = number
    return found


def _same_service(service: LinePayment, line: ClaimLine) -> bool:
    code = service.original_procedure or service.procedure
    # Insurers drop modifiers that do not price: they must not contradict, but may be missing.
    return (
        code == line.procedure
        and abs(service.charge_cents) == line.charge_cents
        and set(service.modifiers) <= set(line.modifiers)
    )
