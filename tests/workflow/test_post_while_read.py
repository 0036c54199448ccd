"""A file posted while it is read leaves what one leaves that was read to its end before: in the books, the queues and the trail."""

import io
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import pytest

from claims_service.store import audit, connection, journal
from claims_service.store.connection import run, write
from claims_service.workflow.incoming import FileOutcome, IncomingFile
from claims_service.workflow.post_remittance import post_remittance
from claims_service.workflow.remittance_posting import Poster
from tests import clinic as clinics
from tests.clinic import BILLER, NOW, TODAY
from tests.factories835 import file_835, payment, plb, remittance, reversal
from tests.store_fixtures import Databases, Engine
from tests.workflow.cycle import entries, post, sent

KEPT = (
    "select direction, kind, sha256, interchange_control, group_control, size, claim_count, total_cents, state from exchange_file",
    "select key, signature, trace, claim_count, state, reasons from remittance",
    "select position, control_number, status, paid_cents, state, body from claim_payment",
    "select kind, message, place, mend, cents from held_item",
    "select key, total_cents, memo from journal_entry",
    "select debit, credit, cents, claim, line, reason from journal_transfer",
    "select account, claim, cents from balance order by account, claim, patient, payer",
    "select control_number, state, payer_claim_number from claim",
    "select kind, text from claim_event",
    "select seq, action, patient from audit",
)
Make = Callable[[list[str]], list[bytes]]


def paid(numbers: list[str], **changes: Any) -> bytes:
    return file_835(remittance([payment(number) for number in numbers], **changes))


def off(numbers: list[str]) -> bytes:
    """The last claim says a cent more than its lines."""
    *whole, last = [payment(number) for number in numbers]
    return file_835(remittance([*whole, replace(last, paid_cents=last.paid_cents + 1)]))


FILES: dict[str, Make] = {
    "whole": lambda n: [paid(n)],
    "money outside of claims": lambda n: [file_835(remittance([payment(one) for one in n], [plb("FB", 5_00)]))],
    "twice, wrapped anew": lambda n: [paid(n), file_835(remittance([payment(one) for one in n]), control=9)],
    "the same number, other claims": lambda n: [paid(n[:1]), paid(n[1:])],
    "a claim that is off": lambda n: [off(n)],
    "a total that is off": lambda n: [paid(n, paid_cents=1)],
    "a second payment that is off": lambda n: [
        file_835(
            remittance([payment(n[0])]), remittance([payment(n[1])], trace="EFT2", transaction_control="0002", paid_cents=1)
        )
    ],
    "off, then corrected": lambda n: [paid(n, paid_cents=1), paid(n)],
    "to another provider": lambda n: [paid(n, payee_npi="1234567893")],
    "no claim of ours": lambda n: [paid([*n, "NOBODYS"])],
    "a reversal before its decision": lambda n: [file_835(remittance([reversal(payment(n[0])), payment(n[0]), payment(n[1])]))],
    "counted wrong": lambda n: [paid(n).replace(b"~SE*", b"~SE*9")],
    "cut before its end": lambda n: [paid(n)[:-30]],
    "cut in the last claim": lambda n: [paid(n)[: paid(n).rindex(b"~SVC*")]],
    "an amount that is none": lambda n: [b"~CLP*".join([*paid(n).split(b"~CLP*")[:-1], b"X*1*A*B**12*1~SE*1*0001~GE*1*1~"])],
    "a NUL in a name": lambda n: [paid(n).replace(b"*ALMA", b"*AL\x00MA")],
    "no remittance in it": lambda n: [paid(n).replace(b"~ST*835*", b"~ST*999*")],
}  # fmt: skip


def taken(url: str, make: Make, *, at_once: bool) -> tuple[list[FileOutcome], list[Any]]:
    """What is said of each file, and everything that is kept of them."""
    connection.connect(url)
    clinic = clinics.found()
    with connection.opened():
        files = make([head.control_number for head in sent(clinic, 3)])
        said: list[FileOutcome] = []
        for content in files:
            came = [IncomingFile("answer.835", io.BytesIO(content))]
            with nullcontext() if at_once else write():
                said += post_remittance(clinic.practice, came, by=BILLER, now=NOW, today=TODAY)
        assert journal.check() == []
        assert audit.verify() == []
        kept = [run(sql if "order by" in sql else f"{sql} order by id").fetchall() for sql in KEPT]
    connection.database.close()
    return said, kept


def plain(said: FileOutcome) -> tuple[object, ...]:
    """Without the number of the file: numbers of what was undone are not given again by PostgreSQL."""
    return said.state, said.message.partition(", in file ")[0], said.problems, said.counts, said.cents


@pytest.mark.parametrize("name", FILES)
def test_it_is_the_same_whether_a_file_is_posted_while_it_is_read_or_after(
    engine: Engine, databases: Databases, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Claim by claim, so that the first ones are in the books before the last one shows what is wrong."""
    monkeypatch.setattr(Poster, "BATCH", 1)
    urls = [databases.migrated(engine) for _ in range(2)]

    said, kept = taken(urls[0], FILES[name], at_once=True)
    said_after, kept_after = taken(urls[1], FILES[name], at_once=False)

    assert [plain(one) for one in said] == [plain(one) for one in said_after]
    assert kept == kept_after
    for url in urls:
        databases.remove(url)


def test_a_good_file_is_read_once_and_a_bad_one_leaves_nothing_of_the_first_try(
    clinic: clinics.Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """$87.00 each for two claims: posted without a reading before. Cut short, it was posted in part, and all of that is undone."""
    monkeypatch.setattr(Poster, "BATCH", 1)
    numbers = [head.control_number for head in sent(clinic, 2)]
    tries: list[bool] = []
    whole = Poster.take

    def seen(poster: Poster, payments: Any) -> None:
        whole(poster, payments)
        tries.append(entries() > 0)

    monkeypatch.setattr(Poster, "take", seen)
    cut = post(clinic, paid(numbers)[:-30])
    assert (cut.state, entries(), tries) == ("refused", 0, [True, True, True])

    monkeypatch.setattr("claims_service.workflow.taking_remittance.read", lambda _: pytest.fail("it was read twice"))
    assert post(clinic, paid(numbers)).state == "read"
    assert entries() == 2
