"""`make checks` tells the truth about each numbered check."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.checks import Proof, rows

STORIES = """
import pytest

@pytest.mark.check(1)
def test_good(): pass

@pytest.mark.check(1, 2)
@pytest.mark.parametrize("n", [1, 2])
def test_mixed(n): assert n == 1

@pytest.mark.check(3)
def test_skipped(): pytest.skip("no server")

@pytest.mark.check(4)
@pytest.mark.slow
def test_long(): pass
"""


def test_a_check_counts_as_proved_only_when_a_test_passed_and_none_failed() -> None:
    assert Proof({"a": "passed", "b": "skipped"}).verdict == "pass"
    assert Proof({"a": "passed", "b": "failed"}).verdict == "fail"
    assert Proof({"a": "skipped"}).verdict == "none"
    assert Proof().verdict == "none"


def test_all_96_are_listed_whether_or_not_a_test_proves_them() -> None:
    listed = list(rows({5: Proof({"tests/a.py::test_it[1]": "passed", "tests/a.py::test_it[2]": "passed"})}))

    assert [int(row[0]) for row in listed] == list(range(1, 97))
    assert listed[4] == ("5", "pass", "2", "a.py::test_it (2 cases)")
    assert listed[5] == ("6", "none", "", "")


@pytest.mark.slow
def test_the_numbers_arrive_from_every_worker(tmp_path: Path) -> None:
    """Two numbers on one test, a failing case, a skip and a slow test, by way of a worker."""
    (tmp_path / "test_stories.py").write_text(STORIES)
    root = Path(__file__).resolve().parent.parent
    options = ["-n", "1", "-p", "tests.conftest", "-p", "no:cacheprovider", "--rootdir", str(tmp_path)]
    command = [sys.executable, "-m", "tests.checks", "-c", str(root / "pyproject.toml"), *options, str(tmp_path)]

    done = subprocess.run(command, cwd=root, capture_output=True, text=True)

    verdicts = {
        words[0]: words[1]
        for line in done.stdout.splitlines()
        if len(words := line.split()) > 1 and words[0].isdigit() and not words[1].endswith(",")
    }
    assert {number: verdicts[number] for number in "12345"} == {
        "1": "fail", "2": "fail", "3": "none", "4": "pass", "5": "none",
    }  # fmt: skip
    assert "1 pass, 2 fail, 93 none, of 96" in done.stdout
    assert done.returncode == 1
