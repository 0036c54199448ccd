"""Edits on what came before: new patients who are not new, and services that an earlier surgery's price pays for."""

from claims_service.domain.claim.claim import Claim, ClaimLine
from claims_service.domain.claim.earlier import FollowUp, Giver, is_face_to_face, three_years_before
from claims_service.domain.claim.edits.edit import Edit, LineEdit
from claims_service.domain.claim.edits.finding import LOOK, MUST, Facts

_NEW = frozenset("99202 99203 99204 99205 99381 99382 99383 99384 99385 99386 99387 92002 92004".split())
_RELEASING_VISITS = frozenset({"24", "25", "57"})
_RELEASING_SURGERY = frozenset({"58", "78", "79", "54", "55", "56"})
_ASSISTANTS = frozenset({"80", "81", "82", "AS", "62", "66"})
_MANUAL = "Medicare Claims Processing Manual 12, 40"
_FOLLOW_UP_VISIT = "99024"


def giver(claim: Claim, line: ClaimLine) -> Giver:
    """Who gave a service."""
    found = line.rendering or claim.rendering
    return Giver(found.npi, found.taxonomy) if found else Giver()


def _not_new(claim: Claim, line: ClaimLine, facts: Facts) -> bool:
    if line.procedure not in _NEW or not facts.earlier:
        return False
    who, first = giver(claim, line), three_years_before(line.served_on)
    return any(
        first <= before.served_on < line.served_on and is_face_to_face(before.procedure) and who.is_like(before.giver)
        for before in facts.earlier
    )


def _paid_by(claim: Claim, line: ClaimLine, facts: Facts) -> list[FollowUp]:
    """Surgeries of another day whose price pays for a service of this one."""
    if not facts.follow_ups:
        return []
    who = giver(claim, line)
    return [
        one
        for one in facts.follow_ups
        if one.served_on != line.served_on and one.holds(line.served_on) and who.is_like(one.giver)
    ]


def _is_visit(code: str) -> bool:
    """Visits that a surgery's price includes; emergencies of 99281 to 99288 and critical care stay apart."""
    return "99202" <= code <= "99215" or "99221" <= code <= "99239" or "99304" <= code <= "99350"


def _follow_up_visit(claim: Claim, line: ClaimLine, facts: Facts) -> bool:
    if not _is_visit(line.procedure) or not _RELEASING_VISITS.isdisjoint(line.modifiers):
        return False
    return any(line.served_on > one.served_on for one in _paid_by(claim, line, facts))


def _visit_before(claim: Claim, line: ClaimLine, facts: Facts) -> bool:
    if not _is_visit(line.procedure) or not _RELEASING_VISITS.isdisjoint(line.modifiers):
        return False
    return any(line.served_on < one.served_on for one in _paid_by(claim, line, facts))


def _surgery_after(claim: Claim, line: ClaimLine, facts: Facts) -> bool:
    if not facts.follow_ups or not "10004" <= line.procedure <= "69990":
        return False
    if not (_RELEASING_SURGERY | _ASSISTANTS).isdisjoint(line.modifiers):
        return False
    own = any(one.procedure == line.procedure and one.served_on == line.served_on for one in facts.follow_ups)
    return own and any(line.served_on > one.served_on for one in _paid_by(claim, line, facts))


def _edit(name: str, severity: str, sentence: str, mend: str, source: str, place: str = "modifiers") -> Edit:
    return Edit(name, severity, sentence, mend, "2400 SV101", "Claim.item.productOrService", source, place)


EDITS = (
    LineEdit(
        _edit("new_patient_seen", MUST, "{line.procedure} is for new patients, and this one was seen here within three years.",
              "Choose the code for established patients, like 99212 to 99215.", "CPT, CARC B16", "procedure"),
        _not_new,
    ),
    LineEdit(
        _edit("global_visit", MUST, "{line.procedure} lies in the follow-up days of a surgery, whose price pays for it.",
              "Add 24 if the visit had another reason; else record it as 99024 without a charge.", f"{_MANUAL}.1"),
        _follow_up_visit,
    ),
    LineEdit(
        _edit("global_visit_before", LOOK, "{line.procedure} is a visit of the day before a major surgery, whose price pays for it.",
              "Add 57 if the surgery was decided on at this visit.", f"{_MANUAL}.2"),
        _visit_before,
    ),
    LineEdit(
        _edit("global_surgery", MUST, "{line.procedure} was done in the follow-up days of another surgery.",
              "Add 58 if it was planned, 78 for a return to the operating room, 79 if it is unrelated.", f"{_MANUAL}.2"),
        _surgery_after,
    ),
    LineEdit(
        _edit("follow_up_charged", LOOK, "{line.procedure} is a visit that a surgery's price pays for, and it carries a charge.",
              "Set its charge to $0.00.", "CPT", "charge"),
        lambda c, line, f: line.procedure == _FOLLOW_UP_VISIT and line.charge_cents > 0,
    ),
)  # fmt: skip
