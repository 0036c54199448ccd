"""Edits on what surrounds a claim: accident, days, rides, papers and notes."""

from claims_service.domain import codes
from claims_service.domain.claim.circumstances import ClaimDates
from claims_service.domain.claim.claim import Claim
from claims_service.domain.claim.edits.edit import ClaimEdit, Edit
from claims_service.domain.claim.edits.finding import MUST, Facts

CAR, WORK, OTHER = "AA", "EM", "OA"
TRANSMISSIONS = frozenset({"AA", "BM", "EL", "EM", "FT", "FX"})
NOTES = frozenset({"ADD", "CER", "DCP", "DGN", "TPO"})
LONGEST_NOTE = 80
RIDES = frozenset("ABCDE")
_GUIDE = "X12 005010X222A1"
_BEFORE = ("onset_on", "first_treated_on", "acute_on", "last_menstrual_on", "last_xray_on", "prescribed_on")
_RIDE_CODES = ("A0", "A9")


def _after_service(claim: Claim, _: Facts) -> bool:
    """Days that explain a visit lie before it."""
    days = (getattr(claim.dates, name) for name in _BEFORE)
    return bool(claim.lines) and any(day is not None and day > claim.served_on for day in days)


def _backwards(dates: ClaimDates) -> bool:
    pairs = (
        (dates.disabled_on, dates.disabled_until), (dates.last_worked_on, dates.back_to_work_on),
        (dates.admitted_on, dates.discharged_on), (dates.care_assumed_on, dates.care_relinquished_on),
    )  # fmt: skip
    return any(first is not None and last is not None and last < first for first, last in pairs)


def _notes(claim: Claim) -> list[tuple[str, str]]:
    held = list(claim.notes)
    for line in claim.lines:
        held += line.notes
    return [(note.kind, note.text) for note in held] if held else []


def _papers(claim: Claim) -> list[tuple[str, str, str]]:
    held = list(claim.attachments)
    for line in claim.lines:
        held += line.attachments
    return [(one.report, one.transmission, one.control_number) for one in held] if held else []


def _unnamed_ends(claim: Claim) -> bool:
    ride = claim.ambulance
    ends = (ride.pick_up, ride.drop_off) if ride else ()
    return any(end is None or not end.complete for end in ends)


EDITS = (
    ClaimEdit(
        Edit("accident_cause", MUST, "An accident stands without its kind.", "Car, work or other.", "2300 CLM11-1", "Claim.accident.type",
             _GUIDE, "accident"),
        lambda c, f: c.accident is not None and (not c.accident.causes or not set(c.accident.causes) <= {CAR, WORK, OTHER}),
    ),
    ClaimEdit(
        Edit("accident_date", MUST, "The day of the accident is missing.", "Ask the patient.", "2300 DTP*439", "Claim.accident.date",
             _GUIDE, "accident"),
        lambda c, f: c.accident is not None and c.accident.on is None and not {CAR, OTHER}.isdisjoint(c.accident.causes),
    ),
    ClaimEdit(
        Edit("accident_after", MUST, "The accident lies after the visit.", "Correct the day of the accident.", "2300 DTP*439",
             "Claim.accident.date", _GUIDE, "accident"),
        lambda c, f: c.accident is not None and c.accident.on is not None and bool(c.lines) and c.accident.on > c.served_on,
    ),
    ClaimEdit(
        Edit("accident_state", MUST, "The state in which the car accident happened is missing.", "Use the two-letter code.", "2300 CLM11-4",
             "Claim.accident.location", _GUIDE, "accident"),
        lambda c, f: c.accident is not None and CAR in c.accident.causes and not c.accident.country
        and c.accident.state not in codes.STATES,
    ),
    ClaimEdit(
        Edit("date_after_service", MUST, "A day that should lie before the visit lies after it.", "Correct the day of onset or test.",
             "2300 DTP", "Claim.supportingInfo", _GUIDE, "dates"),
        _after_service,
    ),
    ClaimEdit(
        Edit("dates_backwards", MUST, "A stretch of days ends before it begins.", "Correct the days of disability, work, hospital or care.",
             "2300 DTP", "Claim.supportingInfo", _GUIDE, "dates"),
        lambda c, f: _backwards(c.dates),
    ),
    ClaimEdit(
        Edit("date_future", MUST, "A day of admission or last visit lies in the future.", "Correct it.", "2300 DTP", "Claim.supportingInfo",
             _GUIDE, "dates"),
        lambda c, f: any(day is not None and day > f.today for day in (c.dates.admitted_on, c.dates.last_seen_on)),
    ),
    ClaimEdit(
        Edit("paper_kind", MUST, "What a paper that comes with the claim is, is not said.", "Choose its kind, like OZ.", "2300 PWK01",
             "Claim.supportingInfo", _GUIDE, "attachments"),
        lambda c, f: any(len(report) != 2 for report, _, _ in _papers(c)),
    ),
    ClaimEdit(
        Edit("paper_way", MUST, "How a paper reaches the insurer is not one of the ways there are.", "AA, BM, EL, EM, FT or FX.", "2300 PWK02",
             "Claim.supportingInfo", _GUIDE, "attachments"),
        lambda c, f: any(way not in TRANSMISSIONS for _, way, _ in _papers(c)),
    ),
    ClaimEdit(
        Edit("paper_number", MUST, "A paper that is sent has no number to find it by.", "Give it one, and write it on the paper.", "2300 PWK06",
             "Claim.supportingInfo", _GUIDE, "attachments"),
        lambda c, f: any(way != "AA" and not number.strip() for _, way, number in _papers(c)),
    ),
    ClaimEdit(
        Edit("too_many_papers", MUST, "A claim names ten papers.", "Put several into one.", "2300 PWK", "Claim.supportingInfo", _GUIDE,
             "attachments"),
        lambda c, f: len(c.attachments) > 10,
    ),
    ClaimEdit(
        Edit("note_kind", MUST, "The kind of a note is not one that claims know.", "ADD for additional words.", "2300 NTE01",
             "Claim.supportingInfo", _GUIDE, "notes"),
        lambda c, f: any(kind not in NOTES for kind, _ in _notes(c)),
    ),
    ClaimEdit(
        Edit("note_long", MUST, "A note is longer than 80 characters.", "Shorten it, or send a paper.", "2300 NTE02", "Claim.supportingInfo",
             _GUIDE, "notes"),
        lambda c, f: any(len(text) > LONGEST_NOTE for _, text in _notes(c)),
    ),
    ClaimEdit(
        Edit("note_empty", MUST, "A note says nothing.", "Write it, or take it away.", "2300 NTE02", "Claim.supportingInfo", _GUIDE, "notes"),
        lambda c, f: any(not text.strip() for _, text in _notes(c)),
    ),
    ClaimEdit(
        Edit("ride_missing", MUST, "A ride in an ambulance is billed, and nothing says why and how far.", "Add the ride.", "2300 CR1",
             "Claim.supportingInfo", "42 CFR 410.40", "ambulance"),
        lambda c, f: any(line.procedure.startswith(_RIDE_CODES[0]) and line.ambulance is None for line in c.lines) and c.ambulance is None,
    ),
    ClaimEdit(
        Edit("ride_reason", MUST, "Why the patient was taken there is not one of A to E.", "A nearest, B doctor, C family, D specialist, E back.",
             "2300 CR104", "Claim.supportingInfo", _GUIDE, "ambulance"),
        lambda c, f: c.ambulance is not None and c.ambulance.reason not in RIDES,
    ),
    ClaimEdit(
        Edit("ride_miles", MUST, "The miles of a ride are below zero.", "Write how far the patient was aboard.", "2300 CR106",
             "Claim.supportingInfo", _GUIDE, "ambulance"),
        lambda c, f: c.ambulance is not None and c.ambulance.miles < 0,
    ),
    ClaimEdit(
        Edit("ride_ends", MUST, "Where a ride began or ended is not complete.", "Street, city, state and ZIP of both ends.", "2310E and 2310F",
             "Claim.supportingInfo", _GUIDE, "ambulance"),
        lambda c, f: _unnamed_ends(c),
    ),
)  # fmt: skip
