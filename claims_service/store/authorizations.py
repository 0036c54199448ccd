"""Approvals of care in advance, and the visits that were held under them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from claims_service.domain.authorization import Authorization, Use, bare_number
from claims_service.store.connection import day_of, in_parts, marks, opened, run, write
from claims_service.store.tables import AuthorizationRow

_COLUMNS = "id, patient_id, payer_id, number, procedures, units, visits, valid_from, valid_until, note"
# A visit counts until it is void, or every claim of it is.
_USES = (
    "select e.id, e.patient_id, e.prior_authorization, e.served_on, l.procedure, l.units from encounter e"
    " join encounter_line l on l.encounter_id = e.id where +e.practice_id = ? and e.patient_id in ({}) and e.state not in ('void', 'together')"
    " and e.prior_authorization <> '' and (not exists (select 1 from claim c where c.encounter_id = e.id)"
    " or exists (select 1 from claim c where c.encounter_id = e.id and c.state <> 'void')) order by e.served_on, e.id, l.number"
)


def put(practice: int, approval: Authorization, *, by: str, at: datetime) -> int:
    """Keep an approval, new or known by its number; gives its id."""
    values = {
        "procedures": " ".join(sorted(approval.procedures)),
        "units": "" if approval.units is None else format(approval.units, "f"),
        "visits": approval.visits,
        "valid_from": approval.valid_from,
        "valid_until": approval.valid_until,
        "note": approval.note,
        "recorded_at": at,
        "recorded_by": by,
    }
    with write(practice):
        sql = "select id, number from approval where practice_id = ? and patient_id = ? and payer_id = ?"
        for key, number in run(sql, (practice, approval.patient_id, approval.payer_id)).fetchall():
            if bare_number(number) == bare_number(approval.number):
                AuthorizationRow.update(**values).where(
                    AuthorizationRow.practice == practice, AuthorizationRow.id == key
                ).execute()
                return int(key)
        row = AuthorizationRow.create(
            practice=practice, patient=approval.patient_id, payer=approval.payer_id, number=approval.number, **values
        )
        return int(row.id)


def of_patients(practice: int, patients: Sequence[int]) -> dict[int, tuple[Authorization, ...]]:
    """Approvals of each patient who has any, with the visits under them, in two SELECTs for 500 patients."""
    found: dict[int, tuple[Authorization, ...]] = {}
    listed = list(dict.fromkeys(patients))
    with opened():
        for part in in_parts(listed):
            sql = f"select {_COLUMNS} from approval where practice_id = ? and patient_id in ({marks(part)}) order by id"
            rows = [_authorization(row) for row in run(sql, (practice, *part)).fetchall()]
            if rows:
                found.update(_with_uses(practice, rows))
    return found


def _authorization(row: Sequence[Any]) -> Authorization:
    key, patient, payer, number, procedures, units, visits, valid_from, valid_until, note = row
    return Authorization(
        key, patient, payer, number, frozenset(procedures.split()), Decimal(units) if units else None, visits, day_of(valid_from),
        day_of(valid_until), note,
    )  # fmt: skip


def _with_uses(practice: int, listed: Sequence[Authorization]) -> dict[int, tuple[Authorization, ...]]:
    patients = list(dict.fromkeys(one.patient_id for one in listed))
    carried: dict[tuple[int, str], dict[int, tuple[Any, list[tuple[str, Decimal]]]]] = defaultdict(dict)
    for encounter, patient, number, on, procedure, units in run(
        _USES.format(marks(patients)), (practice, *patients)
    ).fetchall():
        visit = carried[(patient, bare_number(number))].setdefault(encounter, (on, []))
        visit[1].append((procedure, Decimal(units)))
    found: dict[int, list[Authorization]] = defaultdict(list)
    for one in listed:
        visits = carried.get((one.patient_id, bare_number(one.number)), {})
        uses = []
        for encounter, (on, lines) in visits.items():
            under = [units for procedure, units in lines if one.covers(procedure)]
            if under:
                uses.append(Use(encounter, day_of(on), sum(under, Decimal(0))))
        found[one.patient_id].append(replace(one, uses=tuple(uses)))
    return {patient: tuple(each) for patient, each in found.items()}
