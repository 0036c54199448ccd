"""Records to FHIR R4 resources, by the tables in mappings/fhir. The records are those of store.fhir_records."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from claims_service.domain.quick import quick
from claims_service.formats.fhir import decision, stay_facts, wire
from claims_service.formats.fhir.shapes import Text, writer
from claims_service.formats.fhir.table import Part, Table, table


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource as it is kept. body: FHIR JSON. identifier: the business number it is found by; patient, payer: ids."""

    kind: str
    id: str
    body: bytes
    identifier: str
    status: str
    patient: int | None
    payer: int | None


class Insurance(NamedTuple):
    """sequence counts from 1 in the order of billing; focal: the plan this claim goes to."""

    sequence: int
    focal: bool
    coverage: int
    authorizations: tuple[str, ...] = ()


class SentClaim:
    """A view of store.fhir_records.ClaimRecord with numbered diagnoses and plans."""

    def __init__(self, record: Any) -> None:
        self.id, self.practice, self.patient, self.payer = record.id, record.practice, record.patient, record.payer
        self.payer_name, self.control_number = record.payer_name, record.control_number
        self.payer_claim_number, self.lines = record.payer_claim_number, record.lines
        self.state, self.replaces, self.built_at = record.state, record.replaces, record.built_at
        self.rendering, self.referring = record.rendering, record.referring
        self.charge_cents = sum([line.charge_cents for line in record.lines])
        self.first_day, self.last_day = decision.days(record)
        self.kind, stay = record.kind, record.stay
        self.diagnoses, self.facts = stay_facts.diagnoses(record.diagnoses, stay), stay_facts.facts(record)
        self.done, self.operating = stay_facts.done(stay), stay.operating_id if stay else None
        known = (record.prior_authorization,) if record.prior_authorization else ()
        focal = Insurance(len(record.earlier) + 1, True, record.coverage, known)
        self.insurance = (*(Insurance(n, False, c) for n, c in enumerate(record.earlier, 1)), focal)


@dataclass(frozen=True, slots=True)
class Deduction:
    """Cents that somebody else takes off a charge, and how we say it."""

    words: str
    cents: int


@dataclass(frozen=True, slots=True)
class BilledLine:
    """A line of an invoice; charge: id of the charge item, None for what concerns the whole visit."""

    sequence: int
    charge: int | None
    words: str
    line: Any
    deductions: tuple[Deduction, ...]


class IssuedInvoice:
    """A view of store.fhir_records.InvoiceRecord with the deductions of each line."""

    def __init__(self, record: Any) -> None:
        self.id, self.practice, self.patient, self.number = record.id, record.practice, record.patient, record.number
        self.invoice = record.invoice
        self.lines = tuple(
            BilledLine(
                sequence, charge, "" if charge else line.words or "Visit as a whole", line,
                tuple(Deduction(words, cents) for words, cents in _taken_off(line) if cents),
            )
            for sequence, line in enumerate(record.invoice.lines, 1)
            for charge in [record.charges.get(line.number)]
        )  # fmt: skip


def _taken_off(line: Any) -> tuple[tuple[str, int], ...]:
    return (
        ("Plan discount", line.discount_cents),
        ("Plan paid", line.plan_paid_cents),
        ("Forgiven", line.forgiven_cents),
        ("In review, not yours to pay", line.in_review_cents),
    )


_VIEWS: dict[str, Callable[[Any], Any]] = {
    "Claim": SentClaim,
    "ClaimResponse": decision.Decision,
    "ExplanationOfBenefit": decision.Decision,
    "Invoice": IssuedInvoice,
}
_TABLES = {"Payer": "payer"}


@cache
def _table(kind: str) -> Table:
    return table(_TABLES.get(kind, kind.lower()))


@cache
def _writer(kind: str) -> tuple[Text, Part, tuple[Part, ...], Part]:
    """What writes a kind, and what reads its id, its business numbers and its status."""
    found = _table(kind)
    places = [f"identifier[{n}].value" for n in range(2)]
    numbers = tuple(found.value(place) for place in places if place in found.reads)
    return writer(found.tree), found.value("id"), numbers, found.value("status")


def tree(kind: str, record: Any) -> wire.Tree:
    """One resource as a tree. kind: an R4 type, or "Payer" for the Organization of an insurer."""
    view = _VIEWS.get(kind)
    return _table(kind).of(view(record) if view else record)


_RESOURCE = quick(Resource)


def resources(kind: str, records: Iterable[Any]) -> list[Resource]:
    """Each record as its bytes, with what a search finds it by: of several business numbers the first."""
    write, key, numbers, status = _writer(kind)
    view, named = _VIEWS.get(kind), _table(kind).settings["resource"]
    made = []
    for record in records:
        source = view(record) if view else record
        number = ""
        for read in numbers:
            if number := read(source):
                break
        payer = record.id if kind == "Payer" else getattr(record, "payer", None)
        body = write(source).encode()
        made.append(
            _RESOURCE(
                named, key(source), body, str(number or ""), str(status(source) or ""), _patient(kind, record), payer
            )
        )
    return made


def _patient(kind: str, record: Any) -> int | None:
    if kind in ("ClaimResponse", "ExplanationOfBenefit"):
        record = record.sent
    found: int | None = record.id if kind == "Patient" else getattr(record, "patient", None)
    return found
