"""A page asks the database a handful of times, however many rows it shows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from claims_service.queries import (
    accounts,
    books,
    claim_answers,
    claim_list,
    claim_page,
    codes,
    control_totals,
    cover,
    deliveries,
    denial_report,
    denials,
    held_balances,
    remittance_pages,
    today,
    visits,
)
from claims_service.queries import credits as credit_balances
from claims_service.queries.claim_list import Wanted
from claims_service.store import connection
from tests import clinic as clinics
from tests.clinic import NOW, TODAY, Clinic
from tests.workflow.billed_clinic import billed
from tests.workflow.cycle import ready


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The SELECTs that are sent meanwhile."""
    sent: list[str] = []
    database = getattr(connection.database, "obj")  # noqa: B009 - the proxy says nothing of what it holds
    send = database.execute_sql

    def noted(sql: str, *args: Any, **more: Any) -> Any:
        if sql.lstrip().lower().startswith("select"):
            sent.append(sql)
        return send(sql, *args, **more)

    with monkeypatch.context() as patched:
        patched.setattr(database, "execute_sql", noted)
        yield sent


QUESTIONS: dict[str, tuple[int, Callable[[int], object]]] = {
    "queues": (7, lambda p: today.queues(p, now=NOW)),
    "files": (7, lambda p: deliveries.queue(p, now=NOW)),
    "rail": (1, today.rail_counts),
    "stages": (1, today.stages),
    "news": (3, lambda p: today.news(p, since=NOW - timedelta(days=1))),
    "numbers": (4, lambda p: today.numbers(p, today=TODAY, now=NOW)),
    "view counts": (2, lambda p: claim_list.view_counts(p, now=NOW)),
    "claims": (4, lambda p: claim_list.page_of(p, Wanted("all"), now=NOW)),
    "claim": (12, lambda p: claim_page.claim_page(p, 1)),
    "visits": (1, visits.waiting),
    "remittances": (1, remittance_pages.listed),
    "remittance": (7, lambda p: remittance_pages.remittance_page(p, 1)),
    "held": (1, remittance_pages.held),
    "accounts": (1, accounts.newest),
    "account": (9, lambda p: accounts.account(p, 1)),
    "statements": (1, accounts.issued_bills),
    "cover": (3, lambda p: cover.of_patient(p, 1, ())),
    "approvals": (1, lambda p: cover.approvals(p, 1)),
    "claim's answer": (1, lambda p: claim_answers.latest(p, 1)),
    "codes": (5, lambda p: codes.find(p, "procedure", "99213")),
    "books": (2, books.standing),
    "denials": (4, denials.queue),
    "appeals": (3, denials.appeal_list),
    "refused": (5, lambda p: denial_report.report(p, today=TODAY)),
    "insurers hold": (5, held_balances.totals),
    "one insurer holds": (9, lambda p: held_balances.held(p, 1)),
    "in credit": (5, credit_balances.in_credit),
    "totals": (6, control_totals.totals),
}


def test_a_question_takes_as_many_selects_for_forty_claims_as_for_four(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    billed(clinic, 3)
    ready(clinic, 1, "93000")
    few = {name: asked(clinic, monkeypatch, name) for name in QUESTIONS}
    ready(clinic, 36, "36415")
    many = {name: asked(clinic, monkeypatch, name) for name in QUESTIONS}

    assert {name: number for name, number in many.items() if number > QUESTIONS[name][0]} == {}
    # A list that was empty of some kind may ask once more when it is not.
    assert {name: number for name, number in many.items() if number > few[name] + 1} == {}


def asked(clinic: Clinic, monkeypatch: pytest.MonkeyPatch, name: str) -> int:
    with counted(monkeypatch) as selects:
        QUESTIONS[name][1](clinic.practice)
    return len(selects)


def test_every_list_shows_its_own_practice_alone(clinic: Clinic) -> None:
    """A second clinic with the same patients and visits sees none of the first one's."""
    billed(clinic, 2)
    other = clinics.found("Other Clinic", "1990000030", suffix="X")

    assert claim_list.page_of(other.practice, Wanted("all"), now=NOW).claims == ()
    assert today.queues(other.practice, now=NOW) == {}
    assert sum(stage.cents for stage in today.stages(other.practice)) == 0
    assert remittance_pages.listed(other.practice) == []
    assert accounts.issued_bills(other.practice) == []
    assert visits.waiting(other.practice) == []
    assert {patient.id for patient in accounts.newest(other.practice)} == {other.alma, other.bruno}
    assert books.standing(other.practice).entries == 0
