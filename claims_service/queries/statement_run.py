"""Who is to be billed."""

from claims_service.store import bills


def owing(practice: int) -> list[int]:
    """Patients with something open, in order; whether a bill is due is for the step to say."""
    return bills.owing(practice)
