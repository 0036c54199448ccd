"""The parts of a bill that its frozen statement decides: drawn once, then kept. What is owed today is on the page around them."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

from flask import render_template, request, url_for
from markupsafe import Markup

from claims_service.domain.patient.staircase import staircase
from claims_service.interfaces.portal.site import by_link, language
from claims_service.queries.bills import Bill
from claims_service.queries.disputes import OnLine
from claims_service.queries.kept import Kept

_KEPT: Kept[Markup] = Kept(16 * 1024 * 1024)


def services(practice: int, bill: Bill, planned_cents: int, on_lines: Mapping[tuple[int, int], OnLine]) -> Markup:
    """How we got here, and each service explained. on_lines: what the patient asked about, by visit and line."""
    visits = {visit.invoice.encounter for visit in bill.statement.visits}
    own = {} if by_link() else {place: about for place, about in on_lines.items() if place[0] in visits}
    index = 1 if language() == "es" else 0

    def values() -> dict[str, Any]:
        told = replace(bill.statement, planned_cents=planned_cents)
        steps = staircase(told, language(), paid_since_cents=bill.paid_since_cents, held_cents=bill.held_cents)
        return {
            "steps": [asdict(step) for step in steps],
            "explained": lambda line: line.explained[index],
            "on_lines": own,
            "ask": "" if bill.changed or by_link() else url_for("portal.ask", statement=bill.id),
        }

    today = (bill.changed, bill.paid_since_cents, bill.held_cents, planned_cents, *own.items())
    return _kept("portal/bill_services.html", practice, bill, today, values)


def words(practice: int, bill: Bill) -> Markup:
    """The words a bill uses, and what the plan's own letter should say."""
    return _kept("portal/bill_words.html", practice, bill, (), dict)


def _kept(
    template: str, practice: int, bill: Bill, today: tuple[object, ...], values: Callable[[], dict[str, Any]]
) -> Markup:
    """today: all that is drawn beside the statement's own text; whoever asks was let in to this bill before."""
    key = (template, practice, bill.id, bill.text, language(), by_link(), request.script_root, *today)
    return _KEPT.made(key, lambda: Markup(render_template(template, bill=bill, s=bill.statement, **values())))  # noqa: S704
