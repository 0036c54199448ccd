"""What became of visits after they were billed: paid, taken off, and shares that a plan's later decision made smaller."""

from collections.abc import Sequence

from claims_service.domain.ledger.accounts import PATIENT_OWES, WRITE_OFF
from claims_service.domain.patient.invoice import TENDER
from claims_service.store.bills import Account, paid_on
from claims_service.store.connection import in_parts, marks, opened, run

_TENDER = tuple(sorted(TENDER))
_LESS_SHARE = (
    "select distinct i.patient_id, i.encounter_id from invoice i where {} and i.replaced_by is null and i.share_cents > 0"
    " and i.share_cents > (select coalesce(sum(case when t.debit = ? then t.cents else -t.cents end), 0)"
    " from claim c join journal_transfer t on t.claim = c.id where c.encounter_id = i.encounter_id"
    " and (t.debit = ? and t.credit not in ({}) or t.credit = ? and t.debit not in ({})))"
)


def paid_and_taken_off(practice: int, encounters: Sequence[int]) -> dict[int, tuple[int, int]]:
    """(what patients paid, what the clinic took off their share) in cents by visit, less what was undone."""
    found: dict[int, tuple[int, int]] = {}
    tender = marks(_TENDER)
    with opened():
        for part in in_parts(encounters):
            rows = run(
                f"select c.encounter_id, sum(case when t.credit = ? and t.debit in ({tender}) then t.cents"
                f" when t.debit = ? and t.credit in ({tender}) then -t.cents else 0 end),"
                " sum(case when t.credit = ? and t.debit = ? then t.cents when t.debit = ? and t.credit = ? then -t.cents else 0 end)"
                " from claim c join journal_transfer t on t.claim = c.id"
                f" where +c.practice_id = ? and c.encounter_id in ({marks(part)}) and (t.debit = ? or t.credit = ?)"
                " group by c.encounter_id",
                (
                    PATIENT_OWES, *_TENDER, PATIENT_OWES, *_TENDER, PATIENT_OWES, WRITE_OFF, PATIENT_OWES, WRITE_OFF,
                    practice, *part, PATIENT_OWES, PATIENT_OWES,
                ),
            ).fetchall()  # fmt: skip
            found.update({encounter: (int(paid), int(off)) for encounter, paid, off in rows})
    return found


def less_share(practice: int, patients: Sequence[int] | None = None) -> dict[int, tuple[int, ...]]:
    """Visits whose share, leaving aside what the clinic took off, is less by now than billed; by patient, None = of all."""
    other = (*_TENDER, WRITE_OFF)
    sql = _LESS_SHARE.format("{}", marks(other), marks(other))
    values = (PATIENT_OWES, PATIENT_OWES, *other, PATIENT_OWES, *other)
    found: dict[int, tuple[int, ...]] = {}
    with opened():
        if patients is None:
            rows = run(sql.format("i.practice_id = ?"), (practice, *values)).fetchall()
        else:
            rows = []
            for part in in_parts(patients):
                where = f"+i.practice_id = ? and i.patient_id in ({marks(part)})"
                rows += run(sql.format(where), (practice, *part, *values)).fetchall()
    for patient, encounter in sorted(rows):
        found[patient] = (*found.get(patient, ()), encounter)
    return found


def credit_cents(practice: int, account: Account) -> int:
    """What the clinic owes a patient: credit, and what was paid beyond the share of a visit.

    Below zero without a payment (written off, then taken back by the plan) is nobody's money.
    """
    below = {claim: -cents for claim, (_, _, cents) in account.claims.items() if cents < 0}
    paid = paid_on(practice, list(below)) if below else {}
    return account.credit_cents + sum(min(cents, max(paid.get(claim, 0), 0)) for claim, cents in below.items())
