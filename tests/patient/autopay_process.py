"""A process that charges what is due and is killed before its n-th statement, or between the card company's answer and the books."""

import os
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from claims_service.gateways.cards.processor import CardEvent, Order
from claims_service.gateways.cards.test_processor import TestProcessor
from claims_service.store import connection
from claims_service.workflow.run_autopay import make_charges
from tests.clinic import BILLER

AT_THE_ANSWER = 0


class Deadly(TestProcessor):
    """It takes the money, and the program dies before it hears so."""

    def charge_saved(self, order: Order, *args: Any, **options: Any) -> CardEvent:
        super().charge_saved(order, *args, **options)
        os.kill(os.getpid(), 9)
        raise AssertionError("dead")


def charge_and_die(url: str, practice: int, folder: Path, number: int, now: datetime, today: date) -> None:
    """number: of the statement before which it dies, AT_THE_ANSWER: right after the money was taken."""
    found = connection.connect(url)
    ask: Callable[..., Any] = found.execute_sql
    done = 0

    def ask_or_die(*args: Any, **options: Any) -> Any:
        nonlocal done
        done += 1
        if done == number:
            os.kill(os.getpid(), 9)
        return ask(*args, **options)

    found.execute_sql = ask_or_die  # type: ignore[method-assign]
    company = (Deadly if number == AT_THE_ANSWER else TestProcessor)(folder, "a secret")
    with connection.opened():
        make_charges(practice, processor=company, by=BILLER, now=now, today=today)
