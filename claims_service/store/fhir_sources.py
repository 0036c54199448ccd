"""What FHIR resources are made of: rows and domain values put together for many records in a few SELECTs."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from claims_service.domain.patient import frozen
from claims_service.store import claim_values, remittances
from claims_service.store.connection import opened, run
from claims_service.store.fhir_records import (
    AccountCoverage,
    AccountRecord,
    ChargeRecord,
    ClaimRecord,
    CoverageRecord,
    DecisionRecord,
    EncounterRecord,
    InvoiceRecord,
    PatientRecord,
    PayerRecord,
    Plan,
    PracticeRecord,
    ProviderRecord,
    RemittanceAdjustment,
    RemittancePayment,
    RemittanceRecord,
)


def _fresh(kind: str, name: str, key: str) -> str:
    return (
        f"not exists (select 1 from fhir_resource f where f.practice_id = x.practice_id and f.kind = '{kind}'"
        f" and f.resource_id = '{name}-' || {key})"
    )


_WAITING = {
    "Organization": "select id from practice x where x.id = ?",
    "Payer": "select id from payer x where x.practice_id = ?",
    "Practitioner": "select id from provider x where x.practice_id = ?",
    "Patient": "select id from patient x where x.practice_id = ?",
    "Coverage": "select id from coverage x where x.practice_id = ?",
    "Account": "select id from patient x where x.practice_id = ?",
    "Encounter": "select id from encounter x where x.practice_id = ? and (x.version > 1 or x.state = 'void' or "
    f"{_fresh('Encounter', 'encounter', 'x.id')})",
    "ChargeItem": "select x.id from encounter_line x join encounter e on e.id = x.encounter_id where x.practice_id = ?"
    " and exists (select 1 from claim c where c.encounter_id = e.id and (c.sent_at is not null or c.payer_id is null))"
    " and (e.version > 1 or e.state = 'void' or "
    f"{_fresh('ChargeItem', 'charge', 'x.id')})",
    "Claim": "select id from claim x where x.practice_id = ? and x.sent_at is not null and (x.state = 'void' or "
    f"{_fresh('Claim', 'claim', 'x.id')})",
    "ClaimResponse": "select x.id from claim_payment x join claim c on c.id = x.claim_id where x.practice_id = ?"
    f" and x.state = 'posted' and c.payer_id is not null and {_fresh('ClaimResponse', 'response', 'x.id')}",
    "PaymentReconciliation": "select id from remittance x where x.practice_id = ? and x.state = 'posted' and "
    f"{_fresh('PaymentReconciliation', 'remittance', 'x.id')}",
    "Invoice": f"select id from invoice x where x.practice_id = ? and {_fresh('Invoice', 'invoice', 'x.id')}",
}
KINDS = tuple(_WAITING)


def waiting(practice: int, kind: str) -> list[int]:
    """Rows whose resource is not kept yet, or may have changed since (parties, mended visits); oldest first."""
    with opened():
        return [row[0] for row in run(f"{_WAITING[kind]} order by 1", (practice,)).fetchall()]


def records(practice: int, kind: str, ids: Sequence[int]) -> list[Any]:
    """The records behind resources of one kind, at most some hundred ids at a time."""
    with opened():
        return list(_LOADERS[kind](practice, ids))


def _rows(practice: int, sql: str, ids: Sequence[int], *, own: str = "practice_id") -> list[Any]:
    marks = ", ".join("?" * len(ids))
    found: list[Any] = run(f"{sql} where x.{own} = ? and x.id in ({marks}) order by x.id", (practice, *ids)).fetchall()
    return found


def _practices(practice: int, ids: Sequence[int]) -> Iterable[PracticeRecord]:
    sql = "select id, name, npi, tax_id, phone, email, line1, line2, city, state, zip from practice x"
    return (PracticeRecord(*row) for row in _rows(practice, sql, ids, own="id"))


def _payers(practice: int, ids: Sequence[int]) -> Iterable[PayerRecord]:
    sql = "select id, identifier, name, phone, line1, city, state, zip from payer x"
    return (PayerRecord(*row) for row in _rows(practice, sql, ids))


def _providers(practice: int, ids: Sequence[int]) -> Iterable[ProviderRecord]:
    return (
        ProviderRecord(*row) for row in _rows(practice, "select id, npi, last, first, taxonomy from provider x", ids)
    )


def _patients(practice: int, ids: Sequence[int]) -> Iterable[PatientRecord]:
    sql = (
        "select id, practice_id, reference, last, first, middle, birth_on, sex, line1, line2, city, state, zip, phone, email,"
        " language from patient x"
    )
    return (PatientRecord(*row) for row in _rows(practice, sql, ids))


def _coverages(practice: int, ids: Sequence[int]) -> Iterable[CoverageRecord]:
    sql = (
        "select x.id, x.patient_id, x.payer_id, p.name, x.rank, x.member_id, x.relationship, x.subscriber_first,"
        " x.subscriber_last, x.valid_from, x.valid_until, x.group_number, x.plan_name from coverage x join payer p on p.id = x.payer_id"
    )
    for key, patient, payer, name, rank, member, relation, first, last, start, until, group, plan in _rows(
        practice, sql, ids
    ):
        end = date.fromisoformat(str(until)[:10]) - timedelta(days=1) if until else None
        yield CoverageRecord(
            key, patient, payer, name, rank, member, relation, patient if relation == "18" else None, f"{first} {last}".strip(),
            start, end, Plan(number=group) if group else None, Plan(name=plan) if plan else None,
        )  # fmt: skip


def _accounts(practice: int, ids: Sequence[int]) -> Iterable[AccountRecord]:
    marks = ", ".join("?" * len(ids))
    sql = (
        f"select patient_id, id, rank from coverage where practice_id = ? and patient_id in ({marks}) order by rank, id"
    )
    plans: dict[int, list[AccountCoverage]] = defaultdict(list)
    for patient, coverage, rank in run(sql, (practice, *ids)):
        plans[patient].append(AccountCoverage(coverage, rank))
    return (AccountRecord(patient, practice, tuple(plans[patient])) for patient in ids)


def _encounters(practice: int, ids: Sequence[int]) -> Iterable[EncounterRecord]:
    sql = (
        "select id, patient_id, reference, served_on, place_of_service, rendering_id, diagnoses, state from encounter x"
    )
    for key, patient, reference, on, place, rendering, diagnoses, state in _rows(practice, sql, ids):
        yield EncounterRecord(key, practice, patient, reference, on, place, rendering, tuple(diagnoses.split()), state)


def _charges(practice: int, ids: Sequence[int]) -> Iterable[ChargeRecord]:
    sql = (
        "select x.id, e.patient_id, e.id, x.procedure, x.units, x.description,"
        " coalesce((select l.charge_cents from claim_line l join claim c on c.id = l.claim_id where c.encounter_id = e.id"
        " and l.number = x.number order by c.id limit 1), x.charge_cents), coalesce(x.served_on, e.served_on), e.rendering_id, e.state"
        " from encounter_line x join encounter e on e.id = x.encounter_id"
    )
    for key, patient, visit, code, units, words, cents, on, rendering, state in _rows(practice, sql, ids):
        yield ChargeRecord(key, practice, patient, visit, code, units, words, cents, on, rendering, state)


def _claims(practice: int, ids: Sequence[int]) -> Iterable[ClaimRecord]:
    sql = (
        "select x.id, x.encounter_id, x.state, x.replaces, x.built_at, e.rendering_id, e.referring_id, x.other_payers"
        " from claim x join encounter e on e.id = x.encounter_id"
    )
    values = {found.id: found for found in claim_values.assemble(practice, ids)}
    for key, visit, state, replaces, built_at, rendering, referring, others in _rows(practice, sql, ids):
        if key in values:
            earlier = tuple(decision.coverage for decision in claim_values.decisions(others))
            found = values[key]
            yield ClaimRecord(
                key, practice, visit, found.patient, found.payer, state, replaces, built_at, rendering, referring, earlier,
                found.claim,
            )  # fmt: skip


def _decisions(practice: int, ids: Sequence[int]) -> Iterable[DecisionRecord]:
    sql = (
        "select x.id, x.claim_id, x.body, r.trace, r.paid_on, r.produced_on from claim_payment x"
        " join remittance r on r.id = x.remittance_id"
    )
    rows = _rows(practice, sql, ids)
    sent = {record.id: record for record in _claims(practice, list(dict.fromkeys(row[1] for row in rows)))}
    for key, claim, body, trace, paid_on, produced_on in rows:
        yield DecisionRecord(key, sent[claim], remittances.payment_from(body), trace, paid_on, produced_on)


def _remittances(practice: int, ids: Sequence[int]) -> Iterable[RemittanceRecord]:
    marks = ", ".join("?" * len(ids))
    payments: dict[int, list[RemittancePayment]] = defaultdict(list)
    sql = (
        "select p.remittance_id, p.control_number, p.claim_id, p.id, p.paid_cents, p.state, c.payer_id from claim_payment p"
        f" left join claim c on c.id = p.claim_id where p.practice_id = ? and p.remittance_id in ({marks}) order by p.id"
    )
    for remittance, control, claim, key, cents, state, payer in run(sql, (practice, *ids)):
        billed = claim if payer is not None else None
        response = key if billed and state == "posted" else None
        payments[remittance].append(RemittancePayment(control, billed, response, cents))
    adjustments: dict[int, list[RemittanceAdjustment]] = defaultdict(list)
    sql = f"select remittance_id, reason, reference, cents from provider_adjustment where practice_id = ? and remittance_id in ({marks}) order by id"
    for remittance, reason, reference, cents in run(sql, (practice, *ids)):
        adjustments[remittance].append(RemittanceAdjustment(reason, reference, cents))
    columns = "select id, payer_id, payer_name, trace, paid_cents, paid_on, at from remittance x"
    for key, payer, name, trace, cents, paid_on, at in _rows(practice, columns, ids):
        yield RemittanceRecord(
            key, practice, payer, name, trace, cents, paid_on, at, tuple(payments[key]), tuple(adjustments[key])
        )


def _invoices(practice: int, ids: Sequence[int]) -> Iterable[InvoiceRecord]:
    rows = _rows(practice, "select id, patient_id, encounter_id, number, content from invoice x", ids)
    visits = list(dict.fromkeys(row[2] for row in rows))
    marks = ", ".join("?" * len(visits))
    charges: dict[int, dict[int, int]] = defaultdict(dict)
    sql = f"select encounter_id, number, id from encounter_line where practice_id = ? and encounter_id in ({marks})"
    for visit, number, key in run(sql, (practice, *visits)):
        charges[visit][number] = key
    for key, patient, visit, number, content in rows:
        yield InvoiceRecord(key, practice, patient, number, frozen.invoice(content), charges[visit])


_LOADERS: dict[str, Callable[[int, Sequence[int]], Iterable[Any]]] = {
    "Organization": _practices,
    "Payer": _payers,
    "Practitioner": _providers,
    "Patient": _patients,
    "Coverage": _coverages,
    "Account": _accounts,
    "Encounter": _encounters,
    "ChargeItem": _charges,
    "Claim": _claims,
    "ClaimResponse": _decisions,
    "PaymentReconciliation": _remittances,
    "Invoice": _invoices,
}
