"""Which way a claim file goes: through a clearinghouse with others, or to the mailbox; never both."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from claims_service.domain.errors import NotFound
from claims_service.domain.receiver import Receiver
from claims_service.queries import mailbox
from claims_service.store import receivers
from claims_service.store.connection import run
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.hand_over_files import hand_over_files
from claims_service.workflow.record_encounter import record_encounters
from claims_service.workflow.submit_claims import submit_claims
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.workflow.courier import deliver, folder, lying_in, waiting, watched_folder
from tests.workflow.cycle import ready


@pytest.fixture
def watched(tmp_path: Path) -> Receiver:
    return watched_folder(tmp_path)


def test_two_insurers_behind_one_clearinghouse_share_a_file(clinic: Clinic, watched: Receiver) -> None:
    """Quillhaven and Northfold are reached through HUB01: one file, one control number, both insurers' claims."""
    run("update payer set receiver_id = 'HUB01' where practice_id = ?", (clinic.practice,))
    receivers.put(clinic.practice, replace(watched, identifier="HUB01", name="Example Hub"), at=NOW)
    run("update coverage set payer_id = ? where patient_id = ?", (clinic.northfold, clinic.bruno))
    ready(clinic, 1)
    bruno(clinic)

    (sent,) = submit_claims(clinic.practice, by=BILLER, now=NOW).files
    deliver(clinic, folder)

    (text,) = (found.decode() for found in lying_in(Path(watched.outbound)).values())
    assert sent.payer is None
    assert len(sent.claims) == 2
    assert "*ZZ*HUB01          *" in text
    assert "NM1*40*2*EXAMPLE HUB*****46*HUB01~" in text.upper()
    assert {"QH001", "NF002"} <= set(re.findall(r"~NM1\*PR\*2\*[^~]*\*PI\*(\w+)~", text))
    assert text.count("~ISA*") + text.startswith("ISA*") == 1


def bruno(clinic: Clinic) -> None:
    recorded = record_encounters(
        clinic.practice, [clinic.visit(clinic.bruno, reference="B1")], by=BILLER, now=NOW
    ).recorded
    build_claims(clinic.practice, recorded, by=BILLER, now=NOW, today=TODAY)


def test_a_file_that_is_delivered_is_not_in_the_mailbox_too(clinic: Clinic, watched: Receiver) -> None:
    """An insurer that gets its files by SFTP and has a page as well must not take the same claims twice."""
    sent = waiting(clinic, watched)

    assert mailbox.claim_files(clinic.practice, clinic.quillhaven) == []
    with pytest.raises(NotFound):
        hand_over_files(clinic.practice, clinic.quillhaven, [sent.file], by=BILLER, now=NOW)
