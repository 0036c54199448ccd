"""A folder of this machine or a network drive that a receiver's own program watches."""

import os
from pathlib import Path
from typing import Self

from claims_service.domain.receiver import Receiver
from claims_service.gateways.place import Found, PlaceError


class Folder:
    """A place on disk. Files are on the disk before they get their final name, and the name is before anyone is told."""

    def __init__(self, receiver: Receiver) -> None:
        self._out, self._in = Path(receiver.outbound), Path(receiver.inbound or ".")
        self._archive = Path(receiver.archive) if receiver.archive else None
        self._answers_too = bool(receiver.inbound)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing stays open."""

    def sent(self) -> dict[str, Found]:
        """What lies in the folder that we put files into."""
        return {found.name: found for found in _listed(self._out)}

    def read_sent(self, name: str) -> bytes:
        """The bytes of a file that we put there."""
        return _read(self._out / name)

    def write(self, name: str, content: bytes) -> None:
        """Lay a file there whole, and on the disk."""
        try:
            with (self._out / name).open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                size = os.fstat(file.fileno()).st_size
        except OSError as error:
            raise _told("write to", self._out, error) from None
        if size != len(content):
            raise PlaceError(f"Of {len(content)} bytes {size} arrived in the folder.")

    def rename(self, old: str, new: str) -> None:
        """Give a file its final name; a hard link refuses a name that is taken, where the drive knows links."""
        try:
            try:
                os.link(self._out / old, self._out / new)
            except FileExistsError:
                raise
            except OSError:
                _rename_where_free(self._out / old, self._out / new)
            else:
                (self._out / old).unlink()
            _sync(self._out)
        except OSError as error:
            raise _told("rename in", self._out, error) from None

    def remove(self, name: str) -> None:
        """Take a file of ours away."""
        try:
            (self._out / name).unlink(missing_ok=True)
        except OSError as error:
            raise _told("remove from", self._out, error) from None

    def answers(self) -> list[Found]:
        """What lies in the folder of the answers."""
        return _listed(self._in) if self._answers_too else []

    def read_answer(self, name: str) -> bytes:
        """The bytes of an answer as they are now."""
        return _read(self._in / name)

    def archive(self, name: str) -> None:
        """Move an answer away; an older one of that name stays, so this one gets a number."""
        if self._archive is None:
            return
        free = next(t for n in range(10_000) if not (t := self._archive / (f"{name}.{n}" if n else name)).exists())
        try:
            (self._in / name).rename(free)
        except OSError as error:
            raise _told("move to", self._archive, error) from None


def _listed(folder: Path) -> list[Found]:
    try:
        with os.scandir(folder) as entries:
            found = [(entry.name, entry.stat()) for entry in entries if entry.is_file(follow_symlinks=False)]
    except OSError as error:
        raise _told("read", folder, error) from None
    return sorted((Found(n, s.st_size, int(s.st_mtime)) for n, s in found), key=lambda one: (one.modified, one.name))


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise _told("read in", file.parent, error) from None


def _rename_where_free(old: Path, new: Path) -> None:
    if new.exists():
        raise FileExistsError
    old.rename(new)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _told(verb: str, folder: Path, error: OSError) -> PlaceError:
    return PlaceError(f"Can't {verb} the folder {folder}: {error.strerror or 'the name is taken'}.")
