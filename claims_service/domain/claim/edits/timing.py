"""Edits on when: the future, spans of days, filing deadlines."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from claims_service.domain.claim.claim import Claim
from claims_service.domain.claim.edits.edit import ClaimEdit, Edit, LineEdit
from claims_service.domain.claim.edits.finding import LOOK, MUST, Facts, Finding

NEAR_DAYS = 14
LONGEST_SPAN = timedelta(days=366)
FAR_APART = timedelta(days=31)
_GUIDE = "X12 005010X222A1"
_LAST_DAY = "{last:%B} {last.day}, {last.year}"


@dataclass(frozen=True, slots=True)
class DeadlineEdit:
    """An edit on the last day on which the insurer takes the claim. near: it comes close; else it has passed."""

    edit: Edit
    near: bool

    def findings(self, claim: Claim, facts: Facts) -> Iterator[Finding]:
        if not claim.lines:
            return
        last = claim.served_on + timedelta(days=facts.payer.filing_days)
        passed, close = facts.today > last, facts.today > last - timedelta(days=NEAR_DAYS)
        if (close and not passed) if self.near else (passed and not claim.delay_reason):
            yield self.edit.found(self.edit.place, claim=claim, last=last)


EDITS = (
    LineEdit(
        Edit("future", MUST, "The service date lies in the future.", "Correct the date.", "2400 DTP*472", "Claim.item.serviced", _GUIDE,
             "served_on"),
        lambda c, line, f: line.served_on > f.today,
    ),
    LineEdit(
        Edit("span_backwards", MUST, "{line.procedure} ends before it begins.", "Correct the dates.", "2400 DTP*472", "Claim.item.serviced",
             _GUIDE, "served_on"),
        lambda c, line, f: line.served_until is not None and line.served_until < line.served_on,
    ),
    LineEdit(
        Edit("span_future", MUST, "{line.procedure} ends in the future.", "Bill it when it is over.", "2400 DTP*472", "Claim.item.serviced",
             _GUIDE, "served_on"),
        lambda c, line, f: line.served_until is not None and line.served_until > f.today,
    ),
    LineEdit(
        Edit("span_long", LOOK, "{line.procedure} lasts longer than a year.", "Correct the dates, or split it.", "2400 DTP*472",
             "Claim.item.serviced", "clinic", "served_on"),
        lambda c, line, f: line.served_until is not None and line.served_until - line.served_on > LONGEST_SPAN,
    ),
    ClaimEdit(
        Edit("days_far_apart", LOOK, "Services of one claim lie more than a month apart.", "Bill each visit by itself.", "2400 DTP*472",
             "Claim.item.serviced", "clinic", "served_on"),
        lambda c, f: bool(c.lines) and max(line.served_on for line in c.lines) - c.served_on > FAR_APART,
    ),
    DeadlineEdit(
        Edit("too_late", MUST, f"{{claim.coverage.payer.name}} took this claim until {_LAST_DAY}.",
             "Send it with a delay reason, or write it off: the patient can't be billed.", "2400 DTP*472", "Claim.created", "CARC 29", "served_on"),
        near=False,
    ),
    DeadlineEdit(
        Edit("deadline_near", LOOK, f"The filing deadline is {_LAST_DAY}.", "Send it today.", "2400 DTP*472", "Claim.created", "CARC 29",
             "served_on"),
        near=True,
    ),
)  # fmt: skip
