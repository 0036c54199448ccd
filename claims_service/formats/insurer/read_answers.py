"""An insurer's answer in its own format as the values an 835 gives: advice, claim payments, end.

The stylesheet of the format only finds the values; what was not paid and why is worked out here, in whole cents.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from lxml import etree

from claims_service.domain import money
from claims_service.domain.claim.claim import Adjustment
from claims_service.domain.errors import Problem, Rejected
from claims_service.domain.remittance.advice import REVERSAL, Advice, AdviceEnd, ClaimPayment, LinePayment
from claims_service.formats.insurer.insurer_format import Denial, InsurerFormat
from claims_service.formats.xml import read_xml

PAID, DENIED, NO_PAYMENT = "1", "4", "NON"  # CLP02, CLP02, BPR04
_MEND = "Ask the insurer for a corrected file."
_QUANTITY = re.compile(r"-?\d{1,9}(?:\.\d{1,4})?", re.ASCII)
LONGEST = {"payment number": 50, "number of the claim": 38}  # TRN02, CLP01
LONGEST_TEXT = 80


def read_answers(told: InsurerFormat, content: bytes) -> Iterator[Advice | ClaimPayment | AdviceEnd]:
    """One advice for each payment number and day, in the order of the file.

    Raises:
        Rejected: no answer of this format, cut short, or a value that can't be read. Nothing is given before.
    """
    if told.answer is None:
        raise Rejected([Problem("file", f"Answers of {told.title} are not described.", f"mappings/{told.name}")])
    found = told.answer.tree(read_xml(content, (told.answers["root"],)))
    reader = _Reader(told, found)
    made = list(reader.advices())
    if reader.problems:
        raise Rejected(reader.problems)
    return iter(made)


class _Reader:
    """Follows the neutral answers; `problems` names every value that can't be read."""

    def __init__(self, told: InsurerFormat, root: etree._Element) -> None:
        self._told = told
        self._root = root
        self.problems: list[Problem] = []

    def advices(self) -> Iterator[Advice | ClaimPayment | AdviceEnd]:
        listed = self._root.findall("payment")
        self._counted(len(listed))
        for element in self._root.iter():
            if any(len(str(text)) > LONGEST_TEXT for text in element.attrib.values()):
                self._problem(str(element.tag), f"One of its values is longer than {LONGEST_TEXT} characters.")
        by_payment: dict[tuple[str, str, str], list[etree._Element]] = {}
        for payment in listed:
            key = (payment.get("trace", ""), payment.get("paid-on", ""), payment.get("paid-to", ""))
            by_payment.setdefault(key, []).append(payment)
        for number, ((trace, paid_on, paid_to), payments) in enumerate(by_payment.items(), 1):
            claims = [self._claim(position, payment) for position, payment in enumerate(payments, 1)]
            total = sum(claim.paid_cents for claim in claims)
            sender = self._root.get("sender", "")
            yield Advice(
                "", "", f"{number:04}", self._required(trace, f"payment {number}", "payment number"), sender, total,
                self._told.answers["method"] if total else NO_PAYMENT, self._day(paid_on, f"payment {number}"), sender, sender,
                self._root.get("receiver", ""), payee_tax_id=paid_to, produced_on=self._day(self._root.get("produced-on", ""), "header"),
            )  # fmt: skip
            yield from claims
            yield AdviceEnd(len(claims), ())

    def _counted(self, found: int) -> None:
        """The header's count, where there is one, says whether the file is whole."""
        said = self._root.get("count", "")
        if not found:
            self._problem("file", "There is no claim in it.")
        elif said and said != str(found):
            self._problem("header", f"It announces {said} claims and holds {found}: it is not whole.")

    def _claim(self, position: int, payment: etree._Element) -> ClaimPayment:
        place = f"claim {position} of payment {payment.get('trace', '')}"
        lines = tuple(self._line(place, n, line, payment) for n, line in enumerate(payment.findall("line"), 1))
        if not lines:
            self._problem(place, "It names no service, so that nothing says what was charged.")
        paid = sum(line.paid_cents for line in lines)
        days = [line.served_on for line in lines if line.served_on]
        shares = sum(a.cents for line in lines for a in line.adjustments if a.group == "PR")
        return ClaimPayment(
            position, self._required(payment.get("claim", ""), place, "number of the claim"), self._status(paid, lines),
            sum(line.charge_cents for line in lines), paid, payment.get("payer-claim-number", ""), shares,
            served_on=min(days, default=None), served_until=max(days, default=None), lines=lines,
        )  # fmt: skip

    @staticmethod
    def _status(paid: int, lines: Sequence[LinePayment]) -> str:
        if paid < 0:
            return REVERSAL
        return DENIED if not paid and any(line.remarks for line in lines) else PAID

    def _line(self, claim: str, position: int, line: etree._Element, payment: etree._Element) -> LinePayment:
        place = f"{claim}, service {position}"
        paid = self._cents(line.get("paid", ""), f"{place}, paid")
        charge = self._cents(line.get("charge", ""), f"{place}, charge")
        share = self._cents(line.get("patient-share") or "0", f"{place}, patient's share")
        if paid < 0:  # money taken back: the whole line turns round, as in an 835
            charge, share = -abs(charge), -abs(share)
        code = line.get("denial") or payment.get("denial") or ""
        return LinePayment(
            position, line.get("code", ""), charge, paid, line.get("reference", ""), units=self._quantity(line, place),
            served_on=self._day(line.get("start", ""), place), remarks=(code,) if code else (),
            adjustments=tuple(self._adjustments(charge - paid - share, share, code)),
        )  # fmt: skip

    def _adjustments(self, unpaid: int, share: int, code: str) -> Iterator[Adjustment]:
        if share:
            yield _adjustment(self._told.answers["patient_share"], share)
        if unpaid:
            denial = self._denial(code) if code else None
            reason = (
                f"{denial.group}{denial.reason}"
                if denial
                else self._told.answers["unknown_denial" if code else "without_reason"]
            )
            yield _adjustment(reason, unpaid)

    def _denial(self, code: str) -> Denial | None:
        """The code itself, else the longest beginning that is known."""
        known = self._told.denials
        beginnings = [name for name in known if name.endswith("-") and code.startswith(name)]
        return known.get(code) or (known[max(beginnings, key=len)] if beginnings else None)

    def _cents(self, text: str, place: str) -> int:
        try:
            return money.cents(text)
        except ValueError as wrong:
            self._problem(place, f"The amount can't be read: {wrong}.")
            return 0

    def _quantity(self, line: etree._Element, place: str) -> Decimal:
        text = line.get("quantity") or "1"
        if not _QUANTITY.fullmatch(text):
            self._problem(place, "The quantity is no number.")
            return Decimal(1)
        return Decimal(text)

    def _day(self, text: str, place: str) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError:
            self._problem(place, "The date can't be read.")
            return date.min

    def _required(self, text: str, place: str, what: str) -> str:
        if not text:
            self._problem(place, f"It lacks its {what}.")
        elif len(text) > LONGEST[what]:
            self._problem(place, f"Its {what} is longer than {LONGEST[what]} characters.")
        return text

    def _problem(self, where: str, message: str) -> None:
        self.problems.append(Problem(where, message, self._told.title, _MEND))


def _adjustment(reason: str, cents: int) -> Adjustment:
    """ "CO45" and 500 -> $5.00 by contract."""
    return Adjustment(reason[:2], reason[2:], cents)
