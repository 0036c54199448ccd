"""Visits that insurers decided, told in dollars: each line as charge, discount, plan paid and the patient's reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from claims_service.domain.ledger import accounts
from claims_service.domain.ledger.journal import Entry, Transfer, moved
from claims_service.domain.patient.invoice import LineMoney, line_money
from claims_service.store import journal, tables
from claims_service.store.bills import VisitFacts
from claims_service.store.connection import write
from tests.clinic import NOW, TODAY, Clinic


@dataclass(frozen=True)
class Line:
    """One service; what is left of the charge after these is denied and in review."""

    code: str
    charge_cents: int
    discount_cents: int = 0
    paid_cents: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    words: str = ""


# One visit of $515.00: discount $234.00, plan paid $180.40, patient's share $100.60.
FIVE = (
    Line("99214", 245_00, 77_00, 138_00, {"PR3": 30_00}, "Doctor visit"),
    Line("93000", 95_00, 53_00, 0, {"PR1": 42_00}, "Heart tracing (ECG)"),
    Line("80053", 88_00, 50_00, 16_00, {"PR1": 18_00, "PR2": 4_00}, "Blood chemistry test"),
    Line("83036", 62_00, 38_00, 19_20, {"PR2": 4_80}, "Long-term blood sugar test"),
    Line("36415", 25_00, 16_00, 7_20, {"PR2": 1_80}, "Blood draw"),
)


@dataclass(frozen=True)
class Visit:
    """Ids of what was made."""

    encounter: int
    claim: int
    patient: int


def sent(
    clinic: Clinic, lines: Sequence[Line], *, patient: int = 0, on: date = date(2026, 10, 6), plan: bool = True
) -> Visit:
    """A visit with its claim at the insurer: it owes the whole charge. Without a plan the patient owes it."""
    patient = patient or clinic.alma
    with write():
        count = tables.EncounterRow.select().count()
        encounter = tables.EncounterRow.create(
            practice=clinic.practice, patient=patient, reference=f"E{count}", served_on=on, place_of_service="11",
            rendering=clinic.doctor, diagnoses="J069", recorded_by="user:1", recorded_at=NOW, state="billed",
        )  # fmt: skip
        coverage = tables.CoverageRow.get(tables.CoverageRow.patient == patient)
        claim = tables.ClaimRow.create(
            practice=clinic.practice, encounter=encounter, patient=patient, coverage=coverage, payer=coverage.payer,
            sequence="P" if plan else "N", control_number=f"C{clinic.practice}X{count}", state="accepted" if plan else "patient",
            charge_cents=sum(line.charge_cents for line in lines), served_on=on, built_at=NOW, changed_at=NOW,
        )  # fmt: skip
        transfers = []
        for number, line in enumerate(lines, 1):
            tables.EncounterLine.create(
                practice=clinic.practice,
                encounter=encounter,
                number=number,
                procedure=line.code,
                description=line.words,
            )
            account = accounts.PAYER_OWES if plan else accounts.PATIENT_OWES
            payer = coverage.payer.id if plan else None
            transfers.append(Transfer(account, accounts.REVENUE, line.charge_cents, claim.id, number, patient, payer))
        _post(clinic, Entry(on, "charge", f"charge:{claim.id}", "claim", claim.id, tuple(transfers)))
    return Visit(encounter.id, claim.id, patient)


def answered(
    clinic: Clinic, visit: Visit, lines: Sequence[Line], *, on: date = date(2026, 11, 17), key: str = "1"
) -> None:
    """The insurer's answer, posted."""
    with write():
        claim = tables.ClaimRow.get_by_id(visit.claim)
        transfers: list[Transfer] = []
        for number, line in enumerate(lines, 1):
            denied = line.charge_cents - line.discount_cents - line.paid_cents - sum(line.reasons.values())
            parts = [
                (accounts.INSURER_CLEARING, line.paid_cents, ""),
                (accounts.CONTRACTUAL, line.discount_cents, "CO45"),
                (accounts.IN_REVIEW, denied, "CO16"),
                *((accounts.PATIENT_OWES, cents, reason) for reason, cents in line.reasons.items()),
            ]
            about = {
                "claim": claim.id,
                "line": number,
                "patient": visit.patient,
                "payer": tables.CoverageRow.get_by_id(claim.coverage).payer.id,
            }
            for account, cents, reason in parts:
                transfers += moved(account, accounts.PAYER_OWES, cents, reason=reason, **about)
        _post(clinic, Entry(on, "remittance", f"835:{claim.id}:{key}", "remittance", 1, tuple(transfers)))
        tables.ClaimRow.update(state="decided", payer_claim_number="QH8820").where(
            tables.ClaimRow.id == claim.id
        ).execute()


def taken_back(clinic: Clinic, visit: Visit, *, key: str = "1") -> None:
    """The insurer reverses its answer."""
    entries = [
        entry
        for _, entry in journal.entries_of(clinic.practice, "remittance", 1)
        if entry.key == f"835:{visit.claim}:{key}"
    ]
    undone = tuple(transfer.reversed() for transfer in entries[0].transfers)
    _post(clinic, Entry(TODAY, "remittance", f"835:{visit.claim}:{key}:back", "remittance", 1, undone))


def decided(clinic: Clinic, lines: Sequence[Line] = FIVE, *, patient: int = 0, on: date = date(2026, 10, 6)) -> Visit:
    """A visit sent and answered."""
    visit = sent(clinic, lines, patient=patient, on=on)
    answered(clinic, visit, lines)
    return visit


def money_of(visit: VisitFacts) -> dict[int, LineMoney]:
    """The journal of a visit, line by line."""
    return line_money(visit.movements)


def _post(clinic: Clinic, entry: Entry) -> None:
    journal.post(clinic.practice, [entry], by="test", at=NOW)
