"""What insurers still hold: every insurer's running balance, its items and why, and a person placing what no payment will clear."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from claims_service.access.guard import requires, saw
from claims_service.domain import money
from claims_service.domain.errors import Rejected
from claims_service.domain.money import spoken
from claims_service.formats.tables import codes
from claims_service.interfaces.staff.site import here, site
from claims_service.interfaces.ui.spreadsheet import table_file
from claims_service.queries import claim_list
from claims_service.queries import held_balances as questions
from claims_service.queries.held_balances import Held, Line
from claims_service.workflow.settle_open_items import CLAIM, COST, INCOME, Settlement, settle_open_items

WAYS = (
    (CLAIM, "It belongs to a claim"),
    (INCOME, "It is income: a bonus, rebate, capitation"),
    (COST, "It is a cost: a levy, penalty, fee"),
)
PLACED = {CLAIM: "placed on a claim", INCOME: "booked as income", COST: "booked as a cost"}
WHY = {"reference": "same reference", "claim": "same claim", "forward": "balance carried on"}
COLUMNS = (
    "paid_on",
    "payment",
    "file",
    "code",
    "meaning",
    "reference",
    "claim",
    "amount",
    "left",
    "booked_as",
    "cleared_by",
    "placed",
)


@site.get("/insurers/held")
@requires("remittance.read")
def held_balances() -> ResponseReturnValue:
    """Every insurer's running balance."""
    return render_template("staff/held_balances.html", totals=questions.totals(here().practice))


@site.get("/insurers/<int:payer>/held")
@requires("remittance.read")
def held_balance(payer: int) -> ResponseReturnValue:
    """What one insurer holds, why, and every movement of it."""
    found = questions.held(here().practice, payer)
    _seen(found.lines, f"insurer:{payer}")
    return render_template(
        "staff/held_balance.html",
        found=found,
        whole="all" in request.args,
        plb=codes.table("plb_reason"),
        why=WHY,
        placed=PLACED,
    )


@site.get("/insurers/<int:payer>/held.csv")
@requires("remittance.read")
def held_table(payer: int) -> ResponseReturnValue:
    """The same as a table, cleared items with it."""
    found = questions.held(here().practice, payer)
    _seen(found.lines, f"insurer:{payer}")
    return table_file(f"held-{payer}-{here().today:%Y-%m-%d}.csv", COLUMNS, [_row(line) for line in found.lines])


@site.get("/open-items/<int:open_item>")
@requires("remittance.read")
def open_item(open_item: int) -> ResponseReturnValue:
    """One item with its story, and the form to place it."""
    return _item(open_item, {}, {})


@site.post("/open-items/<int:open_item>")
@requires("remittance.post")
def settle_open_item(open_item: int) -> ResponseReturnValue:
    """Place an item, or part of it."""
    at = here()
    payer = _found(open_item)[0].payer
    typed = {name: request.form.get(name, "").strip()[:300] for name in ("amount", "way", "claim", "why")}
    try:
        wanted = Settlement(open_item, _cents(typed["amount"]), typed["way"], typed["why"], _claim(typed))
        settle_open_items(at.practice, [wanted], by=at.actor, now=at.now, today=at.today)
    except Rejected as refused:
        errors = {p.where.rpartition(".")[2].replace("cents", "amount"): p.message for p in refused.problems}
        return _item(open_item, typed, errors)
    except ValueError as wrong:
        return _item(open_item, typed, {"amount": f"{str(wrong).capitalize()}."})
    flash(f"{spoken(wanted.cents)} {PLACED[wanted.way]}. The reason is kept.", "ok")
    return redirect(url_for("staff.held_balance", payer=payer), 303)


def _found(open_item: int) -> tuple[Held, Line]:
    return questions.line(here().practice, open_item)


def _item(open_item: int, values: dict[str, str], errors: dict[str, str]) -> ResponseReturnValue:
    found, line = _found(open_item)
    _seen([line], f"open_item:{open_item}")
    usual = {"amount": money.plain_text(abs(line.left_cents)), "way": INCOME if line.adjustment.is_income else CLAIM}
    page = render_template(
        "staff/open_item.html", found=found, line=line, plb=codes.row("plb_reason", line.adjustment.reason), ways=WAYS,
        why=WHY, placed=PLACED, values={**usual, **values}, errors=errors,
    )  # fmt: skip
    return (page, 422) if errors else page


def _seen(lines: list[Line] | tuple[Line, ...], subject: str) -> None:
    saw(sorted({line.patient for line in lines if line.patient}), "open_item.read", subject)


def _cents(typed: str) -> int:
    return money.typed_cents(typed or "0")


def _claim(typed: dict[str, str]) -> int | None:
    """The claim of the number that was typed; a number of no claim is said at the field by the step."""
    if typed["way"] != CLAIM:
        return None
    return claim_list.by_number(here().practice, typed["claim"].upper())


def _row(line: Line) -> tuple[object, ...]:
    own = line.adjustment
    return (
        own.paid_on, line.source.trace, line.source.file, own.reason, codes.label("plb_reason", own.reason), own.reference,
        line.claim_number, money.plain_text(own.cents), money.plain_text(line.left_cents), own.account,
        "; ".join(f"{money.plain_text(c.cents)} by {by.trace} of {by.paid_on}" for c, by in line.clearings),
        "; ".join(f"{money.plain_text(abs(p.cents))} {PLACED[p.way]}: {p.why}" for p in line.placed),
    )  # fmt: skip
