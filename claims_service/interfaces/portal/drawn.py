"""A bill as it stands today, drawn."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from flask import render_template, url_for
from markupsafe import Markup

from claims_service.domain.estimate import wording as estimate_words
from claims_service.domain.patient.staircase import staircase
from claims_service.domain.patient.statement import answered, title
from claims_service.interfaces.portal.site import by_link, language
from claims_service.queries.bills import Bill
from claims_service.queries.disputes import OnLine
from claims_service.queries.payment_plans import OnBill


@dataclass(frozen=True, slots=True)
class Today:
    """What stands beside a bill. on_lines: what the patient asked about, by visit and line; cards: they can be taken.

    coming: day and cents of autopay. early: cents off when paid by a day. month_cents: the least payment over time, 0 for none.
    credit_cents: what the clinic owes the patient, where nothing of the bill is to be paid.
    """

    on_lines: Mapping[tuple[int, int], OnLine]
    on_plan: OnBill | None
    coming: tuple[date, int] | None
    early: tuple[int, date] | None
    month_cents: int
    cards: bool
    credit_cents: int = 0

    def due_cents(self, bill: Bill) -> int:
        """What is to be paid by the day of the bill: without what a payment plan pays, where it does not pay all."""
        return self.on_plan.rest_cents if self.on_plan and self.on_plan.rest_cents > 0 else bill.asked_cents


def told(bill: Bill, today: Today) -> Markup:
    """What is owed and how we got here, each service explained, and what can be done. Whoever asks was let in to it before."""
    index = 1 if language() == "es" else 0
    planned_cents = bill.asked_cents - today.on_plan.rest_cents if today.on_plan and bill.asked_cents else 0
    steps = staircase(
        replace(bill.statement, planned_cents=planned_cents),
        language(),
        since=bill.since,
        again=bool(bill.again),
        held_cents=bill.held_cents,
    )
    values: dict[str, Any] = {
        "bill": bill,
        "s": bill.statement,
        "heading": title(bill.statement, language()),
        "steps": [asdict(step) for step in steps],
        "answered": answered(bill.statement, language()),
        "explained": lambda line: line.explained[index],
        "changes": [change[index] for change in bill.statement.changes],
        "on_lines": {} if by_link() else today.on_lines,
        "ask": "" if bill.changed or by_link() else url_for("portal.ask", statement=bill.id),
        "estimate_words": estimate_words,
        "today": today,
    }
    return Markup(render_template("portal/bill_told.html", **values))  # noqa: S704 - a template escapes by itself
