"""What patients answer to text messages: on trial a folder stands in for the company that would tell it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from claims_service.config import Config

MOST_BYTES = 4_000
_MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Reply:
    """key: the company's name for it, the same for ever; sender: the number it came from."""

    key: str
    sender: str
    text: str


class Replies(Protocol):
    """Where replies are picked up."""

    def waiting(self, practice: int) -> Sequence[Reply]:
        """Those of a practice that nobody said were taken, the oldest first."""

    def taken(self, practice: int, reply: Reply) -> None:
        """It needs not be told again."""


class FolderReplies:
    """Each reply is a text file in a folder a practice: the sender's number on the first line, then what was written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def waiting(self, practice: int) -> Sequence[Reply]:
        files = sorted((self._folder / str(practice)).glob("*.txt"))[:_MOST_AT_ONCE]
        return [self._read(file) for file in files]

    def _read(self, file: Path) -> Reply:
        with file.open("rb") as source:
            sender, _, text = source.read(MOST_BYTES).decode("utf-8", "replace").partition("\n")
        return Reply(file.stem, sender.strip(), text.strip())

    def taken(self, practice: int, reply: Reply) -> None:
        file = self._folder / str(practice) / f"{reply.key}.txt"
        file.replace(file.with_suffix(".taken"))


class NoReplies:
    """No company tells of any."""

    def waiting(self, practice: int) -> Sequence[Reply]:
        return []

    def taken(self, practice: int, reply: Reply) -> None:
        raise AssertionError("there is none to take")


def replies_for(config: Config) -> Replies:
    """The folder on trial; in production, where no company is connected, none."""
    return NoReplies() if config.mode == "production" else FolderReplies(config.data_dir / "messages" / "replies")
