"""Who is to be billed."""

from claims_service.store import bills, disputes, since_billed
from claims_service.store.connection import in_parts, opened

AT_ONCE = 500  # patients: what one transaction bills; a run that is cut off goes on with the next ones


def due(practice: int, at_once: int | None = None) -> list[list[int]]:
    """Patients with something open, a share that became less or an answer to a dispute, in order and in parts.

    Whether a bill is due is for the step to say.
    """
    with opened():
        answered = {ending.patient for ending in disputes.endings(practice, None)}
        found = answered.union(bills.owing(practice), since_billed.less_share(practice))
        return in_parts(sorted(found), at_once or AT_ONCE)
