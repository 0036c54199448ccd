"""A file of claims, read one claim at a time by the guide its envelope names."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

from claims_service.formats.x12 import values
from claims_service.formats.x12.findings import Finding
from claims_service.formats.x12.node import Node
from claims_service.formats.x12.reader import Reader
from claims_service.formats.x12.tokenizer import Source
from claims_service.formats.x12.values import Unreadable

Kind_co = TypeVar("Kind_co", covariant=True)
ReadOne = Callable[[Node, Sequence[Node], str], Kind_co]


class ClaimFile(Generic[Kind_co]):
    """Iterates over the claims of a file. `findings` is complete when the iteration ends.

    check: test every element against the guide (SNIP levels 1 and 2), beside envelope, loops and what becomes a value.
    A claim that can't be read is left out and found; transactions of other guides are passed over. `batch_reference` is
    BHT03 of the transaction last read from.
    """

    def __init__(self, source: Source, readers: Mapping[str, ReadOne[Kind_co]], *, check: bool = True) -> None:
        self._reader = Reader(source, check=check)
        self._readers = readers
        self.batch_reference = ""

    @property
    def findings(self) -> list[Finding]:
        return self._reader.findings

    def __iter__(self) -> Iterator[Kind_co]:
        root: Node | None = None
        for part in self._reader:
            if part.kind != "claim":
                continue
            read = self._readers.get(part.envelope.guide)
            if read is None:
                continue
            if part.parents[0] is not root:
                root = part.parents[0]
                self.batch_reference = root.value("BHT", "", 3)
            try:
                yield read(part.node, part.parents, part.envelope.marks.component)
            except Unreadable as fault:
                values.report(self._reader.check, fault, part.node)
