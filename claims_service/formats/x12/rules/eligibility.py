"""A 271 says something that can be used: benefits with their amount, or a refusal (SNIP levels 3 and 4)."""

from collections.abc import Iterator

from claims_service.formats.x12.rules.rule import Closed, Fault, amount, element

MONEY = ("B", "C", "G", "J", "Y")
PERCENT = "A"


def benefit(closed: Closed) -> Iterator[Fault]:
    """Coinsurance has a percentage, as a fraction of 1; copay, deductible and maxima have an amount, none is negative."""
    found = closed.node.first("EB")
    if found is None:
        return
    kind, money, percent = element(found, 1), element(found, 7), element(found, 8)
    if kind == PERCENT and not percent:
        yield Fault("benefit-percent", found, "08")
    if percent.replace(".", "", 1).isdigit() and percent.lstrip("0").partition(".")[0] and percent.strip("0.") != "1":
        yield Fault("percent-fraction", found, "08")
    if kind in MONEY and not money and not percent:
        yield Fault("benefit-amount", found, "07")
    if (amount(found, 7) or 0) < 0:
        yield Fault("benefit-negative", found, "07")
    if element(found, 3) and element(found, 13):
        yield Fault("benefit-of-two", found, "13")


def other_payer_named(closed: Closed) -> Iterator[Fault]:
    """EB01 R says that another payer comes first or next: it is of use only with its name."""
    found = closed.node.first("EB")
    if found is not None and element(found, 1) == "R":
        bounds = closed.node.child(closed.node.loop.id.replace("2110", "2120") + "-LS")
        if bounds is None:
            yield Fault("other-payer-unnamed", found, "01")


def answer(closed: Closed) -> Iterator[Fault]:
    """Each person asked about has benefits or a refusal, not both at once."""
    below = {"2000C": ("2100C", "2110C"), "2000D": ("2100D", "2110D")}[closed.node.loop.id]
    person = closed.node.child(below[0])
    if person is None or closed.node.child("2000D") is not None:
        return
    refused, benefits = person.first("AAA"), person.child(below[1])
    if refused is None and benefits is None:
        yield Fault("no-answer", None, "", person)
    if refused is not None and benefits is not None:
        yield Fault("refused-with-benefits", refused, "", person)
    covered = benefits is not None and any(one.value("EB", "", 1) == "1" for one in person.loops(below[1]))
    name = person.first("NM1", "IL")
    if covered and name is not None and not element(name, 9):
        yield Fault("covered-without-number", name, "09", person)


def service_types_once(closed: Closed) -> Iterator[Fault]:
    """One EB names a service type once."""
    found = closed.node.first("EB")
    types = element(found, 3).split(closed.envelope.marks.repetition or "\x00") if found else []
    if len(types) != len(set(types)):
        yield Fault("service-type-twice", found, "03")
