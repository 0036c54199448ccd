"""Takes one remittance file in: known or new, whole or cut, posted or held. Not a step itself; the steps drive it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.errors import Problem
from claims_service.domain.money import spoken
from claims_service.domain.quick import bulk
from claims_service.domain.remittance.advice import Advice, ClaimPayment
from claims_service.formats.remittances import read_remittance
from claims_service.store import audit, files, parties
from claims_service.store.connection import in_write, write
from claims_service.workflow.acknowledged import acknowledge
from claims_service.workflow.incoming import FileOutcome, IncomingFile, kind_of, nul_problems
from claims_service.workflow.placing import try_again
from claims_service.workflow.remittance_posting import Posted, Poster
from claims_service.workflow.remittance_reading import Doubtful, Reading, read

MOST_PROBLEMS = 25


def take_file(practice: int, file: IncomingFile, *, by: Actor, now: datetime, today: date) -> FileOutcome:
    """Whole or not at all; what became of it is kept beside the file.

    It is posted while it is read. If it proves not to be as it should be, all of that is undone, and it is read to its end before
    anything is decided; so from the first where others' writing would be undone, too.
    """
    if not in_write():
        with suppress(Doubtful):
            return _whole(practice, file, by=by, now=now, today=today, at_once=True)
    return _whole(practice, file, by=by, now=now, today=today, at_once=False)


def _whole(practice: int, file: IncomingFile, *, by: Actor, now: datetime, today: date, at_once: bool) -> FileOutcome:
    """at_once: post while it is read.

    Raises:
        Doubtful: that can't be done with this file; nothing was written.
    """
    with write(practice), bulk():
        outcome = _one(practice, file, by=by, now=now, today=today, at_once=at_once)
        if outcome.file is not None:
            files.keep_outcome(practice, outcome.file, outcome.as_text())
    return outcome


def _one(practice: int, incoming: IncomingFile, *, by: Actor, now: datetime, today: date, at_once: bool) -> FileOutcome:
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
        if problems := nul_problems(incoming):
            return _refused(practice, incoming, problems, by=by, now=now)
        found = Reading() if at_once else read(incoming.stream())
        if found.problems:
            return _refused(practice, incoming, found.problems, by=by, now=now)
        return _take(practice, incoming, found, by=by, now=now, today=today, at_once=at_once)


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
    practice: int,
    incoming: IncomingFile,
    found: Reading,
    *,
    by: Actor,
    now: datetime,
    today: date,
    at_once: bool,
) -> FileOutcome:
    """Post what a file says. found: what was read of it, or nothing yet where it is posted at once.

    Raises:
        Doubtful: it can't be posted while it is read.
    """
    new = files.NewFile("in", "835", incoming.name, incoming.source, incoming.payer, state="read")
    file = files.add(practice, new, by=by.name, at=now)
    poster = Poster(practice, file, incoming, parties.billing_provider(practice), by=by, now=now, today=today)
    total = _Total()
    at = -1
    payments: list[ClaimPayment] = []
    items = found.undoubted(incoming.stream()) if at_once else read_remittance(incoming.stream())
    for item in items:
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
    controls = (found.interchange_control, found.group_control)
    files.set_read(practice, file, state, controls, found.claims, found.paid_cents)
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
