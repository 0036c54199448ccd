"""The states of a claim and the moves between them; money is never a state, the journal says what is paid."""

from claims_service.domain.errors import Conflict

NEEDS_MENDING = "needs_mending"
READY = "ready"
SENT = "sent"
RECEIVED = "received"
ACCEPTED = "accepted"
SENT_BACK = "sent_back"
DECIDED = "decided"
REPLACED = "replaced"
VOID = "void"
PATIENT = "patient"

LABELS = {
    NEEDS_MENDING: "Stopped by our checks",
    READY: "Ready to send",
    SENT: "Sent",
    RECEIVED: "File received",
    ACCEPTED: "Accepted by the insurer",
    SENT_BACK: "Sent back",
    DECIDED: "Answered",
    REPLACED: "Replaced",
    VOID: "Void",
    PATIENT: "Patient pays",
}

# An answer may arrive before an acknowledgement, or without one (45 CFR 162 adopts neither 999 nor 277CA).
_MOVES = {
    NEEDS_MENDING: {READY, NEEDS_MENDING, VOID},
    READY: {SENT, NEEDS_MENDING, READY, VOID},
    SENT: {RECEIVED, ACCEPTED, SENT_BACK, DECIDED},
    RECEIVED: {ACCEPTED, SENT_BACK, DECIDED},
    ACCEPTED: {DECIDED, SENT_BACK, REPLACED},
    SENT_BACK: {READY, NEEDS_MENDING, VOID, DECIDED, ACCEPTED},
    DECIDED: {DECIDED, REPLACED},
    # Back only where the version that was to take its place never went out, or was sent back and given up.
    REPLACED: {DECIDED, REPLACED, ACCEPTED},
    VOID: set(),
    PATIENT: {PATIENT, VOID},
}
WITH_INSURER = (SENT, RECEIVED, ACCEPTED)
OPEN = (NEEDS_MENDING, READY, SENT_BACK)  # may be edited: never accepted, or sent back before anyone decided
CORRECTABLE = (ACCEPTED, DECIDED)  # the insurer has it: only a replacement (7) or a void (8) changes it
STATES = tuple(LABELS)


def moves(state: str) -> frozenset[str]:
    """Where a claim in this state may go."""
    return frozenset(_MOVES[state])


def moved(state: str, to: str) -> str:
    """The new state.

    Raises:
        Conflict: a claim in this state can't go there.
    """
    if to not in _MOVES[state]:
        raise Conflict(f"A claim that is “{LABELS[state]}” can't become “{LABELS[to]}”.")
    return to


def after_acknowledgement(state: str, *, accepted: bool, by_claim: bool) -> str:
    """Where an acknowledgement takes a claim; a late or repeated one never takes it back.

    by_claim: 277CA (about the claim) rather than 999 or TA1 (about the file).
    """
    if not accepted:
        return SENT_BACK if state in WITH_INSURER else state
    target = ACCEPTED if by_claim else RECEIVED
    order = [SENT, RECEIVED, ACCEPTED]
    if state in order and order.index(state) < order.index(target):
        return target
    return state
