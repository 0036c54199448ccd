"""An insurer fetches claim files: each download is receipted, and the first one is told in every claim's story."""

from collections.abc import Sequence
from datetime import datetime

from claims_service.domain.actor import Actor
from claims_service.domain.errors import NotFound
from claims_service.store import audit, deliveries, files, mailbox
from claims_service.store.connection import insert_rows, write
from claims_service.store.mailbox import OutgoingFile
from claims_service.store.tables import ClaimEvent

_EVENT = ("practice", "claim", "at", "kind", "text", "by", "file")


def hand_over_files(
    practice: int, payer: int, wanted: Sequence[int], *, by: Actor, now: datetime
) -> tuple[OutgoingFile, ...]:
    """Give an insurer its files.

    Raises:
        NotFound: one of them is not a file for this insurer; none is handed over.
    """
    asked = sorted(set(wanted))
    with write():
        found = mailbox.outgoing(practice, payer, asked)
        if not found or len(found) != len(asked):
            raise NotFound("file")
        for file in found:
            files.receipt(practice, file.id, by=by.name, address=by.address, at=now)
            deliveries.fetched(practice, file.id, at=now)
            if file.state == "made":
                text = f"The insurer fetched {file.name}."
                rows = [(practice, claim, now, "fetched", text, by.name, file.id) for claim, _ in file.claims]
                insert_rows(ClaimEvent, _EVENT, rows)
        audit.record(practice, [event for file in found for event in _events(practice, file)], by=by, at=now)
    return tuple(found)


def _events(practice: int, file: OutgoingFile) -> list[audit.Event]:
    """One for each patient in the file: the insurer now holds their claims, or our questions about them."""
    subject = f"file:{file.id}"
    patients = deliveries.patients_in(practice, file.id)
    return [audit.Event("claim_file.fetch", patient, subject) for patient in patients] or [
        audit.Event("claim_file.fetch", None, subject)
    ]
