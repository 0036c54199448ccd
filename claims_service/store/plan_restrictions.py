"""Visits that no plan is told of, and how long they may stay unpaid."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from claims_service.domain.ledger.accounts import PATIENT_OWES
from claims_service.domain.patient.plan_restriction import Policy, Restriction
from claims_service.store import tables
from claims_service.store.connection import day_of, in_parts, insert_rows, marks, opened, run

_READ = "select id, patient_id, encounter_id, asked_on, told_on, lifted_why from plan_restriction where practice_id = ?"


def policy(practice: int) -> Policy:
    """The practice's newest, else the one the service comes with."""
    sql = "select days, grace_days from plan_restriction_policy where practice_id = ? order by id desc limit 1"
    with opened():
        found = run(sql, (practice,)).fetchone()
    return Policy(*found) if found else Policy()


def add_policy(practice: int, new: Policy, *, by: str, at: datetime) -> None:
    """From now on. Inside write()."""
    columns = ("practice", "days", "grace_days", "by", "at")
    insert_rows(tables.PlanRestrictionPolicy, columns, [(practice, new.days, new.grace_days, by, at)])


def holding(practice: int, encounters: Sequence[int] | None = None) -> list[Restriction]:
    """What holds now, the oldest first; None = of every visit."""
    with opened():
        if encounters is None:
            return _made(run(f"{_READ} and lifted_at is null order by id", (practice,)).fetchall())
        return [
            one
            for part in in_parts(encounters)
            for one in _made(
                run(
                    f"{_READ} and lifted_at is null and encounter_id in ({marks(part)}) order by id", (practice, *part)
                ).fetchall()
            )
        ]


def of_patient(practice: int, patient: int) -> list[Restriction]:
    """What the patient ever asked for, the newest first."""
    with opened():
        return _made(run(f"{_READ} and patient_id = ? order by id desc", (practice, patient)).fetchall())


def _made(rows: Iterable[tuple[int, int, int, date | str, date | str | None, str]]) -> list[Restriction]:
    return [
        Restriction(key, patient, encounter, day_of(asked), day_of(told) if told else None, why)
        for key, patient, encounter, asked, told, why in rows
    ]


def claims_held(practice: int, claims: Sequence[int]) -> set[int]:
    """Those of these claims whose plan must not be told."""
    found: set[int] = set()
    with opened():
        for part in in_parts(claims):
            sql = (
                "select c.id from claim c join plan_restriction r on r.encounter_id = c.encounter_id"
                f" where c.practice_id = ? and r.lifted_at is null and c.id in ({marks(part)})"
            )
            found.update(row[0] for row in run(sql, (practice, *part)).fetchall())
    return found


def ever_sent(practice: int, claims: Sequence[int]) -> bool:
    """Whether one of these claims was in a file, on whatever way back it came."""
    with opened():
        for part in in_parts(claims):
            sql = f"select 1 from file_claim where practice_id = ? and claim_id in ({marks(part)}) limit 1"
            if run(sql, (practice, *part)).fetchone():
                return True
    return False


def open_cents(practice: int, encounters: Sequence[int]) -> dict[int, int]:
    """What the patient owes for each visit that has a claim which stands."""
    found: dict[int, int] = {}
    with opened():
        for part in in_parts(encounters):
            sql = (
                "select c.encounter_id, coalesce(sum(b.cents), 0) from claim c left join balance b on b.claim = c.id"
                f" and b.account = ? where c.practice_id = ? and c.state <> 'void' and c.encounter_id in ({marks(part)})"
                " group by c.encounter_id"
            )
            rows = run(sql, (PATIENT_OWES, practice, *part)).fetchall()
            found.update({encounter: int(cents) for encounter, cents in rows})
    return found


def add(practice: int, new: Iterable[tuple[int, int]], *, on: date, by: str, at: datetime) -> list[int]:
    """(patient, visit) for each; ids in order. Inside write()."""
    columns = ("practice", "patient", "encounter", "asked_on", "by", "at")
    return insert_rows(tables.PlanRestriction, columns, [(practice, *one, on, by, at) for one in new])


def set_told(practice: int, restriction: int, on: date | None, *, by: str) -> None:
    """The patient was told that it will end; None: it was paid meanwhile, and the next time is told anew. Inside write()."""
    run(
        "update plan_restriction set told_on = ?, told_by = ? where practice_id = ? and id = ?",
        (on, by, practice, restriction),
    )


def lift(practice: int, restrictions: Sequence[int], why: str, *, by: str, at: datetime) -> None:
    """They hold no more. why: asked, unpaid. Inside write()."""
    for part in in_parts(restrictions):
        run(
            "update plan_restriction set lifted_at = ?, lifted_by = ?, lifted_why = ? where practice_id = ?"
            f" and lifted_at is null and id in ({marks(part)})",
            (at, by, why, practice, *part),
        )
