"""What adjustments mean, out of mappings/codes: adjustment_group_responsibility and carc."""

from functools import cache

from claims_service.domain.remittance.reasons import ReasonPolicy
from claims_service.formats.tables import codes


@cache
def reason_policy() -> ReasonPolicy:
    """The policy as the shipped tables give it, read once."""
    actions = {}
    for row in codes.table("adjustment_group_responsibility").values():
        for reason in row["reason_codes"].split():
            actions[(row["group"], reason)] = row["default_action"]
    usual = {(row["usual_group"], row["code"]): row["default_action"] for row in codes.table("carc").values()}
    return ReasonPolicy(actions, usual)
