"""A wrong X12 file is noticed whichever test writes it, and the run fails by it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from claims_service.formats.x12.write_837p import write_837p
from tests import written_x12
from tests.formats.x12.examples import ENVELOPE, claim

STORIES = """
import pytest
from claims_service.formats.x12.interchange import Transaction, enclose
from claims_service.formats.x12.write_837p import write_837p
from tests.formats.x12.examples import ENVELOPE, claim

def wrong():
    return enclose(ENVELOPE, "HC", "837", "005010X222A1", [Transaction("BHT*0019*00*1*20261102*0900*CH~", 1)])

def test_good():
    assert write_837p(ENVELOPE, [claim()]) != write_837p(ENVELOPE, [claim(control_number="C2")])

def test_careless():
    assert wrong()

@pytest.mark.wrong_x12("shows what a file without claims looks like")
def test_on_purpose():
    assert wrong()
"""
GOOD = write_837p(ENVELOPE, [claim()])
OTHER = write_837p(ENVELOPE, [claim(control_number="OTHER")])
WRONG = GOOD.replace(b"~LX*2~", b"~ZZ*2~")


@pytest.fixture
def written() -> written_x12.Written:
    return written_x12.Written()


def test_files_that_differ_in_digits_alone_are_judged_once(
    written: written_x12.Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three files of two kinds, the first of each under the name of the test that wrote it."""
    monkeypatch.setenv("PYTEST_CURRENT_TEST", "tests/test_a.py::test_it (call)")
    for content in (GOOD, GOOD.replace(b"20261102", b"20261103"), OTHER):
        written.hear("005010X222A1", content)

    assert (written.heard, len(written.files)) == (3, 2)
    assert {by for by, _ in written.files.values()} == {"tests/test_a.py::test_it"}
    assert written_x12.judged(written) == ({"005010X222A1": 2}, [])


def test_what_another_process_stored_is_heard_of_too(written: written_x12.Written) -> None:
    written.hear_stored([GOOD, b"<Claim.Submission/>"])

    assert [guide for guide, _ in written.files] == ["005010X222A1"]


@pytest.mark.thorough
@pytest.mark.parametrize("judge", [written_x12.by_pyx12, written_x12.by_own_check])
def test_the_wrong_one_among_many_is_named(judge: Callable[[bytes], list[str]]) -> None:
    files = [("first", GOOD), ("second", OTHER), ("careless", WRONG), ("last", GOOD)]

    said = list(written_x12.refused(files, judge))

    assert [one.partition(":")[0] for one in said] == ["careless wrote what is refused"]


@pytest.mark.thorough
def test_a_run_fails_by_a_wrong_file_and_names_the_test_that_wrote_it(tmp_path: Path) -> None:
    """By way of a worker; what is written on purpose is let be."""
    (tmp_path / "test_stories.py").write_text(STORIES)
    root = Path(__file__).resolve().parent.parent
    options = ["-n", "1", "-p", "tests.conftest", "-p", "no:cacheprovider", "-c", str(root / "pyproject.toml")]
    command = [sys.executable, "-m", "pytest", *options, "--rootdir", str(tmp_path), str(tmp_path)]

    done = subprocess.run(command, cwd=root, capture_output=True, text=True)

    assert "3 passed" in done.stdout
    assert "distinct files judged: 837P 3; refused: 1" in done.stdout
    assert "test_stories.py::test_careless wrote what is refused" in done.stdout
    assert "test_on_purpose" not in done.stdout
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
