"""Deposits: what the bank has, what explains it, and what a person ties together or takes apart."""

from datetime import date
from pathlib import PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from claims_service import clock
from claims_service.access import guard
from claims_service.access.guard import requires
from claims_service.domain import money
from claims_service.domain.errors import Conflict
from claims_service.domain.money import spoken
from claims_service.interfaces.staff.site import site
from claims_service.interfaces.ui.ids import row_id
from claims_service.interfaces.ui.spreadsheet import table_file
from claims_service.queries import clinic
from claims_service.queries import deposits as questions
from claims_service.workflow.incoming import IncomingFile
from claims_service.workflow.match_deposits import match_by_hand, match_deposits, undo_match
from claims_service.workflow.read_bank_file import read_bank_file

MOST_FILES = 50
COLUMNS = ("booked_on", "from", "text", "number", "state", "amount", "not_explained")
LONGEST_NAME = 120
MOST_CASES = 50
PATIENT_DAYS = 3  # a business week's worth of waiting is normal, more is looked into (CORE 370)
# state of a bank file -> (kind of status, words)
STATES = {"read": ("done", "Taken"), "duplicate": ("draft", "Seen before"), "refused": ("no", "Not taken")}


@site.get("/deposits")
@requires("deposit.read")
def deposits() -> ResponseReturnValue:
    """A month of the bank, and everything that waits."""
    return _board({}), 200


@site.get("/deposits.csv")
@requires("deposit.read")
def deposits_table() -> ResponseReturnValue:
    """The bank lines of a month (?month=2026-11, else the last one) as a table."""
    found, lines = questions.lines_of(guard.current().practice, request.args.get("month", ""), today=_today())
    listed = [
        (one.booked_on, one.counterparty, one.description, one.trace, one.state, *map(money.plain_text, (one.cents, one.open_cents)))
        for one in lines
    ]  # fmt: skip
    return table_file(f"deposits-{found}.csv", COLUMNS, listed)


@site.post("/deposits/files")
@requires("deposit.match")
def add_bank_files() -> ResponseReturnValue:
    """Take bank files in, match what can be told for sure and show what became of each."""
    sent = [file for file in request.files.getlist("bank_files") if file.filename]
    if not sent or len(sent) > MOST_FILES:
        problem = f"Choose {MOST_FILES} files at most." if sent else "Choose a file from your bank."
        return _board({"bank_files": problem}), 422
    who, now = guard.current(), clock.now()
    incoming = [IncomingFile(_plain_name(file), file.read()) for file in sent]
    outcomes = read_bank_file(who.practice, incoming, by=who.actor, now=now)
    matched = match_deposits(who.practice, by=who.actor, now=now, today=_today())
    return _shown("outcome", outcomes=outcomes, matched=matched, states=STATES)


@site.post("/deposits/match")
@requires("deposit.match")
def match_all_deposits() -> ResponseReturnValue:
    """Look again at everything that is open."""
    who = guard.current()
    found = match_deposits(who.practice, by=who.actor, now=clock.now(), today=_today())
    number = found.counts["matched"]
    lines = "1 bank line" if number == 1 else f"{number} bank lines"
    flash(
        f"{lines} matched, {spoken(found.cents['matched'])}." if number else "Nothing new could be matched for sure.",
        "ok",
    )
    return redirect(url_for("staff.deposits"), 303)


@site.get("/deposits/lines/<int:bank_line>")
@requires("deposit.read")
def bank_line(bank_line: int) -> ResponseReturnValue:
    """One bank line: what explains it, and what else it may pay."""
    found, choices = questions.line_page(guard.current().practice, bank_line)
    return _shown("line", found=found, choices=choices)


@site.post("/deposits/lines/<int:bank_line>/match")
@requires("deposit.match")
def match_bank_line(bank_line: int) -> ResponseReturnValue:
    """Tie a bank line to the announced money a person chose."""
    who = guard.current()
    chosen = request.form.getlist("pick", type=_picked)
    try:
        cents = match_by_hand(who.practice, bank_line, chosen, by=who.actor, now=clock.now(), today=_today())
    except Conflict as conflict:
        flash(str(conflict), "bad")
    else:
        undo = url_for("staff.undo_bank_line", bank_line=bank_line)
        flash({"text": f"{spoken(cents)} matched.", "undo": undo}, "ok")  # type: ignore[arg-type]
    return redirect(url_for("staff.deposits"), 303)


@site.post("/deposits/lines/<int:bank_line>/undo")
@requires("deposit.match")
def undo_bank_line(bank_line: int) -> ResponseReturnValue:
    """Take the matches of a bank line apart."""
    who = guard.current()
    try:
        cents = undo_match(who.practice, bank_line, by=who.actor, now=clock.now(), today=_today())
    except Conflict as conflict:
        flash(str(conflict), "bad")
    else:
        flash(f"Taken apart: {spoken(cents)} is open again.", "ok")
    return redirect(url_for("staff.deposits"), 303)


@site.get("/deposits/files/<int:file>")
@requires("deposit.read")
def bank_file(file: int) -> ResponseReturnValue:
    """One bank file and its lines."""
    found, lines = questions.file_page(guard.current().practice, file)
    at = found.at.astimezone(ZoneInfo(clinic.clinic(guard.current().practice).zone))
    return _shown("file", file=found, lines=lines, at=at)


def _board(errors: dict[str, str]) -> str:
    found = questions.board(guard.current().practice, request.args.get("month", ""), today=_today())
    month = date.fromisoformat(f"{found.month}-01")
    return _shown(
        "board",
        board=found,
        cases=found.cases[:MOST_CASES],
        errors=errors,
        patient_days=PATIENT_DAYS,
        month=f"{month:%B %Y}",
    )


def _shown(page: str, **values: Any) -> str:
    may_match = guard.current().may("deposit.match")
    return render_template(f"staff/deposits/{page}.html", today=_today(), may_match=may_match, **values)


def _today() -> date:
    return clock.today(clinic.clinic(guard.current().practice).zone)


def _picked(text: str) -> tuple[str, int]:
    kind, _, subject = text.partition(":")
    return kind, row_id(subject)


def _plain_name(file: FileStorage) -> str:
    """The last part of the name, printable and short."""
    name = PurePosixPath((file.filename or "").replace("\\", "/")).name
    return "".join(mark for mark in name if mark.isprintable())[:LONGEST_NAME] or "file"
