"""Examples of the edits on what came before: patients who are not new, and the follow-up days of surgeries."""

from datetime import date

from claims_service.domain.claim.earlier import EarlierService, FollowUp, Giver
from tests.domain.edits.examples_what import lines, only
from tests.domain.edits.made import DAY, Example

FAMILY, SURGEON = Giver("1990000030", "207Q00000X"), Giver("1990000048", "208600000X")
SEEN = EarlierService(date(2024, 5, 6), "99213", FAMILY)
KNEE = FollowUp("27447", date(2026, 10, 1), 90, FAMILY)
TOMORROW = FollowUp("27447", date(2026, 10, 16), 90, FAMILY)
WART = FollowUp("17110", date(2026, 10, 8), 10, FAMILY)
TODAYS = FollowUp("11402", DAY, 10, FAMILY)


def earlier(*services: EarlierService) -> dict[str, object]:
    """A new patient's visit, and what is known from before."""
    return {**only("99203"), "facts.earlier": services}


HISTORY = [
    Example("new_patient_seen", "a colleague of the same specialty saw the patient in May 2024", earlier(SEEN),
            earlier(EarlierService(date(2023, 10, 14), "99213", FAMILY), EarlierService(date(2026, 1, 5), "99213", SURGEON),
                    EarlierService(date(2026, 1, 5), "85025", FAMILY))),
    Example("global_visit", "two weeks after a new knee", {"facts.follow_ups": (KNEE,)},
            {"facts.follow_ups": (KNEE, WART), "lines.0.modifiers": ("24",)}),
    Example("global_visit_before", "the day before a new knee", {"facts.follow_ups": (TOMORROW,)},
            {"facts.follow_ups": (TOMORROW,), "lines.0.modifiers": ("57",)}),
    Example("global_surgery", "a cyst a week after a wart", {"lines": lines("11402"), "facts.follow_ups": (WART, TODAYS)},
            {"lines": lines("11402", modifiers=("79",)), "facts.follow_ups": (WART, TODAYS)}),
    Example("follow_up_charged", "99024 for $120.00", only("99024"),
            {"lines": lines("99024", "85025"), "lines.0.charge_cents": 0}),
]  # fmt: skip
