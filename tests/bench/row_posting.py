"""835_to_posted: a remittance file checked, matched, balanced, posted to the journal and audited, in one durable transaction.

Of 5 MB; of 50 MB when asked for by name, as its clinic alone takes ten minutes to make.
"""

import hashlib
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from claims_service.domain.claim.claim import Adjustment
from claims_service.domain.party import Address
from claims_service.domain.remittance.advice import Advice, AdviceEnd, ClaimPayment, LinePayment
from claims_service.formats.x12.interchange import Interchange
from claims_service.formats.x12.write_835 import PayerDetails, write_835
from claims_service.store import audit, connection, journal
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.incoming import IncomingFile
from claims_service.workflow.post_remittance import post_remittance
from claims_service.workflow.submit_claims import submit_claims
from tests.bench import floors
from tests.bench.__main__ import peak_mb
from tests.bench.clinic_of_size import ROOT, copied, with_visits
from tests.bench.registry import Measurement, row
from tests.clinic import BILLER, NOW, TODAY, VISIT_DAY, Clinic

FEW, CLAIMS, MANY = 1_698, 17_001, 170_010  # 0.5, 5.3 and 53 MB
MOST_GROWTH = 1.1  # processor time a claim, of a file ten times as long
MOST_MB = 32  # more memory than the first, of half a megabyte, took
SERVICES = (("99213", 120_00, 80_00), ("85025", 30_00, 20_00), ("36415", 15_00, 10_00))
PAID_ON = date(2026, 11, 18)


@row("835_to_posted", "claims/s", floor=floors.reference_posting)
def of_5_mb(folder: Path) -> Measurement:
    return _measured(folder, FEW, CLAIMS)


@row("835_to_posted_50mb", "claims/s", floor=floors.reference_posting, on_request=True)
def of_50_mb(folder: Path) -> Measurement:
    return _measured(folder, CLAIMS, MANY)


@dataclass(frozen=True, slots=True)
class Posted:
    """cost: processor seconds a claim; seconds: by the clock; peak: most MB the process ever held; digest: of the books."""

    cost: float
    seconds: float
    peak: float
    digest: str


def _measured(folder: Path, few: int, many: int) -> Measurement:
    first = _posted(folder, FEW)  # what is read once and kept, such as the tables of codes, is no cost of a claim
    long, short = _best(folder, many), _best(folder, few)
    growth, grown = long.cost / short.cost, long.peak - first.peak
    assert growth < MOST_GROWTH, f"a claim of {many} costs {growth:.2f} times one of {few}"
    assert grown < MOST_MB, f"{many} claims took {grown:.0f} MB more than {FEW}"
    return Measurement(many / long.seconds, long.digest, many)


def _best(folder: Path, claims: int) -> Posted:
    """Of two postings the one that cost less: what else runs on the machine is no fault of ours. The peak is the first one's, as the
    check of the books behind it takes memory, too."""
    one, other = _posted(folder, claims), _posted(folder, claims)
    return replace(min(one, other, key=lambda done: done.cost), peak=one.peak)


def _posted(folder: Path, claims: int) -> Posted:
    clinic, file = sent(folder, claims)
    with connection.opened(), file.open("rb") as content:
        start, worked = time.perf_counter(), time.process_time()
        (outcome,) = post_remittance(
            clinic.practice, [IncomingFile("bench.835", content)], by=BILLER, now=NOW, today=TODAY
        )
        worked, seconds, peak = time.process_time() - worked, time.perf_counter() - start, peak_mb()
        books = journal.trial_balance(clinic.practice)
        assert not journal.check()
        assert not audit.verify()
    assert outcome.counts == {"posted": claims}
    return Posted(worked / claims, seconds, peak, hashlib.sha256(repr(sorted(books.items())).encode()).hexdigest())


def sent(folder: Path, claims: int) -> tuple[Clinic, Path]:
    """Connects to a fresh copy of a clinic that sent so many claims, and gives the file that pays them."""
    made = folder / f"sent-{claims}.db"
    if not made.exists():  # in a process of its own: the memory it takes is not the row's
        making = (
            f"from pathlib import Path; from tests.bench.row_posting import make; make(Path({str(folder)!r}), {claims})"
        )
        subprocess.run([sys.executable, "-c", making], check=True, cwd=ROOT)
    return copied(folder, made), _file(folder, claims)


def make(folder: Path, claims: int) -> None:
    """Write the clinic and the file that pays its claims."""
    clinic = with_visits(folder, claims)
    with connection.opened():
        build_claims(clinic.practice, by=BILLER, now=NOW, today=TODAY)
        submit_claims(clinic.practice, by=BILLER, now=NOW)
        numbers = connection.run("select control_number from claim order by id").fetchall()
        _file(folder, claims).write_bytes(remittance(number for (number,) in numbers))
        connection.run("pragma wal_checkpoint(truncate)")
    shutil.copyfile(folder / "run.db", folder / f"sent-{claims}.db")


def _file(folder: Path, claims: int) -> Path:
    return folder / f"{claims}.835"


def remittance(control_numbers: Iterable[str], number: int = 1) -> bytes:
    """An 835 that pays each claim of three services, with a discount and a copay on each line. number: of the file."""
    payments = [_payment(position, number) for position, number in enumerate(control_numbers, 1)]
    paid = sum(payment.paid_cents for payment in payments)
    head = Advice(
        "", "", "0001", f"EFT{number}", "1512345678", paid, "ACH", PAID_ON, "QUILLHAVEN HEALTH", "QH001", "LAKESIDE CLINIC", "1990000014",
        "990000001", PAID_ON,
    )  # fmt: skip
    payer = PayerDetails(Address("7 Payer Boulevard", "", "Salem", "OR", "97301"), "EDI", "5035550199")
    return write_835(
        Interchange("QH001", "LAKESIDE", number, number, NOW), [(head, payments, AdviceEnd(len(payments), ()))], payer
    )


def _payment(position: int, number: str) -> ClaimPayment:
    lines = tuple(
        LinePayment(
            at, code, charge, paid, f"{number}L{at}", served_on=VISIT_DAY,
            adjustments=(Adjustment("CO", "45", charge - paid - 10), Adjustment("PR", "3", 10)),
        )
        for at, (code, charge, paid) in enumerate(SERVICES, 1)
    )  # fmt: skip
    charge, paid = sum(line.charge_cents for line in lines), sum(line.paid_cents for line in lines)
    return ClaimPayment(
        position, number, "1", charge, paid, f"ICN{number}", 30, filing="12", patient_last="TEST", lines=lines
    )
