"""An 835 adds up to the cent at line, claim and payment (level 3), and its claims agree with themselves (level 4).

domain.remittance.balancing asks the same sums of the values that are posted, and names amounts; here only places are.
"""

from collections.abc import Iterator

from claims_service.formats.x12.rules.rule import Closed, Fault, adjusted, amount, element, reasons

REVERSAL = "22"
DENIED = "4"
INTEREST = "L6"


def line_balance(closed: Closed) -> Iterator[Fault]:
    """SVC02 less CAS = SVC03."""
    line = closed.node.first("SVC")
    charge, paid = amount(line, 2), amount(line, 3)
    if charge is not None and paid is not None and charge - adjusted(closed.node) != paid:
        yield Fault("line-balance", line, "03")


def claim_balance(closed: Closed) -> Iterator[Fault]:
    """CLP03 less CAS of the claim and all its lines = CLP04; CLP05 is the PR part of them, but on a reversal."""
    claim = closed.node.first("CLP")
    if claim is None:
        return
    nodes = [closed.node, *closed.node.loops("2110")]
    charge, paid = amount(claim, 3), amount(claim, 4)
    closed.tally.paid_cents += paid or 0
    closed.tally.interest_cents += sum(amount(one, 2) or 0 for one in closed.node.segments("AMT", "I"))
    if charge is not None and paid is not None and charge - sum(adjusted(one) for one in nodes) != paid:
        yield Fault("claim-balance", claim, "04")
    share = sum(adjusted(one, "PR") for one in nodes)
    if element(claim, 2) != REVERSAL and (amount(claim, 5) or 0) != share:
        yield Fault("patient-share", claim, "05")


def lines_of_a_claim(closed: Closed) -> Iterator[Fault]:
    """Where lines are told, they charge what the claim does."""
    claim, lines = closed.node.first("CLP"), list(closed.node.loops("2110"))
    charges = [amount(line.first("SVC"), 2) for line in lines]
    if claim is not None and lines and None not in charges and sum(one or 0 for one in charges) != amount(claim, 3):
        yield Fault("remitted-total", claim, "03")


def reversal(closed: Closed) -> Iterator[Fault]:
    """A reversal takes back: its charge and payment are not positive. A denied claim is not paid."""
    claim = closed.node.first("CLP")
    if claim is None:
        return
    for position in (3, 4):
        if element(claim, 2) == REVERSAL and (amount(claim, position) or 0) > 0:
            yield Fault("reversal-sign", claim, f"{position:02}")
    if element(claim, 2) == DENIED and amount(claim, 4):
        yield Fault("denied-but-paid", claim, "04")


def service_dates(closed: Closed) -> Iterator[Fault]:
    """A line has a date of service, or the claim has one for all."""
    if closed.node.first("DTM", "232") is not None:
        return
    for line in closed.node.loops("2110"):
        service = line.first("SVC")
        if line.first("DTM", "472") is None and line.first("DTM", "150") is None:
            yield Fault("remitted-date", service)


def adjustments(closed: Closed) -> Iterator[Fault]:
    """No adjustment is of nothing."""
    for segment in closed.node.segments("CAS"):
        for position, _, cents in reasons(segment):
            if cents == 0:
                yield Fault("adjustment-zero", segment, f"{position + 1:02}")


def payment_balance(closed: Closed) -> Iterator[Fault]:
    """BPR02 = sum of CLP04 less sum of PLB; interest owed (L6) is what the claims tell of it."""
    payment = closed.node.first("BPR")
    taken = interest = 0
    last = None
    for segment in closed.node.segments("PLB"):
        for position in range(3, len(segment) - 1, 2):
            cents = amount(segment, position + 1)
            taken += cents or 0
            if cents == 0:
                yield Fault("provider-adjustment-zero", segment, f"{position + 1:02}")
            if closed.parts(segment, position)[0] == INTEREST:
                interest += cents or 0
                last = (segment, f"{position + 1:02}")
    total = amount(payment, 2)
    if total is not None and closed.tally.paid_cents - taken != total:
        yield Fault("payment-balance", payment, "02")
    if last and -interest != closed.tally.interest_cents:
        yield Fault("interest-total", *last)


def payment_method(closed: Closed) -> Iterator[Fault]:
    """No money goes by no method: BPR04 is NON and BPR01 H if and only if BPR02 is nothing; none is negative."""
    payment = closed.node.first("BPR")
    total = amount(payment, 2)
    if payment is None or total is None:
        return
    if total < 0:
        yield Fault("payment-negative", payment, "02")
    if (total == 0) != (element(payment, 4) == "NON"):
        yield Fault("payment-method", payment, "04")
    if element(payment, 1) == "I" and element(payment, 4) == "NON":
        yield Fault("payment-handling", payment, "01")


def trace_origin(closed: Closed) -> Iterator[Fault]:
    """TRN03 is the payer of BPR10: both halves of the key by which a deposit finds its remittance."""
    payment, trace = closed.node.first("BPR"), closed.node.first("TRN")
    if payment and trace and element(payment, 10) and element(trace, 3) != element(payment, 10):
        yield Fault("trace-origin", trace, "03")
