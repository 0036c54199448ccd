"""What every test may ask for: sample files, golden files, settings; databases and browsers come from beside this file."""

import gc
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest

from claims_service.config import Config
from tests import made_once

pytest_plugins = ["tests.written_x12", "tests.store_fixtures", "tests.browser_fixtures"]

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden"
SHARED_DATA = "CLAIMS_SHARED_DATA"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-golden", action="store_true", help="write the golden files anew instead of comparing")


# SQLite waits for the disk at each commit; a file system in memory, where there is room on one, never keeps it waiting.
MEMORY, ROOM = Path("/dev/shm"), 2**31
if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ["TMPDIR"] = str(MEMORY)
    tempfile.tempdir = None

# A deadline would fail a test for the machine's other work; `make check` has its own time to keep.
hypothesis.settings.register_profile("claims", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("claims")


def pytest_configure() -> None:
    """A developer's own settings never change what a test sees."""
    made_once.share()
    for name in [name for name in os.environ if name.startswith("CLAIMS_")]:
        if name != SHARED_DATA and not name.startswith("CLAIMS_TEST_"):
            del os.environ[name]


def pytest_collection_finish() -> None:
    """What was read in stays to the end: looking through it for garbage again and again took a sixth of all the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    from tests.two_workers import DemoOnOneWorker

    return DemoOnOneWorker(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        # properties travel from the xdist workers with each report, marks do not
        item.user_properties += [("check", number) for mark in item.iter_markers("check") for number in mark.args]
    if config.getoption("--write-golden"):
        without = [item for item in items if "golden" not in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=without)
        items[:] = [item for item in items if item not in without]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of sample files that are not part of the repository; a test that uses it carries the mark `corpus`."""
    folder = Path(os.environ.get(SHARED_DATA) or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"the shared sample files are not here: set {SHARED_DATA} to their folder")
    return folder


@pytest.fixture
def golden(pytestconfig: pytest.Config) -> Callable[[str, bytes | str], None]:
    """golden("837p/one_visit.837", written) compares with tests/golden/; `make golden` writes the files anew."""

    def compare(name: str, actual: bytes | str) -> None:
        file, found = GOLDEN / name, actual.encode() if isinstance(actual, str) else actual
        if pytestconfig.getoption("--write-golden"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(found)
        assert file.exists(), f"tests/golden/{name} is missing: run make golden and read what it wrote"
        assert found.decode(errors="replace") == file.read_bytes().decode(errors="replace"), (
            f"differs from golden/{name}"
        )

    return compare


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Settings for tests: a database of its own, quick password hashes. Change one with dataclasses.replace."""
    return Config(
        database_url=f"sqlite:///{tmp_path}/claims.db",
        secret_key="a-key-for-tests-that-is-long-enough-to-sign",
        data_dir=tmp_path,
        argon2_time_cost=1,
        argon2_memory_kib=8,
        argon2_parallelism=1,
    )
