"""Files in and out, kept as their bytes and known by the hash of their content."""

import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from claims_service.domain.errors import NotFound
from claims_service.store.connection import insert_rows, marks, opened, run, write
from claims_service.store.tables import ExchangeFile, FileClaim, FilePart, FileReceipt

PART_BYTES = 1 << 18  # of one row


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to keep. content: its bytes, or a stream that can be read again from its start. outcome: JSON without patient data."""

    direction: str
    kind: str
    name: str
    content: bytes | IO[bytes]
    payer: int | None = None
    interchange_control: str = ""
    group_control: str = ""
    claim_count: int = 0
    total_cents: int = 0
    state: str = "made"
    outcome: str = ""
    duplicate_of: int | None = None


_COLUMNS = (
    "practice", "payer", "direction", "kind", "name", "sha256", "interchange_control", "group_control", "size", "claim_count",
    "total_cents", "state", "outcome", "duplicate_of", "at", "by",
)  # fmt: skip


def _stream(content: bytes | IO[bytes]) -> IO[bytes]:
    return io.BytesIO(content) if isinstance(content, bytes) else content


def parts(content: bytes | IO[bytes]) -> Iterator[bytes]:
    """From its start, as much at a time as one row holds."""
    stream = _stream(content)
    stream.seek(0)
    while part := stream.read(PART_BYTES):
        yield part


def digest(content: bytes | IO[bytes]) -> str:
    """sha256 of the content without white space between segments, so that CRLF added on the way changes nothing."""
    found = hashlib.sha256()
    for part in parts(content):
        found.update(part.replace(b"\r", b"").replace(b"\n", b""))
    return found.hexdigest()


def add(practice: int, new: NewFile, *, by: str, at: datetime) -> int:
    """Keep one file; gives its id."""
    row = (
        practice, new.payer, new.direction, new.kind, new.name, digest(new.content), new.interchange_control, new.group_control,
        _stream(new.content).seek(0, io.SEEK_END), new.claim_count, new.total_cents, new.state, new.outcome, new.duplicate_of, at, by,
    )  # fmt: skip
    with write():
        file = insert_rows(ExchangeFile, _COLUMNS, [row])[0]
        for position, part in enumerate(parts(new.content)):  # each by itself: together they would all be in memory
            insert_rows(FilePart, ("practice", "file", "position", "content"), [(practice, file, position, part)])
    return file


def earlier(practice: int, content: bytes | IO[bytes], kind: str, payer: int | None = None) -> int | None:
    """The first file with the same content that was taken in, if any.

    payer: the insurer that sends it: what another insurer sent under its own name is no earlier copy of it.
    """
    senders = True if payer is None else ExchangeFile.payer.is_null() | (ExchangeFile.payer == payer)
    with opened():
        found = (
            ExchangeFile.select(ExchangeFile.id)
            .where(
                ExchangeFile.practice == practice,
                ExchangeFile.sha256 == digest(content),
                ExchangeFile.direction == "in",
                ExchangeFile.kind == kind,
                ExchangeFile.duplicate_of.is_null(),
                senders,
            )
            .order_by(ExchangeFile.id)
            .first()
        )
        return found.id if found else None


def content_of(practice: int, file: int, payer: int | None = None) -> bytes:
    """The bytes of a file.

    Raises:
        NotFound: no such file of this practice (and payer, where one asks).
    """
    with opened():
        query = ExchangeFile.select(ExchangeFile.id).where(ExchangeFile.practice == practice, ExchangeFile.id == file)
        if payer is not None:
            query = query.where(ExchangeFile.payer == payer)
        if not query.exists():
            raise NotFound("file")
        return contents(practice, [file])[file]


def contents(practice: int, files: Sequence[int]) -> dict[int, bytes]:
    """The bytes of many files."""
    found: dict[int, list[bytes]] = {file: [] for file in files}
    sql = f"select file_id, content from file_part where practice_id = ? and file_id in ({marks(files)}) order by file_id, position"
    with opened():
        for file, part in run(sql, (practice, *files)):
            found[file].append(part)
    return {file: b"".join(listed) for file, listed in found.items()}


def set_state(practice: int, file: int, state: str) -> None:
    """Say what became of a file."""
    with write():
        ExchangeFile.update(state=state).where(ExchangeFile.practice == practice, ExchangeFile.id == file).execute()


def set_read(practice: int, file: int, state: str, controls: tuple[str, str], claims: int, cents: int) -> None:
    """What became of a file, and what was found in it. controls: ISA13 and GS06."""
    values = {"state": state, "interchange_control": controls[0], "group_control": controls[1]}
    with write():
        ExchangeFile.update(**values, claim_count=claims, total_cents=cents).where(
            ExchangeFile.practice == practice, ExchangeFile.id == file
        ).execute()


def keep_outcome(practice: int, file: int, outcome: str) -> None:
    """What was said back about a file, as JSON without patient data."""
    with write():
        ExchangeFile.update(outcome=outcome).where(ExchangeFile.practice == practice, ExchangeFile.id == file).execute()


def add_claims(practice: int, file: int, placed: Sequence[tuple[int, str, int]]) -> None:
    """Where each claim lies in an outgoing file: (claim, transaction control number, position)."""
    insert_rows(
        FileClaim,
        ("practice", "file", "claim", "transaction_control", "position"),
        [(practice, file, *p) for p in placed],
    )


def receipt(practice: int, file: int, *, by: str, address: str, at: datetime) -> None:
    """An insurer fetched a file: kept for each time, and the file counts as fetched."""
    with write():
        insert_rows(FileReceipt, ("practice", "file", "by", "at", "address"), [(practice, file, by, at, address)])
        set_state(practice, file, "fetched")


def claims_by_control(
    practice: int, *, interchange: str = "", group: str = "", reference: str = "", payer: int | None = None
) -> list[tuple[int, int, str]]:
    """(file, claim, transaction control) of our outgoing claim files by interchange or group control number or batch reference.

    payer: only files for this insurer. reference: BHT03, which ends with the interchange's number.
    """
    with opened():
        query = (
            FileClaim.select(FileClaim.file, FileClaim.claim, FileClaim.transaction_control)
            .join(ExchangeFile)
            .where(
                FileClaim.practice == practice,
                ExchangeFile.direction == "out",
                ExchangeFile.kind.in_(("837P", "837I", "837D")),
            )
        )
        if payer is not None:
            query = query.where(ExchangeFile.payer == payer)
        if interchange:
            query = query.where(ExchangeFile.interchange_control == interchange)
        if group:
            query = query.where(ExchangeFile.group_control == group)
        if reference:
            query = query.where(ExchangeFile.group_control == reference.removeprefix(f"B{practice}").lstrip("0"))
        return list(query.order_by(FileClaim.id).tuples())
