"""Says where files of an insurer or clearinghouse go."""

from dataclasses import replace
from datetime import datetime

from claims_service.domain.actor import Actor
from claims_service.domain.errors import Conflict, Rejected
from claims_service.domain.receiver import MAILBOX, Receiver, problems_in
from claims_service.store import audit, deliveries, receivers
from claims_service.store.connection import write


def set_receiver(practice: int, wanted: Receiver, *, by: Actor, now: datetime) -> int:
    """Keep the settings; what waits for this receiver is tried with them at once. Gives the receiver's id.

    Raises:
        Rejected: with every setting that can't be used; nothing is kept.
        Conflict: files of several insurers are still on their way, which no mailbox can take; or another receiver's answers
            are read out of the same folder.
    """
    if problems := problems_in(wanted):
        raise Rejected(problems)
    with write(practice):
        receiver = receivers.put(practice, wanted, at=now)
        deliveries.try_now(practice, receiver, at=now)
        if wanted.route == MAILBOX and (shared := deliveries.give_up(practice, receiver)):
            raise Conflict(
                f"{shared} files for {wanted.name} hold claims of several insurers, so no insurer's mailbox can take them."
                " Deliver them first; nothing was changed."
            )
        if wanted.inbound and (other := receivers.reads_here(replace(wanted, id=receiver))):
            raise Conflict(
                f"Answers in that folder are read for {other} already: each would be read for one of the two only."
                " Leave --inbound out here, or ask the receiver for another folder; nothing was changed."
            )
        why = f"{wanted.route} {wanted.host} {wanted.host_key}".strip()
        audit.record(practice, [audit.Event("receiver.set", None, f"receiver:{receiver}", why)], by=by, at=now)
    return receiver
