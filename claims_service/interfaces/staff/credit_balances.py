"""Credit balances: what insurers and patients paid too much, with the day by which it must go back."""

from flask import render_template
from flask.typing import ResponseReturnValue

from claims_service.access.guard import requires, saw
from claims_service.domain import money
from claims_service.domain.credit import REPAY_DAYS
from claims_service.domain.money import spoken
from claims_service.interfaces.staff.site import here, site
from claims_service.interfaces.ui.spreadsheet import table_file
from claims_service.queries import credits as questions
from claims_service.queries import insurer_refunds
from claims_service.queries.credits import INSURER, Credit

COLUMNS = ("whose", "claim", "patient", "insurer", "amount", "since", "days", "return_by", "rule", "what_to_do")


@site.get("/credits")
@requires("report.read")
def credit_balances() -> ResponseReturnValue:
    """Every balance in credit, the nearest day to return it first."""
    listed = questions.in_credit(here().practice)
    saw([one.patient for one in listed], "credit.list")
    return render_template(
        "staff/credits.html", listed=listed, to_do=to_do, repay_days=REPAY_DAYS, promised=_promised()
    )


@site.get("/credits.csv")
@requires("report.read")
def credits_table() -> ResponseReturnValue:
    """The same as a table."""
    listed = questions.in_credit(here().practice)
    saw([one.patient for one in listed], "credit.export")
    return table_file(f"credits-{here().today:%Y-%m-%d}.csv", COLUMNS, [_row(one) for one in listed])


def _promised() -> dict[int, int]:
    """Cents of each claim that its insurer is to take from a later payment."""
    found: dict[int, int] = {}
    for one in insurer_refunds.refunds(here().practice):
        if one.state == insurer_refunds.PROMISED and one.claim:
            found[one.claim] = found.get(one.claim, 0) + one.on_its_way_cents
    return found


def to_do(one: Credit) -> str:
    """What a person does about it, in a sentence."""
    if one.owner == INSURER:
        if one.replaced:
            return "A corrected claim stands for it: the insurer takes its first decision back. If it doesn’t, return the money."
        if one.clock:
            return "Find out why it was paid twice, report it to the insurer and return it, or let it take it from a later payment."
        return "Compare the payments. Tell the insurer; return it or let it take it from a later payment, as the contract says."
    if one.owes_cents:
        return f"Use it for the patient’s open bills of {spoken(one.owes_cents)}; give back what is left."
    return "Give it back to the patient."


def _row(one: Credit) -> tuple[object, ...]:
    by, rule = (one.clock.repay_by, one.clock.rule) if one.clock else ("", "")
    days = (here().today - one.since).days
    return (
        one.owner, one.control_number, one.patient_name, one.payer_name, money.plain_text(one.cents), one.since, days, by, rule, to_do(one),
    )  # fmt: skip
