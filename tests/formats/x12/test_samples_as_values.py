"""The shared samples of each transaction become values, and the values written become the same values again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from claims_service.formats.x12.acknowledgements import read_acknowledgements, write_999, write_ta1
from claims_service.formats.x12.read_837d import read_837d
from claims_service.formats.x12.read_837i import read_837i
from claims_service.formats.x12.read_837p import read_837p
from claims_service.formats.x12.read_eligibility import read_270, read_271
from claims_service.formats.x12.read_status import read_276, read_277
from claims_service.formats.x12.write_837d import write_837d
from claims_service.formats.x12.write_837i import write_837i
from claims_service.formats.x12.write_837p import write_837p
from claims_service.formats.x12.write_eligibility import write_270, write_271
from claims_service.formats.x12.write_status import write_276, write_277
from tests.formats.x12.examples import ENVELOPE

KINDS: list[tuple[str, Callable[..., Any], Callable[..., bytes]]] = [
    ("837p_*", read_837p, write_837p),
    ("837i_*", read_837i, write_837i),
    ("837d_*", read_837d, write_837d),
    ("270_*", read_270, write_270),
    ("271_*", read_271, write_271),
    ("276_*", read_276, write_276),
    ("277_*", read_277, write_277),
    ("999_*", read_acknowledgements, write_999),
    ("ta1_*", read_acknowledgements, write_ta1),
]


@pytest.mark.corpus
@pytest.mark.parametrize(("pattern", "read", "write"), KINDS, ids=[pattern[:4] for pattern, _, _ in KINDS])
def test_a_sample_read_and_written_says_the_same(
    shared_data: Path, pattern: str, read: Callable[..., Any], write: Callable[..., bytes]
) -> None:
    """Of a claim nothing is lost at all but who sent the file: every segment of 2300 and below is there again."""
    samples = sorted((shared_data / "layouts" / "x12").glob(f"{pattern}.x12"))
    assert samples
    for sample in samples:
        content = sample.read_bytes()
        file = read(content)
        found = list(file)
        written = write(ENVELOPE, found)
        again = read(written)

        assert found
        assert list(again) == found, sample.name
        assert file.findings == again.findings == [], sample.name
        if pattern[0] == "8":
            kept = written.decode().split("~")
            before = content.decode().replace("\n", "").split("~")
            assert [
                one
                for one in before
                if one[:3] not in ("ISA", "GS*", "ST*", "BHT", "SE*", "GE*", "IEA") and one not in kept
            ] == []
