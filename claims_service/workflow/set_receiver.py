"""Says where files of an insurer or clearinghouse go."""

from datetime import datetime

from claims_service.domain.actor import Actor
from claims_service.domain.errors import Rejected
from claims_service.domain.receiver import Receiver, problems_in
from claims_service.store import audit, deliveries, receivers
from claims_service.store.connection import write


def set_receiver(practice: int, wanted: Receiver, *, by: Actor, now: datetime) -> int:
    """Keep the settings; what waits for this receiver is tried with them at once. Gives the receiver's id.

    Raises:
        Rejected: with every setting that can't be used; nothing is kept.
    """
    if problems := problems_in(wanted):
        raise Rejected(problems)
    with write(practice):
        receiver = receivers.put(practice, wanted, at=now)
        deliveries.try_now(practice, receiver, at=now)
        why = f"{wanted.route} {wanted.host} {wanted.host_key}".strip()
        audit.record(practice, [audit.Event("receiver.set", None, f"receiver:{receiver}", why)], by=by, at=now)
    return receiver
