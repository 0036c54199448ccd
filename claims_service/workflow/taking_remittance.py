"""Takes one remittance file in: known or new, whole or cut, posted or held. Not a step itself; the steps drive it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.errors import Problem
from claims_service.domain.money import spoken
from claims_service.domain.quick import bulk
from claims_service.domain.remittance.advice import Advice, ClaimPayment
from claims_service.formats.remittances import read_remittance
from claims_service.store import audit, files, parties
from claims_service.store.connection import write
from claims_service.workflow.acknowledged import acknowledge
from claims_service.workflow.incoming import FileOutcome, IncomingFile, kind_of, nul_problems
from claims_service.workflow.placing import try_again
from claims_service.workflow.remittance_posting import Posted, Poster
from claims_service.workflow.remittance_reading import Reading, read

MOST_PROBLEMS = 25


def take_file(practice: int, file: IncomingFile, *, by: Actor, now: datetime, today: date) -> FileOutcome:
    """Whole or not at all; what became of it is kept beside the file."""
    with write(practice), bulk():
        outcome = _one(practice, file, by=by, now=now, today=today)
        if outcome.file is not None:
            files.keep_outcome(practice, outcome.file, outcome.as_text())
    return outcome


def _one(practice: int, incoming: IncomingFile, *, by: Actor, now: datetime, today: date) -> FileOutcome:
    if kind_of(incoming.beginning) != "835":
        problem = Problem(
            "file",
            "This is not a remittance (835).",
            "X12 GS01 = HP",
            "Choose the file that the insurer named 835 or ERA.",
        )
        return FileOutcome(None, incoming.name, "", "refused", problem.message, (problem,))
    with write(practice):
        if earlier := files.earlier(practice, incoming.source, "835", incoming.payer):
            return _duplicate(practice, incoming, earlier, by=by, now=now)
        if not incoming.typed:
            acknowledge(practice, incoming, by=by.name, now=now)
        found = read(incoming.stream())
        if problems := nul_problems(incoming) or found.problems:
            return _refused(practice, incoming, problems, by=by, now=now)
        return _take(practice, incoming, found, by=by, now=now, today=today)


def _duplicate(practice: int, incoming: IncomingFile, earlier: int, *, by: Actor, now: datetime) -> FileOutcome:
    new = files.NewFile(
        "in", "835", incoming.name, incoming.source, incoming.payer, state="duplicate", duplicate_of=earlier
    )
    file = files.add(practice, new, by=by.name, at=now)
    audit.record(practice, [audit.Event("remittance.duplicate", None, f"file:{file}")], by=by, at=now)
    message = f"We have this file already as number {earlier}. Nothing was posted again."
    return FileOutcome(file, incoming.name, "835", "duplicate", message, counts={"posted": 0})


def _refused(
    practice: int, incoming: IncomingFile, problems: Sequence[Problem], *, by: Actor, now: datetime
) -> FileOutcome:
    """Kept apart as it came, so that both sides can look at it; the books don't know of it."""
    new = files.NewFile("in", "835", incoming.name, incoming.source, incoming.payer, state="refused")
    file = files.add(practice, new, by=by.name, at=now)
    audit.record(practice, [audit.Event("remittance.refuse", None, f"file:{file}")], by=by, at=now)
    message = f"Not taken: {problems[0].where}: {problems[0].message}"
    return FileOutcome(file, incoming.name, "835", "refused", message, tuple(problems[:MOST_PROBLEMS]), {"posted": 0})


@dataclass(slots=True)
class _Total:
    """What happened over all transactions of one file."""

    posted: list[Posted] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def _take(
    practice: int, incoming: IncomingFile, found: Reading, *, by: Actor, now: datetime, today: date
) -> FileOutcome:
    new = files.NewFile(
        "in", "835", incoming.name, incoming.source, incoming.payer, found.interchange_control, found.group_control,
        found.claims, found.paid_cents, "read",
    )  # fmt: skip
    file = files.add(practice, new, by=by.name, at=now)
    poster = Poster(practice, file, incoming, parties.billing_provider(practice), by=by, now=now, today=today)
    total = _Total()
    at = -1
    payments: list[ClaimPayment] = []
    for item in read_remittance(incoming.stream()):
        if isinstance(item, Advice):
            at += 1
            poster.begin(item, found.transactions[at])
        elif isinstance(item, ClaimPayment):
            payments.append(item)
            if len(payments) == poster.BATCH:
                poster.take(payments)
                payments = []
        else:
            poster.take(payments)
            payments = []
            total.posted.append(poster.end(item))
    if any(posted.counts.get("posted") or posted.counts.get("reversed") for posted in total.posted):
        try_again(practice, by=by, now=now, today=today)
    total.problems = [problem for posted in total.posted for problem in posted.problems]
    held = [posted for posted in total.posted if posted.state == "held"]
    state = "held" if held else ("duplicate" if all(p.state == "duplicate" for p in total.posted) else "read")
    files.set_state(practice, file, state)
    events = [audit.Event("remittance.post", None, f"file:{file}")]
    audit.record(practice, events, by=by, at=now)
    return FileOutcome(
        file, incoming.name, "835", state, _message(total), tuple(total.problems[:MOST_PROBLEMS]), *_figures(total)
    )


def _figures(total: _Total) -> tuple[dict[str, int], dict[str, int]]:
    counts: dict[str, int] = {}
    cents: dict[str, int] = {}
    for posted in total.posted:
        for name, number in posted.counts.items():
            counts[name] = counts.get(name, 0) + number
        for name, number in posted.cents.items():
            cents[name] = cents.get(name, 0) + number
    return counts, cents


def _message(total: _Total) -> str:
    counts, cents = _figures(total)
    if not total.posted:
        return "The file holds no remittance."
    held = [posted for posted in total.posted if posted.state == "held"]
    if held:
        return held[0].message
    if all(posted.state == "duplicate" for posted in total.posted):
        return total.posted[0].message
    text = f"Posted {counts.get('posted', 0)} claims, {spoken(cents.get('posted', 0))}."
    if counts.get("suspense"):
        text += f" {counts['suspense']} could not be placed ({spoken(cents.get('suspense', 0))}) and wait under Held payments."
    return text
