"""Ids of claims by what people type: each way through an index, so that a million claims are no slower than a thousand."""

from collections.abc import Sequence
from datetime import date

from claims_service.domain.claim.building import control_number
from claims_service.queries.rows import marks, rows

FEWEST, LONGEST = 3, 50  # marks of a claim number that is searched for
MOST = 200
_LAST = "Z" * 10  # comes after whatever else a number may begin with, however the database sorts letters and signs


def found(
    practice: int, typed: str, *, day: date | None, cents: int | None, patients: Sequence[int] = (), most: int = MOST
) -> list[int]:
    """The newest that fit: of a day, of an amount, of these patients, or with such a number."""
    if day:
        return _ids("served_on = ?", practice, day, most=most)
    if cents is not None:
        return _ids("charge_cents = ?", practice, cents, most=most)
    numbered = by_number(practice, typed)
    if numbered or not patients:
        return numbered[:most]
    # The plus keeps the index of the practice out of it: patients have few claims, a practice has all of them.
    sql = f"select id from claim where +practice_id = ? and patient_id in ({marks(patients)}) order by id desc limit ?"
    return [int(key) for (key,) in rows(sql, practice, *patients, most)]


def by_number(practice: int, typed: str) -> list[int]:
    """By the beginning of a number of ours or of the insurer's, or the digits of ours without what stands before them."""
    number = "".join(mark for mark in typed if mark.isascii() and mark.isalnum()).upper()[:LONGEST]
    if len(number) < FEWEST or not any(mark.isdigit() for mark in number):
        return []
    sql = "select id from claim where {0}practice_id = ? and {1} >= ? and {1} <= ? order by {1} limit ?"
    listed = [
        int(key)
        for away, column in (("+", "control_number"), ("", "payer_claim_number"))  # ours are indexed by themselves
        for (key,) in rows(sql.format(away, column), practice, number, number + _LAST, MOST)
    ]
    if number.isdigit() and len(number) <= 10:
        own = control_number(practice, int(number))
        listed += [
            int(key)
            for (key,) in rows("select id from claim where +practice_id = ? and control_number = ?", practice, own)
        ]
    return sorted(set(listed), reverse=True)


def _ids(condition: str, practice: int, *values: object, most: int) -> list[int]:
    sql = f"select id from claim where practice_id = ? and {condition} order by id desc limit ?"
    return [int(key) for (key,) in rows(sql, practice, *values, most)]
