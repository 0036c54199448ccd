"""Text files of code sets line by line, in whatever encoding they come, with every fault told by its line."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from claims_service.domain.code_sets import ListedCode, M
from claims_service.domain.errors import Problem, Rejected

LONGEST = 1 << 18
MOST_PROBLEMS = 25
_PACKED = (b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"%PDF")


class Faults:
    """What is wrong in a file; told together, at most 25 at once."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []

    def __bool__(self) -> bool:
        return bool(self._problems)

    def add(self, line: int, message: str, mend: str = "") -> None:
        """Note a fault of a line.

        Raises:
            Rejected: there are as many now as a person wants to read.
        """
        self._problems.append(Problem(f"line {line}" if line else "the file", message, "", mend))
        if len(self._problems) >= MOST_PROBLEMS:
            self.tell()

    def tell(self) -> None:
        """Stop if anything was noted.

        Raises:
            Rejected: something was.
        """
        if self._problems:
            raise Rejected(self._problems)


def numbered(stream: BinaryIO) -> Iterator[tuple[int, str]]:
    """(line number from 1, text without its end) of each line; UTF-8, or else the Windows code page these files often have.

    Raises:
        Rejected: it is no text.
    """
    number = 0
    while raw := stream.readline(LONGEST):
        number += 1
        if number == 1:
            _refuse_packed(raw)
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        if len(raw) == LONGEST or b"\0" in raw:
            problem = Problem(
                f"line {number}", "This is no line of a text file.", "", "Save the list as plain text or CSV."
            )
            raise Rejected([problem])
        yield number, _text(raw).rstrip("\r\n\x1a")


def _refuse_packed(beginning: bytes) -> None:
    if beginning.startswith(_PACKED):
        mend = "Unpack a zip first; save a spreadsheet as CSV or text."
        raise Rejected([Problem("the file", "This is a packed file or a spreadsheet, not a text file.", "", mend)])


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def each_once(codes: Iterable[ListedCode[M]], faults: Faults) -> Iterator[ListedCode[M]]:
    """The codes as they come, each of them once.

    Raises:
        Rejected: with every fault, a code that comes twice and a file without codes included.
    """
    lines: dict[str, int] = {}
    for code in codes:
        if (before := lines.setdefault(code.code, code.line)) != code.line:
            faults.add(code.line, f"{code.code} is listed on line {before} already.", "Leave one of the two lines out.")
        else:
            yield code
    if not lines and not faults:
        faults.add(0, "There is not a single code in it.", "Was it downloaded whole, and is it the file meant?")
    faults.tell()
