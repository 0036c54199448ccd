"""Answers of the insurer: sent as files, each read at once, with what became of it down to the place and the cent."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from claims_service import clock
from claims_service.access import guard
from claims_service.access.guard import requires
from claims_service.domain.errors import Problem
from claims_service.interfaces.insurer.site import own_payer, site
from claims_service.interfaces.ui import filters
from claims_service.queries import clinic
from claims_service.queries import mailbox as questions
from claims_service.workflow.incoming import FileOutcome, IncomingFile, kind_of
from claims_service.workflow.post_remittance import post_remittance
from claims_service.workflow.read_acknowledgement import read_acknowledgement
from claims_service.workflow.read_eligibility_answer import read_eligibility_answer
from claims_service.workflow.read_status_answer import read_status_answer

MOST_FILES = 50
LONGEST_NAME = 120
# state of an answer -> (kind of status, words)
STATES = {
    "read": ("done", "Taken"),
    "held": ("look", "Taken, with questions"),
    "duplicate": ("draft", "Seen before"),
    "refused": ("no", "Not taken"),
}
KINDS = {
    "TA1": "Envelope receipt, TA1",
    "999": "File receipt, 999",
    "277CA": "Claim receipt, 277CA",
    "271": "Answer about cover, 271",
    "277": "Answer about claims, 277",
    "835": "Payment, 835",
}
_ACKNOWLEDGEMENTS = ("TA1", "999", "277CA")
_TOLD = {"271": read_eligibility_answer, "277": read_status_answer}


@site.app_template_global()
def numbers(said: FileOutcome | questions.Answer) -> list[tuple[str, str]]:
    """What an answer led to, as rows of name and figure."""
    names = [*said.counts, *(name for name in said.cents if name not in said.counts)]
    figures = {name: [filters.count(said.counts[name])] if name in said.counts else [] for name in names}
    for name, cents in said.cents.items():
        figures[name].append(filters.money(cents))
    return [(name.replace("_", " ").capitalize(), ", ".join(figures[name])) for name in names]


@site.get("/answers")
@requires("mailbox.read")
def answers() -> ResponseReturnValue:
    """Every answer sent so far, and the form to send more."""
    sent = questions.answers(guard.current().practice, own_payer())
    return render_template("insurer/answers.html", sent=sent, errors={}, states=STATES, kinds=KINDS)


@site.get("/answers/<int:file>")
@requires("mailbox.read")
def answer(file: int) -> ResponseReturnValue:
    """What became of one answer."""
    found = questions.answer(guard.current().practice, own_payer(), file)
    return render_template("insurer/answer.html", answer=found, states=STATES, kinds=KINDS)


@site.post("/answers")
@requires("answer.send")
def send() -> ResponseReturnValue:
    """Read the files that were sent and show what became of each."""
    sent = [file for file in request.files.getlist("answers") if file.filename]
    if problem := _problem_in(sent):
        earlier = questions.answers(guard.current().practice, own_payer())
        errors = {"answers": problem}
        return render_template("insurer/answers.html", sent=earlier, errors=errors, states=STATES, kinds=KINDS), 422
    outcomes = _taken([IncomingFile(_plain_name(file), file.stream, own_payer()) for file in sent])
    return render_template("insurer/outcomes.html", outcomes=outcomes, states=STATES, kinds=KINDS)


def _problem_in(sent: Sequence[FileStorage]) -> str:
    if not sent:
        return "Choose one file or more."
    return f"Send {MOST_FILES} files at a time at most." if len(sent) > MOST_FILES else ""


def _plain_name(file: FileStorage) -> str:
    """The last part of the name the sender gave it, printable and short; we never store by it."""
    name = PurePosixPath((file.filename or "").replace("\\", "/")).name
    return "".join(mark for mark in name if mark.isprintable())[:LONGEST_NAME] or "file"


def _taken(files: Sequence[IncomingFile]) -> list[FileOutcome]:
    """Each kind to its step, all of a kind at once; the outcomes in the order of the files."""
    who, now = guard.current(), clock.now()
    today = clock.today(clinic.clinic(who.practice).zone)
    kinds = [kind_of(file.beginning) for file in files]
    receipts = [n for n, kind in enumerate(kinds) if kind in _ACKNOWLEDGEMENTS]
    payments = [n for n, kind in enumerate(kinds) if kind == "835"]
    told = [n for n, kind in enumerate(kinds) if kind in _TOLD]
    taken = {*receipts, *payments, *told}
    outcomes = {n: _not_an_answer(files[n], kind) for n, kind in enumerate(kinds) if n not in taken}
    outcomes.update({n: _TOLD[kinds[n]](who.practice, [files[n]], by=who.actor, now=now)[0] for n in told})
    read = read_acknowledgement(who.practice, [files[n] for n in receipts], by=who.actor, now=now) if receipts else ()
    posted = (
        post_remittance(who.practice, [files[n] for n in payments], by=who.actor, now=now, today=today)
        if payments
        else ()
    )
    outcomes.update(zip(receipts, read, strict=True))
    outcomes.update(zip(payments, posted, strict=True))
    return [outcomes[n] for n in range(len(files))]


def _not_an_answer(file: IncomingFile, kind: str) -> FileOutcome:
    found = f"This is a {kind} file." if kind else "It does not begin with a whole X12 envelope (ISA, GS)."
    problem = Problem("ISA", found, "X12.5", "Send TA1, 999, 277CA, 271, 277 or 835 in X12 005010.")
    return FileOutcome(None, file.name, kind, "refused", "Not an answer we can read; nothing was changed.", (problem,))
