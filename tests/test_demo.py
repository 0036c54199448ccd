"""`claims demo`: one clinic from encounter to reconciled money, on both databases, with outside judges."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner
from rich.console import Console

from claims_service.config import Config
from claims_service.domain.errors import Conflict
from claims_service.interfaces.cli import demo_command, demo_run, demo_summary
from claims_service.interfaces.cli.demo_run import Result
from claims_service.store import audit, claims, connection, journal, tables
from tests import clinic
from tests.formats.fhir import judges
from tests.formats.x12.pyx12_judge import judge
from tests.kept_files import stored
from tests.store_fixtures import Databases, Engine

RUN_AT = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
PASSWORD = "amber-quartz-lemon-otter"


@dataclass(frozen=True)
class Ran:
    """A finished run: what it said, its page and its files."""

    result: Result
    page: str
    folder: Path
    url: str


def run_demo(url: str, folder: Path) -> Ran:
    config = Config(database_url=url, data_dir=folder, argon2_time_cost=1, argon2_memory_kib=8, argon2_parallelism=1)
    paper = io.StringIO()
    with time_machine.travel(RUN_AT, tick=False):
        result = demo_run.run(config, folder / "demo", password=PASSWORD, console=Console(file=io.StringIO()))
    demo_summary.show(result, config, folder / "demo", Console(file=paper, width=100))
    return Ran(result, paper.getvalue(), folder / "demo", url)


@pytest.fixture(scope="module")
def runs(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Engine], Ran]]:
    """The demo, run once a module on each engine."""
    made: dict[Engine, Ran] = {}

    def run(engine: Engine) -> Ran:
        if engine not in made:
            made[engine] = run_demo(databases.empty(engine), tmp_path_factory.mktemp("demo"))
        return made[engine]

    yield run
    for ran in made.values():
        databases.remove(ran.url)


@pytest.fixture
def ran(engine: Engine, runs: Callable[[Engine], Ran]) -> Iterator[Ran]:
    """A run with its database connected."""
    found = runs(engine)
    connection.connect(found.url)
    with connection.opened():
        yield found


@pytest.mark.slow
@pytest.mark.parametrize("day", [date(2026, 11, 1) + timedelta(days=3 * n) for n in range(25)], ids=str)
def test_the_demo_holds_on_whatever_day_it_is_run(day: date, databases: Databases, tmp_path: Path) -> None:
    """Weekends, the last of a month and New Year move what falls due between a bill and its payment."""
    config = Config(
        database_url=databases.empty("sqlite"), data_dir=tmp_path, argon2_time_cost=1, argon2_memory_kib=8, argon2_parallelism=1
    )  # fmt: skip
    with time_machine.travel(datetime(day.year, day.month, day.day, 18, 0, tzinfo=UTC), tick=False):
        result = demo_run.run(config, tmp_path / "demo", password=PASSWORD, console=Console(file=io.StringIO()))

    assert result.holds


def test_every_control_total_agrees_and_the_books_and_the_trail_hold(ran: Ran) -> None:
    assert ran.result.holds
    assert (journal.check(), audit.verify()) == ([], [])
    assert "DIFFERS" not in ran.page
    months = [line for line in ran.page.splitlines() if "bank = journal = remittances and payments" in line]
    assert len(months) >= 2
    assert all(line.rstrip().endswith("agrees") for line in months), months


def test_the_books_say_what_the_insurers_and_patients_paid(ran: Ran) -> None:
    """Charges and interest are where the accounts say: discounts, money, fees and what is still owed. Nothing else."""
    accounts = ran.result.totals.accounts
    assert sum(accounts.values()) == 0
    assert accounts["revenue"] < 0
    assert ran.result.totals.receivable == ran.result.totals.open_items > 0
    assert ran.result.totals.bank == ran.result.totals.bank_lines > 0


def test_about_120_visits_of_40_patients_go_all_the_way(ran: Ran) -> None:
    counts = ran.result.counts
    assert len(ran.result.clinic.patients) == 40
    assert 115 <= counts["visits"] <= 130
    for stage in demo_run.STAGES:
        assert counts[stage] > 0, stage


def test_insurers_pay_deny_correct_take_back_and_slip_once(ran: Ran) -> None:
    answers = ran.result.answers
    assert answers.payments > 60
    assert answers.denied >= 4
    assert answers.reversals >= 1
    assert answers.adjustments >= 2
    assert ran.result.counts["835:held"] == 1


def test_a_corrected_and_a_voided_claim_end_right(ran: Ran) -> None:
    """A visit of level 3 was billed as level 2 and paid as such; Caleb's was another's. Each insurer reverses what it decided."""
    assert ran.result.counts["corrected"] == 2
    found = {row.frequency: row for row in tables.ClaimRow.select().where(tables.ClaimRow.frequency != "1")}
    assert {row.state for row in found.values()} == {"decided"}
    right, void = found["7"], found["8"]
    low, never = int(right.replaces or 0), int(void.replaces or 0)
    before = claims.heads(ran.result.clinic.practice, [low, never])
    assert [head.state for head in before.values()] == ["replaced", "replaced"]
    assert right.charge_cents == 165_00
    balances = journal.claim_balances(ran.result.clinic.practice, [right.id, *before])
    for claim, kept in balances.items():
        owed = {name: cents for name, cents in kept.items() if cents and name in ("payer_owes", "in_review")}
        assert owed == {}, claim
    assert not any(balances[never].values())
    sql = "select count(*) from held_item where kind in ('early_reversal', 'unknown_claim')"
    assert connection.run(sql).fetchone()[0] == 0
    assert ran.result.answers.reversals == 3, "these two and the strep test that Quillhaven priced too low"


def test_the_queues_hold_work_of_every_kind_for_people(ran: Ran) -> None:
    found = {item.what: item.count for item in ran.result.waiting}
    assert found["Claims stopped by our checks"] >= 6
    assert found["Claims sent back by insurers"] == 2
    for what in ("Claims ready to send", "Denied, in review", "Held payments", "Deposits not explained"):
        assert found[what] > 0


def test_the_problems_of_stopped_claims_are_of_many_kinds(ran: Ran) -> None:
    found = {row.rule for row in tables.ClaimProblem.select().where(tables.ClaimProblem.severity == "must")}
    assert {
        "member_id",
        "no_price",
        "authorization",
        "no_longer_covered",
        "modifier_unknown",
        "visit_and_procedure",
    } <= found


def test_pyx12_accepts_every_claim_file_of_the_demo(runs: Callable[[Engine], Ran]) -> None:
    """All in one go, the one still in its mailbox included: pyx12 reads its maps anew each time."""
    connection.connect(runs("sqlite").url)
    with connection.opened():
        files = [content for _, _, content in stored("kind = '837P'")]
    assert len(files) == runs("sqlite").result.counts["files"] > 20
    assert judge(b"".join(files)) == (True, [])


@pytest.mark.parametrize("kind", ["999", "277CA", "835"])
def test_pyx12_accepts_every_answer_of_the_sandbox_insurers(kind: str, runs: Callable[[Engine], Ran]) -> None:
    for payer in ("QH001", "NM001", "OM001", "MC001"):
        files = sorted((runs("sqlite").folder / "answers").glob(f"{payer}_{kind}_*"))
        assert len(files) > 2
        assert judge(b"".join(file.read_bytes() for file in files)) == (True, [])


@pytest.mark.thorough
def test_two_models_accept_every_fhir_resource_of_the_demo_and_each_reference_leads_somewhere(ran: Ran) -> None:
    resources = judges.kept(ran.result.clinic.practice)
    judges.models_accept(resources)
    assert judges.dangling(resources) == set()
    assert len({resource["resourceType"] for resource in resources}) == 12


@pytest.mark.corpus
def test_the_official_schema_accepts_every_fhir_resource_of_the_demo(ran: Ran, shared_data: Path) -> None:
    assert judges.schema_faults(judges.kept(ran.result.clinic.practice), shared_data) == []


def test_a_claim_file_waits_in_an_insurers_mailbox(ran: Ran) -> None:
    waiting = tables.ExchangeFile.select().where(
        tables.ExchangeFile.kind == "837P", tables.ExchangeFile.state == "made"
    )
    assert [row.payer.id for row in waiting] == [ran.result.clinic.payers["quillhaven"]]


def test_the_trail_is_told_in_the_order_it_happened(ran: Ran) -> None:
    stamps = [row.at for row in tables.Audit.select().order_by(tables.Audit.seq)]
    assert stamps == sorted(stamps)
    assert stamps[-1] <= RUN_AT


def test_nothing_happens_on_a_weekend_or_after_today(ran: Ran) -> None:
    days = [row.served_on for row in tables.EncounterRow.select()]
    assert max(days) < date(2026, 11, 20)
    assert {day.weekday() for day in days} <= {0, 1, 2, 3, 4}


def test_nadia_owes_what_the_prototype_promises_for_her_visit(ran: Ran) -> None:
    """$515.00 charged, $234.00 off, $180.40 paid by Quillhaven: $100.60 is hers."""
    nadia = ran.result.clinic.patients["LF0001"]
    (visit,) = tables.EncounterRow.select().where(
        tables.EncounterRow.patient == nadia, tables.EncounterRow.diagnoses.contains("R0789")
    )
    (invoice,) = tables.Invoice.select().where(tables.Invoice.encounter == visit.id)
    assert invoice.share_cents == 100_60


@pytest.mark.thorough
def test_a_second_run_starts_afresh(databases: Databases, tmp_path: Path) -> None:
    url = databases.empty("sqlite")
    first = run_demo(url, tmp_path / "one").result
    second = run_demo(url, tmp_path / "two").result
    assert dict(first.counts) == dict(second.counts)
    assert first.totals == second.totals
    databases.remove(url)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_another_clinics_database_is_refused_and_left_alone(kind: Engine, databases: Databases, tmp_path: Path) -> None:
    url = databases.migrated(kind)
    connection.connect(url)
    clinic.found("A real clinic", npi="1234567893")
    kept = tmp_path / "demo" / "kept.txt"
    kept.parent.mkdir()
    kept.touch()
    with pytest.raises(Conflict):
        run_demo(url, tmp_path)
    connection.connect(url)
    with connection.opened():
        assert [row.name for row in tables.Practice.select()] == ["A real clinic"]
    assert kept.exists()
    databases.remove(url)


def test_production_never_runs_the_demo(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CLAIMS_MODE", "production")
    outcome = CliRunner().invoke(demo_command.command, ["--no-serve"])
    assert outcome.exit_code == 1
    assert "production" in outcome.output


def test_a_control_total_that_is_off_is_told_and_fails_the_command(
    runs: Callable[[Engine], Ran], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One cent on the bank that no line explains."""
    ran = runs("sqlite")
    connection.connect(ran.url)
    good = ran.result
    off = replace(good, totals=replace(good.totals, bank=good.totals.bank + 1))
    assert not off.holds
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(demo_run, "run", lambda *_, **__: off)
    outcome = CliRunner().invoke(demo_command.command, ["--no-serve"])
    assert outcome.exit_code == 1
    assert "DIFFERS" in outcome.output
