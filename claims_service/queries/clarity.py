"""Whether a patient is to be asked if a bill was clear."""

from claims_service.store import clarity


def is_to_ask(practice: int, statement: int | None) -> bool:
    """Once a bill: until it is answered. Money without a bill has no question."""
    return statement is not None and not clarity.is_answered(practice, statement)
