"""x12_*: made files read into loop trees and into values, and claims written, beside splitting and formatting unchecked."""

import hashlib
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from pathlib import Path

from claims_service.formats.x12.interchange import Interchange
from claims_service.formats.x12.read_835 import read_835
from claims_service.formats.x12.read_837p import read_837p
from claims_service.formats.x12.reader import Reader
from claims_service.formats.x12.write_837p import write_837p
from tests.bench import floors
from tests.bench.__main__ import peak_mb
from tests.bench.made_837p import claims_to_write, make_837p
from tests.bench.other_x12 import pyx12_rate, small_835, small_837p, x12sdk_rate
from tests.bench.registry import Measurement, Other, row

CLAIMS_837P = 10_000
WRITTEN = 20_000
LARGER = 10
MOST_GROWTH_MB = 8
ENVELOPE = Interchange("SUNRISE", "ACMEPAYER", 1, 1, datetime(2026, 11, 1, 9, 0))  # noqa: DTZ001 - the sender's local time


def claims_file(folder: Path) -> Path:
    """An 837P of 5 MB, made once in the folder."""
    file = folder / "in.837"
    if not file.exists():
        make_837p(file, CLAIMS_837P)
    return file


def split_837p(folder: Path) -> float:
    return floors.split_rate(claims_file(folder), "CLM")


def others(file: Callable[[Path], Path]) -> tuple[Other, ...]:
    """pyx12 and x12sdk, on a file of half a megabyte."""
    return (
        Other("pyx12", lambda folder: pyx12_rate(file(folder))),
        Other("x12sdk", lambda folder: x12sdk_rate(file(folder))),
    )


@row("x12_read_835", "MB/s", floor=floors.x12_split, others=others(small_835))
def read_remittance(folder: Path) -> Measurement:
    return _timed(floors.remittance_file(folder), _claims_in_tree)


@row("x12_read_835_values", "MB/s", floor=floors.x12_split)
def read_remittance_values(folder: Path) -> Measurement:
    return _timed(floors.remittance_file(folder), _claims_in_835)


@row("x12_read_837p", "MB/s", floor=split_837p, others=others(small_837p))
def read_claims(folder: Path) -> Measurement:
    return _timed(claims_file(folder), _claims_in_tree)


@row("x12_read_837p_values", "MB/s", floor=split_837p)
def read_claim_values(folder: Path) -> Measurement:
    """As for the 835: envelope, loops, amounts, numbers and dates are checked."""
    return _timed(claims_file(folder), _claims_in_837p)


@row("x12_read_837p_checked", "MB/s", floor=split_837p)
def read_checked_claim_values(folder: Path) -> Measurement:
    """With every element checked against the guide as well."""
    return _timed(claims_file(folder), partial(_claims_in_837p, check=True))


@row("x12_read_50_mb", "MB/s", floor=floors.x12_split)
def read_large_files(folder: Path) -> Measurement:
    """An 835 and an 837P of 50 MB into values; after both of 5 MB, neither may need more than 8 MB of memory beyond."""
    remittance, claims = folder / "large.835", folder / "large.837"
    if not remittance.exists():
        floors.make_835(remittance, LARGER * floors.REMITTANCE_CLAIMS)
        make_837p(claims, LARGER * CLAIMS_837P)
    _claims_in_835(floors.remittance_file(folder))
    _claims_in_837p(claims_file(folder))
    before = peak_mb()
    done = _timed(remittance, _claims_in_835)
    _claims_in_837p(claims)
    assert peak_mb() - before <= MOST_GROWTH_MB, f"memory grew by {peak_mb() - before:.1f} MB"
    return done


@row("x12_write_837p", "claims/s", floor=floors.x12_format)
def write_claims(_folder: Path) -> Measurement:
    claims = list(claims_to_write(WRITTEN))
    start = time.perf_counter()
    content = write_837p(ENVELOPE, claims)
    seconds = time.perf_counter() - start
    return Measurement(WRITTEN / seconds, hashlib.sha256(content).hexdigest(), WRITTEN)


def _timed(path: Path, read: Callable[[Path], int]) -> Measurement:
    start = time.perf_counter()
    claims = read(path)
    rate = path.stat().st_size / 1e6 / (time.perf_counter() - start)
    return Measurement(rate, f"{claims} claims without a finding", claims)


def _claims_in_tree(path: Path) -> int:
    with path.open("rb") as file:
        reader, claims = Reader(file), 0
        for part in reader:
            claims += part.kind == "claim"
    assert not reader.findings
    return claims


def _claims_in_835(path: Path) -> int:
    with path.open("rb") as file:
        payments = read_835(file)
        claims = _count(payments) - 2  # its head and its end
    assert not payments.findings
    return claims


def _claims_in_837p(path: Path, *, check: bool = False) -> int:
    with path.open("rb") as file:
        read = read_837p(file, check=check)
        claims = _count(read)
    assert not read.findings
    return claims


def _count(things: Iterable[object]) -> int:
    return sum(1 for _ in things)
