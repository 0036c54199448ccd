"""What the insurer remembers between files: claims, deductibles, numbers given. One JSON file, written whole or not at all."""

import json
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from claims_service.gateways.sandbox_insurer.decision import Decision, LineDecision
from claims_service.gateways.sandbox_insurer.submitted import Claim, Line


@dataclass(slots=True)
class Case:
    """A claim the insurer accepted. number: its own (CLP07). decision, paid_on and trace: once it was paid.

    closed: it was reversed, replaced or taken back, and is not looked at again.
    """

    number: str
    claim: Claim
    received_on: date
    decision: Decision | None = None
    paid_on: date | None = None
    trace: str = ""
    closed: bool = False


@dataclass(slots=True)
class State:
    """numbers: last given by kind. seen: control numbers of interchanges taken. deductible: cents used by member.

    looks: how often each second look was taken. forward: (trace, cents) the clinic still owes, out of a payment below zero.
    senders: where answers for a billing NPI go: (interchange id, T or P).
    """

    numbers: dict[str, int] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    cases: dict[str, Case] = field(default_factory=dict)
    deductible: dict[str, int] = field(default_factory=dict)
    looks: dict[str, int] = field(default_factory=dict)
    forward: list[tuple[str, int]] = field(default_factory=list)
    senders: dict[str, tuple[str, str]] = field(default_factory=dict)

    def next(self, kind: str) -> int:
        self.numbers[kind] = self.numbers.get(kind, 0) + 1
        return self.numbers[kind]

    def case_of(self, control_number: str) -> Case | None:
        """The open case of a claim by the sender's number."""
        return next((c for c in self.cases.values() if c.claim.control_number == control_number and not c.closed), None)


def load(path: Path) -> State:
    """The kept state, or an empty one where there is no file."""
    if not path.exists():
        return State()
    kept = json.loads(path.read_text(encoding="utf-8"))
    return State(
        kept["numbers"],
        set(kept["seen"]),
        {entry["number"]: _case(entry) for entry in kept["cases"]},
        kept["deductible"],
        kept["looks"],
        [(trace, cents) for trace, cents in kept["forward"]],
        {npi: (name, usage) for npi, (name, usage) in kept["senders"].items()},
    )


def save(state: State, path: Path) -> None:
    """Write the state beside its file and put it in place at once."""
    kept = {
        "numbers": state.numbers,
        "seen": sorted(state.seen),
        "cases": [_entry(case) for case in state.cases.values()],
        "deductible": state.deductible,
        "looks": state.looks,
        "forward": state.forward,
        "senders": state.senders,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    draft.write_text(json.dumps(kept, indent=1), encoding="utf-8")
    draft.replace(path)


def _entry(case: Case) -> dict[str, Any]:
    entry = asdict(case)
    return {**entry, "received_on": case.received_on.isoformat(), "paid_on": case.paid_on and case.paid_on.isoformat()}


def _case(entry: dict[str, Any]) -> Case:
    decided, paid_on = entry["decision"], entry["paid_on"]
    return Case(
        entry["number"],
        Claim.from_state(entry["claim"]),
        date.fromisoformat(entry["received_on"]),
        _decision(decided) if decided else None,
        date.fromisoformat(paid_on) if paid_on else None,
        entry["trace"],
        entry["closed"],
    )


def _decision(kept: dict[str, Any]) -> Decision:
    lines = [
        LineDecision(
            Line(**{**line["line"], "prior": []}),
            line["paid_cents"],
            tuple((group, reason, cents) for group, reason, cents in line["cuts"]),
            tuple(line["remarks"]),
            line["allowed_cents"],
        )
        for line in kept["lines"]
    ]
    return Decision(kept["status"], tuple(lines), kept["deductible_cents"])
