"""Visits as recorded: the domain Encounter in rows and back."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from claims_service.domain.encounter import DENTAL, INSTITUTIONAL, Encounter, ServiceLine
from claims_service.domain.errors import Conflict, NotFound
from claims_service.domain.visit_parts import apart, is_whole
from claims_service.store import dentitions, stays
from claims_service.store.connection import day_of, in_parts, insert_rows, marks, opened, run, run_many, write
from claims_service.store.line_details import detail_of, text_of
from claims_service.store.tables import EncounterLine, EncounterRow

_ENCOUNTER = (
    "practice", "patient", "reference", "served_on", "place_of_service", "rendering", "referring", "diagnoses",
    "prior_authorization", "note", "state", "source", "recorded_by", "recorded_at", "kind",
)  # fmt: skip
_LINE = (
    "practice", "encounter", "number", "procedure", "modifiers", "units", "pointers", "charge_cents", "served_on",
    "place_of_service", "ndc", "description", "detail",
)  # fmt: skip


class Recorded(NamedTuple):
    """An encounter with its id, state (recorded, billed, void) and version."""

    id: int
    encounter: Encounter
    state: str
    version: int


def by_reference(practice: int, references: Sequence[str]) -> dict[str, int]:
    """Ids of the visits that are known by these references."""
    found: dict[str, int] = {}
    with opened():
        for part in in_parts(references):
            query = EncounterRow.select(EncounterRow.reference, EncounterRow.id)
            found.update(query.where(EncounterRow.practice == practice, EncounterRow.reference.in_(part)).tuples())
    return found


def add_many(practice: int, encounters: Sequence[Encounter], *, source: str, by: str, at: datetime) -> list[int | None]:
    """Ids in order; None for a reference that was recorded before (or twice in the batch): twice in counts once.

    A visit that one claim can't hold is kept as several (domain.visit_parts): its id is that of the first.
    """
    with write():
        whole = len(encounters)
        extra = [part for visit in encounters if not is_whole(visit) for part in apart(visit)[1:]]
        encounters = [*(visit if is_whole(visit) else apart(visit)[0] for visit in encounters), *extra]
        seen = set(by_reference(practice, [e.reference for e in encounters]))
        fresh: list[int] = []
        for i, e in enumerate(encounters):
            if e.reference not in seen:
                seen.add(e.reference)
                fresh.append(i)
        rows = [
            (
                practice, e.patient_id, e.reference, e.served_on, e.place_of_service, e.rendering_id, e.referring_id,
                " ".join(e.diagnoses), e.prior_authorization, e.note, "recorded", source, by, at, e.kind,
            )
            for e in (encounters[i] for i in fresh)
        ]  # fmt: skip
        ids: list[int | None] = [None] * len(encounters)
        for i, key in zip(fresh, insert_rows(EncounterRow, _ENCOUNTER, rows), strict=True):
            ids[i] = key
        lines = [
            _line(practice, key, n, line)
            for i, key in enumerate(ids)
            if key
            for n, line in enumerate(encounters[i].lines, 1)
        ]
        insert_rows(EncounterLine, _LINE, lines)
        stays.add(practice, [(key, e.stay) for key, e in zip(ids, encounters, strict=True) if key and e.stay])
        dentitions.add(
            practice, [(key, e.dentition) for key, e in zip(ids, encounters, strict=True) if key and e.dentition]
        )
    return ids[:whole]


def _line(practice: int, encounter: int, number: int, line: ServiceLine) -> tuple[object, ...]:
    return (
        practice, encounter, number, line.procedure, " ".join(line.modifiers), format(line.units, "f"),
        " ".join(map(str, line.pointers)), line.charge_cents, line.served_on, line.place_of_service, line.ndc, line.description,
        text_of(line.detail),
    )  # fmt: skip


_LOAD = (
    "id, patient_id, served_on, place_of_service, rendering_id, diagnoses, reference, prior_authorization, referring_id, note, state,"
    " version, kind"
)
_LOAD_LINE = (
    "encounter_id, procedure, modifiers, units, pointers, charge_cents, served_on, place_of_service, ndc, description,"
    " detail"
)


@lru_cache(maxsize=4096)
def _service(
    code: str, modifiers: str, units: str, pointers: str, cents: int | None, on: date | str | None, place: str, ndc: str, words: str,
    detail: str,
) -> ServiceLine:  # fmt: skip
    """A row's service, remembered: a clinic's few come again and again."""
    reasons = tuple(map(int, pointers.split()))
    return ServiceLine(
        code, reasons, tuple(modifiers.split()), Decimal(units), cents, day_of(on), place, ndc, words, detail_of(detail)
    )


def load(practice: int, encounters: Sequence[int]) -> dict[int, Recorded]:
    """Visits by id, those of other practices left out."""
    found: dict[int, Recorded] = {}
    with opened():
        for part in in_parts(encounters):
            where = f"where +practice_id = ? and {{}} in ({marks(part)})"
            sql = (
                f"select {_LOAD_LINE} from encounter_line {where.format('encounter_id')} order by encounter_id, number"
            )
            lines: dict[int, list[ServiceLine]] = {}
            for key, *values in run(sql, (practice, *part)).fetchall():
                lines.setdefault(key, []).append(_service(*values))
            sql = f"select {_LOAD} from encounter {where.format('id')}"
            rows = run(sql, (practice, *part)).fetchall()
            facilities = stays.load(practice, [row[0] for row in rows if row[-1] == INSTITUTIONAL])
            mouths = dentitions.load(practice, [row[0] for row in rows if row[-1] == DENTAL])
            for (
                key,
                patient,
                on,
                place,
                doctor,
                codes,
                reference,
                approval,
                referring,
                note,
                state,
                version,
                kind,
            ) in rows:
                services = tuple(lines.get(key, ()))
                visit = Encounter(
                    patient, day_of(on), place, doctor, tuple(codes.split()), services, reference, approval, referring, note, True,
                    kind, facilities.get(key), mouths.get(key),
                )  # fmt: skip
                found[key] = Recorded(key, visit, state, version)
    return found


def waiting(practice: int) -> list[int]:
    """Visits that no claim was built from yet, oldest first."""
    sql = "select id from encounter where practice_id = ? and state = 'recorded' order by served_on, id"
    with opened():
        return [row[0] for row in run(sql, (practice,)).fetchall()]


def with_their_patients(practice: int, encounters: Sequence[int], most: int) -> list[list[int]]:
    """These visits in parts of about `most`, each patient's in one part, in the order asked for within it."""
    of_patient: dict[int, list[int]] = {}
    places = {visit: place for place, visit in enumerate(encounters)}
    with opened():
        for part in in_parts(places):
            sql = f"select id, patient_id from encounter where +practice_id = ? and id in ({marks(part)})"
            patients = dict(run(sql, (practice, *part)).fetchall())
            for visit in part:
                if visit in patients:
                    of_patient.setdefault(patients[visit], []).append(visit)
    parts: list[list[int]] = []
    for visits in of_patient.values():
        if not parts or len(parts[-1]) + len(visits) > most:
            parts.append([])
        parts[-1] += visits
    return [sorted(part, key=places.__getitem__) for part in parts]


def procedures(practice: int, encounters: Sequence[int]) -> set[str]:
    """The codes that stand on these visits."""
    found: set[str] = set()
    with opened():
        for part in in_parts(encounters):
            sql = f"select distinct procedure from encounter_line where practice_id = ? and encounter_id in ({marks(part)})"
            found.update(row[0] for row in run(sql, (practice, *part)))
    return found


def set_state(practice: int, encounters: Sequence[int], state: str) -> None:
    """Bring these visits to a state."""
    with write():
        for part in in_parts(encounters):
            sql = f"update encounter set state = ? where +practice_id = ? and id in ({marks(part)})"
            run(sql, (state, practice, *part))


def replace(practice: int, encounter: int, new: Encounter, *, version: int) -> None:
    """Write a mended visit over the recorded one; patient and reference stay.

    Raises:
        NotFound: no such visit here.
        Conflict: another person saved it meanwhile (version).
    """
    with write():
        changed = (
            EncounterRow.update(
                served_on=new.served_on,
                place_of_service=new.place_of_service,
                rendering=new.rendering_id,
                referring=new.referring_id,
                diagnoses=" ".join(new.diagnoses),
                prior_authorization=new.prior_authorization,
                note=new.note,
                kind=new.kind,
                version=version + 1,
            )
            .where(EncounterRow.practice == practice, EncounterRow.id == encounter, EncounterRow.version == version)
            .execute()
        )
        if not changed:
            if EncounterRow.get_or_none(EncounterRow.practice == practice, EncounterRow.id == encounter) is None:
                raise NotFound("encounter")
            raise Conflict("Another person saved this visit meanwhile. Open it again to see both.")
        EncounterLine.delete().where(EncounterLine.practice == practice, EncounterLine.encounter == encounter).execute()
        insert_rows(EncounterLine, _LINE, [_line(practice, encounter, n, line) for n, line in enumerate(new.lines, 1)])
        stays.remove(practice, encounter)
        stays.add(practice, [(encounter, new.stay)] if new.stay else [])
        dentitions.remove(practice, encounter)
        dentitions.add(practice, [(encounter, new.dentition)] if new.dentition else [])


def bind(practice: int, visits: Sequence[int], whole: int) -> None:
    """These visits are billed as the one that was made of all of them."""
    with write():
        run_many(
            "update encounter set state = 'together', billed_with = ?, version = version + 1 where practice_id = ? and id = ?",
            [(whole, practice, visit) for visit in visits],
        )


def unbind(practice: int, wholes: Sequence[int]) -> None:
    """The visits that these were made of wait for a claim of their own again."""
    with write():
        run_many(
            "update encounter set state = 'recorded', billed_with = null where practice_id = ? and billed_with = ?",
            [(practice, whole) for whole in wholes],
        )


def fill_empty(practice: int, values: Sequence[tuple[int, str, str | int | None]]) -> None:
    """(visit, prior_authorization or referring, value): written where nothing stands."""
    empty = {
        "prior_authorization": "prior_authorization = ? where prior_authorization = ''",
        "referring": "referring_id = ? where referring_id is null",
    }
    with write():
        for field, statement in empty.items():
            rows = [(value, practice, visit) for visit, named, value in values if named == field and value]
            run_many(
                f"update encounter set version = version + 1, {statement} and practice_id = ? and id = ?",
                rows,
            )


def served_since(practice: int, day: date) -> int:
    """How many visits were on or after a day."""
    with opened():
        return int(
            EncounterRow.select().where(EncounterRow.practice == practice, EncounterRow.served_on >= day).count()
        )
