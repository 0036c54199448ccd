"""A file of answers taken in whole or not at all, for the steps that read 271 and 277. Not a step itself."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from claims_service.domain.actor import Actor
from claims_service.domain.errors import Problem
from claims_service.formats.x12.findings import Finding, broken
from claims_service.store import audit, files, remittances
from claims_service.store.connection import write
from claims_service.store.remittances import Held
from claims_service.workflow.acknowledged import acknowledge
from claims_service.workflow.incoming import FileOutcome, IncomingFile, kind_of, nul_problems

MOST_PROBLEMS = 25
Kind = TypeVar("Kind")
Kind_co = TypeVar("Kind_co", covariant=True)


class Answers(Protocol[Kind_co]):
    """A file of answers; its findings are complete when it has been gone through."""

    @property
    def findings(self) -> list[Finding]:
        """What is wrong with the file."""

    def __iter__(self) -> Iterator[Kind_co]:
        """The answers in order."""


@dataclass(slots=True)
class Taking:
    """What becomes of one file, while its answers are gone through. file: its id."""

    practice: int
    file: int
    sender: IncomingFile
    by: Actor
    now: datetime
    counts: dict[str, int] = field(default_factory=lambda: {"answered": 0, "again": 0, "held": 0})
    problems: list[Problem] = field(default_factory=list)

    def hold(self, place: str, message: str, mend: str) -> None:
        """Put an answer before a person: it is for nobody we asked about, and none is guessed."""
        self.counts["held"] += 1
        self.problems.append(Problem(place, message, "", mend))
        item = Held("unknown_answer", message, place, mend, file=self.file)
        remittances.hold(self.practice, [item], at=self.now)


@dataclass(frozen=True, slots=True)
class Reading(Generic[Kind]):
    """How one kind of answer is read and applied. what: its audit action; place: of the n-th answer, for people."""

    kind: str
    what: str
    read: Callable[[bytes], Answers[Kind]]
    apply: Callable[[Taking, Sequence[Kind]], None]


def take_in(
    reading: Reading[Kind],
    practice: int,
    incoming: Sequence[IncomingFile],
    *,
    by: Actor,
    now: datetime,
    acknowledged: bool,
) -> tuple[FileOutcome, ...]:
    """Each file on its own; read twice it changes nothing the second time. acknowledged: whether it gets a 999 of ours."""
    outcomes = []
    for file in incoming:
        with write(practice):
            outcome = _one(reading, practice, file, by=by, now=now, acknowledged=acknowledged)
            if outcome.file is not None:
                files.keep_outcome(practice, outcome.file, outcome.as_text())
        outcomes.append(outcome)
    return tuple(outcomes)


def _one(
    reading: Reading[Kind], practice: int, incoming: IncomingFile, *, by: Actor, now: datetime, acknowledged: bool
) -> FileOutcome:
    kind, name = reading.kind, incoming.name
    if kind_of(incoming.beginning) != kind:
        problem = Problem("file", f"This is not a {kind}.", "X12 GS01", "Choose another file.")
        return FileOutcome(None, name, kind_of(incoming.beginning), "refused", problem.message, (problem,))
    earlier = files.earlier(practice, incoming.content, kind, incoming.payer)
    answers = reading.read(incoming.content)
    listed = list(answers)
    found = nul_problems(incoming) or [finding.problem() for finding in broken(answers.findings)]
    problems = tuple(found)[:MOST_PROBLEMS]
    state = "refused" if problems else "duplicate" if earlier else "read"
    new = files.NewFile("in", kind, name, incoming.content, incoming.payer, state=state, duplicate_of=earlier)
    file = files.add(practice, new, by=by.name, at=now)
    audit.record(practice, [audit.Event(f"{reading.what}.{state}", None, f"file:{file}")], by=by, at=now)
    if acknowledged and not earlier:
        acknowledge(practice, incoming, by=by.name, now=now)
    if problems:
        return FileOutcome(file, name, kind, state, f"Not taken: {problems[0].where}: {problems[0].message}", problems)
    if earlier:
        said = f"We have this file already as number {earlier}. Nothing changed."
        return FileOutcome(file, name, kind, state, said, counts={"again": len(listed)})
    taking = Taking(practice, file, incoming, by, now)
    reading.apply(taking, listed)
    if taking.counts["held"]:
        files.set_state(practice, file, "held")
        state = "held"
    return FileOutcome(file, name, kind, state, _message(taking), tuple(taking.problems[:MOST_PROBLEMS]), taking.counts)


def _message(taking: Taking) -> str:
    words = (("answered", "answers taken"), ("again", "known before"), ("held", "held for a person"))
    parts = [f"{taking.counts[name]} {told}" for name, told in words if taking.counts[name]]
    return f"Read: {', '.join(parts)}." if parts else "Read; it answers no question of ours."
