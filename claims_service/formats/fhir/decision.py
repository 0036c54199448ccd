"""An insurer's decision laid out as ClaimResponse and ExplanationOfBenefit want it: amounts by line, reasons, notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from claims_service.domain.claim.claim import Adjustment
from claims_service.domain.remittance.advice import ClaimPayment, LinePayment
from claims_service.formats.fhir import stay_facts
from claims_service.formats.tables import codes

_ADJUDICATION = "http://terminology.hl7.org/CodeSystem/adjudication"
_PATIENT_SHARE = {"1": "deductible", "3": "copay"}  # CARC of group PR with a code of their own in FHIR


@dataclass(frozen=True, slots=True)
class Amount:
    """cents under a category of the adjudication code system."""

    code: str
    cents: int
    system: str = _ADJUDICATION


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark code (RARC) with our wording of it, numbered for the lines to point at."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class DecidedLine:
    """What was decided on one line of the claim."""

    number: int
    line: Any  # store.fhir_records.ClaimItem
    amounts: tuple[Amount, ...]
    adjustments: tuple[Adjustment, ...]
    notes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AddedLine:
    """A service that the insurer names and the claim does not."""

    procedure: str
    numbers: tuple[int, ...]
    amounts: tuple[Amount, ...]
    adjustments: tuple[Adjustment, ...]
    notes: tuple[int, ...]


class Decision:
    """A view of store.fhir_records.DecisionRecord; every attribute is a place that the tables read."""

    def __init__(self, record: Any) -> None:
        self.sent = record.sent
        self.payment: ClaimPayment = record.payment
        self.id, self.trace, self.paid_on = record.id, record.trace, record.paid_on
        self.decided_on = record.produced_on or record.paid_on
        self.practice, self.patient, self.payer = self.sent.practice, self.sent.patient, self.sent.payer
        self.claim, self.rendering = self.sent.id, self.sent.rendering
        self.payer_name = self.sent.payer_name
        self.coverage = self.sent.coverage
        self.kind, stay = self.sent.kind, self.sent.stay
        self.first_day, self.last_day = days(self.sent)
        self.diagnoses, self.facts, self.done = (
            stay_facts.diagnoses(self.sent.diagnoses, stay), stay_facts.facts(self.sent), stay_facts.done(stay),
        )  # fmt: skip
        self.disposition = codes.label("clp02_status", self.payment.status)

    @cached_property
    def _remark_numbers(self) -> dict[str, int]:
        listed = [*self.payment.remarks, *(code for line in self.payment.lines for code in line.remarks)]
        return {code: number for number, code in enumerate(dict.fromkeys(listed), 1)}

    @cached_property
    def remarks(self) -> tuple[Remark, ...]:
        """Every remark code once."""
        return tuple(Remark(number, _worded(code)) for code, number in self._remark_numbers.items())

    @cached_property
    def _by_line(self) -> dict[int | None, list[LinePayment]]:
        found: dict[int | None, list[LinePayment]] = {}
        for payment in self.payment.lines:
            found.setdefault(_line_of(payment, self.sent.lines, self.sent.references), []).append(payment)
        return found

    @property
    def items(self) -> tuple[DecidedLine, ...]:
        """The claim's lines that were decided on, in their order."""
        made = []
        for line in self.sent.lines:
            if payments := self._by_line.get(line.number):
                adjustments = tuple(a for payment in payments for a in payment.adjustments)
                notes = tuple(dict.fromkeys(self._remark_numbers[code] for p in payments for code in p.remarks))
                made.append(DecidedLine(line.number, line, _amounts(payments), adjustments, notes))
        return tuple(made)

    @property
    def added(self) -> tuple[AddedLine, ...]:
        """Services decided on that no line of the claim accounts for."""
        return tuple(
            AddedLine(
                payment.procedure, (), _amounts([payment]), payment.adjustments,
                tuple(self._remark_numbers[code] for code in payment.remarks),
            )
            for payment in self._by_line.get(None, ())
        )  # fmt: skip

    @property
    def totals(self) -> tuple[Amount, ...]:
        """Submitted and paid, of the whole claim."""
        return (Amount("submitted", self.payment.charge_cents), Amount("benefit", self.payment.paid_cents))


def _worded(code: str) -> str:
    label = codes.label("rarc", code)
    return code if label == code else f"{code}: {label}"


def _line_of(payment: LinePayment, lines: Sequence[Any], references: Sequence[str]) -> int | None:
    """By our reference, else the only line with the same procedure and modifiers (835 2110 REF*6R, SVC01, SVC06)."""
    for line, reference in zip(lines, references, strict=True):
        if payment.reference and payment.reference == reference:
            return int(line.number)
    procedures = {payment.procedure, payment.original_procedure}
    same = [line.number for line in lines if line.procedure in procedures]
    if len(same) > 1:
        exact = [line.number for line in lines if line.procedure in procedures and line.modifiers == payment.modifiers]
        same = exact or same
    return same[0] if len(same) == 1 else None


def _amounts(payments: list[LinePayment]) -> tuple[Amount, ...]:
    found = [Amount("submitted", sum(p.charge_cents for p in payments))]
    allowed = [p.allowed_cents for p in payments if p.allowed_cents is not None]
    if len(allowed) == len(payments):
        found.append(Amount("eligible", sum(allowed)))
    for reason, code in _PATIENT_SHARE.items():
        shares = [a.cents for p in payments for a in p.adjustments if (a.group, a.reason) == ("PR", reason)]
        if shares:
            found.append(Amount(code, sum(shares)))
    found.append(Amount("benefit", sum(p.paid_cents for p in payments)))
    return tuple(found)


def days(sent: Any) -> tuple[object, object]:
    """First and last day of service of a store.fhir_records.ClaimRecord; a stay's last day is the last one billed."""
    listed = [line.served_on for line in sent.lines]
    return min(listed), sent.stay.statement_until if sent.stay else max(listed)
