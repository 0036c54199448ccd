"""Where a receiver takes files and lays its answers: the one small protocol, and what can go wrong there."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from claims_service.domain.errors import BillingError


class PlaceError(BillingError):
    """It did not work this time; it may the next. The message never holds a file's content or a secret."""


class Refused(PlaceError):
    """Trying again won't help: a person has to look."""


class HostKeyChanged(Refused):
    """Another key than the pinned one: the server was renewed, or somebody stands between. Nothing was sent, not even a name."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file in a folder. modified: whole seconds since 1970 by the clock over there."""

    name: str
    size: int
    modified: int


class Place(Protocol):
    """A receiver's folders, as long as the connection stands. Every call may raise PlaceError."""

    def sent(self) -> dict[str, Found]:
        """What lies in the folder that we put files into."""

    def read_sent(self, name: str) -> bytes:
        """The bytes of a file that we put there."""

    def write(self, name: str, content: bytes) -> None:
        """Lay a file there from its first byte to its last; what lay under the name is gone. Its size is checked after."""

    def rename(self, old: str, new: str) -> None:
        """Give a file its final name in one go; refused where that name is taken."""

    def remove(self, name: str) -> None:
        """Take a file of ours away."""

    def answers(self) -> list[Found]:
        """What lies in the folder of the answers."""

    def read_answer(self, name: str) -> bytes:
        """The bytes of an answer as they are now; it may still grow."""

    def archive(self, name: str) -> None:
        """Move an answer that was taken in out of the way, where a folder is named for that."""


OpenPlace = AbstractContextManager[Place]
