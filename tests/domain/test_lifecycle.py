"""A claim only goes where a claim can go."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims_service.domain.claim import lifecycle
from claims_service.domain.claim.lifecycle import ACCEPTED, DECIDED, RECEIVED, SENT, SENT_BACK, VOID
from claims_service.domain.errors import Conflict

ANSWERS = st.lists(st.tuples(st.booleans(), st.booleans()), max_size=6)


@given(ANSWERS)
def test_no_acknowledgement_takes_back_a_decision(answers: list[tuple[bool, bool]]) -> None:
    """The insurer has decided; a late 999 or 277CA, good or bad, changes nothing."""
    state = DECIDED
    for accepted, by_claim in answers:
        state = lifecycle.after_acknowledgement(state, accepted=accepted, by_claim=by_claim)

    assert state == DECIDED


def test_good_news_may_come_in_any_order_and_twice() -> None:
    """999 before 277CA, after it, or repeated: the claim ends as accepted."""
    for order in itertools.product([False, True], repeat=3):
        state = SENT
        for by_claim in order:
            state = lifecycle.after_acknowledgement(state, accepted=True, by_claim=by_claim)
        assert state == (ACCEPTED if any(order) else RECEIVED)


def test_a_claim_that_was_accepted_may_still_be_sent_back() -> None:
    assert lifecycle.after_acknowledgement(ACCEPTED, accepted=False, by_claim=True) == SENT_BACK


@pytest.mark.parametrize("to", lifecycle.STATES)
def test_a_void_claim_stays_void(to: str) -> None:
    with pytest.raises(Conflict, match="Void"):
        lifecycle.moved(VOID, to)


def test_a_claim_with_the_insurer_cannot_be_sent_again() -> None:
    for state in (*lifecycle.WITH_INSURER, DECIDED):
        with pytest.raises(Conflict):
            lifecycle.moved(state, SENT)
