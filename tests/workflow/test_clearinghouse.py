"""What a clearinghouse sends touches the claims of its own insurers, and nobody else's."""

from pathlib import Path

import pytest

from claims_service.domain.claim.acknowledgement import GroupAnswer, InterchangeAnswer, TransactionAnswer
from claims_service.domain.receiver import FOLDER, Receiver
from claims_service.formats.x12.acknowledgements import write_999, write_ta1
from claims_service.formats.x12.interchange import Interchange
from claims_service.gateways.folder import Folder
from claims_service.interfaces.jobs.exchange import JOB, reading
from claims_service.store import journal, receivers, tables
from claims_service.store.connection import run
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.fetch_answers import fetch_answers
from claims_service.workflow.record_encounter import record_encounters
from claims_service.workflow.submit_claims import submit_claims
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.workflow.billed_clinic import remittance


@pytest.fixture
def hub(clinic: Clinic, tmp_path: Path) -> Path:
    """Quillhaven and Old Mill are reached through HUB01, Northfold is not. Alma has Quillhaven, Bruno Northfold; both are billed.

    The folder that the hub lays its answers into.
    """
    tables.Payer.create(practice=clinic.practice, identifier="OM003", name="Old Mill Trust", receiver_id="HUB01")
    run("update payer set receiver_id = 'HUB01' where id = ?", (clinic.quillhaven,))
    run("update coverage set payer_id = ? where patient_id = ?", (clinic.northfold, clinic.bruno))
    for name in ("in", "out"):
        (tmp_path / name).mkdir()
    receiver = Receiver("HUB01", "Example Hub", FOLDER, outbound=f"{tmp_path}/in", inbound=f"{tmp_path}/out")
    receivers.put(clinic.practice, receiver, at=NOW)
    visits = [clinic.visit(clinic.alma, reference="A1"), clinic.visit(clinic.bruno, reference="B1")]
    recorded = record_encounters(clinic.practice, visits, by=BILLER, now=NOW).recorded
    build_claims(clinic.practice, recorded, by=BILLER, now=NOW, today=TODAY)
    submit_claims(clinic.practice, by=BILLER, now=NOW)
    return tmp_path / "out"


def claim_of(patient: int) -> int:
    return int(run("select id from claim where patient_id = ? and sequence = 'P'", (patient,)).fetchone()[0])


def control_of(claim: int) -> str:
    sql = "select f.group_control from exchange_file f join file_claim c on c.file_id = f.id where c.claim_id = ?"
    return str(run(sql, (claim,)).fetchone()[0])


def state_of(claim: int) -> str:
    return str(run("select state from claim where id = ?", (claim,)).fetchone()[0])


def sends(clinic: Clinic, hub: Path, name: str, content: bytes) -> None:
    (hub / name).write_bytes(content)
    take = reading(clinic.practice, NOW, TODAY, by=JOB)
    fetch_answers(clinic.practice, open_place=Folder, take=take, by=JOB, now=NOW)


def refusal(control: str, number: int) -> bytes:
    answer = GroupAnswer(control, "HC", "005010X222A1", "R", (TransactionAnswer("0001", "R"),), 1, 1, 0)
    return write_999(Interchange("HUB01", "LAKESIDE", number, number, NOW), [answer])


def test_a_hubs_refusal_sends_back_its_own_insurers_claims_alone(clinic: Clinic, hub: Path) -> None:
    """It refuses Northfold's file, which it never had, by 999 and TA1: nothing happens. It refuses its own: Alma's claim comes back."""
    alma, bruno = claim_of(clinic.alma), claim_of(clinic.bruno)

    sends(clinic, hub, "1.999", refusal(control_of(bruno), 1))
    no = InterchangeAnswer(f"{int(control_of(bruno)):09}", TODAY, "1700", "R", "025")
    sends(clinic, hub, "2.ta1", write_ta1(Interchange("HUB01", "LAKESIDE", 2, 2, NOW), [no]))
    assert (state_of(alma), state_of(bruno)) == ("sent", "sent")

    sends(clinic, hub, "3.999", refusal(control_of(alma), 3))
    assert (state_of(alma), state_of(bruno)) == ("sent_back", "sent")


def test_a_hubs_payment_is_placed_on_its_own_insurers_claims_alone(clinic: Clinic, hub: Path) -> None:
    """An 835 in Northfold's name over Bruno's $150.00 comes from the hub: what Northfold owes stays; Quillhaven's is posted."""
    alma, bruno = claim_of(clinic.alma), claim_of(clinic.bruno)
    theirs = remittance(clinic, [bruno]).replace(b"QUILLHAVEN HEALTH", b"NORTHFOLD MUTUAL").replace(b"QH001", b"NF002")
    theirs = theirs.replace(b"Quillhaven Health", b"Northfold Mutual").replace(b"EFT0001", b"EFT0002")

    sends(clinic, hub, "northfold.835", theirs)
    assert state_of(bruno) == "sent"
    assert journal.balance(clinic.practice, "payer_owes", claim=bruno) == 150_00

    sends(clinic, hub, "quillhaven.835", remittance(clinic, [alma]))
    assert (state_of(alma), state_of(bruno)) == ("decided", "sent")
