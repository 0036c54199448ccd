"""The program is killed while it charges, at any statement: the next round finishes it, and nobody is charged twice."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from claims_service.domain.ledger.accounts import CARD_CLEARING, PATIENT_OWES
from claims_service.gateways.cards.test_processor import TestProcessor
from claims_service.gateways.messages.outbox import FolderOutbox
from claims_service.store import autopay, connection, journal
from claims_service.workflow.bill_patient import bill_patients
from claims_service.workflow.pause_bills import choose_contact
from claims_service.workflow.run_autopay import announce_charges, make_charges
from claims_service.workflow.save_method import Agreement, SaveWish, agree_autopay, keep_saved, start_saving
from claims_service.workflow.tell_of_autopay import tell_of_autopay
from tests import clinic as clinics
from tests.clinic import BILLER, NOW, TODAY
from tests.patient import visits
from tests.patient.autopay_process import AT_THE_ANSWER, charge_and_die
from tests.patient.visits import FIVE
from tests.store.posting_process import processes
from tests.store_fixtures import Databases


def charges_at(folder: Path) -> list[str]:
    """What the company took, by the reference of each charge."""
    told = [json.loads(line) for line in (folder / "test-processor.jsonl").read_text().splitlines()]
    return [one["reference"] for one in told if one["what"] == "paid"]


def kill_and_finish(url: str, folder: Path, numbers: list[int]) -> int:
    """Bill $30.00, kill the charging of it, let the next round finish it; each time. Gives how often it was really killed."""
    connection.connect(url)
    clinic, killed = clinics.found(), 0
    company, outbox = TestProcessor(folder, "a secret"), FolderOutbox(folder / "mail")
    with connection.opened():
        choose_contact(clinic.practice, clinic.alma, by_email=True, by_text=False, via="desk", by=BILLER, now=NOW)
        page = start_saving(
            clinic.practice, SaveWish(clinic.alma, "save", "w", "/", "/"), processor=company, by=BILLER, now=NOW
        )
        message = company.save(page.rpartition("/")[2], good=True, now=NOW)
        event = company.read_event(message.body, message.signature, now=NOW)
        method = keep_saved(clinic.practice, event, by=BILLER, now=NOW)
        wish = Agreement(clinic.alma, method, None, 100_00, "agree", "Alma Testpatient", "", "en")
        agree_autopay(clinic.practice, wish, by=BILLER, now=NOW, today=TODAY)
    for trial, number in enumerate(numbers):
        now, today = NOW + timedelta(days=40 * trial), TODAY + timedelta(days=40 * trial)
        with connection.opened():
            visits.decided(clinic, FIVE[:1])
            bill_patients(clinic.practice, None, by=BILLER, now=now, today=today)
            announce_charges(clinic.practice, by=BILLER, now=now, today=today)
            tell_of_autopay(clinic.practice, outbox=outbox, site_url="", by=BILLER, now=now)
        now, today = now + timedelta(days=21), today + timedelta(days=21)
        worker = processes.Process(
            target=charge_and_die, args=(url, clinic.practice, folder, number, now, today), daemon=True
        )
        worker.start()
        worker.join(60)
        killed += worker.exitcode == -9
        with connection.opened():
            for _ in range(2):
                make_charges(clinic.practice, processor=company, by=BILLER, now=now, today=today)
            assert autopay.charges_of(clinic.practice, clinic.alma)[0].state == "paid"
            assert journal.balance(clinic.practice, PATIENT_OWES, patient=clinic.alma) == 0
            assert journal.balance(clinic.practice, CARD_CLEARING) == 30_00 * (trial + 1)
            assert len(charges_at(folder)) == len(set(charges_at(folder))) == trial + 1
            assert journal.check() == []
    return killed


@pytest.mark.thorough
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_killed_at_any_statement_each_bill_is_charged_once(databases: Databases, tmp_path: Path, engine: str) -> None:
    """Eight times: right after the company took the money, and before every seventh statement of the round."""
    numbers = [AT_THE_ANSWER, *range(4, 53, 7)]
    url = databases.migrated("sqlite" if engine == "sqlite" else "postgresql")
    assert kill_and_finish(url, tmp_path, numbers) >= 6
