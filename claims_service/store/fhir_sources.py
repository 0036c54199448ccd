"""What FHIR resources are made of: rows and domain values put together for many records in a few SELECTs."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from claims_service.domain.claim.claim import ORIGINAL
from claims_service.domain.encounter import INSTITUTIONAL
from claims_service.domain.patient import frozen
from claims_service.domain.quick import Known, quick
from claims_service.store import claim_values, remittances, stays
from claims_service.store.connection import day_of, in_parts, marks, opened, run
from claims_service.store.fhir_records import (
    NO_PROCEDURE,
    AccountCoverage,
    AccountRecord,
    ChargeRecord,
    ClaimItem,
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
from claims_service.store.line_details import detail_of


@dataclass(frozen=True, slots=True)
class Due:
    """Resources of one kind to issue. notes: to settle once they are kept; ids: of the rows they are made of, in order."""

    notes: tuple[int, ...]
    ids: tuple[int, ...]


def due(practice: int, kind: str, most: int) -> Due:
    """What came or changed since resources of this kind were last made, as the database noted it; at most so many notes."""
    with opened():
        sql = "select id, row_id from fhir_due where practice_id = ? and kind = ? order by id limit ?"
        noted = run(sql, (practice, kind, most)).fetchall()
        rows = sorted({row for _, row in noted})
        ids = _BEHIND[kind](practice, rows) if rows and kind in _BEHIND else rows
    return Due(tuple(note for note, _ in noted), tuple(sorted(ids)))


def settle(notes: Sequence[int]) -> None:
    """What these notes asked for is kept. Inside the transaction that keeps it."""
    for part in in_parts(notes):
        run(f"delete from fhir_due where id in ({marks(part)})", part)


def _charges_of(practice: int, visits: Sequence[int]) -> list[int]:
    """Charges are told once a claim went out, or the patient is to pay."""
    sql = (
        f"select x.id from encounter_line x where x.practice_id = ? and x.encounter_id in ({marks(visits)}) and exists"
        " (select 1 from claim c where c.encounter_id = x.encounter_id and (c.sent_at is not null or c.payer_id is null))"
    )
    return [row[0] for row in run(sql, (practice, *visits)).fetchall()]


def _sent(practice: int, claims: Sequence[int]) -> list[int]:
    sql = f"select id from claim where +practice_id = ? and sent_at is not null and id in ({marks(claims)})"
    return [row[0] for row in run(sql, (practice, *claims)).fetchall()]


def _of_insurers(practice: int, payments: Sequence[int]) -> list[int]:
    sql = (
        "select p.id from claim_payment p join claim c on c.id = p.claim_id where +p.practice_id = ? and c.payer_id is not null"
        f" and p.id in ({marks(payments)})"
    )
    return [row[0] for row in run(sql, (practice, *payments)).fetchall()]


_BEHIND: dict[str, Callable[[int, Sequence[int]], list[int]]] = {
    "ChargeItem": _charges_of,
    "Claim": _sent,
    "ClaimResponse": _of_insurers,
}


def records(practice: int, kind: str, ids: Sequence[int]) -> list[Any]:
    """The records behind resources of one kind, at most some hundred ids at a time."""
    with opened():
        return list(_LOADERS[kind](practice, ids)) if ids else []


def _rows(practice: int, sql: str, ids: Sequence[int], *, own: str = "practice_id") -> list[Any]:
    found: list[Any] = run(
        f"{sql} where +x.{own} = ? and x.id in ({marks(ids)}) order by x.id", (practice, *ids)
    ).fetchall()
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
    sql = f"select patient_id, id, rank from coverage where practice_id = ? and patient_id in ({marks(ids)}) order by rank, id"
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
        " and l.number = x.number order by c.id limit 1), x.charge_cents), coalesce(x.served_on, e.served_on), e.rendering_id, e.state, x.detail"
        " from encounter_line x join encounter e on e.id = x.encounter_id"
    )
    for key, patient, visit, code, units, words, cents, on, rendering, state, detail in _rows(practice, sql, ids):
        yield ChargeRecord(
            key,
            practice,
            patient,
            visit,
            code,
            units,
            words,
            cents,
            on,
            rendering,
            state,
            detail_of(detail).revenue_code,
        )


def _claims(practice: int, ids: Sequence[int]) -> Iterable[ClaimRecord]:
    sql = (
        "select x.id, x.encounter_id, x.patient_id, x.payer_id, p.name, x.coverage_id, x.control_number, x.frequency,"
        " o.payer_claim_number, e.prior_authorization, x.state, x.replaces, x.built_at, e.rendering_id, e.referring_id,"
        " x.other_payers, e.diagnoses, e.kind from claim x join encounter e on e.id = x.encounter_id join coverage v on v.id = x.coverage_id"
        " join payer p on p.id = v.payer_id left join claim o on o.id = x.replaces"
    )
    rows, lines = _rows(practice, sql, ids), _claim_lines(practice, ids)
    found = stays.load(practice, list({row[1] for row in rows if row[-1] == INSTITUTIONAL}))
    listed = Known(lambda text: tuple(text.split()))
    for (
        key, visit, patient, payer, name, coverage, control, frequency, number, approval, state, replaces, built_at, rendering,
        referring, others, diagnoses, kind,
    ) in rows:  # fmt: skip
        earlier = tuple(decision.coverage for decision in claim_values.decisions(others)) if others else ()
        items, references = lines[key]
        yield _CLAIM(
            key, practice, visit, patient, payer, name, coverage, control, number or "" if frequency != ORIGINAL else "", approval,
            state, replaces, built_at, rendering, referring, earlier, listed[diagnoses], tuple(items), tuple(references),
            kind, frequency, found.get(visit),
        )  # fmt: skip


_CLAIM = quick(ClaimRecord)


def _claim_lines(practice: int, claims: Sequence[int]) -> dict[int, tuple[list[ClaimItem], list[str]]]:
    """Lines of each claim with their references."""
    found: dict[int, tuple[list[ClaimItem], list[str]]] = {claim: ([], []) for claim in claims}
    sql = (
        "select claim_id, reference, number, procedure, modifiers, units, pointers, charge_cents, served_on, place_of_service, detail"
        f" from claim_line where practice_id = ? and claim_id in ({marks(claims)}) order by claim_id, number"
    )
    known = Known(_item)
    for claim, reference, *said in run(sql, (practice, *claims)):
        items, references = found[claim]
        items.append(known[tuple(said)])
        references.append(reference)
    return found


def _item(said: tuple[Any, ...]) -> ClaimItem:
    number, procedure, modifiers, units, pointers, cents, on, place, detail = said
    reasons, more = tuple(map(int, pointers.split())), detail_of(detail)
    return ClaimItem(
        number, procedure, tuple(modifiers.split()), units, reasons, cents, day_of(on), place, procedure or NO_PROCEDURE,
        more.basis, more.revenue_code, more.tooth, tuple(more.surfaces), more.area,
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
    payments: dict[int, list[RemittancePayment]] = defaultdict(list)
    sql = (
        "select p.remittance_id, p.control_number, p.claim_id, p.id, p.paid_cents, p.state, c.payer_id from claim_payment p"
        f" left join claim c on c.id = p.claim_id where p.practice_id = ? and p.remittance_id in ({marks(ids)}) order by p.id"
    )
    for remittance, control, claim, key, cents, state, payer in run(sql, (practice, *ids)):
        billed = claim if payer is not None else None
        response = key if billed and state == "posted" else None
        payments[remittance].append(RemittancePayment(control, billed, response, cents))
    adjustments: dict[int, list[RemittanceAdjustment]] = defaultdict(list)
    sql = (
        "select remittance_id, reason, reference, cents from provider_adjustment"
        f" where practice_id = ? and remittance_id in ({marks(ids)}) order by id"
    )
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
    charges: dict[int, dict[int, int]] = defaultdict(dict)
    sql = f"select encounter_id, number, id from encounter_line where practice_id = ? and encounter_id in ({marks(visits)})"
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
KINDS = tuple(_LOADERS)
