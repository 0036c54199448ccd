"""A bill as it stands today, drawn once and kept until something about it changes. Around it the page is drawn anew."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from flask import render_template, request, url_for
from markupsafe import Markup

from claims_service.domain.estimate import wording as estimate_words
from claims_service.domain.patient.staircase import staircase
from claims_service.domain.patient.statement import title
from claims_service.interfaces.portal.site import by_link, language, own_clinic
from claims_service.queries.bills import Bill
from claims_service.queries.disputes import OnLine
from claims_service.queries.kept import Kept
from claims_service.queries.payment_plans import OnBill

_KEPT: Kept[Markup] = Kept(24 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class Today:
    """What stands beside a bill. on_lines: what the patient asked about, by visit and line; cards: they can be taken.

    coming: day and cents of autopay. early: cents off when paid by a day. month_cents: the least payment over time, 0 for none.
    """

    on_lines: Mapping[tuple[int, int], OnLine]
    on_plan: OnBill | None
    coming: tuple[date, int] | None
    early: tuple[int, date] | None
    month_cents: int
    cards: bool

    def due_cents(self, bill: Bill) -> int:
        """What is to be paid by the day of the bill: without what a payment plan pays, where it does not pay all."""
        return self.on_plan.rest_cents if self.on_plan and self.on_plan.rest_cents > 0 else bill.asked_cents


def told(practice: int, bill: Bill, today: Today) -> Markup:
    """What is owed and how we got here, each service explained, and what can be done. Whoever asks was let in to it before."""
    visits = {visit.invoice.encounter for visit in bill.statement.visits}
    on_lines = () if by_link() else tuple((at, about) for at, about in today.on_lines.items() if at[0] in visits)
    now = (
        bill.open_cents,
        bill.held_cents,
        bill.changed,
        bill.newest,
        bill.misplaced,
        on_lines,
        repr(replace(today, on_lines={})),
    )
    kept_for = (practice, bill.id, bill.text, language(), by_link(), own_clinic().phone, request.script_root)
    return _KEPT.made((*kept_for, *now), lambda: _drawn(bill, today, dict(on_lines)))


def _drawn(bill: Bill, today: Today, on_lines: Mapping[tuple[int, int], OnLine]) -> Markup:
    index = 1 if language() == "es" else 0
    planned_cents = bill.asked_cents - today.on_plan.rest_cents if today.on_plan and bill.asked_cents else 0
    steps = staircase(
        replace(bill.statement, planned_cents=planned_cents),
        language(),
        paid_since_cents=bill.paid_since_cents,
        held_cents=bill.held_cents,
    )
    values: dict[str, Any] = {
        "bill": bill,
        "s": bill.statement,
        "heading": title(bill.statement, language()),
        "steps": [asdict(step) for step in steps],
        "explained": lambda line: line.explained[index],
        "changes": [change[index] for change in bill.statement.changes],
        "on_lines": on_lines,
        "ask": "" if bill.changed or by_link() else url_for("portal.ask", statement=bill.id),
        "estimate_words": estimate_words,
        "today": today,
    }
    return Markup(render_template("portal/bill_told.html", **values))  # noqa: S704 - a template escapes by itself
