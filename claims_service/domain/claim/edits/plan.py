"""Edits on the insured person and the plan that is billed (837P 2000B, 2010BA, 2010BB)."""

import re

from claims_service.domain.claim.claim import Claim
from claims_service.domain.claim.edits.edit import ClaimEdit, Edit
from claims_service.domain.claim.edits.finding import LOOK, MUST, Facts
from claims_service.domain.coverage import RELATIONSHIPS, SELF

FILING = frozenset("11 12 13 14 15 16 17 AM BL CH CI DS FI HM LM MA MB MC OF TV VA WC ZZ".split())
MEDICARE = frozenset({"MA", "MB"})
MEDICARE_REASONS = frozenset({"12", "13", "14", "15", "16", "41", "42", "43", "47"})
CHILD, SPOUSE = "19", "01"
CHILD_UNTIL, SPOUSE_FROM = 26, 15
_SOCIAL_SECURITY = re.compile(r"[0-9]{3}-?[0-9]{2}-?[0-9]{4}", re.ASCII)
_CARD = "Copy it from the insurance card."
_GUIDE = "X12 005010X222A1"


def age(claim: Claim) -> int:
    """Whole years of the patient on the day of service; -1 while it isn't known."""
    born = claim.patient.birth_on
    if born is None or not claim.lines:
        return -1
    day = claim.served_on
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _member(claim: Claim) -> str:
    return claim.coverage.member_id.strip()


def _odd_member(claim: Claim, facts: Facts) -> bool:
    return bool(facts.payer.member_id and _member(claim)) and not re.fullmatch(facts.payer.member_id, _member(claim))


def _same_person(claim: Claim) -> bool:
    patient, subscriber = claim.patient, claim.coverage.subscriber
    return (patient.last, patient.first, patient.birth_on) == (subscriber.last, subscriber.first, subscriber.birth_on)


EDITS = (
    ClaimEdit(
        Edit("payer_identifier", MUST, "The insurer's payer id is missing.", "An administrator adds it to the insurer.", "2010BB NM109",
             "Claim.insurer", _GUIDE, "coverage"),
        lambda c, f: not c.coverage.payer.identifier.strip(),
    ),
    ClaimEdit(
        Edit("payer_name", MUST, "The insurer's name is missing.", "An administrator adds it to the insurer.", "2010BB NM103",
             "Claim.insurer", _GUIDE, "coverage"),
        lambda c, f: not c.coverage.payer.name.strip(),
    ),
    ClaimEdit(
        Edit("filing_code", MUST, "The kind of plan is not one that claims can name.", "An administrator chooses it for the insurer, like CI or MB.",
             "2000B SBR09", "Claim.insurance", _GUIDE, "coverage"),
        lambda c, f: c.coverage.payer.filing not in FILING,
    ),
    ClaimEdit(
        Edit("member_id", MUST, "The member number is missing.", _CARD, "2010BA NM109", "Coverage.subscriberId", _GUIDE,
             "coverage.member_id"),
        lambda c, f: not _member(c),
    ),
    ClaimEdit(
        Edit("member_id_short", MUST, "The member number is shorter than two characters.", _CARD, "2010BA NM109",
             "Coverage.subscriberId", _GUIDE, "coverage.member_id"),
        lambda c, f: len(_member(c)) == 1,
    ),
    ClaimEdit(
        Edit("member_id_blanks", LOOK, "The member number holds a blank.", "Leave blanks and dashes of the card out.", "2010BA NM109",
             "Coverage.subscriberId", "clinic", "coverage.member_id"),
        lambda c, f: " " in _member(c),
    ),
    ClaimEdit(
        Edit("member_id_shape", MUST, "{claim.coverage.payer.name} does not use member numbers of this form.",
             "Compare it with the insurance card, letter by letter.", "2010BA NM109", "Coverage.subscriberId", "payer",
             "coverage.member_id"),
        _odd_member,
    ),
    ClaimEdit(
        Edit("member_id_social_security", LOOK, "The member number looks like a social security number.",
             "Insurers gave these up: compare it with the card.", "2010BA NM109", "Coverage.subscriberId", "MACRA section 501",
             "coverage.member_id"),
        lambda c, f: not f.payer.member_id and bool(_SOCIAL_SECURITY.fullmatch(_member(c))),
    ),
    ClaimEdit(
        Edit("group_is_member", LOOK, "Group number and member number are the same.", "Compare both with the insurance card.", "2000B SBR03",
             "Coverage.class", "clinic", "coverage.group_number"),
        lambda c, f: bool(_member(c)) and _member(c) == c.coverage.group_number.strip(),
    ),
    ClaimEdit(
        Edit("relationship", MUST, "How the patient is related to the insured person is missing.", "Choose it in the plan.",
             "2000C PAT01", "Coverage.relationship", _GUIDE, "coverage.relationship"),
        lambda c, f: c.coverage.relationship not in RELATIONSHIPS,
    ),
    ClaimEdit(
        Edit("subscriber", MUST, "The name of the insured person is missing.", _CARD, "2010BA NM103", "Coverage.subscriber", _GUIDE,
             "coverage.subscriber"),
        lambda c, f: c.coverage.relationship != SELF and not (c.coverage.subscriber.last and c.coverage.subscriber.first),
    ),
    ClaimEdit(
        Edit("other_is_self", LOOK, "The insured person has the patient's name and date of birth.",
             "Choose “self”, or correct the insured person.", "2000B SBR02", "Coverage.relationship", "clinic", "coverage.relationship"),
        lambda c, f: c.coverage.relationship != SELF and bool(c.patient.last) and _same_person(c),
    ),
    ClaimEdit(
        Edit("old_child", LOOK, "A child of the insured person is 26 or older.", "Plans may end then: ask for the patient's own plan.",
             "2000C PAT01", "Coverage.relationship", "45 CFR 147.120", "coverage.relationship"),
        lambda c, f: c.coverage.relationship == CHILD and age(c) >= CHILD_UNTIL,
    ),
    ClaimEdit(
        Edit("young_spouse", LOOK, "The spouse of the insured person is younger than 15.", "Correct the relationship or the date of birth.",
             "2000C PAT01", "Coverage.relationship", "clinic", "coverage.relationship"),
        lambda c, f: c.coverage.relationship == SPOUSE and 0 <= age(c) < SPOUSE_FROM,
    ),
    ClaimEdit(
        Edit("medicare_reason_code", MUST, "The reason why Medicare pays second is not one of the list.", "Choose one, like 12 for working aged.",
             "2000B SBR05", "Claim.insurance", _GUIDE, "coverage"),
        lambda c, f: bool(c.medicare_reason) and c.medicare_reason not in MEDICARE_REASONS,
    ),
    ClaimEdit(
        Edit("medicare_reason_missing", MUST, "Medicare is billed second, and why is missing.", "Choose why another plan pays first.",
             "2000B SBR05", "Claim.insurance", "42 CFR 411.20", "coverage"),
        lambda c, f: c.sequence != "P" and c.coverage.payer.filing in MEDICARE and not c.medicare_reason,
    ),
    ClaimEdit(
        Edit("medicare_reason_unasked", MUST, "A reason why Medicare pays second stands on a claim that is none.", "Take it away.",
             "2000B SBR05", "Claim.insurance", _GUIDE, "coverage"),
        lambda c, f: bool(c.medicare_reason) and (c.sequence == "P" or c.coverage.payer.filing not in MEDICARE),
    ),
    ClaimEdit(
        Edit("not_covered_yet", MUST, "{claim.coverage.payer.name} covers the patient only from a later day.",
             "Ask which plan paid on the day of the visit.", "2010BA", "Coverage.period", "CARC 26", "coverage"),
        lambda c, f: c.coverage.valid_from is not None and bool(c.lines) and c.served_on < c.coverage.valid_from,
    ),
    ClaimEdit(
        Edit("no_longer_covered", MUST, "{claim.coverage.payer.name} no longer covered the patient on that day.",
             "Ask the patient for the new plan.", "2010BA", "Coverage.period", "CARC 27", "coverage"),
        lambda c, f: c.coverage.valid_until is not None and bool(c.lines) and c.served_on >= c.coverage.valid_until,
    ),
)  # fmt: skip
