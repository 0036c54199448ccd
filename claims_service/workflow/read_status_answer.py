"""Reads what insurers say became of claims (277): it promises nothing and pays nothing, so no money moves here."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from claims_service.domain.actor import Actor
from claims_service.domain.claim.status import StatusAnswer, StatusStep
from claims_service.domain.money import spoken
from claims_service.formats.tables import codes
from claims_service.formats.x12.read_status import read_277
from claims_service.store import audit, claim_status, claims
from claims_service.store.claim_status import Inquiry, Told
from claims_service.workflow.incoming import FileOutcome, IncomingFile
from claims_service.workflow.inquiry_answers import Reading, Taking, take_in

KIND = "277"
_CALL = "Ask the insurer which claim it means."


def read_status_answer(
    practice: int, incoming: Sequence[IncomingFile], *, by: Actor, now: datetime, acknowledged: bool = True
) -> tuple[FileOutcome, ...]:
    """Each file whole or not at all. An answer that fits no question is held; twice in it counts once."""
    return take_in(READING, practice, incoming, by=by, now=now, acknowledged=acknowledged)


def _apply(taking: Taking, answers: Sequence[StatusAnswer]) -> None:
    known = claim_status.by_trace(taking.practice, [answer.trace for answer in answers])
    for number, answer in enumerate(answers, 1):
        place = f"answer {number}"
        inquiry = known.get(answer.trace) or _by_claim(taking.practice, answer)
        if inquiry is None or not taking.sender.may_speak_for(inquiry.payer):
            taking.hold(place, "It answers no question that we asked this insurer.", _CALL)
        elif inquiry.state == "answered":
            taking.counts["again"] += 1
        elif answer.control_number and answer.control_number != inquiry.control_number:
            taking.hold(place, "It repeats the number of our question, and speaks of another claim.", _CALL)
        elif not answer.steps:
            taking.hold(place, "It says nothing about the claim.", _CALL)
        else:
            _keep(taking, inquiry, answer)
            known |= {inquiry.trace: replace(inquiry, state="answered")}


def _by_claim(practice: int, answer: StatusAnswer) -> Inquiry | None:
    """The one open question about this claim; none where several fit."""
    found = claim_status.open_about(practice, answer.control_number)
    return found[0] if len(found) == 1 else None


def _keep(taking: Taking, inquiry: Inquiry, answer: StatusAnswer) -> None:
    step = max(answer.steps, key=lambda one: one.on)
    told, reason = _told(answer, step), step.reasons[0]
    claim_status.keep_answer(
        taking.practice, inquiry.id, answer,
        Told(
            reason.category, reason.status, reason.entity, told, answer.is_finished, step.on, answer.payer_claim_number,
            step.paid_cents, step.paid_on, step.payment,
        ),
        file=taking.file, at=taking.now,
    )  # fmt: skip
    if answer.payer_claim_number and not inquiry.payer_claim_number:
        claims.set_payer_claim_numbers(taking.practice, [(inquiry.claim, answer.payer_claim_number)])
    story = [claims.Event(inquiry.claim, "told", told, taking.file)]
    claims.add_events(taking.practice, story, by=taking.by.name, at=taking.now)
    event = audit.Event("claim.answer", inquiry.patient, f"claim:{inquiry.claim}")
    audit.record(taking.practice, [event], by=taking.by, at=taking.now)
    taking.counts["answered"] += 1


def _told(answer: StatusAnswer, step: StatusStep) -> str:
    """The latest step in plain words, its money included."""
    said = [
        f"{codes.label('claim_status_category', reason.category)}: {codes.label('claim_status', reason.status)}"
        + (f" ({codes.label('entity_identifier', reason.entity).lower()})" if reason.entity else "")
        for reason in step.reasons
    ]
    words = f"{'; '.join(said)}."
    if answer.is_finished and step.paid_cents:
        by = f", payment {step.payment}" if step.payment else ""
        words += f" {spoken(step.paid_cents)} paid{by}."
    return words


READING = Reading(KIND, "claim_answer", read_277, _apply)
