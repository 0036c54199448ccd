"""Whether claims may be replaced or voided at their insurer. Not a step itself."""

from collections.abc import Sequence

from claims_service.domain.claim import lifecycle
from claims_service.domain.claim.claim import VOID
from claims_service.domain.errors import Conflict, NotFound
from claims_service.store import claims

_NOT_STANDING = (lifecycle.VOID, lifecycle.REPLACED)


def check_correctable(practice: int, wanted: Sequence[int], *, first_plan: bool = False) -> list[claims.Head]:
    """The heads of these claims, in order. first_plan: claims to a next plan are refused as well.

    Raises:
        NotFound: a claim is not of this practice.
        Conflict: the insurer does not have it, gave no number for it, or a next plan was billed with its answer.
    """
    heads = claims.heads(practice, wanted)
    if len(heads) < len(set(wanted)):
        raise NotFound("claim")
    followers = claims.of_encounters(practice, [head.encounter for head in heads.values()])
    for head in heads.values():
        _check(head, followers[head.encounter], first_plan=first_plan)
    return [heads[claim] for claim in dict.fromkeys(wanted)]


def _check(head: claims.Head, same_visit: Sequence[claims.Head], *, first_plan: bool) -> None:
    if head.state not in lifecycle.CORRECTABLE or head.frequency == VOID or head.payer is None:
        raise Conflict(f"A claim that is “{lifecycle.LABELS[head.state]}” can't be corrected at the insurer.")
    if not head.payer_claim_number:
        raise Conflict(
            "The insurer has given no number for this claim yet: it could not tell which one is meant (REF*F8)."
        )
    if first_plan and head.sequence != "P":
        raise Conflict("Correct the claim to the first plan: this one carries its answer.")
    if head.sequence == "P" and (billed := _billed_with_its_answer(same_visit)):
        raise Conflict(
            f"The next plan was billed with this answer: void claim {billed.control_number} first."
            " Bill that plan again when this one has answered the correction."
        )


def _billed_with_its_answer(same_visit: Sequence[claims.Head]) -> claims.Head | None:
    """The last claim to a next plan that still stands: it goes first, as it hangs on the one before it."""
    standing = [
        other
        for other in same_visit
        if other.sequence not in "PN" and other.state not in _NOT_STANDING and other.frequency != VOID
    ]
    return standing[-1] if standing else None
