"""Asking insurers: is the patient covered, what became of the claim; and approvals in advance."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from claims_service.access import guard
from claims_service.access.guard import requires, saw
from claims_service.domain import dates
from claims_service.domain.authorization import Authorization
from claims_service.domain.errors import Rejected
from claims_service.gateways.inquiry_lines import line_for
from claims_service.interfaces.staff.site import here, site
from claims_service.interfaces.ui import filters
from claims_service.interfaces.ui.ids import row_id
from claims_service.queries import accounts, cover
from claims_service.workflow.ask_eligibility import CoverQuestion, ask_eligibility
from claims_service.workflow.ask_status import ask_status
from claims_service.workflow.incoming import FileOutcome, IncomingFile
from claims_service.workflow.inquiring import Asked
from claims_service.workflow.read_eligibility_answer import read_eligibility_answer
from claims_service.workflow.read_status_answer import read_status_answer
from claims_service.workflow.record_authorization import record_authorizations

LONGEST_NOTE, MOST_CODES = 200, 40


@site.post("/patients/<int:patient>/cover")
@requires("patient.write")
def check_cover(patient: int) -> ResponseReturnValue:
    """Ask about today with every plan that covers it; "again" asks even where it was asked within the day."""
    at, config = here(), guard.access_of(current_app).config

    def take(file: IncomingFile) -> FileOutcome:
        return read_eligibility_answer(at.practice, [file], by=at.actor, now=at.now, acknowledged=False)[0]

    asked = ask_eligibility(
        at.practice, [CoverQuestion(patient, at.today)], by=at.actor, now=at.now, line=line_for(config), take=take,
        again_after=timedelta(hours=config.ask_again_hours), force=request.form.get("do") == "again",
    )  # fmt: skip
    _say(asked, "the cover")
    return redirect(url_for("staff.patient", patient=patient, _anchor="cover"), 303)


@site.post("/claims/<int:claim>/ask")
@requires("claim.write")
def ask_insurer(claim: int) -> ResponseReturnValue:
    """Ask what became of the claim; "again" asks even where it was asked within hours."""
    at, config = here(), guard.access_of(current_app).config

    def take(file: IncomingFile) -> FileOutcome:
        return read_status_answer(at.practice, [file], by=at.actor, now=at.now, acknowledged=False)[0]

    again = request.form.get("do") == "again"
    asked = ask_status(at.practice, [claim], by=at.actor, now=at.now, line=line_for(config), take=take, force=again)
    _say(asked, "the claim")
    return redirect(url_for("staff.claim", claim=claim, _anchor="ask"), 303)


def _say(asked: Asked, what: str) -> None:
    for problem in asked.problems:
        flash(f"{problem.message} {problem.mend}".strip(), "warn")
    if asked.answered:
        flash(f"The insurer answered about {what}.", "ok")
    for sent in asked.files:
        flash(f"The question is in a file for {sent.to}. The answer shows here when it comes.", "ok")
    if asked.standing and not asked.asked:
        flash("Asked already: the answer stands below.", "ok")


@site.route("/patients/<int:patient>/approvals", methods=["GET", "POST"])
@requires("patient.write")
def new_approval(patient: int) -> ResponseReturnValue:
    """Record an approval out of the insurer's letter."""
    account = accounts.account(here().practice, patient)
    saw([patient], "authorization.read", f"patient:{patient}")
    if request.method == "GET":
        first = account.plans[0].payer_id if account.plans else ""
        return _form(account, {"payer": str(first)}, {}, known=None)
    return _record(account, None)


@site.route("/patients/<int:patient>/approvals/<int:approval>", methods=["GET", "POST"])
@requires("patient.write")
def approval(patient: int, approval: int) -> ResponseReturnValue:
    """Correct an approval, as when the insurer gives more visits."""
    account = accounts.account(here().practice, patient)
    known = cover.approval(here().practice, patient, approval)
    saw([patient], "authorization.read", f"authorization:{approval}")
    return _form(account, _values(known), {}, known=known) if request.method == "GET" else _record(account, known)


def _record(account: accounts.Account, known: Authorization | None) -> ResponseReturnValue:
    at, values = here(), {name: text.strip() for name, text in request.form.items()}
    reading = _Reading(values, at.today)
    payers = {plan.payer_id for plan in account.plans}
    payer = known.payer_id if known else reading.payer(payers)
    wanted = Authorization(
        0, account.id, payer, known.number if known else values.get("number", "")[:60], reading.codes(), reading.units(),
        reading.visits(), reading.day("valid_from"), reading.day("valid_until"), values.get("note", "")[:LONGEST_NOTE],
    )  # fmt: skip
    errors = reading.errors
    try:
        if errors:
            return _form(account, values, errors, known=known)
        record_authorizations(at.practice, [wanted], by=at.actor, now=at.now)
    except Rejected as refused:
        errors = {
            problem.where.rpartition(".")[2]: f"{problem.message} {problem.mend}".strip()
            for problem in refused.problems
        }
        return _form(account, values, errors, known=known)
    flash("Approval saved. Visits that carry its number are counted against it.", "ok")
    return redirect(url_for("staff.patient", patient=account.id, _anchor="approvals"), 303)


class _Reading:
    """What was typed, as values; what can't be read is noted in errors."""

    def __init__(self, values: Mapping[str, str], today: date) -> None:
        self._values, self._today = values, today
        self.errors: dict[str, str] = {}

    def payer(self, known: set[int]) -> int:
        """One of the patient's insurers."""
        try:
            found = row_id(self._values.get("payer", ""))
        except ValueError:
            found = 0
        if found not in known:
            self.errors["payer"] = "Choose the insurer that approved it: one of the patient's plans."
        return found

    def codes(self) -> frozenset[str]:
        """Procedures with commas or blanks between."""
        listed = self._values.get("procedures", "").upper().replace(",", " ").split()
        if len(listed) > MOST_CODES:
            self.errors["procedures"] = f"At most {MOST_CODES} codes."
        return frozenset(listed[:MOST_CODES])

    def units(self) -> Decimal | None:
        """Empty: no limit."""
        text = self._values.get("units", "")
        try:
            return Decimal(text) if text else None
        except InvalidOperation:
            self.errors["units"] = "Units are a number, like 12."
            return None

    def visits(self) -> int | None:
        """Empty: no limit."""
        text = self._values.get("visits", "")
        if text and not (text.isascii() and text.isdigit() and len(text) < 5):
            self.errors["visits"] = "Visits are a whole number, like 12."
            return None
        return int(text) if text else None

    def day(self, name: str) -> date | None:
        """Empty: no limit."""
        text = self._values.get(name, "")
        try:
            return dates.day(text, today=self._today) if text else None
        except ValueError as wrong:
            self.errors[name] = f"{str(wrong).capitalize()}."
            return None


def _values(known: Authorization) -> dict[str, str]:
    return {
        "payer": str(known.payer_id), "number": known.number, "procedures": " ".join(sorted(known.procedures)),
        "units": "" if known.units is None else format(known.units, "f"), "visits": "" if known.visits is None else str(known.visits),
        "valid_from": filters.form_date(known.valid_from) if known.valid_from else "",
        "valid_until": filters.form_date(known.valid_until) if known.valid_until else "", "note": known.note,
    }  # fmt: skip


def _form(
    account: accounts.Account, values: Mapping[str, str], errors: Mapping[str, str], *, known: Authorization | None
) -> ResponseReturnValue:
    insurers = {plan.payer_id: plan.payer.name for plan in account.plans}
    page = render_template(
        "staff/approval.html",
        account=account,
        values=values,
        errors=errors,
        known=known,
        insurers=list(insurers.items()),
    )
    return (page, 422) if errors else page
