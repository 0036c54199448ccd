"""What dentists' claims say of the mouth, in rows and back."""

from collections.abc import Iterable, Sequence

from claims_service.domain.dentition import Dentition
from claims_service.store.connection import day_of, insert_rows, marks, run
from claims_service.store.tables import Dentition as DentitionRow

_COLUMNS = ("practice", "encounter", "missing_teeth", "teeth_to_extract", "months", "months_left", "appliance_on")


def add(practice: int, listed: Iterable[tuple[int, Dentition]]) -> None:
    """(visit, its dentition) for many."""
    rows = [
        (
            practice, visit, " ".join(one.missing_teeth), " ".join(one.teeth_to_extract), one.orthodontic_months,
            one.orthodontic_months_left, one.appliance_on,
        )
        for visit, one in listed
    ]  # fmt: skip
    if rows:
        insert_rows(DentitionRow, _COLUMNS, rows)


def remove(practice: int, visit: int) -> None:
    """Forget that of a visit that is mended."""
    run("delete from dentition where practice_id = ? and encounter_id = ?", (practice, visit))


def load(practice: int, visits: Sequence[int]) -> dict[int, Dentition]:
    """By visit; one SELECT, none where no visit is asked for."""
    if not visits:
        return {}
    sql = (
        "select encounter_id, missing_teeth, teeth_to_extract, months, months_left, appliance_on from dentition"
        f" where +practice_id = ? and encounter_id in ({marks(visits)})"
    )
    return {
        visit: Dentition(tuple(missing.split()), tuple(going.split()), months, left, day_of(placed))
        for visit, missing, going, months, left, placed in run(sql, (practice, *visits)).fetchall()
    }
