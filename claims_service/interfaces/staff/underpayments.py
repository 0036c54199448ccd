"""Underpayments: the services to ask insurers about, on the page and as a table to send them."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from claims_service.access.guard import requires, saw
from claims_service.domain import money
from claims_service.interfaces.staff.site import here, site
from claims_service.interfaces.ui.ids import row_id
from claims_service.interfaces.ui.spreadsheet import table_file
from claims_service.queries import clinic
from claims_service.queries import underpayments as questions
from claims_service.queries.underpayments import TOLERANCE_CENTS, Underpaid

COLUMNS = (
    "insurer", "claim", "insurer_claim", "visit", "line", "procedure", "modifiers", "units", "charge", "expected", "allowed", "missing",
)  # fmt: skip


@site.get("/underpayments")
@requires("remittance.read")
def underpayments() -> ResponseReturnValue:
    """What insurers allowed too little by their contracts, the dearest first."""
    errors: dict[str, str] = {}
    asked = _asked(errors)
    at = here()
    listed = [] if errors else questions.underpaid(at.practice, today=at.today, **asked)
    every = questions.by_insurer(listed)
    saw([one.patient for one in listed], "underpayment.list")
    page = render_template(
        "staff/underpayments.html",
        listed=listed,
        every=every,
        most=questions.MOST,
        since=at.today - questions.REACH,
        insurers=clinic.insurers(at.practice),
        values={**request.args, "least": request.args.get("least") or money.plain_text(TOLERANCE_CENTS)},
        least_cents=asked["least_cents"],
        errors=errors,
        narrowed=bool(asked["payer"] or asked["least_cents"] != TOLERANCE_CENTS),
        table_of=url_for("staff.underpayments_table", payer=asked["payer"], least=request.args.get("least") or None),
    )
    return (page, 422) if errors else page


@site.get("/underpayments.csv")
@requires("remittance.read")
def underpayments_table() -> ResponseReturnValue:
    """The same, all of it, as a table."""
    at = here()
    listed = questions.underpaid(at.practice, today=at.today, most=questions.MOST_EXPORTED, **_asked({}))
    saw([one.patient for one in listed], "underpayment.export")
    name = f"underpayments-{at.today:%Y-%m-%d}.csv"
    return table_file(name, COLUMNS, [_row(one) for one in listed])


def _asked(errors: dict[str, str]) -> dict[str, Any]:
    """What the address asks for; an amount that can't be read is said, and the usual one taken."""
    least = TOLERANCE_CENTS
    typed = request.args.get("least", "").strip()
    if typed:
        try:
            least = max(money.typed_cents(typed), 0)
        except ValueError as wrong:
            errors["least"] = f"{str(wrong).capitalize()}."
    return {"payer": request.args.get("payer", type=row_id), "least_cents": least}


def _row(one: Underpaid) -> tuple[object, ...]:
    amounts = (one.charge_cents, one.expected_cents, one.allowed_cents, one.missing_cents)
    return (
        one.payer_name, one.control_number, one.payer_claim_number, one.served_on, one.line, one.procedure, " ".join(one.modifiers),
        one.units, *map(money.plain_text, amounts),
    )  # fmt: skip
