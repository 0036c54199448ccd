"""What may be given up or given back, for which reasons, and above which sum a second person agrees first."""

LIMIT_CENTS = 100_00
MOST_LIMIT_CENTS = 10_000_00
REASONS = {
    "discount": "Discount",
    "small_balance": "Small balance",
    "bad_debt": "Bad debt",
    "charity": "Charity",
    "administrative": "Administrative",
}
MEANINGS = {
    "discount": "Agreed with the patient, or for paying at once",
    "small_balance": "Less than asking for it costs",
    "bad_debt": "Asked for as the policy says and not paid",
    "charity": "Financial assistance",
    "administrative": "Our mistake, or nobody can be asked for it",
}


def asks_second_person(cents: int, before_cents: int, limit_cents: int) -> bool:
    """before_cents: given up by the same person on the same claim already, so that a sum can't pass in small parts."""
    return before_cents + cents > limit_cents
