"""Reads what insurers answer about patients' cover (271): each answer to the question it repeats the number of."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.eligibility.answer import EligibilityAnswer, Refusal
from claims_service.domain.eligibility.differences import is_about
from claims_service.domain.eligibility.summary import COVERED, NOT_COVERED, summary
from claims_service.domain.errors import Problem
from claims_service.formats.tables import codes
from claims_service.formats.x12.read_eligibility import read_271
from claims_service.store import audit, eligibility, patients
from claims_service.store.eligibility import Check
from claims_service.workflow.incoming import FileOutcome, IncomingFile
from claims_service.workflow.inquiry_answers import Reading, Taking, take_in

KIND = "271"
_CALL = "Ask the insurer whom it is about, and check the cover of the patient again."
_ABOUT_DAYS = ("291", "307")  # DTP01: the plan, eligibility


def read_eligibility_answer(
    practice: int, incoming: Sequence[IncomingFile], *, by: Actor, now: datetime, acknowledged: bool = True
) -> tuple[FileOutcome, ...]:
    """Each file whole or not at all. An answer that fits no question, or more than one, is held; twice in it counts once."""
    return take_in(READING, practice, incoming, by=by, now=now, acknowledged=acknowledged)


def _apply(taking: Taking, answers: Sequence[EligibilityAnswer]) -> None:
    checks = eligibility.by_trace(taking.practice, [answer.trace for answer in answers])
    for number, answer in enumerate(answers, 1):
        place = f"answer {number}"
        if not answer.trace and not answer.member_id:
            taking.problems.append(Problem(place, _refused(answer.refusals), "271 AAA", "Ask again later."))
            continue
        check = checks.get(answer.trace) or _by_member(taking.practice, answer)
        if check is None or not taking.sender.may_speak_for(check.payer):
            taking.hold(place, "It answers no question that we asked this insurer.", _CALL)
        elif check.state == eligibility.ANSWERED:
            taking.counts["again"] += 1
        elif not _fits(taking.practice, check, answer):
            taking.hold(place, "It repeats the number of our question, and speaks of somebody else.", _CALL)
        else:
            _keep(taking, check, answer)
            checks |= {check.trace: replace(check, state=eligibility.ANSWERED)}


def _by_member(practice: int, answer: EligibilityAnswer) -> Check | None:
    """The one open question about this member number and day; none where several fit."""
    if not answer.member_id:
        return None
    found = eligibility.open_about(practice, answer.member_id, _day(answer))
    return found[0] if len(found) == 1 else None


def _day(answer: EligibilityAnswer) -> date | None:
    return next((day.on for day in answer.dates if day.kind in _ABOUT_DAYS and day.until is None), None)


def _fits(practice: int, check: Check, answer: EligibilityAnswer) -> bool:
    person = patients.people(practice, [check.patient])
    plans = patients.coverages(practice, [check.patient], person)[check.patient]
    plan = next((plan for plan in plans if plan.id == check.coverage), None)
    return plan is not None and is_about(answer, plan, person[check.patient])


def _keep(taking: Taking, check: Check, answer: EligibilityAnswer) -> None:
    told = summary(answer)
    taking.counts["answered"] += 1
    if told.refusals and not answer.benefits and all(_may_ask_again(refusal) for refusal in told.refusals):
        eligibility.fail(taking.practice, {check.id: _refused(told.refusals)})
    else:
        active = True if told.standing == COVERED else False if told.standing == NOT_COVERED else None
        eligibility.keep_answer(taking.practice, check.id, answer, is_active=active, file=taking.file, at=taking.now)
    event = audit.Event("eligibility.answer", check.patient, f"coverage:{check.coverage}")
    audit.record(taking.practice, [event], by=taking.by, at=taking.now)


def _may_ask_again(refusal: Refusal) -> bool:
    """The insurer's system was down or too busy: that is no answer."""
    row = codes.row("aaa_reject", refusal.reason)
    return refusal.follow_up in ("P", "R", "W") and row is not None and row["action"] == "retry"


def _refused(refusals: Sequence[Refusal]) -> str:
    words = dict.fromkeys(codes.label("aaa_reject", refusal.reason) for refusal in refusals)
    return f"The insurer could not answer: {'; '.join(words)}." if words else "The insurer's answer names nobody."


READING = Reading(KIND, "eligibility_answer", read_271, _apply)
