"""The 96 reliability checks: runs the tests that carry a number and says of each check which tests prove it.

Usage: python -m tests.checks [pytest options]
"""

import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pytest
from rich.console import Console
from rich.table import Table

CHECKS = range(1, 97)


@dataclass
class Proof:
    """The tests of one check: test -> how it ended (passed, failed or skipped)."""

    tests: dict[str, str] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        ends = set(self.tests.values())
        if "failed" in ends:
            return "fail"
        return "pass" if "passed" in ends else "none"


class Collector:
    """A pytest plug-in that hears how each numbered test ended, from every worker."""

    def __init__(self) -> None:
        self.proofs: defaultdict[int, Proof] = defaultdict(Proof)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        ended = report.when == "call" or report.outcome != "passed"
        for name, number in report.user_properties:
            if name == "check" and ended and isinstance(number, int):
                tests = self.proofs[number].tests
                tests[report.nodeid] = "failed" if tests.get(report.nodeid) == "failed" else report.outcome


def rows(proofs: Mapping[int, Proof]) -> Iterator[tuple[str, str, str, str]]:
    """One row a check: number, verdict, count of tests, and the tests themselves, cases of one test drawn together."""
    for number in CHECKS:
        proof = proofs.get(number, Proof())
        cases: defaultdict[str, int] = defaultdict(int)
        for test in proof.tests:
            cases[test.partition("[")[0].removeprefix("tests/")] += 1
        named = [name + (f" ({count} cases)" if count > 1 else "") for name, count in cases.items()]
        yield str(number), proof.verdict, str(len(proof.tests) or ""), "\n".join(named)


def main(options: list[str]) -> int:
    collector = Collector()
    pytest.main(["-m", "check", "-q", "--no-header", *options], plugins=[collector])
    table = Table("check", "verdict", "tests", "proved by", box=None, pad_edge=False)
    for number, verdict, count, tests in rows(collector.proofs):
        colour = {"pass": "green", "fail": "red", "none": "dim"}[verdict]
        table.add_row(number, f"[{colour}]{verdict}[/]", count, tests)
    Console(width=160 if not sys.stdout.isatty() else None).print(table)
    verdicts = [collector.proofs[number].verdict if number in collector.proofs else "none" for number in CHECKS]
    print(
        f"\n{verdicts.count('pass')} pass, {verdicts.count('fail')} fail, {verdicts.count('none')} none, of {len(CHECKS)}"
    )
    return 1 if "fail" in verdicts else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
