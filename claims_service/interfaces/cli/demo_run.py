"""Sets the demo clinic up in a fresh database and lives through its two months with a progress bar."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from claims_service import clock
from claims_service.access import people
from claims_service.access.passwords import Passwords
from claims_service.access.people import Newcomer
from claims_service.config import Config, data_folder
from claims_service.domain.actor import COMMAND, Actor
from claims_service.domain.patient.pay_link import PayLinks
from claims_service.formats.tables import clinic_files
from claims_service.gateways.cards.test_processor import TestProcessor
from claims_service.gateways.sandbox_insurer import SandboxInsurer, load_plan
from claims_service.interfaces.cli.demo_days import LONGEST_AGO, Cast, Demo, days
from claims_service.queries import control_totals, proofs
from claims_service.queries.control_totals import Answers, Totals, Waiting
from claims_service.workflow.load_clinic import Outcome as Clinic
from claims_service.workflow.load_clinic import fresh_database, load_clinic

STAGES = {
    "visits": "Visits recorded",
    "claims": "Claims priced, built and checked",
    "files": "Claim files sent (837P)",
    "answers": "Receipts read (TA1, 999, 277CA)",
    "remittances": "Remittances taken in (835)",
    "secondary": "Claims on to the second plan",
    "statements": "Statements sent",
    "payments": "Patients paid",
    "bank_lines": "Bank lines read and matched",
    "asked": "Cover and claims asked about (271, 277)",
    "resources": "FHIR resources frozen",
    "printed": "Statements printed (PDF)",
}


@dataclass(frozen=True, slots=True)
class Result:
    """What a run did. counts: by stage and verdict; faults: of journal and audit trail, in words."""

    clinic: Clinic
    people: tuple[Newcomer, ...]
    counts: Mapping[str, int]
    totals: Totals
    waiting: tuple[Waiting, ...]
    answers: Answers
    ledger_faults: tuple[str, ...]
    audit_faults: tuple[str, ...]
    audit_rows: int
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether every control total agrees."""
        t = self.totals
        differences = (t.trial_difference, t.receivable_difference, t.bank_difference)
        return not (any(differences) or self.ledger_faults or self.audit_faults)


def run(config: Config, folder: Path, *, password: str, console: Console | None = None) -> Result:
    """The whole job on the database of the settings. folder: for the files, emptied first.

    Raises:
        Conflict: the database holds something other than the demo.
    """
    started, fixtures = perf_counter(), data_folder("fixtures")
    with fresh_database(config.database_url, fixtures):
        _clear(config, folder)
        clinic, staff, counts = _live(config, fixtures, folder, password, console)
        practice = clinic.practice
        return Result(
            clinic, staff, counts, control_totals.totals(practice), tuple(control_totals.waiting(practice)), control_totals.answers(practice),
            tuple(proofs.ledger_faults()), tuple(proofs.audit_faults()), proofs.audit_rows(), perf_counter() - started,
        )  # fmt: skip


def _clear(config: Config, folder: Path) -> None:
    """Remove the files of an earlier run, and nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    (config.data_dir / "test-processor.jsonl").unlink(missing_ok=True)
    folder.mkdir(parents=True)


def _live(
    config: Config, fixtures: Path, folder: Path, password: str, console: Console | None
) -> tuple[Clinic, tuple[Newcomer, ...], Mapping[str, int]]:
    """Load the clinic on the first day and go through all of them."""
    zone, now = clinic_files.practice(fixtures)["zone"], clock.now()
    last = clock.today(zone)
    first = datetime.combine(clinic_files.workdays_before(last, LONGEST_AGO), time(6), ZoneInfo(zone)).astimezone(UTC)
    clinic = load_clinic(fixtures, by=COMMAND, now=first, today=last)
    staff, cast = _people(config, clinic, fixtures, password, first)
    with _progress(console) as told:
        demo = Demo(
            clinic, cast, _insurers(fixtures, clinic, folder, last), TestProcessor(config.data_dir, config.secret_key, config.clinic_zone),
            clinic_files.visits(fixtures, today=last), folder, ZoneInfo(zone), last, now, told,
            PayLinks(config.site_url or "http://127.0.0.1:8000", config.secret_key),
        )  # fmt: skip
        for _ in days(demo):
            told("", 1)
    return clinic, staff, demo.counts


def _people(
    config: Config, clinic: Clinic, fixtures: Path, password: str, now: datetime
) -> tuple[tuple[Newcomer, ...], Cast]:
    """Everyone of users.tsv with the one password, and who acts in the demo."""
    passwords = Passwords(config)
    actors: dict[str, Actor] = {}
    insurers: dict[int, Actor] = {}
    staff = []
    for row in clinic_files.rows(fixtures / "clinic" / "users.tsv"):
        payer = clinic.payers[row["payer"]] if row["payer"] else None
        new = Newcomer(row["email"], row["name"], row["role"], password, payer)
        user = people.add(clinic.practice, new, passwords=passwords, by=COMMAND, now=now)
        actor = Actor(f"user:{user}", new.role, "127.0.0.1")
        actors[new.role] = actor
        if payer:
            insurers[payer] = actor
        staff.append(new)
    return tuple(staff), Cast(actors["front_desk"], actors["biller"], actors["manager"], insurers)


def _insurers(fixtures: Path, clinic: Clinic, folder: Path, today: date) -> dict[int, SandboxInsurer]:
    return {
        payer: SandboxInsurer(load_plan(fixtures / "insurers", key, today=today), folder / "insurers" / f"{key}.json")
        for key, payer in clinic.payers.items()
    }


class _Bars:
    """One bar for the days, one counting line a stage."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._days = progress.add_task("Two months of a clinic", total=LONGEST_AGO + 1, done="")
        self._stages: dict[str, TaskID] = {}
        self._counts: dict[str, int] = {}

    def __call__(self, stage: str, count: int) -> None:
        """Count something done; stage "" is a day."""
        if not stage:
            self._progress.advance(self._days, count)
            return
        if stage not in self._stages:
            self._stages[stage] = self._progress.add_task(f"  {STAGES[stage]}", total=None, done="")
        self._counts[stage] = self._counts.get(stage, 0) + count
        self._progress.update(self._stages[stage], done=f"{self._counts[stage]:,}")

    def finish(self) -> None:
        for task in self._stages.values():
            self._progress.update(task, total=1, completed=1)


@contextmanager
def _progress(console: Console | None) -> Iterator[_Bars]:
    columns = (
        TextColumn("{task.description:<38}"),
        BarColumn(24),
        TextColumn("{task.fields[done]:>7}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        bars = _Bars(progress)
        yield bars
        bars.finish()
