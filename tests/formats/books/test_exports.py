"""The journal in other people's programs: their own checkers take it, and their sums are ours to the cent."""

import csv
import io
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims_service.domain import money
from claims_service.domain.ledger.accounts import BY_NAME, CHART, INSURER_CLEARING, PAYER_OWES, REVENUE
from claims_service.domain.ledger.journal import Entry, Transfer
from claims_service.formats.books.chart import PLACES
from claims_service.formats.books.formats import FORMATS
from claims_service.formats.books.journal import Posted, Span
from claims_service.queries import journal_span
from claims_service.store import journal
from claims_service.store.connection import run
from tests.clinic import NOW, Clinic
from tests.workflow.billed_clinic import billed

START, UNTIL = date(2026, 11, 1), date(2026, 11, 30)
NAMES = sorted(BY_NAME)
CENTS = st.integers(1, 9_999_999_999)


@st.composite
def transfers(draw: st.DrawFn) -> Transfer:
    debit, credit = draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=2, unique=True))
    claim = draw(st.none() | st.integers(1, 9))
    reason = draw(st.sampled_from(["", "CO45", "PR1", 'odd, reason: "x"\n ; y']))
    return Transfer(debit, credit, draw(CENTS), claim, draw(st.none() | st.integers(1, 50)), 3, 2, reason)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    """Some days of made-up entries on top of made-up balances."""
    before = draw(st.lists(transfers(), max_size=3))
    during = draw(st.lists(st.lists(transfers(), min_size=1, max_size=3), max_size=6))
    days = sorted(draw(st.dates(START, UNTIL)) for _ in during)
    posted = [
        Posted(
            n,
            Entry(day, "provider_adjustment", f"k{n}", "remittance", n, tuple(moved), "Alma Testpatient"),
            "user:5",
            NOW,
        )
        for n, (day, moved) in enumerate(zip(days, during, strict=True), 1)
    ]
    return Span(START, UNTIL, summed(before), summed([*before, *(t for m in during for t in m)]), posted)


def summed(moved: list[Transfer]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for transfer in moved:
        found[transfer.debit] += transfer.cents
        found[transfer.credit] -= transfer.cents
    return dict(found)


def text(kind: str, span: Span) -> str:
    return "".join(FORMATS[kind].write(span))


def added_up(written: str, names: dict[str, str]) -> dict[str, int]:
    """Our own strict reader of both plain texts: every entry balances; gives the cents by account.

    A line that is neither a posting nor known for something else is a failure.
    """
    totals: dict[str, int] = defaultdict(int)
    entry = 0
    known = re.compile(r'(decimal-mark|commodity|tag|account|option|\d{4}-\d\d-\d\d) .*|\s+[a-z]+: ".*"|')
    for line in written.splitlines():
        if posting := re.fullmatch(r" {2,4}(\S.*?)  (-?\d+\.\d\d) USD(?: = -?\d+\.\d\d USD)?(?:  ; .*)?", line):
            cents = money.cents(posting[2]) if len(posting[2]) < 12 else int(posting[2].replace(".", ""))
            totals[names[posting[1]]] += cents
            entry += cents
            continue
        assert known.fullmatch(line), line
        if line and not line.startswith(" "):
            assert entry == 0, f"the entry before {line!r} is off by {entry}"
    assert entry == 0
    return {account: cents for account, cents in totals.items() if cents}


def paths(kind: str) -> dict[str, str]:
    return {getattr(place, kind): account for account, place in PLACES.items()}


def test_every_account_has_a_place_of_its_own_in_the_chart() -> None:
    assert PLACES.keys() == {account.name for account in CHART}
    for way in ("number", "name", "hledger", "beancount"):
        assert len({getattr(place, way) for place in PLACES.values()}) == len(PLACES)
    roots = {"asset": "Assets", "liability": "Liabilities", "income": "Income", "cost": "Expenses"}
    assert all(PLACES[account.name].path[0] == roots[account.kind] for account in CHART)


@pytest.mark.check(59)
@given(spans())
def test_whatever_was_posted_each_export_adds_up_to_the_same_balances_and_says_no_name(span: Span) -> None:
    closing = {account: cents for account, cents in span.closing.items() if cents}
    for kind in ("hledger", "beancount"):
        assert added_up(text(kind, span), paths(kind)) == closing
    for kind, written in ((kind, text(kind, span)) for kind in FORMATS):
        assert "Alma" not in written, kind


@pytest.mark.check(59)
@given(spans())
def test_each_table_moves_what_the_days_moved_and_each_of_its_journals_balances(span: Span) -> None:
    moved = {a: span.closing.get(a, 0) - span.opening.get(a, 0) for a in {*span.closing, *span.opening}}
    moved = {account: cents for account, cents in moved.items() if cents}
    by_name, by_number = ({getattr(p, way): a for a, p in PLACES.items()} for way in ("name", "number"))
    for kind in ("csv", "quickbooks", "xero"):
        totals: dict[str, int] = defaultdict(int)
        journals: dict[str, int] = defaultdict(int)
        for row in csv.DictReader(io.StringIO(text(kind, span))):
            account = by_number[row["*AccountCode"]] if kind == "xero" else by_name[row["AccountName"]]
            plain = row.get("*Amount") or row["Debits"] or f"-{row['Credits']}"
            cents = int(plain.replace(".", ""))
            totals[account] += cents
            journals[row.get("JournalNo") or row["*Narration"]] += cents
        assert {account: cents for account, cents in totals.items() if cents} == moved
        assert not any(journals.values())


@pytest.mark.check(59)
def test_a_clinics_own_journal_read_from_the_middle_ends_in_its_trial_balance(clinic: Clinic) -> None:
    """October's charge of $99.00 is in the opening balances; November's month is written entry by entry."""
    early = Entry(date(2026, 10, 5), "charge", "early", "claim", 1, (Transfer(PAYER_OWES, REVENUE, 99_00, 1, 1, 1, 1),))
    journal.post(clinic.practice, [early], by="user:1", at=NOW)
    billed(clinic, 3)

    span = journal_span.span(clinic.practice, START, UNTIL)

    ours = {account: cents for account, cents in journal.trial_balance(clinic.practice).items() if cents}
    assert span.opening == {PAYER_OWES: 99_00, REVENUE: -99_00}
    assert ours[INSURER_CLEARING]
    for kind in ("hledger", "beancount"):
        written = text(kind, journal_span.span(clinic.practice, START, UNTIL))
        assert added_up(written, paths(kind)) == ours


def test_a_journal_of_more_entries_than_are_read_at_once_is_whole(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    billed(clinic, 5)
    monkeypatch.setattr(journal_span, "AT_ONCE", 2)

    entries = list(journal_span.span(clinic.practice, START, UNTIL).entries)

    assert len(entries) == run("select count(*) from journal_entry").fetchone()[0]
    assert [p.id for p in entries] == [p.id for p in sorted(entries, key=lambda p: (p.entry.posted_on, p.id))]


def accepted(command: list[str]) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed; the same journal is added up by a reader of our own")
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.check(59)
@pytest.mark.parametrize("start", [date(2026, 1, 1), date(2026, 11, 20)])
def test_hledgers_own_checker_takes_the_journal(clinic: Clinic, tmp_path: Path, start: date) -> None:
    """Strict: declared accounts, commodities and tags, days in order, our balances asserted; its sums are ours. With another balance it
    is refused, so the checker does look."""
    billed(clinic, 3)
    file = tmp_path / "books.journal"
    file.write_text(text("hledger", journal_span.span(clinic.practice, start, UNTIL)))

    check = ["hledger", "-f", str(file), "check", "-s", "ordereddates"]
    accepted(check)
    told = subprocess.run(
        ["hledger", "-f", str(file), "balance", "--flat", "--no-total", "--end", "2027-01-01", "-O", "csv"],
        capture_output=True,
        text=True,
        check=True,
    )
    theirs = {
        row["account"]: money.cents(row["balance"].split()[0]) for row in csv.DictReader(io.StringIO(told.stdout))
    }
    ours = {account: cents for account, cents in journal.trial_balance(clinic.practice).items() if cents}
    assert {paths("hledger")[name]: cents for name, cents in theirs.items()} == ours
    asserted = next(line for line in file.read_text().splitlines() if re.search(r"= -?[1-9]", line))
    file.write_text(file.read_text().replace(asserted, re.sub(r"= -?\S+", "= 1234.56", asserted)))
    assert subprocess.run(check, capture_output=True, check=False).returncode != 0


@pytest.mark.check(59)
@pytest.mark.parametrize("start", [date(2026, 1, 1), date(2026, 11, 20)])
def test_beancounts_own_checker_takes_the_journal(clinic: Clinic, tmp_path: Path, start: date) -> None:
    """Our balances are asserted in it; with another balance of the bank it is refused, so the checker does look."""
    pytest.importorskip("beancount", reason="the same journal is added up by a reader of our own")
    billed(clinic, 3)
    file = tmp_path / "books.beancount"
    file.write_text(text("beancount", journal_span.span(clinic.practice, start, UNTIL)))

    check = [sys.executable, "-c", "from beancount.scripts.check import main; main()", str(file)]
    accepted(check)
    asserted = next(line for line in file.read_text().splitlines() if " balance Assets:Bank" in line)
    amount = asserted.split()[-2]
    file.write_text(file.read_text().replace(asserted, asserted.replace(amount, "1234.56")))
    assert subprocess.run(check, capture_output=True, check=False).returncode != 0
