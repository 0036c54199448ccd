"""Files seen in receivers' folders: known by content, so that a renamed copy counts once."""

from dataclasses import dataclass
from datetime import datetime

from claims_service.store.connection import opened, write
from claims_service.store.tables import FetchedFile

UNREAD = ("seen", "partial")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a file by its name in the folder. state: seen, partial, read, held, duplicate or refused."""

    size: int
    modified: int
    sha256: str
    state: str

    @property
    def settled(self) -> bool:
        """The reading step had it."""
        return self.state not in UNREAD


def by_name(practice: int, receiver: int) -> dict[str, Known]:
    """Everything ever seen in a receiver's folder."""
    with opened():
        rows = FetchedFile.select().where(FetchedFile.practice == practice, FetchedFile.receiver == receiver)
        return {row.name: Known(row.size, row.modified, row.sha256, row.state) for row in rows}


def taken(practice: int, receiver: int, sha256: str) -> int | None:
    """The kept file with the same content from this receiver, whatever it was called then; 0 where none was kept."""
    with opened():
        row = (
            FetchedFile.select()
            .where(
                FetchedFile.practice == practice,
                FetchedFile.receiver == receiver,
                FetchedFile.sha256 == sha256,
                FetchedFile.state.not_in(UNREAD),
            )
            .order_by(FetchedFile.id)
            .first()
        )
        return None if row is None else int(row.file_id or 0)


def put(practice: int, receiver: int, name: str, known: Known, *, file: int | None, at: datetime) -> None:
    """Keep what is known of a name in a receiver's folder."""
    row = {
        "size": known.size, "modified": known.modified, "sha256": known.sha256, "state": known.state, "file": file, "at": at,
    }  # fmt: skip
    where = (FetchedFile.practice == practice, FetchedFile.receiver == receiver, FetchedFile.name == name)
    with write():
        if not FetchedFile.update(**row).where(*where).execute():
            FetchedFile.create(practice=practice, receiver=receiver, name=name, first_seen_at=at, **row)
