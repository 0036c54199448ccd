"""Files that come in: what they are, and what is said back about each."""

import io
import json
from dataclasses import asdict, dataclass, field
from typing import IO

from claims_service.domain.errors import Problem
from claims_service.formats.remittances import own_format

_HEAD_BYTES = 4096  # the envelope lies at the very start; a file wrapped at 80 columns has line ends inside of it
_BLOCK_BYTES = 1 << 18


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file as it arrived. payer: id of the insurer who sent it, None when staff uploaded it or a clearinghouse sent it.

    source: its bytes, or where they can be read, from the start and more than once: a remittance of 50 MB needn't be in memory.
    payers: the insurers that a clearinghouse sends for. typed: from paper by staff, so that nobody awaits a receipt.
    """

    name: str
    source: bytes | IO[bytes]
    payer: int | None = None
    payers: frozenset[int] = frozenset()
    typed: bool = False

    def stream(self) -> IO[bytes]:
        """From its start. Of a file that is no bytes there is one stream: read by one at a time."""
        if isinstance(self.source, bytes):
            return io.BytesIO(self.source)
        self.source.seek(0)
        return self.source

    @property
    def content(self) -> bytes:
        """All of it at once."""
        return self.stream().read()

    @property
    def beginning(self) -> bytes:
        """Enough to tell what it is."""
        return self.stream().read(_HEAD_BYTES)

    def may_speak_for(self, payer: int | None) -> bool:
        """An insurer speaks for itself, a clearinghouse for its insurers, a member of staff for all."""
        if self.payer is not None:
            return payer == self.payer
        return not self.payers or payer in self.payers


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of one file. state: read, held, duplicate, refused. file: its id in the store, None when refused.

    counts and cents name what happened ("posted", "suspense", "accepted" ...); message is one sentence for the sender.
    """

    file: int | None
    name: str
    kind: str
    state: str
    message: str
    problems: tuple[Problem, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    cents: dict[str, int] = field(default_factory=dict)

    def as_text(self) -> str:
        """What is kept of it beside the file, to be shown again: JSON."""
        said = asdict(self)
        return json.dumps({name: said[name] for name in ("message", "problems", "counts", "cents")})


_BY_GROUP = {b"HP": "835", b"FA": "999", b"HC": "837", b"HB": "271", b"HS": "270", b"HR": "276"}


def nul_problems(file: IncomingFile) -> list[Problem]:
    """A NUL inside a segment, which PostgreSQL can't keep; as filling between segments it does no harm."""
    stream = file.stream()
    if not any(b"\x00" in block for block in iter(lambda: stream.read(_BLOCK_BYTES), b"")):
        return []
    content = file.content
    start = content.find(b"ISA")
    for number, segment in enumerate(content[start:].split(content[start + 105 : start + 106]), 1):
        if b"\x00" in segment.lstrip(b"\x00\x1a \r\n\t"):
            told = "A NUL character stands inside a segment, so the file was damaged on the way."
            return [Problem(f"segment {number} of the file", told, "X12.6 character sets", "Ask for the file again.")]
    return []


def kind_of(content: bytes) -> str:
    """TA1, 999, 277CA, 277, 271, 835, 837 or "" for a file we can't place; from the envelope alone (GS01, ST01).

    A remittance in an insurer's own format counts as an 835.
    """
    head = content[:_HEAD_BYTES]
    return _kind(head) or _kind(head.translate(None, b"\r\n")) or ("835" if own_format(content) else "")


def _kind(head: bytes) -> str:
    start = head.find(b"ISA")
    if start < 0 or len(head) < start + 106 or head[:start].strip(b"\xef\xbb\xbf \r\n\t"):
        return ""
    element, terminator = head[start + 3 : start + 4], head[start + 105 : start + 106]
    for segment in head[start + 106 :].split(terminator):
        parts = segment.strip().split(element)
        if parts[0] == b"TA1":
            return "TA1"
        if parts[0] == b"GS" and len(parts) > 8:
            if parts[1] == b"HN":
                return "277CA" if parts[8].startswith(b"005010X214") else "277"
            return _BY_GROUP.get(parts[1], "")
        if parts[0] == b"IEA":
            return ""
    return ""
