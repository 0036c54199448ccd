"""What patients are told of autopay; shared by the steps that announce, charge and stop."""

from collections.abc import Sequence
from datetime import datetime

from claims_service.domain.patient.autopay import ANNOUNCED, ENDED, RETRY, STOPPED
from claims_service.domain.patient.autopay_letters import OFF
from claims_service.store import autopay, payment_notices
from claims_service.store.autopay import Charge


def let_know(practice: int, charge: Charge, kind: str, *, at: datetime) -> None:
    """A message about a charge is due, once a kind. Inside write()."""
    key = f"{kind}:{charge.id}"
    payment_notices.add(practice, charge.patient, charge.payment, kind, key, charge.cents, at=at)


def stop(practice: int, charge: Charge, why: str, *, at: datetime) -> bool:
    """A charge is called off, and its patient is told. Inside write()."""
    stopped = autopay.move(practice, charge, STOPPED, why=why)
    if stopped:
        let_know(practice, charge, OFF, at=at)
    return stopped


def call_off(practice: int, consents: Sequence[int], *, at: datetime) -> None:
    """What is announced under consents that ended; a charge under way can't be called back. Inside write()."""
    for one in autopay.open_charges(practice):
        if one.autopay in consents and one.state in (ANNOUNCED, RETRY):
            stop(practice, one, ENDED, at=at)
