"""Where an adjustment of a charge belongs: the group decides who owes it, the reason what to do (835 CAS)."""

from collections.abc import Mapping
from dataclasses import dataclass

CONTRACT = "contract"
PATIENT = "patient"
REVIEW = "review"
MIRROR = "mirror"
EARLIER_PAYER = "23"  # CARC: what an earlier payer paid or adjusted

_MEANING = {
    "patient_share": PATIENT,
    "post_contractual": CONTRACT,
    "info_only": MIRROR,
    "denial_queue": REVIEW,
    "cob_queue": REVIEW,
    "review": REVIEW,
}


@dataclass(frozen=True, slots=True)
class ReasonPolicy:
    """actions: by (group, reason), with (group, "other") and (group, "any") for the rest.

    usual: by (group, reason) what the reason commonly means in its usual group. Both come from mappings/codes.
    """

    actions: Mapping[tuple[str, str], str]
    usual: Mapping[tuple[str, str], str]

    def meaning(self, group: str, reason: str, *, later_payer: bool) -> str:
        """contract, patient, review or mirror. An unknown code is never guessed: a person reviews it.

        later_payer: the claim went to a second or third plan. Only there does OA mirror what the first plan did
        (CARC 23); from a first plan it is reviewed.
        """
        action = (
            self.actions.get((group, reason))
            or self.actions.get((group, "any"))
            or self.usual.get((group, reason))
            or self.actions.get((group, "other"), "review")
        )
        found = _MEANING.get(action, REVIEW)
        if found == PATIENT and group != "PR":
            return REVIEW
        return REVIEW if found == MIRROR and not (later_payer and reason == EARLIER_PAYER) else found
