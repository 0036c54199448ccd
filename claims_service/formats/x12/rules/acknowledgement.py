"""A 999 agrees with itself: faults, verdicts and counts (SNIP levels 3 and 4)."""

from collections.abc import Iterator

from claims_service.formats.x12.node import Node
from claims_service.formats.x12.rules.rule import Closed, Fault, element

TRANSACTIONS = {"HC": "837", "HP": "835", "HN": "277", "HR": "276", "HS": "270", "HB": "271", "HI": "278", "FA": "999"}
ACCEPTED = ("A", "E")
OF_ELEMENTS = ("8", "I4")


def segment_fault(closed: Closed) -> Iterator[Fault]:
    """IK304 8 says that elements are in error, and IK4 says which."""
    fault = closed.node.first("IK3")
    if fault is None:
        return
    told = closed.node.child("2110") is not None
    if told and element(fault, 4) not in ("5", *OF_ELEMENTS):
        yield Fault("element-fault-unannounced", fault, "04")
    if not told and element(fault, 4) == "8":
        yield Fault("element-fault-missing", fault, "04")
    if element(fault, 2) in ("0", "00"):
        yield Fault("fault-position", fault, "02")


def transaction_verdict(closed: Closed) -> Iterator[Fault]:
    """A transaction without fault is accepted; one with faults is not, or accepted with errors; a refusal has a reason."""
    verdict = closed.node.first("IK5")
    code = element(verdict, 1) if verdict else ""
    faults = closed.node.child("2100") is not None
    if code == "A" and (faults or element(verdict or [], 2)):
        yield Fault("accepted-with-faults", verdict, "01")
    if code in ("R", "M", "W", "X", "E") and not faults and not element(verdict or [], 2):
        yield Fault("verdict-without-reason", verdict, "02")
    if faults and code in ("R", "E") and "5" not in (verdict or [])[2:] and "I5" not in (verdict or [])[2:]:
        yield Fault("verdict-reason-segments", verdict, "02")


def transaction_answered(closed: Closed) -> Iterator[Fault]:
    """AK2 names a transaction of the group in AK1, and each once."""
    group = closed.node.first("AK1")
    kind = TRANSACTIONS.get(element(group, 1)) if group else None
    seen: set[str] = set()
    for node in closed.node.loops("2000"):
        answered = node.first("AK2")
        if answered is None:
            continue
        if kind and element(answered, 1) != kind:
            yield Fault("transaction-of-other-group", answered, "01")
        if element(answered, 2) in seen:
            yield Fault("transaction-answered-twice", answered, "02")
        if group and element(answered, 3) and element(answered, 3) != element(group, 3):
            yield Fault("version-of-other-group", answered, "03")
        seen.add(element(answered, 2))


def group_counts(closed: Closed) -> Iterator[Fault]:
    """AK902 to AK904 count what was announced, what came and what is accepted of it."""
    verdict = closed.node.first("AK9")
    counts = [element(verdict or [], position) for position in (2, 3, 4)]
    if verdict is None or not all(one.isascii() and one.isdigit() for one in counts):
        return
    _, received, accepted = map(int, counts)
    answered = [node.first("IK5") for node in closed.node.loops("2000")]
    good = sum(element(one, 1) in ACCEPTED for one in answered if one)
    if answered and received != len(answered):
        yield Fault("received-count", verdict, "03")
    if accepted > received or (len(answered) == received and accepted != good):
        yield Fault("accepted-count", verdict, "04")
    yield from _group_verdict(closed.node, received, accepted)


def _group_verdict(node: Node, received: int, accepted: int) -> Iterator[Fault]:
    verdict = node.first("AK9")
    code = element(verdict or [], 1)
    clean = all(one.value("IK5", "", 1) == "A" for one in node.loops("2000"))
    fits = {
        "A": accepted == received and clean,
        "E": accepted == received,
        "P": 0 < accepted < received,
        "R": accepted == 0 or bool(element(verdict or [], 5)),
    }
    if not fits.get(code, True):
        yield Fault("group-verdict", verdict, "01")
