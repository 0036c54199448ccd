"""Whatever happens in whatever order: a bill is the journal to the cent, and nobody is asked for what is not theirs to pay."""

import contextlib
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from claims_service.domain.errors import BillingError
from claims_service.domain.ledger.accounts import PATIENT_OWES
from claims_service.domain.patient import dispute as dispute_rules
from claims_service.domain.patient.prompt_pay import Policy
from claims_service.domain.patient.statement import Statement
from claims_service.gateways.cards.test_processor import TestProcessor
from claims_service.gateways.messages.outbox import FolderOutbox
from claims_service.store import journal, prompt_pay
from claims_service.store.connection import run, write
from claims_service.workflow.take_payment import CardPayment, start_payments
from tests.clinic import BILLER, NOW, Clinic
from tests.patient.history import History
from tests.patient.visits import Line

TENDER = "('card_clearing', 'desk_clearing', 'patient_credit')"
PLACES, CENTS = st.integers(0, 5), st.integers(1, 300_00)


@st.composite
def decisions(draw: st.DrawFn) -> Line:
    """A line of $1.00 to $400.00: discount, paid, deductible, coinsurance, and the rest denied (CO), in any proportion."""
    charge = draw(st.integers(1_00, 400_00))
    parts = sorted(draw(st.lists(st.integers(0, charge), min_size=4, max_size=4)))
    discount, paid, first, second = (b - a for a, b in zip([0, *parts], parts, strict=False))
    return Line("99213", charge, discount, paid, {r: c for r, c in (("PR1", first), ("PR2", second)) if c}, "Visit")


LINES = st.lists(decisions(), min_size=1, max_size=3)


class Bills(RuleBasedStateMachine):
    """One patient's history. A step that is refused changes nothing, which the sums see."""

    clinic: ClassVar[Clinic]
    company: ClassVar[TestProcessor]
    outbox: ClassVar[FolderOutbox]
    seen: ClassVar[dict[str, int]]

    @initialize(
        lines=LINES,
        insured=st.booleans(),
        percent=st.sampled_from([0, 0, 10]),
        also=st.booleans(),
        whose=st.sampled_from(["", "own", "guarantor"]),
    )
    def begin(self, lines: list[Line], insured: bool, percent: int, also: bool, whose: str) -> None:
        with write(self.clinic.practice):
            prompt_pay.add_policy(self.clinic.practice, Policy(percent, 10, also), by=BILLER.name, at=NOW)
        self.of = History(self.clinic, self.company, self.outbox)
        self.of.visit(lines, insured=insured)
        self.of.answer(0, lines)
        if whose == "own":
            self.of.keep_confidential(0)
        self.of.name_guarantor(anybody=whose == "guarantor")
        self.billed(0)

    @rule(lines=LINES, insured=st.booleans())
    def visit(self, lines: list[Line], insured: bool) -> None:
        self.of.visit(lines, insured=insured)

    @rule(place=PLACES, lines=LINES)
    def answer(self, place: int, lines: list[Line]) -> None:
        self.of.answer(place, lines)

    @rule(place=PLACES)
    def take_back(self, place: int) -> None:
        self.of.take_back(place)

    @rule(days=st.integers(0, 35))
    def billed(self, days: int) -> None:
        for told in self.of.bill(days):
            self.seen["bills"] += 1
            self._is_the_journal(told)
            named = {visit.invoice.encounter for visit in told.visits}
            assert named <= self.of.private if told.confidential else not named & self.of.private
            assert not (told.confidential and told.guarantor)
            self.seen["confidential"] += told.confidential
            self.seen["guarantor"] += bool(told.guarantor)

    @rule(cents=CENTS)
    def pay_at_desk(self, cents: int) -> None:
        """Whoever pays without naming a bill pays no confidential visit."""
        before = self.of.open_cents()
        self.of.pay_at_desk(cents)
        after = self.of.open_cents()
        assert all(before.get(one, 0) == after.get(one, 0) for one in self.of.private)

    @rule(place=PLACES)
    def keep_confidential(self, place: int) -> None:
        self.of.keep_confidential(place)

    @rule(anybody=st.booleans())
    def name_guarantor(self, anybody: bool) -> None:
        self.of.name_guarantor(anybody=anybody)

    @rule(cents=CENTS, chosen=st.booleans(), good=st.booleans())
    def pay_by_card(self, cents: int, chosen: bool, good: bool) -> None:
        with contextlib.suppress(BillingError):
            self.of.pay_by_card(cents, chosen=chosen, good=good)

    @rule(place=PLACES, cents=CENTS)
    def refund(self, place: int, cents: int) -> None:
        with contextlib.suppress(BillingError):
            self.of.refund(place, cents)

    @rule(place=PLACES, state=st.sampled_from(["open", "won", "lost"]))
    def charge_back(self, place: int, state: str) -> None:
        self.of.charge_back(place, state)

    @rule(place=PLACES, number=PLACES)
    def dispute(self, place: int, number: int) -> None:
        with contextlib.suppress(BillingError):
            self.of.dispute(place, number)

    @rule(
        place=PLACES,
        how=st.sampled_from([dispute_rules.UPHELD, dispute_rules.CREDITED, dispute_rules.WITHDRAW]),
        cents=CENTS,
    )
    def answer_dispute(self, place: int, how: str, cents: int) -> None:
        with contextlib.suppress(BillingError):
            self.of.answer_dispute(place, how, cents)

    @rule(percent=st.sampled_from([25, 50, 100]))
    def assist(self, percent: int) -> None:
        with contextlib.suppress(BillingError):
            self.of.assist(percent)

    @rule(months=st.sampled_from([2, 3, 6]))
    def plan(self, months: int) -> None:
        with contextlib.suppress(BillingError):
            self.of.plan(months)

    @rule(most=st.integers(5_00, 1_000_00), good=st.integers(0, 3), of_plan=st.booleans())
    def agree_autopay(self, most: int, good: int, of_plan: bool) -> None:
        with contextlib.suppress(BillingError):
            self.of.agree_autopay(most, good=good > 0, of_plan=of_plan)

    @rule(days=st.sampled_from([1, 12, 25]))
    def autopay_runs(self, days: int) -> None:
        """Nobody presses anything: what is taken is of what is asked, visit by visit, and never above what was agreed."""
        asked, before = self.of.asked(), self.of.open_cents()
        charges = self.of.run_autopay(days)
        after = self.of.open_cents()
        for encounter, cents in before.items():
            assert 0 <= cents - after.get(encounter, 0) <= asked.get(encounter, 0)
        assert all(one.cents <= self.of.agreed_cents() for one in charges)
        self.seen["charged"] += len(charges)

    @invariant()
    def nobody_is_asked_for_what_is_not_theirs(self) -> None:
        """No discount, denial (CO), visit the plan has not answered, nor disputed line is ever in what is asked."""
        asked = self.of.asked()
        most = {one.visit.encounter: one.most_cents for one in self.of.told}
        for encounter, cents in asked.items():
            assert cents <= most[encounter]
        bill = self.of.newest()
        if bill is not None:
            named = [visit.invoice.encounter for visit in bill.statement.visits]
            assert bill.asked_cents == sum(asked.get(encounter, 0) for encounter in named)
            self.seen["asked"] += bill.asked_cents > 0
            self.seen["held"] += bill.held_cents > 0
        assert self.of.planned_cents() <= sum(most.values())

    @invariant()
    def nobody_else_is_asked_for_a_confidential_visit(self) -> None:
        """What may be paid of a bill is of its own kind, and no visit is asked for twice."""
        payable = [bill for bill in self.of.bills() if bill.payable]
        visits = [visit.invoice.encounter for bill in payable for visit in bill.statement.visits]
        assert len(visits) == len(set(visits))
        for bill in payable:
            assert all(
                (visit.invoice.encounter in self.of.private) == bill.statement.confidential
                for visit in bill.statement.visits
            )

    @invariant()
    def a_bill_says_what_became_of_it_since(self) -> None:
        """The share of now less what was paid and is held is what is asked; nothing beyond the share counts as paid for it."""
        for bill in self.of.bills():
            if not bill.changed:
                assert bill.share_cents - bill.paid_cents - bill.held_cents == bill.asked_cents
                assert 0 <= bill.paid_cents <= bill.share_cents

    @invariant()
    def nobody_can_pay_more_than_is_asked(self) -> None:
        bill = self.of.newest()
        if bill is None:
            return
        above = CardPayment(self.of.patient, bill.id, bill.asked_cents + 1, self.of.key(), "Bill", "/", "/")
        with pytest.raises(BillingError):
            start_payments(self.clinic.practice, [above], processor=self.company, by=BILLER, now=NOW)

    def teardown(self) -> None:
        assert journal.check(self.clinic.practice) == []

    def _is_the_journal(self, told: Statement) -> None:
        """Share, paid and owed of each visit of a new statement, added up from the journal's own rows."""
        for visit in told.visits:
            claims = f"select id from claim where encounter_id = {visit.invoice.encounter}"
            share, paid = run(
                "select coalesce(sum(case when against in " + TENDER + " then 0 else cents end), 0),"
                " coalesce(sum(case when against in " + TENDER + " then -cents else 0 end), 0) from ("
                f"select credit as against, cents from journal_transfer where debit = ? and claim in ({claims}) union all"
                f" select debit, -cents from journal_transfer where credit = ? and claim in ({claims})) moves",
                (PATIENT_OWES, PATIENT_OWES),
            ).fetchone()
            assert (visit.invoice.share_cents, visit.paid_cents) == (share, paid)
            assert visit.owed_cents + visit.held_cents == share - paid
            lines = visit.invoice.lines
            assert sum(line.share_cents for line in lines) == visit.invoice.share_cents
            waits = run(
                f"select coalesce(sum(cents), 0) from balance where account = 'payer_owes' and claim in ({claims})"
            ).fetchone()[0]
            assert waits == 0, "a bill speaks of visits that every plan has answered"


def play(clinic: Clinic, folder: Path, examples: int, steps: int) -> dict[str, int]:
    """Histories of so many steps; gives how often something was billed, asked for and held."""
    company, outbox = TestProcessor(folder, "a secret"), FolderOutbox(folder / "mail")
    machine = type("Bills", (Bills,), {"clinic": clinic, "company": company, "outbox": outbox, "seen": {}})
    machine.seen.update(bills=0, asked=0, held=0, confidential=0, guarantor=0, charged=0)  # type: ignore[attr-defined]
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
        ),
    )
    return machine.seen  # type: ignore[attr-defined,no-any-return]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_no_bill_differs_from_the_journal_and_nobody_is_asked_too_much(clinic: Clinic, tmp_path: Path) -> None:
    """Fifteen histories of up to fifteen steps."""
    seen = play(clinic, tmp_path, 15, 15)
    assert min(seen["bills"], seen["asked"]) >= 10


@pytest.mark.slow
def test_in_hundreds_of_histories_no_bill_differs_from_the_journal(clinic: Clinic, tmp_path: Path) -> None:
    """Two hundred of up to forty steps, on both databases; bills of both kinds, amounts held and autopay were among them."""
    assert min(play(clinic, tmp_path, 200, 40).values()) > 0
