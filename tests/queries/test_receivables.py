"""What is owed: opening, what moved it and closing, by age on any day; three ways of counting are one sum."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims_service.domain.ledger import accounts as a
from claims_service.domain.ledger.aging import BUCKETS, bucket, since_at_least
from claims_service.domain.ledger.journal import Entry, Transfer
from claims_service.queries import receivables
from claims_service.store import journal
from claims_service.store.connection import database, run
from tests.clinic import NOW, Clinic

FIRST = date(2026, 6, 1)
DAYS = st.integers(0, 170).map(lambda n: FIRST + timedelta(n))
NAMES = sorted({account.name for account in a.CHART} - {a.BETWEEN_PLANS})
numbers = iter(range(1, 1_000_000))


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """One movement between any two accounts, of any claim and insurer, and whole passings between plans."""
    claim, cents = draw(st.integers(1, 6)), draw(st.integers(1, 9_999_999))
    payer = draw(st.sampled_from([None, 1, 2]))
    if draw(st.booleans()):
        debit, credit = draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=2, unique=True))
        moved: tuple[Transfer, ...] = (Transfer(debit, credit, cents, claim, 1, claim, payer),)
    else:
        moved = (
            Transfer(a.BETWEEN_PLANS, a.NEXT_PAYER_OWES, cents, claim, 1, claim, 1),
            Transfer(a.PAYER_OWES, a.BETWEEN_PLANS, cents, claim + 10, 1, claim, 2),
        )
    return Entry(draw(DAYS), "any", f"any:{next(numbers)}", "claim", claim, moved)


@pytest.mark.check(58)
def test_roll_forward_aging_and_accounts_agree_on_every_day_whatever_was_posted(clinic: Clinic) -> None:
    """Any entries, any two days: opening + moved = closing = by insurer = by patient = the accounts; and told again it is the same."""
    practice = clinic.practice

    @settings(max_examples=40)
    @given(st.lists(entries(), max_size=5), DAYS, DAYS)
    def holds(posted: list[Entry], one: date, other: date) -> None:
        start, until = sorted((one, other))
        journal.post(practice, posted, by="test", at=NOW)

        rolls = receivables.roll_forward(practice, start, until)
        aged = receivables.by_insurer(practice, until)

        owed = receivables.receivable(practice, until)
        balances = journal.trial_balance(practice, until)
        assert owed == sum(balances[name] for name in a.RECEIVABLES)
        assert sum(roll.closing for roll in rolls) == owed
        assert sum(roll.opening for roll in rolls) == receivables.receivable(practice, start - timedelta(1))
        assert (
            sum(one.total for one in aged) == sum(one.total for one in receivables.by_patient(practice, until)) == owed
        )
        assert {one.name: one.total for one in aged if one.total} == {r.name: r.closing for r in rolls if r.closing}
        charge = Transfer(a.PAYER_OWES, a.REVENUE, 77, 1, 1, 1, 1)
        later = Entry(until + timedelta(1), "any", f"any:{next(numbers)}", "claim", 1, (charge,))
        journal.post(practice, [later], by="test", at=NOW)
        assert receivables.by_insurer(practice, until) == aged
        assert receivables.roll_forward(practice, start, until) == rolls

    holds()


@pytest.mark.check(4)
def test_the_aging_of_today_is_what_the_journal_tells_whatever_was_posted(clinic: Clinic) -> None:
    """Kept sums until an entry is dated later, from then on the journal: to the cent and the day the same, of insurers and patients."""
    practice = clinic.practice
    days = (date(2027, 1, 1) + timedelta(2 * n) for n in range(1000))

    def aged(on: date) -> tuple[list[receivables.Aged], list[receivables.Aged]]:
        return receivables.by_insurer(practice, on), receivables.by_patient(practice, on)

    @settings(max_examples=40)
    @given(st.lists(entries(), max_size=8))
    def holds(posted: list[Entry]) -> None:
        today = next(days)
        journal.post(practice, posted, by="test", at=NOW)
        kept = aged(today)
        charge = Transfer(a.PAYER_OWES, a.REVENUE, 77, 1, 1, 1, 1)
        tomorrow = Entry(today + timedelta(1), "any", f"any:{next(numbers)}", "claim", 1, (charge,))
        journal.post(practice, [tomorrow], by="test", at=NOW)

        assert aged(today) == kept
        assert sum(one.total for one in kept[0]) == receivables.receivable(practice, today)
        assert journal.check() == []

    holds()


@pytest.mark.check(4)
@pytest.mark.parametrize(
    ("change", "cents"),
    [
        ("update owed set cents = cents + 1", 1),
        ("update owed set since = '2026-11-19'", 0),
        ("update owed set patient = patient + 1", 0),
        ("delete from owed", -20_00),
    ],
)
def test_the_nightly_check_finds_what_is_kept_for_aging_and_is_not_in_the_journal(
    clinic: Clinic, change: str, cents: int
) -> None:
    """$20.00 owed since November 20: a cent more, another day, another patient, or nothing kept at all."""
    charge = Transfer(a.PAYER_OWES, a.REVENUE, 20_00, 7, 1, clinic.alma, clinic.quillhaven)
    entry = Entry(date(2026, 11, 20), "charge", "c", "claim", 7, (charge,))
    journal.post(clinic.practice, [entry], by="test", at=NOW)
    assert journal.check() == []

    with database.atomic() as changed:
        run(change)
        (fault,) = journal.check()
        changed.rollback()

    assert (fault.place, fault.cents) == (f"practice {clinic.practice}, owed on claim 7", cents)


def test_a_months_roll_forward_tells_what_happened_to_a_claim(clinic: Clinic) -> None:
    """$150.00 charged in October; in November $37.50 discount, $92.50 paid, $20.00 passed to the patient, who pays $15.00."""
    about = (1, 1, clinic.alma, clinic.quillhaven)
    charged = Transfer(a.PAYER_OWES, a.REVENUE, 150_00, *about)
    told = [
        Transfer(a.CONTRACTUAL, a.PAYER_OWES, 37_50, *about),
        Transfer(a.INSURER_CLEARING, a.PAYER_OWES, 92_50, *about),
        Transfer(a.PATIENT_OWES, a.PAYER_OWES, 20_00, *about),
        Transfer(a.DESK_CLEARING, a.PATIENT_OWES, 15_00, 1, None, clinic.alma),
    ]
    for day, key, moved in (
        (date(2026, 10, 5), "c", [charged]),
        (date(2026, 11, 9), "r", told[:3]),
        (date(2026, 11, 12), "p", told[3:]),
    ):
        journal.post(clinic.practice, [Entry(day, key, key, "claim", 1, tuple(moved))], by="test", at=NOW)

    insurer, patients = receivables.roll_forward(clinic.practice, date(2026, 11, 1), date(2026, 11, 30))

    assert (insurer.name, insurer.opening, insurer.moved, insurer.closing) == (
        "Quillhaven Health", 150_00, (0, -37_50, -92_50, 0, -20_00), 0,
    )  # fmt: skip
    assert (patients.name, patients.opening, patients.moved, patients.closing) == (
        "Patients",
        0,
        (0, 0, -15_00, 0, 20_00),
        5_00,
    )
    (owed,) = receivables.by_patient(clinic.practice, date(2026, 12, 10))
    assert (owed.name, owed.cents) == ("Testpatient, Alma", (0, 5_00, 0, 0, 0))


@pytest.mark.parametrize(
    ("days", "named"), [(0, "0 to 30"), (30, "0 to 30"), (31, "31 to 60"), (60, "31 to 60"), (61, "61 to 90"), (90, "61 to 90"),
                        (91, "91 to 120"), (120, "91 to 120"), (121, "Over 120"), (4000, "Over 120")],
)  # fmt: skip
def test_a_debt_ages_at_the_end_of_its_thirtieth_day(days: int, named: str) -> None:
    assert BUCKETS[bucket(FIRST, FIRST + timedelta(days))] == named
    younger = [since <= FIRST for since in since_at_least(FIRST + timedelta(days))]
    assert [*younger, True].index(True) == BUCKETS.index(named)
