"""What the demo prints at its end: one page of counts, dollars, control totals and where to look."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from claims_service import clock
from claims_service.access import portal_links
from claims_service.access.roles import LABELS
from claims_service.config import Config
from claims_service.domain.actor import COMMAND
from claims_service.domain.ledger.accounts import BY_NAME
from claims_service.domain.money import spoken
from claims_service.interfaces.cli.demo_run import Result
from claims_service.queries import issued_statements, month_end

_MONEY = (
    "revenue", "contractual", "bank", "insurer_clearing", "card_clearing", "desk_clearing", "payer_owes", "next_payer_owes",
    "patient_owes", "in_review", "provider_balance", "suspense", "unexplained_deposit", "interest", "card_fees", "patient_credit",
)  # fmt: skip


def show(result: Result, config: Config, folder: Path, console: Console | None = None) -> None:
    """The page."""
    out = console or Console()
    out.rule(f"Larkspur Family Clinic, two months in {result.seconds:.1f} seconds")
    out.print(_two(_happened(result), _where_money_is(result)))
    out.print(_totals(result))
    out.print(_waiting(result))
    out.print(_places(config, folder))


def _two(left: Table, right: Table) -> Table:
    grid = Table.grid(padding=(0, 4))
    grid.add_row(left, right)
    return grid


def _plain(title: str, *, money: bool = True) -> Table:
    table = Table(
        title=title, title_justify="left", title_style="bold", show_header=False, box=None, padding=(0, 1, 0, 0)
    )
    table.add_column()
    table.add_column(justify="right" if money else "left", overflow="fold")
    return table


def _happened(result: Result) -> Table:
    c = result.counts
    table = _plain("What happened")
    rows: Sequence[tuple[str, int]] = (
        ("Visits recorded", c["visits"]),
        ("Claims built and checked", c["claims"] - c["self_pay"]),
        ("  of them stopped for a biller", c["stopped"]),
        ("Visits the patient pays alone", c["self_pay"]),
        ("837P files", c["files"]),
        ("  claims in them", c["sent"]),
        ("TA1, 999 and 277CA read", c["answers"]),
        ("835 taken in", c["remittances"]),
        ("  waiting, does not add up", c["835:held"]),
        ("  claims answered", result.answers.payments),
        ("  denied, whole or in part", result.answers.denied),
        ("  taken back and decided anew", result.answers.reversals),
        ("  adjustments outside of claims", result.answers.adjustments),
        ("Claims corrected or voided", c["corrected"]),
        ("Claims on to the second plan", c["secondary"]),
        ("Invoices frozen", c["invoices"]),
        ("Statements sent", c["statements"]),
        ("Payments of patients", c["payments"]),
        ("Bank lines", c["bank_lines"]),
        ("FHIR resources frozen", c["resources"]),
    )
    for label, count in rows:
        table.add_row(label, f"{count:,}")
    return table


def _where_money_is(result: Result) -> Table:
    """Every account that holds anything, each on its natural side."""
    table = _plain("Where every dollar is")
    for name in _MONEY:
        cents = result.totals.accounts.get(name, 0)
        if cents:
            account = BY_NAME[name]
            table.add_row(account.label, spoken(cents if account.grows == "debit" else -cents))
    return table


def _totals(result: Result) -> Table:
    t = result.totals
    table = _plain("Control totals")
    table.add_column()
    table.add_row("Journal: debits less credits", spoken(t.trial_difference), _verdict(not t.trial_difference))
    table.add_row(
        "Journal and running balances, recomputed",
        f"{len(result.ledger_faults)} differences",
        _verdict(not result.ledger_faults),
    )
    table.add_row("Receivables in the journal", spoken(t.receivable), "")
    table.add_row("Open items, claim by claim", spoken(t.open_items), _verdict(not t.receivable_difference))
    table.add_row("Bank file, every line", spoken(t.bank_lines), "")
    table.add_row("  tied to remittances, payouts and checks", spoken(t.explained), "")
    table.add_row("  still open, waiting for a person", spoken(t.unexplained), _verdict(not t.bank_difference))
    for month in reversed(month_end.months(result.clinic.practice, clock.now().date())):
        sums = month_end.sums(result.clinic.practice, month.month)
        table.add_row(
            f"{month.month}: bank = journal = remittances and payments", spoken(sums.journal), _verdict(sums.agree)
        )
    table.add_row(
        f"Audit trail, {result.audit_rows:,} rows",
        f"{len(result.audit_faults)} faults",
        _verdict(not result.audit_faults),
    )
    for fault in (*result.ledger_faults[:5], *result.audit_faults[:5]):
        table.add_row(f"  {fault}", "", "")
    return table


def _verdict(good: bool) -> str:
    return "[green]agrees[/green]" if good else "[bold red]DIFFERS[/bold red]"


def _waiting(result: Result) -> Table:
    table = _plain("Left for people")
    for item in result.waiting:
        table.add_row(f"{item.count:>3} {item.what}", spoken(item.cents))
    return table


def _places(config: Config, folder: Path) -> Table:
    table = _plain("Where to look", money=False)
    for what, place in (
        ("Claim files", "837"),
        ("Insurers' answers", "answers"),
        ("Statements as PDF", "statements"),
        ("Bank file", "bank"),
    ):
        if (folder / place).is_dir():
            count = sum(1 for _ in (folder / place).iterdir())
            table.add_row(what, f"{folder / place}/ ({count})")
    if file := config.sqlite_file():
        table.add_row("Database", str(file))
    table.add_row("Proofs", "claims ledger check, claims audit verify")
    return table


def show_doors(result: Result, config: Config, password: str, console: Console | None = None) -> None:
    """One sign-in a role, and a patient's one-time link."""
    out = console or Console()
    site = f"http://{config.host}:{config.port}"
    out.rule(f"The sites run at {site} (Ctrl+C ends them)")
    out.print(f"Staff {site}/staff, insurers {site}/insurer")
    for person in result.people:
        out.print(f"  {LABELS[person.role]:<15} {person.email}", soft_wrap=True, highlight=False)
    out.print(f"Password of all, new with each run: [bold]{password}[/bold]", soft_wrap=True, highlight=False)
    patient = issued_statements.first_debtor(result.clinic.practice)
    if patient:
        born = f"{patient.birth_on:%B} {patient.birth_on.day}, {patient.birth_on.year}"
        token = portal_links.make(result.clinic.practice, patient.id, by=COMMAND, now=clock.now())
        out.print(f"Patient {patient.name}, born {born}, one-time link:", highlight=False)
        out.print(f"  {site}/portal/link/{token}", soft_wrap=True, highlight=False)
