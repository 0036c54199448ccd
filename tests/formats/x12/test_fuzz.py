"""Damaged files through every reader: a minute of `make fuzz` in the slow set, and what it found before."""

import re
import subprocess
import sys

import pytest

from claims_service.formats.x12.check import check
from claims_service.formats.x12.write_277ca import write_277ca
from claims_service.formats.x12.write_837p import write_837p
from tests.formats.x12 import test_acknowledgements as answered
from tests.formats.x12.examples import CLINIC, ENVELOPE, claim


def files_survived(seconds: int) -> int:
    """In a process of its own, so that its memory is its own."""
    command = [sys.executable, "-m", "tests.formats.x12.fuzz", str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-4000:]
    return int(re.findall(r": ([\d,]+) damaged files", done.stdout)[-1].replace(",", ""))


@pytest.mark.slow
def test_a_minute_of_damaged_files_stops_no_reader() -> None:
    assert files_survived(60) > 500


def test_an_isa_cut_behind_a_line_break_is_told() -> None:
    """A wrapped file that ends inside its first segment is no X12 file, and no reason to stop."""
    assert check(b"ISA*00*          \n*00*").unreadable


def test_a_count_of_thousands_of_digits_is_a_finding() -> None:
    """Python refuses to make a number of more than 4,300 digits; a rule that counts must not."""
    batch = write_277ca(ENVELOPE, answered.BATCH, CLINIC, answered.CLAIMS)
    claims = write_837p(ENVELOPE, [claim()])
    counted = re.sub(rb"QTY\*(\w+)\*\d+", rb"QTY*\1*" + b"9" * 5000, batch)
    pointed = claims.replace(b"*1:2~", b"*1:" + b"2" * 5000 + b"~")

    assert b"9" * 5000 in counted
    assert b"2" * 5000 in pointed
    assert check(counted).counts["error"] > 1
    assert check(pointed).counts["error"] > 1
