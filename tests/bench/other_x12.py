"""Other X12 libraries over the same made files, where they are installed: pyx12 and x12sdk."""

import contextlib
import importlib.metadata
import io
import time
from pathlib import Path

from tests.bench import floors
from tests.bench.made_837p import make_837p

CLAIMS = 1000  # half a megabyte: they take seconds for it


def small_835(folder: Path) -> Path:
    """An 835 of half a megabyte."""
    file = folder / "small.835"
    if not file.exists():
        floors.make_835(file, CLAIMS)
    return file


def small_837p(folder: Path) -> Path:
    """An 837P of half a megabyte."""
    file = folder / "small.837"
    if not file.exists():
        make_837p(file, CLAIMS)
    return file


def is_installed(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def pyx12_rate(file: Path) -> float | None:
    """Megabytes a second through pyx12's loops, every element checked; None where it is not installed."""
    if not is_installed("pyx12"):
        return None
    import pyx12.error_handler
    import pyx12.params
    import pyx12.x12context

    start = time.perf_counter()
    with file.open() as source, contextlib.redirect_stdout(io.StringIO()):
        context = pyx12.x12context.X12ContextReader(pyx12.params.params(), pyx12.error_handler.errh_null(), source)
        assert sum(1 for _ in context.iter_segments("2300" if file.suffix == ".837" else "2100")) > CLAIMS
    return file.stat().st_size / 1e6 / (time.perf_counter() - start)


def x12sdk_rate(file: Path) -> float | None:
    """Megabytes a second into x12sdk's models; None where it is not installed."""
    if not is_installed("x12sdk"):
        return None
    from x12sdk.io import X12ModelReader  # type: ignore[import-not-found]

    start = time.perf_counter()
    with X12ModelReader(str(file)) as reader:
        assert sum(1 for _ in reader.models())
    return file.stat().st_size / 1e6 / (time.perf_counter() - start)
