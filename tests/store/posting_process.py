"""A process that posts until it is killed, and tells of each commit after it is done."""

import multiprocessing
import time
from datetime import date
from multiprocessing.connection import Connection

from claims_service.domain.ledger import accounts as a
from claims_service.domain.ledger.journal import Entry, Transfer
from claims_service.store import connection, journal
from tests.clinic import NOW

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(
    ["tests.store.posting_process", "tests.workflow.posting_file_process", "tests.workflow.billing_process"]
)


def entry(key: str, claim: int) -> Entry:
    """$150.00: $87.00 paid, $38.00 discount, $25.00 copay."""
    parts = ((a.INSURER_CLEARING, 87_00), (a.CONTRACTUAL, 38_00), (a.PATIENT_OWES, 25_00))
    transfers = tuple(Transfer(account, a.PAYER_OWES, cents, claim, 1, 1, 1) for account, cents in parts)
    return Entry(date(2026, 11, 20), "remittance", key, "remittance", 1, transfers)


def post_until_killed(url: str, practice: int, name: str, told: Connection) -> None:
    """Sends the key of each entry once its commit has returned."""
    connection.connect(url)
    number = 0
    while True:
        number += 1
        key = f"{name}:{number}"
        journal.post(practice, [entry(key, number % 7 + 1)], by="test", at=NOW)
        told.send_bytes(key.encode())


def post_many(url: str, practice: int, name: str, count: int, told: Connection) -> None:
    """Posts to one and the same claim; sends for each post what went wrong ("" when nothing did) and the seconds it took."""
    connection.connect(url)
    for number in range(count):
        begun = time.perf_counter()
        try:
            journal.post(practice, [entry(f"{name}:{number}", 1)], by="test", at=NOW)
        except Exception as problem:  # noqa: BLE001 - the test counts every kind
            told.send((repr(problem), time.perf_counter() - begun))
        else:
            told.send(("", time.perf_counter() - begun))
    told.close()


def received(told: Connection) -> list[str]:
    """All that was told before the other end fell silent."""
    found = []
    try:
        while True:
            found.append(told.recv_bytes().decode())
    except EOFError:
        return found
