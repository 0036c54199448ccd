"""What a hospital's claim owes by its type of bill: admission, discharge hour, attending provider (SNIP level 4)."""

from collections.abc import Iterator

from claims_service.formats.x12.node import Segment
from claims_service.formats.x12.rules.rule import Closed, Fault, days, element

INPATIENT = ("11", "18", "21", "41")
HOURS = ("11", "18", "41")
FINAL, INTERIM = ("1", "4"), ("2", "3")
STILL_A_PATIENT = "30"


def _bill(closed: Closed) -> tuple[Segment | None, str, str]:
    claim = closed.node.first("CLM")
    place = [*(closed.parts(claim, 5) if claim else []), "", "", ""]
    return claim, place[0], place[2]


def admission(closed: Closed) -> Iterator[Fault]:
    """An inpatient bill has an admission date, not after the end of its statement, and an admitting diagnosis."""
    claim, kind, _ = _bill(closed)
    admitted = closed.node.first("DTP", "435")
    _, until = days(closed.node.first("DTP", "434"))
    if kind in INPATIENT and admitted is None:
        yield Fault("admission-date", claim, "05-1")
    if admitted is not None and until and days(admitted)[0] > until:
        yield Fault("admission-later", admitted, "03")
    asked = any(closed.parts(one, 1)[0] in ("ABJ", "BJ") for one in closed.node.segments("HI"))
    if kind in INPATIENT and not asked:
        yield Fault("admitting-diagnosis", claim, "05-1")


def discharge(closed: Closed) -> Iterator[Fault]:
    """The hour of discharge (DTP*096) stands on a hospital's last bill of a stay, and CL103 agrees with the frequency."""
    claim, kind, frequency = _bill(closed)
    hour, state = closed.node.first("DTP", "096"), closed.node.first("CL1")
    if kind in HOURS and frequency in FINAL and hour is None:
        yield Fault("discharge-hour", claim, "05-3")
    if frequency in INTERIM and hour is not None:
        yield Fault("discharge-hour-interim", hour)
    if state is None or kind not in INPATIENT:
        return
    if frequency in FINAL and element(state, 3) == STILL_A_PATIENT:
        yield Fault("still-a-patient", state, "03")
    if frequency in INTERIM and element(state, 3) != STILL_A_PATIENT:
        yield Fault("no-longer-a-patient", state, "03")


def attending_provider(closed: Closed) -> Iterator[Fault]:
    """Someone attends every patient who is not only driven (2310A)."""
    if closed.node.child("2310A") is None:
        yield Fault("attending-missing", None)


def codes_once(closed: Closed) -> Iterator[Fault]:
    """Occurrence, value and condition codes stand once each; spans may repeat."""
    seen: set[tuple[str, str]] = set()
    for segment in closed.node.segments("HI"):
        for position in range(1, len(segment)):
            kind, code = [*closed.parts(segment, position), ""][:2]
            if kind in ("BH", "BE", "BG") and (kind, code) in seen:
                yield Fault("bill-code-twice", segment, f"{position:02}-2")
            seen.add((kind, code))
