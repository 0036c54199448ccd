"""What lies in the store of files, for tests of several folders."""

from collections.abc import Iterator

from claims_service.store import files
from claims_service.store.connection import run


def stored(condition: str = "1 = 1") -> Iterator[tuple[str, str, bytes]]:
    """(kind, name, bytes) of the files that fit, oldest first. condition: on exchange_file."""
    sql = f"select practice_id, id, kind, name from exchange_file where {condition} order by id"
    for practice, file, kind, name in run(sql).fetchall():
        yield kind, name, files.content_of(practice, file)


def newest(condition: str = "1 = 1") -> bytes:
    """The bytes of the last file that fits."""
    *_, (_, _, content) = stored(condition)
    return content
