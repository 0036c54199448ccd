"""The discount for paying a bill early: what the practice offers, what a statement promises, and whether it stands on a day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from claims_service.domain.ledger.journal import Entry
from claims_service.domain.money import spoken
from claims_service.domain.patient.statement import DAYS_TO_PAY, PromptPay, StatementVisit
from claims_service.domain.patient.wording import long_date
from claims_service.words import say

PROMPT_PAY = "prompt_pay"  # kind of its journal entries, and the reason of their write-off
MOST_PERCENT = 50


@dataclass(frozen=True, slots=True)
class Policy:
    """percent 0: nothing is offered. days: after the statement.

    insured: of what a plan left to the patient as well. To waive that as a habit can break the plan's contract, and for federal
    plans the law (42 USC 1320a-7a(i)(6)(A), 42 USC 1320a-7b(b)), so it is off unless somebody says so.
    """

    percent: int = 0
    days: int = 10
    insured: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.percent <= MOST_PERCENT:
            raise ValueError("from 0 to 50 percent")
        if not 1 <= self.days <= DAYS_TO_PAY:
            raise ValueError("from 1 to 30 days")


def offer(policy: Policy, visits: Sequence[StatementVisit], issued_on: date) -> PromptPay | None:
    """What a statement promises, rounded down to the cent; nothing on a bill of which a part is disputed."""
    if any(visit.held_cents for visit in visits):
        return None
    fit = [visit for visit in visits if policy.insured or not visit.invoice.plans]
    cents = sum(max(visit.owed_cents, 0) for visit in fit) * policy.percent // 100
    if cents <= 0:
        return None
    encounters = tuple(visit.invoice.encounter for visit in fit)
    return PromptPay(cents, issued_on + timedelta(days=policy.days), encounters)


def stands(promised: PromptPay | None, asked: Mapping[int, int], paid_on: date) -> int:
    """The cents that are taken off when everything asked for is paid on a day; never more than is open on what it was promised for.

    asked: cents by encounter.
    """
    if promised is None or paid_on > promised.until:
        return 0
    return min(promised.cents, sum(max(asked.get(encounter, 0), 0) for encounter in promised.encounters))


def told(cents: int, promised: PromptPay, language: str) -> str:
    """What is to be paid by when, and what that saves. cents: asked for without the discount."""
    less, off, day = spoken(cents - promised.cents), spoken(promised.cents), long_date(promised.until, language)
    return say(language, "Pay %(less)s by %(day)s, and we take %(off)s off.", less=less, day=day, off=off)


def entries_of(booked: Iterable[Entry]) -> list[Entry]:
    """The discount among the entries of a payment, in order: each second one undoes the one before."""
    return [entry for entry in booked if entry.kind == PROMPT_PAY]


def taken_cents(booked: Iterable[Entry]) -> int:
    """What stands taken off by the entries of a payment."""
    taken = entries_of(booked)
    return taken[-1].total_cents if len(taken) % 2 else 0
