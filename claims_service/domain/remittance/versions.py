"""Which version of a claim a payment is about, when a replacement (7) or void (8) stands beside what it replaced."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from claims_service.domain.claim import lifecycle
from claims_service.domain.claim.claim import VOID
from claims_service.domain.remittance.advice import ClaimPayment


class Version(Protocol):
    """A claim among those that replaced one another. payer_claim_number: the insurer's, "" until it told."""

    @property
    def id(self) -> int: ...
    @property
    def state(self) -> str: ...
    @property
    def frequency(self) -> str: ...
    @property
    def replaces(self) -> int | None: ...
    @property
    def payer_claim_number(self) -> str: ...


V = TypeVar("V", bound=Version)


def version_for(payment: ClaimPayment, matched: V, chain: Sequence[V]) -> V:
    """The version a payment is about. matched: by CLP01; chain: all versions, the oldest first, matched included.

    A reversal (CLP02 = 22) takes back what was decided under the number it names: CLP07, else REF*F8. Insurers often put the
    newest CLP01 on both the reversal and the new decision, or the oldest on both (835 2100).
    """
    if payment.is_reversal:
        return _reversed(payment, matched, chain)
    if matched.state == lifecycle.REPLACED and payment.payer_claim_number != matched.payer_claim_number:
        later = [v for v in chain if v.id > matched.id and _named(v, payment.payer_claim_number)]
        return later[0] if len(later) == 1 else matched
    return matched


def _reversed(payment: ClaimPayment, matched: V, chain: Sequence[V]) -> V:
    decided = [v for v in chain if v.frequency != VOID and v.state in (lifecycle.DECIDED, lifecycle.REPLACED)]
    for number in (payment.payer_claim_number, payment.original_number):
        named = [v for v in decided if _named(v, number)]
        if matched in named:
            return matched
        if len(named) == 1:
            return named[0]
    if matched in decided:
        return matched
    # Nothing was decided on the one that is named: what is taken back is what it replaced.
    return next((v for v in chain if v.id == matched.replaces), matched)


def _named(version: Version, number: str) -> bool:
    return bool(number) and version.payer_claim_number == number
