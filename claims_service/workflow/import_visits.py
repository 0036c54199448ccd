"""Takes in visits from a CSV file: what can be billed is recorded, the rest is told line by line. Twice counts once."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.encounter import Encounter, ServiceLine
from claims_service.domain.stay import Stay
from claims_service.domain.visit_import import RowProblem
from claims_service.formats.tables.visit_file import FileVisit, read
from claims_service.store import audit, encounters, files, parties, patients
from claims_service.store.connection import opened, write

BATCH = 500


@dataclass(frozen=True, slots=True)
class VisitReport:
    """What became of a file of visits, or would become.

    found: visits it names; done: of those how many were looked at; added: ids, or 0 for each where nothing was written;
    known: recorded before; problems: by line; unread: columns that nobody asked for.
    """

    found: int = 0
    done: int = 0
    added: tuple[int, ...] = ()
    known: int = 0
    problems: tuple[RowProblem, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def is_finished(self) -> bool:
        return self.done >= self.found


def check_visits(practice: int, content: bytes, *, today: date) -> VisitReport:
    """What importing the file would do. Nothing is written."""
    file = read(content, today=today)
    with opened():
        fresh, known, problems = _fitting(practice, file.visits)
    return VisitReport(
        file.found, file.found, (0,) * len(fresh), known, _by_line([*file.problems, *problems]), file.unread
    )


def import_visits(
    practice: int, file: tuple[str, bytes], *, start: int = 0, most: int = BATCH, by: Actor, now: datetime, today: date
) -> VisitReport:
    """Record the next `most` visits of a (name, content) file from number `start` on, and say which of them can't be.

    With the last of them the file itself is kept. Call again with start = done until is_finished.
    """
    name, content = file
    told = read(content, today=today)
    part = told.visits[start : start + most]
    last = start + len(part) >= len(told.visits)
    with write(practice):
        fresh, known, problems = _fitting(practice, part)
        made = encounters.add_many(practice, fresh, source="csv", by=by.name, at=now)
        added = [(key, visit) for key, visit in zip(made, fresh, strict=True) if key]
        events = [audit.Event("encounter.import", visit.patient_id, f"encounter:{key}") for key, visit in added]
        if last and told.visits:
            new = files.NewFile("in", "CSV", name, content, state="read")
            events.append(audit.Event("records.import", subject=f"file:{files.add(practice, new, by=by.name, at=now)}"))
        audit.record(practice, events, by=by, at=now)
    done = told.found if last else start + len(part)
    every = [*problems, *(told.problems if last else ())]
    return VisitReport(told.found, done, tuple(key for key, _ in added), known, _by_line(every), told.unread)


def _fitting(practice: int, visits: Sequence[FileVisit]) -> tuple[list[Encounter], int, list[RowProblem]]:
    """The visits that are new and whose people are known, how many were recorded before, and what stops the others."""
    before = encounters.by_reference(practice, [v.reference for v in visits])
    fresh = [v for v in visits if v.reference not in before]
    ids = patients.by_reference(practice, list({v.patient for v in fresh}))
    staff = {provider.npi: key for key, provider in parties.providers(practice).items()}
    made, problems = [], []
    for v in fresh:
        wrong = list(_strangers(v, ids.keys(), staff.keys()))
        problems += wrong
        if not wrong:
            referring = staff[v.referring] if v.referring else None
            made.append(
                replace(
                    v.visit, patient_id=ids[v.patient], rendering_id=staff[v.provider], referring_id=referring,
                    lines=_lines(v, staff), stay=_stay(v, staff),
                )
            )  # fmt: skip
    return made, len(before), problems


def _lines(v: FileVisit, staff: Mapping[str, int]) -> tuple[ServiceLine, ...]:
    """The services, each with its own provider where it has one."""
    if not any(npi for _, npi in v.others):
        return v.visit.lines
    return tuple(
        replace(line, detail=replace(line.detail, rendering_id=staff[npi])) if npi else line
        for line, (_, npi) in zip(v.visit.lines, v.others, strict=True)
    )


def _stay(v: FileVisit, staff: Mapping[str, int]) -> Stay | None:
    """The stay with its surgeon."""
    return replace(v.visit.stay, operating_id=staff[v.operating]) if v.visit.stay and v.operating else v.visit.stay


def _strangers(v: FileVisit, patients_here: Container[str], staff: Container[str]) -> Iterator[RowProblem]:
    if v.patient not in patients_here:
        message, mend = "No patient here has this record number.", "Add the patient, or correct the number."
        yield RowProblem(v.line, v.reference, "patient", message, mend)
    for column, npi in (("provider", v.provider), ("referring", v.referring), ("operating", v.operating)):
        if npi and npi not in staff:
            message, mend = "Nobody here has this NPI.", "Add the provider, or correct the number."
            yield RowProblem(v.line, v.reference, column, message, mend)
    for number, npi in v.others:
        if npi and npi not in staff:
            message, mend = "Nobody here has this NPI.", "Add the provider, or correct the number."
            yield RowProblem(number, v.reference, "line_provider", message, mend)


def _by_line(problems: Sequence[RowProblem]) -> tuple[RowProblem, ...]:
    return tuple(sorted(problems, key=lambda problem: (problem.line, problem.column)))
