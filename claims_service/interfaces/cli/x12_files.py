"""The files that `claims x12` is given: opened one by one, with a bar while a long one is read."""

import errno
import io
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

STDIN = "-"
LONG = 4_000_000  # bytes; what is shorter is read before a bar could be drawn
UNREADABLE = 2

Work = Callable[[str, BinaryIO], int]


def each(files: Sequence[str], work: Work, *, prints_meanwhile: bool = False) -> int:
    """Call work(name, stream) for every file and give the highest exit status; a file that can't be opened gives 2."""
    worst = 0
    bar = sys.stderr.isatty() and not (prints_meanwhile and sys.stdout.isatty())
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a name in another script must not stop a plain terminal
    for given in files:
        name = "standard input" if given == STDIN else click.format_filename(given)
        try:
            with _opened(given, bar=bar) as stream:
                worst = max(worst, work(name, stream))
        except OSError as fault:
            if fault.errno == errno.EPIPE:  # whoever reads our output has seen enough
                raise
            click.echo(f"{name} can't be read: {fault.strerror or 'it is no file'}.", err=True)
            worst = UNREADABLE
    return worst


@contextmanager
def _opened(given: str, *, bar: bool) -> Iterator[BinaryIO]:
    if given == STDIN:
        yield sys.stdin.buffer
        return
    file = Path(given)
    with file.open("rb") as stream:
        size = file.stat().st_size
        if not bar or size < LONG:
            yield stream
            return
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True), transient=True) as progress:
            yield progress.wrap_file(stream, size, description=file.name)


class Remembering(io.RawIOBase):
    """Hands a stream on and keeps how it began, since standard input can't be read twice."""

    MOST = 1 << 16

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream
        self.beginning = b""

    def read(self, size: int = -1) -> bytes:
        block = self._stream.read(size)
        if len(self.beginning) < self.MOST:
            self.beginning += block[: self.MOST]
        return block
