"""A 277CA agrees with itself: each verdict with its category, each total with what it counts (SNIP levels 3 and 4)."""

from collections.abc import Iterator

from claims_service.formats.x12.node import Segment
from claims_service.formats.x12.rules.rule import Closed, Fault, amount, element

TAKEN = ("A0", "A1", "A2", "A5")
REFUSED = ("A3", "A4", "A6", "A7", "A8")
RECEIVER, PROVIDER, PATIENT = "2200B", "2200C", "2200D"


def action_fits_category(closed: Closed) -> Iterator[Fault]:
    """STC03 WQ goes with a category that takes the claim, U with one that refuses it; all of one STC agree."""
    for status in closed.node.segments("STC"):
        action = element(status, 3)
        for position in (1, 10, 11):
            category = closed.parts(status, position)[0]
            if category in (REFUSED if action == "WQ" else TAKEN if action == "U" else ()):
                yield Fault("action-against-category", status, "03")
                break


def count_claim(closed: Closed) -> Iterator[Fault]:
    """Adds a claim's verdict to what the totals are compared with; a claim is refused when one of its STC says so."""
    statuses = list(closed.node.segments("STC"))
    verdict = "U" if any(element(one, 3) == "U" for one in statuses) else "WQ"
    cents = amount(statuses[0], 4) if statuses else None
    counted = closed.tally.verdicts
    for scope in (RECEIVER, PROVIDER):
        counted[f"{scope} {verdict}"] = counted.get(f"{scope} {verdict}", 0) + 1
        counted[f"{scope} {verdict} cents"] = counted.get(f"{scope} {verdict} cents", 0) + (cents or 0)
    yield from ()


def totals(closed: Closed) -> Iterator[Fault]:
    """The QTY and AMT of a receiver or provider, once all its claims have come by."""
    scope, codes = {"2000B": (RECEIVER, ("90", "AA")), "2000C": (PROVIDER, ("QA", "QC"))}[closed.node.loop.id]
    node = closed.node.child(scope)
    counted = closed.tally.verdicts
    taken = {verdict: (counted.pop(f"{scope} {verdict}", 0), counted.pop(f"{scope} {verdict} cents", 0))
             for verdict in ("WQ", "U")}  # fmt: skip
    if node is None or taken == {"WQ": (0, 0), "U": (0, 0)}:
        return
    for verdict, quantity_code, amount_code in zip(("WQ", "U"), codes, ("YU", "YY"), strict=True):
        number, cents = taken[verdict]
        quantity, money = node.first("QTY", quantity_code), node.first("AMT", amount_code)
        if _differs(quantity, number):
            yield Fault("claims-counted", quantity, "02", node)
        if money is not None and amount(money, 2) not in (None, cents):
            yield Fault("charges-counted", money, "02", node)
        if quantity is None and number and scope == RECEIVER:
            yield Fault("claims-uncounted", None, "", node)
    yield from _charge(closed, taken["WQ"][1] + taken["U"][1])


def _differs(quantity: Segment | None, number: int) -> bool:
    text = element(quantity, 2) if quantity else ""
    return text.isascii() and text.isdigit() and text.lstrip("0") != (str(number) if number else "")


def _charge(closed: Closed, cents: int) -> Iterator[Fault]:
    node = closed.node.child("2200B") or closed.node.child("2200C")
    status = node.first("STC") if node else None
    if status is not None and amount(status, 4) not in (None, cents):
        yield Fault("charges-counted", status, "04", node)
