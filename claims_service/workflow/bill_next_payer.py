"""Builds the claim to a patient's next plan from what the earlier ones decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.ledger.accounts import NEXT_PAYER_OWES
from claims_service.store import journal
from claims_service.store.connection import write
from claims_service.workflow.checked import Checked, checked
from claims_service.workflow.passing_on import onward, pass_on


@dataclass(frozen=True, slots=True)
class Outcome:
    """claims: built for the next plans. waiting: forwarded by the first insurer itself, so nothing is sent by us."""

    claims: tuple[Checked, ...]
    waiting: tuple[int, ...]
    cents: int


def bill_next_payers(
    practice: int, wanted: Sequence[int] | None = None, *, by: Actor, now: datetime, today: date
) -> Outcome:
    """For each answered claim with money left for a next plan (None: all), a claim to that plan with the adjustments word for word.

    What is left moves along: PAYER_OWES (new claim) <- NEXT_PAYER_OWES (first claim). 837P 2320, 2330 and 2430.
    """
    with write(practice):
        open_items = journal.open_claims(practice, NEXT_PAYER_OWES)
        chosen = [claim for claim in open_items if wanted is None or claim in set(wanted)]
        found = onward(practice, chosen)
        waiting = tuple(item.head.id for item in found if item.payment.is_forwarded)
        going = [item for item in found if not item.payment.is_forwarded]
        ids = pass_on(practice, going, by=by, now=now, today=today)
        made = checked(practice, ids, by=by.name, now=now, today=today)
    return Outcome(made, waiting, sum(open_items[item.head.id] for item in going))
