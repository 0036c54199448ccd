"""Bytes to raw segments, in chunks and without losing a byte; the delimiters come out of each ISA."""

import io
import re
from collections.abc import Iterator
from typing import IO

from claims_service.formats.x12.pattern import Marks

ISA_LENGTH = 106
CHUNK = 1 << 16
LONGEST = 1 << 20
BLANKS = "\r\n\t \x00\x1a\xef\xbb\xbf"
Source = bytes | IO[bytes]


class Odd(str):
    """A segment whose bytes differ from the plain form; `exact` is what stood in the file, terminator included."""

    __slots__ = ("exact", "fault")
    exact: str
    fault: str


def odd(text: str, exact: str, fault: str = "") -> Odd:
    """A segment read as `text` though the file holds `exact`; fault: "", "blank", "unterminated", "junk" or "isa"."""
    segment = Odd(text)
    segment.exact, segment.fault = exact, fault
    return segment


class Tokenizer:
    """Iterates over lists of raw segments; `marks` and `filler` hold for the list last handed out.

    filler: what the sender puts between a terminator and the next segment, such as CR LF. latin-1 keeps every byte.
    Each list belongs to one interchange, and an ISA always stands alone in a list.
    """

    def __init__(self, source: Source, chunk: int = CHUNK) -> None:
        self._stream: IO[bytes] = io.BytesIO(source) if isinstance(source, bytes | bytearray) else source
        self._chunk = chunk
        self._rest = ""
        self._ended = False
        self._wrapped = 0
        self.marks = Marks()
        self.filler = ""

    def __iter__(self) -> Iterator[list[str]]:
        while self._fill(ISA_LENGTH):
            start = self._rest.find("ISA")
            if start < 0:
                if self._ended or len(self._rest) > LONGEST:
                    yield [self._take(len(self._rest), "junk")]
                self._fill(2 * len(self._rest) + self._chunk)
                continue
            self._fill(start + 2 * ISA_LENGTH)
            isa = self._isa(start)
            if not _marks_differ(isa):
                yield [self._take(self._after_false_isa(start), "isa")]
                continue
            yield [self._begin(start, isa)]
            yield from self._segments()

    def _fill(self, size: int) -> bool:
        """Read until `size` characters wait, or the source ends; true when any wait."""
        missing = size - len(self._rest)
        if missing > 0 and not self._ended:
            blocks = [self._rest]
            while missing > 0 and not self._ended:
                block = self._stream.read(self._chunk)
                self._ended = not block
                blocks.append(block.decode("latin-1"))
                missing -= len(block)
            self._rest = "".join(blocks)
        return bool(self._rest)

    def _isa(self, start: int) -> str:
        """The ISA that begins at `start`; one that was wrapped at some column is put together in place."""
        isa = self._rest[start : start + ISA_LENGTH]
        if isa[:105].isprintable() or "\n" not in isa[:105] or _marks_differ(isa):
            return isa
        raw = self._rest[start : start + 2 * ISA_LENGTH]
        breaks = [i for i, letter in enumerate(raw) if letter in "\r\n"]
        self._wrapped = sum(1 for i, at in enumerate(breaks) if at - i < ISA_LENGTH)
        return raw.translate(_WITHOUT_BREAKS)[:ISA_LENGTH]

    def _after_false_isa(self, start: int) -> int:
        """Where the next ISA stands that could be one; the end of what waits, less a possible beginning, if none does."""
        while (start := self._rest.find("ISA", start + 3)) >= 0:
            if len(self._rest) < start + ISA_LENGTH and not self._ended:
                return start
            if _marks_differ(self._rest[start : start + ISA_LENGTH].ljust(ISA_LENGTH)):
                return start
        return len(self._rest)

    def _take(self, size: int, fault: str) -> Odd:
        exact, self._rest = self._rest[:size], self._rest[size:]
        text = exact.strip(BLANKS)
        return odd(text, exact, fault if text else "blank")

    def _begin(self, start: int, isa: str) -> Odd:
        """Take the ISA off and learn the delimiters; ISA11 is a repetition mark from version 00402 on."""
        before, end = self._rest[:start], start + ISA_LENGTH + self._wrapped
        raw, self._wrapped = self._rest[start:end], 0
        self.marks = Marks(isa[3], isa[104], isa[82] if isa[84:89] >= "00402" else "", isa[105])
        after = self._rest[end : end + 2]
        self.filler = after if after == "\r\n" else after[:1] if after[:1] in ("\n", "\r") else ""
        self._rest = self._rest[end:]
        return odd(isa[:-1], before + raw, "junk" if before.strip(BLANKS) else "")

    def _segments(self) -> Iterator[list[str]]:
        """Lists of segments up to and with the IEA; up to the next ISA, or the end of the file, when the IEA is lost."""
        while self._fill(1):
            ends = self._rest.rfind(self.marks.terminator) + 1
            if not ends:
                if self._ended or len(self._rest) > LONGEST:
                    yield [self._take(len(self._rest), "unterminated")]
                self._fill(2 * len(self._rest) + self._chunk)
                continue
            edge = self._edge(ends)
            if edge is not None:
                ends = edge
            whole, self._rest = self._rest[:ends], self._rest[ends:]
            if whole:
                yield self._split(whole)
            if edge is not None:
                return
            self._fill(len(self._rest) + self._chunk)

    def _edge(self, ends: int) -> int | None:
        """Where the interchange ends before `ends`: behind its IEA, or before an ISA that comes without one; else None."""
        mark, terminator = re.escape(self.marks.element), self.marks.terminator
        whole = self._rest[:ends]
        if "IEA" not in whole and "ISA" not in whole:
            return None
        match = re.search(rf"(?:\A|{re.escape(terminator)})[\r\n\t \x00]*(IEA|ISA){mark}", whole)
        if match is None:
            return None
        if match[1] == "ISA":
            return match.start() + (match[0][0] == terminator)
        return whole.index(terminator, match.end()) + 1

    def _split(self, whole: str) -> list[str]:
        """The segments in a stretch of text that ends with a terminator."""
        pieces = whole[len(self.filler) : -1].split(self.marks.terminator + self.filler)
        return pieces if self._plain(whole, len(pieces)) else self._careful(whole)

    def exact(self, segment: str) -> str:
        """What stood in the file for a segment of the list last handed out."""
        return segment.exact if isinstance(segment, Odd) else self.filler + segment + self.marks.terminator

    def _plain(self, whole: str, count: int) -> bool:
        """Whether each segment begins alike and no line break stands inside one: asked of the whole stretch at once."""
        breaks = [mark for mark in "\r\n" if mark not in self.marks.all]
        if not self.filler:
            return not any(mark in whole for mark in breaks)
        return (
            whole.startswith(self.filler)
            and whole.count(self.marks.terminator) == count
            and all(whole.count(mark) == self.filler.count(mark) * count for mark in breaks)
        )

    def _careful(self, whole: str) -> list[str]:
        """Segment by segment, where line breaks wander: they are taken out of the text and kept in `exact`."""
        found: list[str] = []
        for raw in whole[:-1].split(self.marks.terminator):
            text = raw.translate(_WITHOUT_BREAKS).strip(" \t\x00")
            fault = "" if text else "blank"
            found.append(odd(text, raw + self.marks.terminator, fault))
        return found


_WITHOUT_BREAKS = {10: None, 13: None}


def _marks_differ(isa: str) -> bool:
    """An ISA whose delimiters can be told apart, and whose element mark stands at every place it must."""
    if len(isa) < ISA_LENGTH:
        return False
    marks = (isa[3], isa[104], isa[105])
    places = (3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103)
    return (
        len(set(marks)) == 3 and not any(mark.isalnum() for mark in marks) and all(isa[at] == isa[3] for at in places)
    )
