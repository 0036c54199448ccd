"""The sample remittances of others: each is posted or parked with its reason, and not a cent of any is lost."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from peewee import Database

from claims_service.domain.ledger import accounts as a
from claims_service.store import journal
from claims_service.store.connection import run, write
from claims_service.workflow.incoming import FileOutcome
from tests.clinic import Clinic, found
from tests.workflow.cycle import held, post

pytestmark = [pytest.mark.corpus, pytest.mark.parametrize("engine", ["sqlite"])]
FILES = 23


@dataclass
class Told:
    """One payment as the file itself says it, read with nothing of ours. Cents."""

    paid: int
    claims: int = 0
    aside: int = 0
    payee: tuple[str, str] = ("", "")


def told(content: bytes) -> list[Told]:
    """BPR02, the CLP04s and the PLB amounts of each transaction, by splitting at the marks the ISA names."""
    text = content.decode("latin-1")
    text = text[text.index("ISA") :]
    mark = text[3]
    end = text.split(mark, 17)[16][1]
    if end != "\n":
        text = text.replace("\r", "").replace("\n", "")
    payments: list[Told] = []
    for segment in text.split(end):
        parts = segment.strip().split(mark)
        match parts[0]:
            case "BPR":
                payments.append(Told(cents(parts[2]) * (-1 if parts[3:4] == ["D"] else 1)))
            case "CLP" if payments:
                payments[-1].claims += cents(parts[4])
            case "PLB":
                payments[-1].aside += sum(cents(amount) for amount in parts[4::2] if amount)
            case "N1" if parts[1] == "PE":
                payments[-1].payee = (parts[3], parts[4])
    return payments


def cents(text: str) -> int:
    return int(Decimal(text) * 100)


def remittances_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    for line in (folder / "x12" / "INDEX.tsv").read_text("utf-8").splitlines():
        columns = line.split("\t")
        if len(columns) > 5 and columns[5] == "835":
            yield columns[0], (folder / "x12" / columns[0]).read_bytes()


def clinic_paid(number: int, payee: tuple[str, str]) -> Clinic:
    """A clinic of its own that is the one the file pays."""
    clinic = found(f"Clinic {number}", f"19900{number:05}", suffix=f"-{number}")
    column = "npi" if payee[0] == "XX" else "tax_id"
    with write():
        run("update practice set npi = 'N' || id")
        run(f"update practice set {column} = ? where id = ?", (payee[1], clinic.practice))
    return clinic


def check(clinic: Clinic, name: str, outcome: FileOutcome, payments: list[Told]) -> str:
    """Compare what the file says with rows and journal; gives what became of it."""
    if outcome.state == "refused":
        assert outcome.problems, name
        assert not any(journal.trial_balance(clinic.practice).values()), name
        return "refused"
    sql = "select id, state, paid_cents, reasons from remittance where file_id = ? order by id"
    rows = run(sql, (outcome.file,)).fetchall()
    assert len(rows) == len(payments), name
    for (key, state, paid, reasons), payment in zip(rows, payments, strict=True):
        taken = [
            run(f"select coalesce(sum({column}), 0) from {table} where remittance_id = ?", (key,)).fetchone()[0]
            for column, table in (("paid_cents", "claim_payment"), ("cents", "provider_adjustment"))
        ]
        booked = sum(
            t.cents if t.debit == a.INSURER_CLEARING else -t.cents
            for _, entry in journal.entries_of(clinic.practice, "remittance", key)
            for t in entry.transfers
            if a.INSURER_CLEARING in (t.debit, t.credit)
        )
        assert (paid, taken[0]) == (payment.paid, payment.claims), name
        assert payment.claims - payment.aside == paid, name
        if state == "posted":
            assert (taken[1], booked) == (payment.aside, payment.paid), name
        else:
            assert reasons in [message for *_, message in held(clinic)], name
            assert booked == 0, name
    return outcome.state


@pytest.mark.check(41)
@pytest.mark.parametrize("in_earnest", [False, True], ids=["as they came", "test files in earnest"])
def test_each_sample_remittance_is_posted_or_parked_and_its_sums_are_the_files(
    store: Database, shared_data: Path, in_earnest: bool
) -> None:
    """BPR02 is what is booked or parked, claims and adjustments beside them, for each of the 23 files; test files move nothing."""
    ends: dict[str, str] = {}
    for number, (name, content) in enumerate(remittances_of(shared_data)):
        payments = told(content)
        clinic = clinic_paid(number, payments[0].payee)
        sent = content.replace(b"*T*", b"*P*", 1) if in_earnest else content
        ends[name] = check(clinic, name, post(clinic, sent, name=Path(name).name), payments)
    assert len(ends) == FILES
    counts = {state: list(ends.values()).count(state) for state in ("read", "held", "refused")}
    assert counts == ({"read": 20, "held": 0} if in_earnest else {"read": 15, "held": 5}) | {"refused": 3}, ends
    assert journal.check() == []
