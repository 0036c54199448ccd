"""The benchmark counts a row only when it is measured fairly."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.bench import __main__ as bench
from tests.bench import floors, portal_floor, registry
from tests.bench.registry import Measurement, Row


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    monkeypatch.setattr(registry, "ROWS", rows)
    return rows


def answers(monkeypatch: pytest.MonkeyPatch, ours: list[dict[str, Any]], floor: list[float]) -> None:
    """Runs answer from these lists, in the order in which they are asked."""
    left = {"ours": iter(ours), "floor": iter([{"value": value} for value in floor])}
    monkeypatch.setattr(bench, "run_apart", lambda side, _row, _folder: next(left[side]))


def run(value: float, digest: str = "same", peak: float = 50) -> dict[str, Any]:
    return {"value": value, "digest": digest, "size": 100, "peak_mb": peak}


def a_row(unit: str) -> Row:
    return Row("posting", unit, lambda _: Measurement(1, "x", 1), lambda _: 1)


def test_a_rate_is_divided_by_the_floors_rate(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    answers(monkeypatch, [run(50), run(60, peak=70), run(40), run(50), run(50)], [100] * 5)

    told = bench.measure(a_row("claims/s"), tmp_path)

    assert (told["ratio"], told["ratio_min"], told["ratio_max"], told["peak_mb"]) == (0.5, 0.4, 0.6, 70)


def test_a_time_is_turned_over_so_that_higher_is_better(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    answers(monkeypatch, [run(200)] * 5, [100] * 5)

    assert bench.measure(a_row("ms"), tmp_path)["ratio"] == 0.5


def test_runs_that_differ_in_their_result_do_not_count(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    answers(monkeypatch, [run(50)] * 4 + [run(90, digest="other")], [100] * 5)

    with pytest.raises(bench.Spoiled, match="same result"):
        bench.measure(a_row("claims/s"), tmp_path)


def test_two_rows_may_not_share_a_name(registered: dict[str, Row]) -> None:
    registry.row("posting", "claims/s", floor=lambda _: 1)(lambda _: Measurement(1, "x", 1))

    with pytest.raises(ValueError, match="two rows are called posting"):
        registry.row("posting", "claims/s", floor=lambda _: 1)(lambda _: Measurement(1, "x", 1))

    assert list(registered) == ["posting"]


def test_a_long_row_runs_only_when_it_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rows = {"quick": a_row("ms"), "long": replace(a_row("ms"), on_request=True)}
    seen: list[bool] = []
    told = {"value": 1, "unit": "ms", "floor": 1, "ratio": 1, "ratio_min": 1, "ratio_max": 1, "peak_mb": 1, "size": 1}
    monkeypatch.setattr(bench, "load_rows", lambda: rows)
    monkeypatch.setattr(bench, "machine", lambda _: {"load_before": 0})
    monkeypatch.setattr(bench, "ROOT", tmp_path)

    def measured(row: Row, _folder: Path) -> dict[str, Any]:
        seen.append(row.on_request)
        return {**told, "digest": "d", "others": {}}

    monkeypatch.setattr(bench, "measure", measured)

    assert bench.main([]) == bench.main(["long"]) == 0

    assert seen == [False, True]


def test_the_floors_remittance_balances(tmp_path: Path) -> None:
    floors.make_835(tmp_path / "in.835", 7)

    found = list(floors.segments(tmp_path / "in.835"))

    paid = [floors.cents(segment.split("*")[4]) for segment in found if segment.startswith("CLP")]
    assert found[3].split("*")[2] == str(sum(paid) // 100)
    count = next(segment.split("*")[1] for segment in found if segment.startswith("SE"))
    assert int(count) == len(found) - 4  # all but ISA, GS, GE and IEA


@pytest.mark.thorough
def test_each_floor_gives_a_rate(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(floors, "REMITTANCE_CLAIMS", 50)
    monkeypatch.setattr(portal_floor, "PATIENTS", 20)
    monkeypatch.setattr(portal_floor, "PAGES", 5)

    rates = [
        floors.x12_split(tmp_path),
        floors.x12_format(tmp_path, 50),
        floors.reference_posting(tmp_path),
        floors.reference_submission(tmp_path, 1000),
        floors.reference_aging(tmp_path, 1000),
        floors.reference_matching(tmp_path, 1000),
        portal_floor.reference_page(tmp_path),
    ]

    assert all(rate > 0 for rate in rates)


def test_a_run_in_its_own_process_reports_its_memory(tmp_path: Path) -> None:
    row = Row("posting", "claims/s", lambda _: Measurement(12.5, "d1", 3), lambda _: 1)

    told = json.loads(json.dumps(bench.run_once("ours", row, tmp_path)))

    assert told["peak_mb"] > 1
    assert (told["value"], told["digest"], told["size"]) == (12.5, "d1", 3)


def test_a_run_apart_is_of_its_row_alone(tmp_path: Path) -> None:
    row = registry.load_rows()["x12_write_837p"]

    assert bench.run_apart("floor", row, tmp_path)["value"] > 0
