"""Damaged files through every reader: a few seconds of `make fuzz` each time, a minute of it in the slow set."""

import re
import subprocess
import sys

import pytest

from claims_service.formats.x12.check import check


def files_survived(seconds: int) -> int:
    """In a process of its own, so that its memory is its own."""
    command = [sys.executable, "-m", "tests.formats.x12.fuzz", str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-4000:]
    return int(re.findall(r": ([\d,]+) damaged files", done.stdout)[-1].replace(",", ""))


def test_damaged_files_stop_no_reader() -> None:
    assert files_survived(3) > 10


@pytest.mark.slow
def test_a_minute_of_damaged_files_stops_no_reader() -> None:
    assert files_survived(60) > 500


def test_an_isa_cut_behind_a_line_break_is_told() -> None:
    """A wrapped file that ends inside its first segment is no X12 file, and no reason to stop."""
    assert check(b"ISA*00*          \n*00*").unreadable
