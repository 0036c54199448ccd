"""One question after a payment or a dispute, once a bill: was it clear? And what kinds of share the bill had."""

from claims_service.domain.patient.explanation import COINSURANCE, COPAY, DEDUCTIBLE
from claims_service.domain.patient.invoice import InvoiceLine
from claims_service.domain.patient.statement import Statement
from claims_service.words import said

YES, PARTLY, NO = "yes", "partly", "no"
ANSWERS = {YES: said("Yes"), PARTLY: said("Partly"), NO: said("No")}
REASONS = {
    "words": said("I do not know the words"),
    "plan": said("What my plan paid"),
    "why_mine": said("Why I have to pay"),
    "amount": said("How much it is"),
    "visit": said("Which visit it was"),
}
AFTER_PAYMENT, AFTER_DISPUTE = "payment", "dispute"
TYPES = {
    DEDUCTIBLE: "deductible",
    COINSURANCE: "coinsurance",
    COPAY: "copay",
    "96": "not_covered",
    "204": "not_covered",
}
OTHER, SELF_PAY, NOTHING = "other", "self_pay", "nothing"


def line_type(line: InvoiceLine) -> str:
    """Why most of the patient's share of a service is the patient's, by its CARC; self_pay without a plan's reason."""
    shares = [reason for reason in line.reasons if not reason.in_review and reason.cents > 0]
    if line.share_cents <= 0:
        return NOTHING
    if not shares:
        return SELF_PAY
    return TYPES.get(max(shares, key=lambda reason: reason.cents).code, OTHER)


def line_types(statement: Statement) -> dict[tuple[int, int], str]:
    """(visit, line) -> the type of each service on a bill."""
    return {
        (visit.invoice.encounter, line.number): line_type(line)
        for visit in statement.visits
        for line in visit.invoice.lines
    }
