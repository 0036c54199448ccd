"""The books hold whatever is done: bill, pay, adjust, reverse, refund, pass on, in any order and any number of times."""

import time
from collections import defaultdict
from datetime import date

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from claims_service.domain.ledger import accounts as a
from claims_service.domain.ledger.journal import Entry, Transfer, reversal
from claims_service.store import journal, tables
from claims_service.store.connection import database, run
from tests.clinic import NOW, Clinic, found

DAY = date(2026, 11, 20)
CLAIMS = st.integers(1, 5)
CENTS = st.integers(1, 9_999_999_999)
ADJUSTMENTS = st.lists(st.tuples(st.sampled_from([a.CONTRACTUAL, a.PATIENT_OWES, a.IN_REVIEW]), CENTS), max_size=3)


class Books(RuleBasedStateMachine):
    """One practice's month; what the books should say is kept beside them in plain sums."""

    practices = 0

    def __init__(self) -> None:
        super().__init__()
        Books.practices += 1
        practice = tables.Practice.create(
            name="Clinic", npi=f"{Books.practices:010}", tax_id="990000001", taxonomy="207Q00000X", phone="5035550142", submitter_id="X"
        )  # fmt: skip
        self.practice = int(practice.id)
        self.expected: defaultdict[tuple[str, int], int] = defaultdict(int)
        self.posted: list[tuple[int, Entry]] = []
        self.undone: set[int] = set()

    def post(self, kind: str, *transfers: Transfer) -> None:
        self.keep(Entry(DAY, kind, f"{kind}:{len(self.posted)}", kind, len(self.posted), transfers))

    def keep(self, entry: Entry) -> None:
        (key,) = journal.post(self.practice, [entry], by="test", at=NOW)
        assert key is not None
        self.posted.append((key, entry))
        for transfer in entry.transfers:
            self.expected[transfer.debit, transfer.claim or 0] += transfer.cents
            self.expected[transfer.credit, transfer.claim or 0] -= transfer.cents

    @rule(claim=CLAIMS, lines=st.lists(CENTS, min_size=1, max_size=4))
    def bill(self, claim: int, lines: list[int]) -> None:
        self.post("charge", *(Transfer(a.PAYER_OWES, a.REVENUE, c, claim, n, 1, 1) for n, c in enumerate(lines, 1)))

    @rule(claim=CLAIMS, paid=CENTS, adjusted=ADJUSTMENTS)
    def answer(self, claim: int, paid: int, adjusted: list[tuple[str, int]]) -> None:
        parts = [(a.INSURER_CLEARING, paid), *adjusted]
        self.post("remittance", *(Transfer(account, a.PAYER_OWES, cents, claim, 1, 1, 1) for account, cents in parts))

    @rule(claim=CLAIMS, cents=CENTS, more=st.integers(0, 500_00))
    def patient_pays(self, claim: int, cents: int, more: int) -> None:
        credit = [Transfer(a.CARD_CLEARING, a.PATIENT_CREDIT, more, None, None, 1)] if more else []
        self.post("payment", Transfer(a.CARD_CLEARING, a.PATIENT_OWES, cents, claim, None, 1), *credit)

    @rule(cents=CENTS)
    def refund(self, cents: int) -> None:
        self.post("refund", Transfer(a.PATIENT_CREDIT, a.CARD_CLEARING, cents, None, None, 1))

    @rule(claim=CLAIMS, cents=CENTS)
    def write_off(self, claim: int, cents: int) -> None:
        self.post("write_off", Transfer(a.WRITE_OFF, a.IN_REVIEW, cents, claim, 1, 1))

    @rule(claim=CLAIMS, cents=CENTS)
    def pass_on(self, claim: int, cents: int) -> None:
        self.post(
            "moved_on",
            Transfer(a.BETWEEN_PLANS, a.NEXT_PAYER_OWES, cents, claim, 1, 1, 1),
            Transfer(a.PAYER_OWES, a.BETWEEN_PLANS, cents, claim + 10, 1, 1, 2),
        )

    @rule(pick=st.integers(0, 1000))
    def reverse(self, pick: int) -> None:
        standing = [(key, entry) for key, entry in self.posted if key not in self.undone and entry.reverses is None]
        if standing:
            key, entry = standing[pick % len(standing)]
            self.undone.add(key)
            self.keep(reversal(entry, key, posted_on=DAY))

    @rule(pick=st.integers(0, 1000))
    def post_again(self, pick: int) -> None:
        if self.posted:
            _, entry = self.posted[pick % len(self.posted)]
            assert journal.post(self.practice, [entry], by="test", at=NOW) == [None]

    @invariant()
    def the_books_add_up(self) -> None:
        totals = journal.trial_balance(self.practice)
        assert sum(totals.values()) == 0
        expected: defaultdict[str, int] = defaultdict(int)
        for (account, _), cents in self.expected.items():
            expected[account] += cents
        assert {k: v for k, v in totals.items() if v} == {k: v for k, v in expected.items() if v}

    def teardown(self) -> None:
        """Every entry on its own, every claim, and all practices together."""
        for (account, claim), cents in self.expected.items():
            if claim:
                assert journal.balance(self.practice, account, claim=claim) == cents
        assert journal.check() == []


def keep_books(runs: int, steps: int) -> None:
    checks = list(HealthCheck)
    Books.practices = 0
    run_state_machine_as_test(
        Books,
        settings=settings(max_examples=runs, stateful_step_count=steps, deadline=None, suppress_health_check=checks),
    )


@pytest.mark.check(1)
def test_the_books_add_up_after_every_step(store: object) -> None:
    """A few hundred steps over some practices: each entry, each practice and all together come to $0.00."""
    keep_books(8, 40)


@pytest.mark.slow
@pytest.mark.check(1)
def test_the_books_add_up_after_ten_thousand_steps(store: object) -> None:
    keep_books(200, 50)


def charges(start: int, count: int) -> list[Entry]:
    return [
        Entry(
            DAY, "charge", f"charge:{n}", "claim", n, tuple(Transfer(a.PAYER_OWES, a.REVENUE, 100 + n % 977, n % 9973 + 1, i, 1, 1) for i in (1, 2))
        )
        for n in range(start, start + count)
    ]  # fmt: skip


@pytest.mark.check(4)
@pytest.mark.parametrize("cents", [1, -1, 12_345])
def test_a_running_balance_that_drifts_is_found_with_its_place_and_cents(clinic: Clinic, cents: int) -> None:
    """Somebody adds a cent to what the insurer owes on claim 7: the check names claim and cents."""
    journal.post(clinic.practice, charges(0, 20), by="test", at=NOW)
    assert journal.check() == []

    with database.atomic() as change:
        run("update balance set cents = cents + ? where claim = 7 and account = ?", (cents, a.PAYER_OWES))
        faults = journal.check()
        change.rollback()

    assert faults[0].place == f"practice {clinic.practice}, payer_owes, claim 7, patient 1"
    assert faults[0].cents == cents


@pytest.mark.slow
@pytest.mark.check(4)
def test_a_million_entries_equal_their_balances_within_ten_seconds(clinic: Clinic, engine: str) -> None:
    """One million entries on SQLite, 200,000 on PostgreSQL; recomputed from the first to the last."""
    million = 1_000_000 if engine == "sqlite" else 200_000
    for start in range(0, million, 20_000):
        journal.post(clinic.practice, charges(start, 20_000), by="test", at=NOW)

    # by the processor's clock where the database is in this process, as what else runs on the machine is no fault of ours
    clock = time.process_time if engine == "sqlite" else time.perf_counter
    began = clock()
    faults = journal.check()
    taken = clock() - began

    print(f"{million:,} entries checked in {taken:.1f} s")
    assert faults == []
    assert taken < 10


@pytest.mark.check(6)
def test_an_error_is_undone_by_an_entry_that_names_it(clinic: Clinic) -> None:
    """$150.00 was billed in error: the original stays byte for byte, the reversal links to it, and nothing is owed."""
    (wrong,) = charges(1, 1)
    (key,) = journal.post(clinic.practice, [wrong], by="test", at=NOW)
    assert key is not None
    as_written = run("select * from journal_entry where id = ?", (key,)).fetchall()

    undo = reversal(wrong, key, posted_on=DAY, memo="billed in error")
    (second,) = journal.post(clinic.practice, [undo], by="test", at=NOW)
    again = journal.post(clinic.practice, [undo], by="test", at=NOW)

    assert second is not None
    found_undo = journal.entry(clinic.practice, second)
    assert found_undo is not None
    assert found_undo.reverses == key
    assert again == [None]
    assert run("select * from journal_entry where id = ?", (key,)).fetchall() == as_written
    assert journal.entry(clinic.practice, key) == wrong
    assert set(journal.trial_balance(clinic.practice).values()) == {0}


def test_two_practices_may_use_the_same_key(clinic: Clinic) -> None:
    """Another clinic's entry charge:1 is another entry, and its books are its own."""
    other = found("Hillside Clinic", "1990000030", suffix="B")

    ours = journal.post(clinic.practice, charges(1, 1), by="test", at=NOW)
    theirs = journal.post(other.practice, charges(1, 1), by="test", at=NOW)

    assert None not in [*ours, *theirs]
    assert journal.entry(other.practice, ours[0] or 0) is None
    assert journal.trial_balance(clinic.practice) == journal.trial_balance(other.practice)


def test_a_batch_is_posted_whole_or_not_at_all(clinic: Clinic) -> None:
    """The third entry names an account that does not exist: the first two are not posted either."""
    good = charges(1, 2)
    bad = Entry(DAY, "charge", "charge:bad", "claim", 3, (Transfer(a.PAYER_OWES, a.REVENUE, 1, 1),))
    object.__setattr__(bad.transfers[0], "credit", a.PAYER_OWES)

    with pytest.raises(Exception, match="two accounts"):
        journal.post(clinic.practice, [*good, bad], by="test", at=NOW)

    assert run("select count(*) from journal_entry").fetchone()[0] == 0
    assert run("select count(*) from balance").fetchone()[0] == 0
