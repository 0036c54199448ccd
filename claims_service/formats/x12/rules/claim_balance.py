"""Claims add up: the lines to the claim, and what other payers decided to what was charged (SNIP level 3)."""

from collections.abc import Iterator

from claims_service.formats.x12.node import Node
from claims_service.formats.x12.rules.rule import Closed, Fault, adjusted, amount, amounts, element

CHARGES = {"SV1": 2, "SV2": 3, "SV3": 2}


def line_charge(line: Node) -> int | None:
    """Cents that a 2400 charges; None when it has no service segment with an amount."""
    return next((amount(found, at) for kind, at in CHARGES.items() if (found := line.first(kind)) is not None), None)


def claim_total(closed: Closed) -> Iterator[Fault]:
    """CLM02 = sum of SV102, SV203 or SV302."""
    claim = closed.node.first("CLM")
    charges = [line_charge(line) for line in closed.node.loops("2400")]
    total = amount(claim, 2)
    if charges and None not in charges and total is not None and total != sum(cents or 0 for cents in charges):
        yield Fault("claim-total", claim, "02")


def charges_are_positive(closed: Closed) -> Iterator[Fault]:
    """A line charges nothing or more, for more than no units."""
    for kind, at, units_at in (("SV1", 2, 4), ("SV2", 3, 5), ("SV3", 2, 6)):
        for service in closed.node.segments(kind):
            if (amount(service, at) or 0) < 0:
                yield Fault("line-charge-negative", service, f"{at:02}")
            units = element(service, units_at)
            if (units and not units.strip("0.-")) or units.startswith("-"):
                yield Fault("units-zero", service, f"{units_at:02}")


def payers_decision_on_a_line(closed: Closed) -> Iterator[Fault]:
    """SV102 = SVD02 + CAS of 2430, payer by payer; bundled lines (SVD06) are that payer's own arithmetic."""
    charge = line_charge(closed.node)
    decisions = list(closed.node.loops("2430"))
    payers = dict.fromkeys(one.value("SVD", "", 1) for one in decisions)
    for payer in payers:
        own = [one for one in decisions if one.value("SVD", "", 1) == payer]
        if charge is None or any(one.value("SVD", "", 6) for one in own):
            continue
        if sum(amounts(one, "SVD", 2) + adjusted(one) for one in own) != charge:
            yield Fault("other-payer-line-balance", own[0].first("SVD"), "02")


def payers_decision_on_the_claim(closed: Closed) -> Iterator[Fault]:
    """CLM02 = AMT*D + CAS of 2320 + CAS of that payer's 2430; if it is all not covered, AMT*A8 = CLM02 instead."""
    claim = closed.node.first("CLM")
    charge = amount(claim, 2)
    for other in closed.node.loops("2320"):
        paid, refused = other.first("AMT", "D"), other.first("AMT", "A8")
        if refused is not None:
            if amount(refused, 2) != charge or paid is not None or other.first("CAS") is not None:
                yield Fault("not-covered-total", refused, "02")
        elif paid is not None and charge is not None:
            party = other.child("2330B")
            payer = party.value("NM1", "PR", 9) if party else ""
            decisions = [one for line in closed.node.loops("2400") for one in line.loops("2430")
                         if one.value("SVD", "", 1) == payer]  # fmt: skip
            told = adjusted(other) + sum(adjusted(one) for one in decisions)
            if (decisions or adjusted(other)) and (amount(paid, 2) or 0) + told != charge:
                yield Fault("other-payer-balance", paid, "02")


def decision_date_once(closed: Closed) -> Iterator[Fault]:
    """DTP*573 stands once for each payer that decided: at the lines (2430) or with the payer (2330B)."""
    for other in closed.node.loops("2320"):
        party = other.child("2330B")
        if party is None:
            continue
        payer, dated = party.value("NM1", "PR", 9), party.first("DTP", "573")
        on_lines = any(
            one.value("SVD", "", 1) == payer for line in closed.node.loops("2400") for one in line.loops("2430")
        )
        if dated is not None and on_lines:
            yield Fault("decision-date-twice", dated, "", party)
        elif dated is None and not on_lines and other.first("AMT", "D") is not None:
            yield Fault("decision-date-missing", party.first("NM1", "PR"), "", party)
        left = other.first("AMT", "EAF")
        if left is not None and any(
            one.value("SVD", "", 1) == payer and one.first("AMT", "EAF") is not None
            for line in closed.node.loops("2400")
            for one in line.loops("2430")
        ):
            yield Fault("patient-share-twice", left, "", other)


def decided_by_a_payer_that_is_listed(closed: Closed) -> Iterator[Fault]:
    """SVD01 is the id of one of the claim's other payers (2330B NM109), the payers of a claim all have ids of their own."""
    parties = [party for other in closed.node.loops("2320") for party in other.loops("2330B")]
    known = {party.value("NM1", "PR", 9) for party in parties}
    for line in closed.node.loops("2400"):
        for one in line.loops("2430"):
            decision = one.first("SVD")
            if decision is not None and element(decision, 1) not in known:
                yield Fault("decision-of-unknown-payer", decision, "01")
