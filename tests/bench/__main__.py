"""`make bench`: each row and its floor by turns, each run in a process of its own; a table and var/bench.json.

Usage: python -m tests.bench [row ...]
"""

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench.registry import ROWS, Row, load_rows

ROOT = Path(__file__).resolve().parent.parent.parent
RUNS = 5
BUSY = 1.5


class Spoiled(Exception):
    """A row that doesn't count; the message says why."""


def peak_mb() -> float:
    """Most memory this process ever held, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3


def run_once(side: str, row: Row, folder: Path) -> dict[str, Any]:
    """One run in this very process."""
    if side == "floor":
        return {"value": row.floor(folder)}
    for other in row.others:
        if side == other.name:
            return {"value": other.rate(folder)}
    done = row.run(folder)
    return {"value": done.value, "digest": done.digest, "size": done.size, "peak_mb": round(peak_mb(), 1)}


def run_apart(side: str, row: Row, folder: Path) -> dict[str, Any]:
    """One run in a fresh process that knows no other row, so that nothing is warm and the peak of memory is its own."""
    command = [sys.executable, "-m", "tests.bench", "--once", row.run.__module__, side, row.name, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise Spoiled(f"{side} failed: {(done.stderr.strip().splitlines() or ['no reason given'])[-1]}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def measure(row: Row, folder: Path) -> dict[str, Any]:
    """The row as it is written to bench.json: medians, and the ratio of each pair's median with its spread.

    Raises:
        Spoiled: a run failed, or two runs did not produce the same result.
    """
    ours, floors = folder / "ours", folder / "floor"
    ours.mkdir()
    floors.mkdir()
    pairs = [(run_apart("ours", row, ours), run_apart("floor", row, floors)) for _ in range(RUNS)]
    if len({run["digest"] for run, _ in pairs}) != 1:
        raise Spoiled("its runs did not produce the same result")
    ratios = [row.ratio(run["value"], floor["value"]) for run, floor in pairs]
    others = {other.name: run_apart(other.name, row, floors)["value"] for other in row.others}
    return {
        "others": {name: rate for name, rate in others.items() if rate},
        "value": round(statistics.median(run["value"] for run, _ in pairs), 4),
        "unit": row.unit,
        "floor": round(statistics.median(floor["value"] for _, floor in pairs), 4),
        "ratio": round(statistics.median(ratios), 4),
        "ratio_min": round(min(ratios), 4),
        "ratio_max": round(max(ratios), 4),
        "peak_mb": max(run["peak_mb"] for run, _ in pairs),
        "size": pairs[0][0]["size"],
        "digest": pairs[0][0]["digest"],
    }


def fsync_ms(folder: Path, times: int = 200) -> tuple[float, float]:
    """Milliseconds to write 4 KB durably: median and 99th of a hundred."""
    taken = []
    with (folder / "fsync").open("wb", buffering=0) as file:
        for _ in range(times):
            start = time.perf_counter()
            file.write(b"x" * 4096)
            os.fsync(file.fileno())
            taken.append((time.perf_counter() - start) * 1000)
    return round(statistics.median(taken), 3), round(statistics.quantiles(taken, n=100)[98], 3)


def machine(folder: Path) -> dict[str, Any]:
    """What the figures were taken on, and how busy it was before."""
    middle, worst = fsync_ms(folder)
    return {
        "system": platform.platform(terse=True),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
        "fsync_ms_p50": middle,
        "fsync_ms_p99": worst,
    }


def show(console: Console, results: dict[str, dict[str, Any]]) -> None:
    table = Table("row", "ours", "floor", "unit", "ratio", "of 5", "peak MB", "size", "digest", box=None)
    for name, told in results.items():
        spread = f"{told['ratio_min']:.2f}-{told['ratio_max']:.2f}"
        figures = (f"{told['value']:,.1f}", f"{told['floor']:,.1f}", told["unit"], f"{told['ratio']:.3f}", spread)
        table.add_row(name, *figures, f"{told['peak_mb']:.0f}", f"{told['size']:,}", told["digest"][:12])
    console.print(table)
    for name, told in results.items():
        for other, rate in told["others"].items():
            console.print(
                f"{name} does {told['value'] / rate:,.0f} times what {other} does ({rate:,.2f} {told['unit']})"
            )


def main(names: list[str]) -> int:
    rows = load_rows()
    console = Console(width=None if sys.stdout.isatty() else 140)
    if unknown := [name for name in names if name not in rows]:
        print(f"no row is called {', '.join(unknown)}; there are: {', '.join(rows) or 'none yet'}", file=sys.stderr)
        return 2
    results: dict[str, dict[str, Any]] = {}
    spoiled = 0
    with tempfile.TemporaryDirectory(prefix="claims-bench-") as place:
        here = machine(Path(place))
        for name in names or [name for name, row in rows.items() if not row.on_request]:
            console.print(f"{name}: {RUNS} runs beside its floor ...", style="dim")
            folder = Path(place) / name
            folder.mkdir()
            try:
                results[name] = measure(rows[name], folder)
            except Spoiled as reason:
                spoiled += 1
                console.print(f"{name} does not count: {reason}", style="red")
    here["load_after"] = round(os.getloadavg()[0], 2)
    file = ROOT / "var" / "bench.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps({"machine": here, "rows": results}, indent=2) + "\n")
    console.print(", ".join(f"{what} {value}" for what, value in here.items()), style="dim", highlight=False)
    show(console, results)
    if here["load_before"] > BUSY:
        console.print(f"The machine was busy (load {here['load_before']}): run it again before you trust a figure.")
    return 1 if spoiled else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--once"]:
        module, side, name, place = sys.argv[2:]
        import_module(module)
        print(json.dumps(run_once(side, ROWS[name], Path(place))))
        sys.exit(0)
    sys.exit(main(sys.argv[1:]))
