"""How money goes back to an insurer; shared by the step that gives it and the one that agrees to it."""

from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.credit import CHECK, REFUND_REASONS
from claims_service.domain.ledger.accounts import IN_REVIEW, INSURER_REFUNDS, NEXT_PAYER_OWES, PAYER_OWES
from claims_service.domain.ledger.journal import Entry, Transfer
from claims_service.domain.money import spoken
from claims_service.store import audit, claims, insurer_refunds, journal
from claims_service.store.insurer_refunds import Kept

_FROM = (PAYER_OWES, IN_REVIEW, NEXT_PAYER_OWES)


def book(practice: int, refund: Kept, *, by: Actor, now: datetime, today: date) -> None:
    """The check takes the claim's credit away, and what is more than the credit is in review. Inside write().

    An offset moves nothing: the insurer's remittance will (835 PLB WO or CLP02 22).
    """
    head = claims.heads(practice, [refund.claim])[refund.claim]
    if refund.way == CHECK:
        balances = journal.claim_balances(practice, [refund.claim])[refund.claim]
        left, transfers = refund.cents, []
        parts = [(account, max(-balances.get(account, 0), 0)) for account in _FROM] + [(IN_REVIEW, refund.cents)]
        for account, most in parts:
            cents = min(left, most)
            left -= cents
            if cents:
                about = (refund.claim, None, head.patient, refund.payer, refund.reason)
                transfers.append(Transfer(account, INSURER_REFUNDS, cents, *about))
        source = insurer_refunds.SOURCE
        entry = Entry(today, source, f"{source}:{refund.id}", source, refund.id, tuple(transfers), memo=refund.number)
        journal.post(practice, [entry], by=by.name, at=now)
    how = "by check" if refund.way == CHECK else "to be taken from a later payment"
    told = f"{spoken(refund.cents)} go back to the insurer {how}, {refund.number}: {REFUND_REASONS[refund.reason].lower()}."
    claims.add_events(practice, [claims.Event(refund.claim, "note", told)], by=by.name, at=now)
    event = audit.Event("insurer_refund.make", head.patient, f"claim:{refund.claim}", refund.why)
    audit.record(practice, [event], by=by, at=now)
