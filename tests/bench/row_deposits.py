"""match_deposits: bank lines tied to remittances and card payouts by number and by amount, booked and audited, in one transaction."""

import hashlib
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from claims_service.domain.deposits.statement import BankLine
from claims_service.domain.deposits.trace import NO_TRACE, trace_of
from claims_service.store import connection, deposits, files, journal, migrate
from claims_service.store.connection import insert_rows
from claims_service.store.tables import CardPayout, Remittance
from claims_service.workflow.match_deposits import match_deposits
from tests import clinic
from tests.bench import clinic_of_size, floors
from tests.bench.registry import Measurement, row
from tests.clinic import BILLER, NOW, TODAY, VISIT_DAY

LINES = 100_000
PAYERS = 40
MOST_SECONDS = 20
MOST_GROWTH = 1.15  # processor time a line, of ten times as many


@row("match_deposits", "lines/s", floor=floors.reference_matching)
def matching(folder: Path) -> Measurement:
    few, _, _ = min(_matched(folder, LINES // 10) for _ in range(2))
    cost, seconds, digest = min(_matched(folder, LINES) for _ in range(2))
    # by the processor's clock, as what else runs on the machine is no fault of ours
    assert cost * LINES < MOST_SECONDS, f"{LINES} lines took {cost * LINES:.1f} s"
    assert cost < MOST_GROWTH * few, f"a line of {LINES} costs {cost / few:.2f} times one of {LINES // 10}"
    return Measurement(LINES / seconds, digest, LINES)


def _matched(folder: Path, lines: int) -> tuple[float, float, str]:
    """Processor seconds a line, seconds in all, and a digest of the matches and the books."""
    made = folder / f"lines-{lines}.db"
    if not made.exists():
        connection.connect(f"sqlite:///{made}")
        migrate.upgrade()
        with connection.opened():
            _fill(lines)
            connection.run("pragma wal_checkpoint(truncate)")
    clinic_of_size.copied(folder, made)
    with connection.opened():
        start, worked = time.perf_counter(), time.process_time()
        outcome = match_deposits(1, by=BILLER, now=NOW, today=TODAY)
        worked, seconds = time.process_time() - worked, time.perf_counter() - start
        assert outcome.counts == expected_counts(lines)
        assert not journal.check()
        pairs = connection.run(
            "select bank_line_id, kind, subject, cents from deposit_match order by 1, 2, 3"
        ).fetchall()
        books = sorted(journal.trial_balance(1).items())
    return worked / lines, seconds, hashlib.sha256(repr((pairs, books)).encode()).hexdigest()


def expected_counts(lines: int) -> dict[str, int]:
    """Of ten lines seven name their remittance, one is told by amount, one is a payout, one pays what nobody announced."""
    tenth = lines // 10
    nothing = {"short": 0, "over": 0, "returned": 0}
    return {"matched": 9 * tenth, "unmatched": tenth, "waiting": tenth, **nothing}


def _fill(lines: int) -> None:
    place = clinic.found()
    booked: list[tuple[str, BankLine]] = []
    remittances: list[tuple[object, ...]] = []
    payouts: list[tuple[object, ...]] = []
    with connection.write():
        file = files.add(place.practice, files.NewFile("in", "bank", "bench.xml", b"bench"), by="bank", at=NOW)
        for n, (line, remittance, payout) in enumerate(_announced(lines)):
            booked.append((f"line-{n}", line))
            remittances += [(place.practice, None, file, *one) for one in remittance]
            payouts += [(place.practice, *one, NOW) for one in payout]
        deposits.add_lines(place.practice, file, "1", booked, at=NOW)
        insert_rows(Remittance, _REMITTANCE, remittances)
        insert_rows(CardPayout, _PAYOUT, payouts)


_REMITTANCE = (
    "practice", "payer", "file", "key", "signature", "transaction_control", "trace", "originator", "payer_name", "payee_npi",
    "method", "paid_cents", "paid_on", "claim_count", "state", "at", "by",
)  # fmt: skip
_PAYOUT = ("practice", "reference", "paid_on", "gross_cents", "fee_cents", "net_cents", "at")


def _announced(lines: int) -> Iterator[tuple[BankLine, list[tuple[object, ...]], list[tuple[object, ...]]]]:
    """A bank line, and the remittance or payout announced with it; no two amounts of one payer are alike."""
    for n in range(lines):
        kind, day, cents = n % 10, VISIT_DAY + timedelta(days=n // 10 % 25), 10_000 + n
        payer, trace = f"{_word(n // 10 % PAYERS)} HEALTH", trace_of(f"EFT{n:09}", f"1{n // 10 % PAYERS:09}")
        if kind == 8:
            payout = (f"PO{n}", day, cents + 100, 100, cents)
            yield BankLine(n, day, cents, "deposit", trace_of(f"PO{n}"), "CARD COMPANY"), [], [payout]
            continue
        told = cents + 5 * lines if kind == 9 else cents
        remittance = (
            f"{n}", f"{n:064}", "0001", trace.number, trace.originator, payer, "1990000014", "ACH", told, day, 1, "posted", NOW, "bench",
        )  # fmt: skip
        yield BankLine(n, day, cents, "deposit", trace if kind < 7 else NO_TRACE, payer), [remittance], []


def _word(n: int) -> str:
    """A name of its own for each payer."""
    return "PAYER" + chr(65 + n % 26) + chr(65 + n // 26)
