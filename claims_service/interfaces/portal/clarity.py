"""Was this bill clear? The form on the pages after a payment and of a dispute, read."""

from typing import Any

from flask import flash, request
from flask_babel import gettext as _

from claims_service import clock
from claims_service.access import guard
from claims_service.domain.errors import NotFound, Rejected
from claims_service.domain.patient.clarity import AFTER_DISPUTE, AFTER_PAYMENT, ANSWERS, REASONS
from claims_service.interfaces.portal.site import own_patient
from claims_service.queries.bills import Bill
from claims_service.workflow.answer_clarity import Answer, answer_clarity

__all__ = ["AFTER_DISPUTE", "AFTER_PAYMENT", "choices", "place_of", "told"]


def choices(bill: Bill | None) -> dict[str, Any]:
    """What the form offers about a bill, in the reader's language."""
    listed = (
        [(visit.invoice.encounter, line) for visit in bill.statement.visits for line in visit.invoice.lines]
        if bill
        else []
    )
    return {
        "clear_lines": [
            (f"{visit}-{one.number}", one.words or one.procedure or _("The whole visit")) for visit, one in listed
        ],
        "clear_answers": [{"value": value, "title": _(words)} for value, words in ANSWERS.items()],
        "clear_reasons": [(value, _(words)) for value, words in REASONS.items()],
    }


def told(statement: int, after: str) -> dict[str, str]:
    """Keep the visitor's answer and thank for it; gives what is wrong by field, empty when it is kept.

    Raises:
        NotFound: not a line of this bill.
    """
    practice, patient = own_patient()
    form = request.form
    unclear = place_of(form["unclear"]) if form.get("unclear") else None
    answer = Answer(patient, statement, after, form.get("answer", ""), unclear, form.get("why", ""))
    try:
        answer_clarity(practice, [answer], by=guard.current().actor, now=clock.now())
    except Rejected as refused:
        return {problem.where: str(_(problem.message)) for problem in refused.problems}
    flash(_("Thank you. Your answer helps us write better bills."), "ok")
    return {}


def place_of(value: str) -> tuple[int, int]:
    """ "12-3": visit 12, line 3.

    Raises:
        NotFound: not the value of one of our boxes.
    """
    encounter, dash, line = value.partition("-")
    if not (dash and encounter.isascii() and encounter.isdigit() and line.isascii() and line.isdigit()):
        raise NotFound("line")
    if len(value) > 20:
        raise NotFound("line")
    return int(encounter), int(line)
