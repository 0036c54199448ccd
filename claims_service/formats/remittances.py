"""An insurer's remittance in whatever format it sends: an 835, or its own as a folder of mappings/ describes it."""

import io
import re
import tomllib
from collections.abc import Iterator
from functools import cache

from claims_service.config import data_folder
from claims_service.domain.remittance.advice import Advice, AdviceEnd, ClaimPayment
from claims_service.formats.insurer.insurer_format import DESCRIPTION, format_names, insurer_format
from claims_service.formats.insurer.read_answers import read_answers
from claims_service.formats.x12.findings import Finding
from claims_service.formats.x12.read_835 import RemittanceFile, read_835
from claims_service.formats.x12.tokenizer import Source

_HEAD_BYTES = 4096
# possessive and atomic throughout: a file of odd brackets is looked at once, not in every way it might be split
_FIRST_ELEMENT = re.compile(
    rb"(?:\xef\xbb\xbf)?+(?>\s++|<\?(?>.*?\?>)|<!--(?>.*?-->))*+<([A-Za-z_][\w.-]*+)", re.DOTALL
)


class OwnRemittance:
    """Iterates as RemittanceFile does. It was read whole before, so that there are never findings."""

    def __init__(self, items: Iterator[Advice | ClaimPayment | AdviceEnd]) -> None:
        self._items = items
        self.findings: list[Finding] = []

    def __iter__(self) -> Iterator[Advice | ClaimPayment | AdviceEnd]:
        return self._items


def read_remittance(source: Source) -> RemittanceFile | OwnRemittance:
    """A remittance as values. source: as read_835 takes it; a stream can be read again from its start.

    Raises:
        Rejected: one in an insurer's own format that is not whole. Of an 835 `findings` says so at its end.
    """
    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    name = own_format(stream.read(_HEAD_BYTES))
    stream.seek(0)
    return OwnRemittance(read_answers(insurer_format(name), stream.read())) if name else read_835(stream)


def own_format(content: bytes) -> str:
    """The format of mappings/ whose answers begin like this, "" for none."""
    found = _FIRST_ELEMENT.match(content[:_HEAD_BYTES])
    return _roots().get(found[1].decode("ascii"), "") if found else ""


@cache
def _roots() -> dict[str, str]:
    """Element on top of an answer, and the format it belongs to."""
    found = {}
    for name in format_names():
        told = tomllib.loads((data_folder("mappings") / name / DESCRIPTION).read_text("utf-8"))
        if "answers" in told:
            found[told["answers"]["root"]] = name
    return found
