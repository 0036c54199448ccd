"""Who a claim is for and who pays: subscriber or dependent, member number, order of the payers (SNIP level 4)."""

import re
from collections.abc import Iterator

from claims_service.formats.x12.rules.rule import Closed, Fault, element

_POST_BOX = re.compile(r"\b(?:P\.? ?O\.? ?BOX|POST OFFICE BOX|LOCK ?BOX)\b", re.ASCII | re.IGNORECASE)


def subscriber_level(closed: Closed) -> Iterator[Fault]:
    """SBR02 is 18 when the patient is the subscriber: then there is no 2000C; else each claim stands in one."""
    subscriber = closed.node.first("SBR")
    below = {child.slot: child.loop.id for child in closed.node.place.children}
    loops = {below.get(slot) for slot in closed.node.slots}
    himself = subscriber is not None and element(subscriber, 2) == "18"
    if himself and "2000C" in loops:
        yield Fault("dependent-of-self", subscriber, "02")
    if not himself and "2300" in loops:
        yield Fault("dependent-missing", subscriber, "02")
    if not loops & {"2000C", "2300"}:
        yield Fault("level-without-claim", closed.node.first("HL"))
    if himself:
        yield from _own_details(closed)


def _own_details(closed: Closed) -> Iterator[Fault]:
    """A subscriber who is the patient has an address, a birth date and gender (2010BA)."""
    person = closed.node.child("2010BA")
    if person is None:
        return
    for segment, rule in (("N3", "subscriber-street"), ("N4", "subscriber-city"), ("DMG", "subscriber-born")):
        if person.first(segment) is None:
            yield Fault(rule, None, "", person)


def member_number(closed: Closed) -> Iterator[Fault]:
    """A person's NM109 in 2010BA is the number on the card."""
    name = closed.node.first("NM1", "IL")
    if name is not None and element(name, 2) == "1" and not element(name, 9):
        yield Fault("member-number", name, "09")


def filing_indicator(closed: Closed) -> Iterator[Fault]:
    """SBR09 says which kind of insurance it is."""
    subscriber = closed.node.first("SBR")
    if subscriber is not None and not element(subscriber, 9):
        yield Fault("filing-missing", subscriber, "09")


def medicare_reason(closed: Closed) -> Iterator[Fault]:
    """SBR05 says why Medicare pays second: only then."""
    subscriber = closed.node.first("SBR")
    if subscriber is None:
        return
    later, medicare = element(subscriber, 1) not in ("P", ""), element(subscriber, 9) in ("MA", "MB")
    if element(subscriber, 5) and not (later and medicare):
        yield Fault("medicare-reason-unneeded", subscriber, "05")
    elif later and medicare and not element(subscriber, 5) and closed.node.loop.id == "2000B":
        yield Fault("medicare-reason-missing", subscriber, "05")


def order_of_payers(closed: Closed) -> Iterator[Fault]:
    """Over 2000B and every 2320: one payer comes first, and no two hold one rank."""
    level = closed.parent("2000B")
    own = level.first("SBR") if level else None
    others = [other.first("SBR") for other in closed.node.loops("2320")]
    ranks = [element(one, 1) for one in (own, *others) if one is not None]
    if own is not None and ranks and "U" not in ranks and "P" not in ranks:
        yield Fault("no-primary-payer", own, "01", level)
    seen = ranks[:1]
    for other in others:
        rank = element(other, 1) if other else ""
        if rank and rank != "U" and rank in seen:
            yield Fault("payer-rank-twice", other, "01")
        seen.append(rank)


def street_of_the_clinic(closed: Closed) -> Iterator[Fault]:
    """2010AA is where the clinic stands; a post box belongs into 2010AB."""
    street = closed.node.first("N3")
    for position in (1, 2):
        if street and _POST_BOX.search(element(street, position)):
            yield Fault("post-box", street, f"{position:02}")


def provider_named_twice(closed: Closed) -> Iterator[Fault]:
    """A rendering provider is named only if someone else bills; a facility only if it is another place."""
    level = closed.parent("2000A")
    clinic = level.child("2010AA") if level else None
    biller = clinic.value("NM1", "85", 9) if clinic else ""
    for loop_id in ("2310B", "2310C", "2310D", "2310E"):
        for party in closed.node.loops(loop_id):
            name = party.first("NM1")
            if biller and name and name[1] in ("82", "77") and element(name, 9) == biller:
                yield Fault("provider-is-biller", name, "09")


def referral_on_a_line(closed: Closed) -> Iterator[Fault]:
    """A referring provider of a line differs from the claim's, so that there must be one."""
    on_claim = any(party.first("NM1", "DN") for party in closed.node.loops("2310A", "2310F"))
    for line in closed.node.loops("2400"):
        for party in line.loops("2420F", "2420D"):
            name = party.first("NM1", "DN")
            if name is not None and not on_claim:
                yield Fault("line-referral-alone", name)
