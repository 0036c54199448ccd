"""What a person says about a patient's bills: let them rest, go on, and by which ways the patient may be reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.errors import NotFound, Problem, Rejected
from claims_service.domain.patient.reminder import EMAIL, HOLDS, TEXT, Policy
from claims_service.store import audit, patients, reminders
from claims_service.store.connection import write

LONGEST_NOTE = 500
YES, STOP = "yes", "stop"


@dataclass(frozen=True, slots=True)
class Pause:
    """kind: see domain.patient.reminder.HOLDS; note: why, needed for "other"."""

    patient: int
    kind: str
    note: str = ""


def pause_bills(practice: int, wanted: Sequence[Pause], *, by: Actor, now: datetime, today: date) -> list[int]:
    """Bills and reminders of these patients rest until it is lifted; what holds already is left as it is. Gives the holds.

    Raises:
        NotFound: a patient is not of this practice.
        Rejected: an unknown kind, or no reason where one is needed.
    """
    with write(practice):
        asked = [one.patient for one in wanted]
        if len(patients.people(practice, asked)) < len(set(asked)):
            raise NotFound("patient")
        _refuse(wanted)
        held = {(hold.patient, hold.kind) for listed in reminders.holds(practice, asked).values() for hold in listed}
        fresh = {(one.patient, one.kind): one for one in wanted if (one.patient, one.kind) not in held}
        rows = [(one.patient, one.kind, one.note.strip()) for one in fresh.values()]
        ids = reminders.add_holds(practice, rows, since=today, by=by.name, at=now)
        trail = [
            audit.Event("billing.hold", one.patient, f"hold:{key}", one.kind)
            for one, key in zip(fresh.values(), ids, strict=True)
        ]
        audit.record(practice, trail, by=by, at=now)
    return ids


def _refuse(wanted: Sequence[Pause]) -> None:
    problems = []
    for i, one in enumerate(wanted):
        if one.kind not in HOLDS:
            problems.append(Problem(f"[{i}].kind", "Choose why the bills rest."))
        elif len(one.note) > LONGEST_NOTE or (one.kind == "other" and not one.note.strip()):
            problems.append(Problem(f"[{i}].note", "Say why, in at most 500 characters."))
    if problems:
        raise Rejected(problems)


def resume_bills(practice: int, patient: int, hold: int, *, by: Actor, now: datetime) -> bool:
    """The bills go on; False when they did already.

    Raises:
        NotFound: no such hold of this patient.
    """
    with write(practice):
        lifted = reminders.lift_hold(practice, patient, hold, by=by.name, at=now)
        if lifted:
            audit.record(practice, [audit.Event("billing.resume", patient, f"hold:{hold}")], by=by, at=now)
    return lifted


def choose_contact(
    practice: int, patient: int, *, by_email: bool, by_text: bool, via: str, by: Actor, now: datetime
) -> None:
    """Write down which ways a patient agreed to; what does not change is not written again.

    Raises:
        NotFound: no such patient of this practice.
        Rejected: no address or number to send to.
    """
    with write(practice):
        contact = reminders.contacts(practice, [patient]).get(patient)
        if contact is None:
            raise NotFound("patient")
        problems = []
        if by_email and not contact.email:
            problems.append(Problem("by_email", "There is no e-mail address for this patient.", mend="Add it first."))
        if by_text and not contact.phone:
            problems.append(Problem("by_text", "There is no phone number for this patient.", mend="Add it first."))
        if problems:
            raise Rejected(problems)
        answers = [
            (channel, YES if wanted else STOP)
            for channel, wanted in ((EMAIL, by_email), (TEXT, by_text))
            if wanted != (channel in contact.agreed)
        ]
        if answers:
            reminders.add_choices(practice, patient, answers, via=via, by=by.name, at=now)
            audit.record(practice, [audit.Event("contact.choose", patient, f"patient:{patient}")], by=by, at=now)


def set_policy(practice: int, new: Policy, *, by: Actor, now: datetime) -> None:
    """How this practice bills from now on."""
    with write(practice):
        if new != reminders.policy(practice):
            reminders.add_policy(practice, new, by=by.name, at=now)
            audit.record(practice, [audit.Event("billing.policy")], by=by, at=now)
