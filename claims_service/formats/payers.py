"""What each insurer asks beyond the guide, read from mappings/payers: one file an insurer, named by its identifier."""

import functools
import tomllib
from dataclasses import dataclass
from typing import Any

from claims_service.config import data_folder
from claims_service.domain.claim.edits.finding import PayerRules

X12 = "x12"  # what `format` says of an insurer that takes 837s


@dataclass(frozen=True, slots=True)
class Answers:
    """What an insurer or clearinghouse says on getting a claim file, in order, and within how many hours.

    decision_days: after sending, for the decision itself; then a person asks.
    """

    kinds: tuple[str, ...]
    hours: int
    decision_days: int


@functools.cache
def rules_for(identifier: str) -> PayerRules:
    """The rules of an insurer by its payer id (837P 2010BB NM109); the common ones where it has no file."""
    found = _found(identifier)
    return PayerRules(
        member_id=found["member_id"],
        authorization=frozenset(found["authorization"]),
        filing_days=found["filing_days"],
        corrected_days=found["corrected_days"],
        off=frozenset(found["off"]),
    )


@functools.cache
def answers_of(identifier: str) -> Answers:
    """What to expect of a receiver by its id; the common answers where it has no file."""
    found = _found(identifier)
    return Answers(tuple(found["answers"]), found["answer_hours"], found["decision_days"])


@functools.cache
def appeal_days(identifier: str) -> tuple[int, ...]:
    """Days an insurer leaves for an appeal, by level; the common ones where it has no file."""
    return tuple(_found(identifier)["appeal_days"])


@functools.cache
def format_of(identifier: str) -> str:
    """How claims go to an insurer: X12, or the name of a folder of mappings/ with a format of its own."""
    return str(_found(identifier)["format"])


def _found(identifier: str) -> dict[str, Any]:
    folder = data_folder("mappings") / "payers"
    common = tomllib.loads((folder / "default.toml").read_text("utf-8"))
    own = next((path for path in sorted(folder.glob("*.toml")) if path.stem == identifier.lower()), None)
    return {**common, **(tomllib.loads(own.read_text("utf-8")) if own else {})}
