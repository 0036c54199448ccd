"""Whatever stands in a name, street, note or message: it never becomes a segment of its own, in any transaction we write."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims_service.domain.errors import Rejected
from claims_service.formats.x12.reader import Reader
from claims_service.formats.x12.write_835 import write_835
from claims_service.formats.x12.write_837d import write_837d
from claims_service.formats.x12.write_837i import write_837i
from claims_service.formats.x12.write_837p import write_837p
from claims_service.formats.x12.write_eligibility import write_270, write_271
from claims_service.formats.x12.write_status import write_276, write_277
from tests.formats.x12.claim_strategies import dental, institutional, professional
from tests.formats.x12.examples import ENVELOPE
from tests.formats.x12.test_835 import END, HEAD, PAID, PAYER, TAKEN_BACK
from tests.formats.x12.test_eligibility_and_status import answers, questions, status_answers, status_questions

FREE = frozenset(
    "last first middle name line1 line2 city contact text note message messages payer_name payee_name description".split()
)
SPICE = (
    st.text("*~:^|\x1c\x1d\x1e\n\r\t\x00 A1", max_size=30)
    | st.text(max_size=30)
    | st.sampled_from(["\u202egnihton", "😀", "Zoë~SE*1"])
)
Write = Callable[[Any], bytes]


def spoiled(value: Any, text: str) -> Any:
    """The same values with the text in every place that people fill freely and that is not empty."""
    if isinstance(value, tuple):
        return tuple(spoiled(part, text) for part in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changed: dict[str, Any] = {}
    for field in fields(value):
        found = getattr(value, field.name)
        if isinstance(found, str) and field.name in FREE and found:
            changed[field.name] = text
        elif isinstance(found, tuple) or is_dataclass(found):
            changed[field.name] = spoiled(found, text)
    return replace(value, **changed)


def never_an_extra_segment(write: Write, value: Any, text: str) -> None:
    plain = write(spoiled(value, "EXAMPLE"))
    try:
        written = write(spoiled(value, text))
    except Rejected:
        return
    assert written.count(b"~") <= plain.count(b"~")
    reader = Reader(written, check=True)
    assert [found for found in (*reader, *reader.findings) if getattr(found, "severity", "") == "error"] == []


def one(write: Callable[..., bytes]) -> Write:
    return lambda value: write(ENVELOPE, [value])


KINDS: dict[str, tuple[Write, st.SearchStrategy[Any]]] = {
    "837P": (one(write_837p), professional()),
    "837I": (one(write_837i), institutional()),
    "837D": (one(write_837d), dental()),
    "270": (one(write_270), questions()),
    "271": (one(write_271), answers()),
    "276": (one(write_276), status_questions()),
    "277": (one(write_277), status_answers()),
    "835": (lambda value: write_835(ENVELOPE, [value], PAYER), st.just((HEAD, (PAID, TAKEN_BACK), END))),
}
LOOSE = pytest.mark.wrong_x12("parts that are right each by itself, not together")


@pytest.mark.thorough
@pytest.mark.check(46)
@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=[] if kind in ("837P", "837I") else LOOSE) for kind in KINDS]
)
def test_no_text_makes_an_extra_segment(kind: str) -> None:
    write, values = KINDS[kind]

    @settings(max_examples=25, deadline=None)
    @given(values, SPICE)
    def told(value: Any, text: str) -> None:
        never_an_extra_segment(write, value, text)

    told()
