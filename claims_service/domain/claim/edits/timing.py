"""Edits on when: the future, spans of days, filing deadlines."""

from datetime import date, timedelta

from claims_service.domain.claim.claim import ORIGINAL, REPLACEMENT, Claim
from claims_service.domain.claim.edits.edit import ClaimEdit, Edit, LineEdit
from claims_service.domain.claim.edits.finding import LOOK, MUST, Facts

NEAR_DAYS = 14
LONGEST_SPAN = timedelta(days=366)
FAR_APART = timedelta(days=31)
_GUIDE = "X12 005010X222A1"
_LAST_DAY = "{last:%B} {last.day}, {last.year}"


def _last_day(claim: Claim, facts: Facts) -> date:
    days = facts.payer.filing_days if claim.frequency == ORIGINAL else facts.payer.corrected_days
    return claim.served_on + timedelta(days=days)


def _limited(claim: Claim, facts: Facts) -> bool:
    """A void is taken at any time, a replacement where the insurer sets no limit of its own."""
    return claim.frequency == ORIGINAL or (claim.frequency == REPLACEMENT and facts.payer.corrected_days > 0)


def _words(claim: Claim, facts: Facts) -> dict[str, object]:
    return {"last": _last_day(claim, facts)}


def _passed(claim: Claim, facts: Facts) -> bool:
    return bool(claim.lines) and _limited(claim, facts) and facts.today > _last_day(claim, facts)


def _close(claim: Claim, facts: Facts) -> bool:
    if not claim.lines or not _limited(claim, facts):
        return False
    last = _last_day(claim, facts)
    return last - timedelta(days=NEAR_DAYS) < facts.today <= last


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
    ClaimEdit(
        Edit("too_late", MUST, f"{{claim.coverage.payer.name}} took this claim until {_LAST_DAY}.",
             "Send it with a delay reason, or write it off: the patient can't be billed.", "2400 DTP*472", "Claim.created", "CARC 29", "served_on"),
        lambda c, f: _passed(c, f) and not c.delay_reason,
        _words,
    ),
    ClaimEdit(
        Edit("deadline_near", LOOK, f"The filing deadline is {_LAST_DAY}.", "Send it today.", "2400 DTP*472", "Claim.created", "CARC 29",
             "served_on"),
        _close,
        _words,
    ),
)  # fmt: skip
