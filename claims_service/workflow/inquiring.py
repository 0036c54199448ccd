"""How questions go to insurers, at once on a line or by file, for the steps that ask. Not a step itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from claims_service.domain.actor import Actor
from claims_service.domain.errors import Problem, Rejected
from claims_service.domain.party import Payer
from claims_service.domain.receiver import MAILBOX, Receiver, remote_name
from claims_service.formats.x12.interchange import Interchange
from claims_service.gateways.inquiry import InquiryLine, NoAnswer
from claims_service.store import counters, deliveries, files, parties, receivers
from claims_service.workflow.incoming import FileOutcome, IncomingFile

Take = Callable[[IncomingFile], FileOutcome]
LIVE_LOST_AFTER = timedelta(minutes=2)  # the program ended while it waited on the line
LIVE, BY_FILE = "live", "file"
NO_ANSWER = "The insurer's answer does not say whom it is about. Ask again, or call the insurer."


@dataclass(frozen=True, slots=True)
class SentQuestions:
    """A file of questions. to: who gets it; payer: None where it is for several; questions: their ids."""

    file: int
    name: str
    to: str
    payer: int | None
    questions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """asked: ids of the questions that went out now. standing: of those asked before that need not be asked again.

    files: those on their way. answered: how many were answered at once. problems: why some were not asked or not answered.
    """

    asked: tuple[int, ...] = ()
    standing: tuple[int, ...] = ()
    files: tuple[SentQuestions, ...] = ()
    answered: int = 0
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """A file of questions that is kept, with its bytes."""

    file: int
    name: str
    content: bytes
    to: str
    payer: int | None


def unwritable(write: Callable[[Interchange], bytes], where: str, *, now: datetime) -> list[Problem]:
    """Why a question can't be written, tried before it gets a number: one bad question must not keep the others back."""
    try:
        write(Interchange("TRIAL", "TRIAL", 1, 1, now))
    except Rejected as wrong:
        return [replace(problem, where=where) for problem in wrong.problems]
    return []


def receiver_of(payer: Payer) -> str:
    """ISA08 of what goes to an insurer."""
    return payer.receiver_id or payer.identifier


def routes_of(practice: int) -> dict[str, Receiver]:
    """Receivers whose files are brought to a server or folder; the others fetch theirs from the mailbox."""
    return {route.identifier: route for route in receivers.every(practice) if route.route != MAILBOX}


def keep_file(
    practice: int,
    kind: str,
    to: Payer,
    payer: int | None,
    write: Callable[[Interchange], bytes],
    *,
    route: Receiver | None,
    live: bool,
    by: Actor,
    now: datetime,
) -> Written:
    """Write questions into a file and put it on its way; inside the caller's transaction. payer: None where it is for several."""
    control = counters.next_values(practice, "interchange")[0]
    receiver, billing = receiver_of(to), parties.billing_provider(practice)
    written_at = now.astimezone(ZoneInfo(parties.zone(practice)))
    envelope = Interchange(
        billing.submitter_id,
        receiver,
        control,
        control,
        written_at,
        reference=f"Q{practice}{control:07}",
        acknowledge=not live,
    )
    name = f"{receiver if payer is None else to.identifier}-{now:%Y%m%d}-{control:09}.{kind}"
    content = write(envelope)
    state = "delivered" if live else "made"
    new = files.NewFile("out", kind, name, content, payer, f"{control:09}", str(control), state=state)
    file = files.add(practice, new, by=by.name, at=now)
    if route and not live:
        deliveries.add(practice, file, route.id, remote_name(billing.submitter_id, f"{control}", file, kind), at=now)
    return Written(file, name, content, route.name if route and not live else to.name, payer)


@dataclass(frozen=True, slots=True)
class LiveQuestion:
    """A question that waits on the line. id: of the question; where: how a problem names it."""

    id: int
    payer: int
    receiver: str
    where: str
    written: Written


def ask_live(
    line: InquiryLine, take: Take, kind: str, questions: Sequence[LiveQuestion], *, now: datetime
) -> dict[int, str]:
    """Ask one after the other and take in what comes back; gives why questions got no answer, by question."""
    failed = {}
    for question in questions:
        try:
            content = line.ask(question.receiver, question.written.content, kind=kind, now=now)
        except NoAnswer as why:
            failed[question.id] = str(why)
            continue
        outcome = take(IncomingFile(f"{question.written.name}.answer", content, question.payer))
        if outcome.state == "refused":
            failed[question.id] = f"The insurer's answer could not be read: {outcome.message}"
        elif not (outcome.counts.get("answered") or outcome.counts.get("again")):
            failed[question.id] = next((problem.message for problem in outcome.problems), NO_ANSWER)
    return failed


def told(failed: Mapping[int, str], questions: Sequence[LiveQuestion]) -> tuple[Problem, ...]:
    """Failures as problems, by the names of the questions."""
    return tuple(
        Problem(q.where, failed[q.id], "", "Try again, or call the insurer.") for q in questions if q.id in failed
    )
