"""Contracts with insurers: the list, one in plain words, adding one from a file, and trying what one of them pays."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from claims_service.access.guard import requires
from claims_service.domain import codes, dates, money
from claims_service.domain.errors import Conflict
from claims_service.domain.pricing import explaining
from claims_service.domain.pricing.contract import Service
from claims_service.domain.pricing.provider_class import CLASSES
from claims_service.interfaces.staff.remittances import plain_name
from claims_service.interfaces.staff.site import here, site
from claims_service.interfaces.ui.filters import counted
from claims_service.interfaces.ui.ids import row_id
from claims_service.queries import clinic
from claims_service.queries import codes as published
from claims_service.queries import contracts as questions
from claims_service.queries.contracts import ENDED, HOLDS, Explained
from claims_service.workflow.import_contract import import_contract
from claims_service.workflow.reprice_claims import Outcome, reprice_claims

MOST_TERMS, MOST_REPRICED = 300, 100
STATES = {
    "holds": ("done", "In force"),
    "coming": ("waiting", "Not yet"),
    "ended": ("draft", "Ended"),
    "corrected": ("draft", "Corrected by a later one"),
}
TRY, IMPORT, CORRECT = "try", "import", "correct"


@site.get("/contracts")
@requires("report.read")
def contracts() -> ResponseReturnValue:
    """Every contract, who has none, and the form to add one."""
    return _list({}, None)


def _list(errors: Mapping[str, str], done: Any, status: int = 200) -> ResponseReturnValue:
    listed = questions.listed(here().practice, today=here().today)
    insurers = clinic.insurers(here().practice)
    covered = {one.payer.name for one in listed if one.state == HOLDS}
    page = render_template(
        "staff/contracts.html",
        listed=listed,
        without=[name for _, name in insurers if name not in covered],
        insurers=insurers,
        states=STATES,
        errors=errors,
        values=request.form,
        done=done,
    )
    return page, 422 if errors else status


@site.post("/contracts")
@requires("import.run")
def add_contract() -> ResponseReturnValue:
    """Take a contract from a file, or only say what would become of it."""
    file, payer = request.files.get("terms"), request.form.get("payer", type=row_id)
    errors = {}
    if payer is None:
        errors["payer"] = "Choose the insurer it is with."
    if file is None or not file.filename:
        errors["terms"] = "Choose the file with the terms."
    if errors or file is None or payer is None:
        return _list(errors, None)
    how = request.form.get("how", TRY)
    at = here()
    done = import_contract(
        at.practice,
        payer,
        (plain_name(file), file.read()),
        by=at.actor,
        now=at.now,
        dry_run=how == TRY,
        correct=request.form.get("correct") == "yes",
    )
    if done.problems or how == TRY or done.contract is None:
        return _list({}, done, 422 if done.problems else 200)
    flash("That file was added before; nothing changed." if done.already else "The contract was added.", "ok")
    return redirect(url_for("staff.contract", contract=done.contract), 303)


@site.get("/contracts/<int:contract>")
@requires("report.read")
def contract(contract: int) -> ResponseReturnValue:
    """One contract in plain words; a code narrows its terms to those that hold it."""
    return _one(contract, None)


def _one(contract: int, repriced: Outcome | None) -> str:
    found = questions.contract(here().practice, contract, today=here().today)
    code = request.args.get("code", "").strip().upper()[:5]
    terms = [term for term in found.contract.terms if not code or term.has_code(code)]
    return render_template(
        "staff/contract.html",
        found=found,
        terms=terms[:MOST_TERMS],
        count=len(terms),
        code=code,
        states=STATES,
        condition=explaining.condition_text,
        amount=explaining.amount_text,
        methods=explaining.METHODS,
        reaches_back=found.state in (HOLDS, ENDED) and found.first < here().today,
        repriced=repriced,
        most=MOST_REPRICED,
    )


@site.post("/contracts/<int:contract>/reprice")
@requires("import.run")
def reprice(contract: int) -> ResponseReturnValue:
    """Say which claims should bring another amount by this contract, or set it."""
    at, only_look = here(), request.form.get("how", TRY) == TRY
    try:
        found = reprice_claims(at.practice, contract, by=at.actor, now=at.now, dry_run=only_look)
    except Conflict as refused:
        flash(str(refused), "warn")
        return redirect(url_for("staff.contract", contract=contract), 303)
    if only_look:
        return _one(contract, found)
    flash(f"{counted(found.changed, 'claim')} now expected to bring what this contract says.", "ok")
    return redirect(url_for("staff.contract", contract=contract), 303)


@site.get("/contracts/price")
@requires("report.read")
def try_price() -> ResponseReturnValue:
    """What an insurer would pay for a service, and how that comes about."""
    asked = request.args
    errors: dict[str, str] = {}
    found = None
    if asked.get("code"):
        found = _price(errors)
    page = render_template(
        "staff/contract_price.html",
        insurers=clinic.insurers(here().practice),
        places=published.places(),
        classes=[(key, words.capitalize()) for key, words in CLASSES.items()],
        values={"place": "11", "units": "1", "date": dates.us_text(here().today), **asked},
        errors=errors,
        found=found,
    )
    return (page, 422) if errors else page


def _price(errors: dict[str, str]) -> Explained | None:
    asked = request.args
    payer = asked.get("payer", type=row_id)
    if payer is None:
        errors["payer"] = "Choose an insurer."
    try:
        code = codes.procedure(asked["code"].strip().upper())
    except ValueError as wrong:
        errors["code"] = f"{str(wrong).capitalize()}."
    day = _day(asked.get("date", ""), errors)
    units = _units(asked.get("units", "1"), errors)
    charge = _cents(asked.get("charge", ""), errors)
    modifiers = tuple(asked.get("modifiers", "").upper().replace(",", " ").split())[:4]
    if not all(codes.is_modifier(modifier) for modifier in modifiers):
        errors["modifiers"] = "Two characters each, with blanks between: 25 59."
    if errors or payer is None:
        return None
    who = asked.get("class", "")
    service = Service(code, day, modifiers, units, asked.get("place", "11")[:2], who if who in CLASSES else "", charge)
    return questions.explained(here().practice, payer, [service])[0]


def _day(text: str, errors: dict[str, str]) -> date:
    try:
        return dates.day(text, today=here().today) if text else here().today
    except ValueError as wrong:
        errors["date"] = f"{str(wrong).capitalize()}."
        return here().today


def _units(text: str, errors: dict[str, str]) -> Decimal:
    try:
        units = Decimal(text.strip() or "1")
    except InvalidOperation:
        units = Decimal(0)
    if not units.is_finite() or not 0 < units <= 9999:
        errors["units"] = "More than 0, at most 9999."
        return Decimal(1)
    return units


def _cents(text: str, errors: dict[str, str]) -> int | None:
    if not text.strip():
        return None
    try:
        return money.typed_cents(text)
    except ValueError as wrong:
        errors["charge"] = f"{str(wrong).capitalize()}."
        return None
