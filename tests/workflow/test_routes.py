"""Which way a claim file goes: through a clearinghouse with others, or to the mailbox; never both."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from claims_service.domain.errors import Conflict, NotFound
from claims_service.domain.receiver import MAILBOX, Receiver
from claims_service.queries import mailbox
from claims_service.store import receivers
from claims_service.store.connection import run
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.hand_over_files import hand_over_files
from claims_service.workflow.record_encounter import record_encounters
from claims_service.workflow.set_receiver import set_receiver
from claims_service.workflow.submit_claims import submit_claims
from tests import clinic as clinics
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.workflow.courier import LATER, deliver, folder, lying_in, waiting, watched_folder


@pytest.fixture
def watched(tmp_path: Path) -> Receiver:
    return watched_folder(tmp_path)


def test_two_insurers_behind_one_clearinghouse_share_a_file(clinic: Clinic, watched: Receiver) -> None:
    """Quillhaven and Northfold are reached through HUB01: one file, one control number, both insurers' claims."""
    through_the_hub(clinic, watched)

    (sent,) = submit_claims(clinic.practice, by=BILLER, now=NOW).files
    deliver(clinic, folder)

    (text,) = (found.decode() for found in lying_in(Path(watched.outbound)).values())
    assert sent.payer is None
    assert len(sent.claims) == 2
    assert "*ZZ*HUB01          *" in text
    assert "NM1*40*2*EXAMPLE HUB*****46*HUB01~" in text.upper()
    assert {"QH001", "NF002"} <= set(re.findall(r"~NM1\*PR\*2\*[^~]*\*PI\*(\w+)~", text))
    assert text.count("~ISA*") + text.startswith("ISA*") == 1


def through_the_hub(clinic: Clinic, watched: Receiver) -> Receiver:
    """Both insurers are reached through a clearinghouse; a claim of each is ready."""
    run("update payer set receiver_id = 'HUB01' where practice_id = ?", (clinic.practice,))
    hub = replace(watched, identifier="HUB01", name="Example Hub")
    receivers.put(clinic.practice, hub, at=NOW)
    run("update coverage set payer_id = ? where patient_id = ?", (clinic.northfold, clinic.bruno))
    visits = [clinic.visit(clinic.alma, reference="A1"), clinic.visit(clinic.bruno, reference="B1")]
    recorded = record_encounters(clinic.practice, visits, by=BILLER, now=NOW).recorded
    build_claims(clinic.practice, recorded, by=BILLER, now=NOW, today=TODAY)
    return hub


def test_a_file_that_cannot_be_brought_may_lie_in_the_mailbox_instead(clinic: Clinic, watched: Receiver) -> None:
    """The folder is gone for good: the clinic sets the mailbox, Quillhaven fetches the file, and nothing is brought later on."""
    sent = waiting(clinic, watched)
    Path(watched.outbound).rmdir()
    deliver(clinic, folder)

    set_receiver(clinic.practice, replace(watched, route=MAILBOX), by=BILLER, now=NOW)
    (shown,) = mailbox.claim_files(clinic.practice, clinic.quillhaven)
    hand_over_files(clinic.practice, clinic.quillhaven, [sent.file], by=BILLER, now=NOW)
    Path(watched.outbound).mkdir()
    set_receiver(clinic.practice, watched, by=BILLER, now=NOW)

    assert (shown.id, shown.stage) == (sent.file, "new")
    assert deliver(clinic, folder, LATER) == ()
    assert lying_in(Path(watched.outbound)) == {}


def test_a_file_of_several_insurers_is_in_no_mailbox(clinic: Clinic, watched: Receiver) -> None:
    """Neither insurer may see the other's claims; the clearinghouse keeps its route until it has the file."""
    hub = through_the_hub(clinic, watched)
    submit_claims(clinic.practice, by=BILLER, now=NOW)

    with pytest.raises(Conflict, match="several insurers"):
        set_receiver(clinic.practice, replace(hub, route=MAILBOX), by=BILLER, now=NOW)

    assert mailbox.claim_files(clinic.practice, clinic.quillhaven) == []
    assert [attempt.problem for attempt in deliver(clinic, folder)] == [""]
    set_receiver(clinic.practice, replace(hub, route=MAILBOX), by=BILLER, now=NOW)


def test_a_file_that_is_delivered_is_not_in_the_mailbox_too(clinic: Clinic, watched: Receiver) -> None:
    """An insurer that gets its files by SFTP and has a page as well must not take the same claims twice."""
    sent = waiting(clinic, watched)

    assert mailbox.claim_files(clinic.practice, clinic.quillhaven) == []
    with pytest.raises(NotFound):
        hand_over_files(clinic.practice, clinic.quillhaven, [sent.file], by=BILLER, now=NOW)


def test_one_folder_of_answers_is_read_for_one_receiver_alone(clinic: Clinic, watched: Receiver) -> None:
    """Hilltop Clinic names the folder in which Lakeside's answers lie: it would take them away unread."""
    hilltop = clinics.found("Hilltop Clinic", "1990000048", suffix="B").practice
    set_receiver(clinic.practice, watched, by=BILLER, now=NOW)

    for practice, again in ((hilltop, watched), (clinic.practice, replace(watched, identifier="NF002"))):
        with pytest.raises(Conflict, match="are read for Quillhaven Health already"):
            set_receiver(practice, again, by=BILLER, now=NOW)

    set_receiver(clinic.practice, watched, by=BILLER, now=NOW)
    set_receiver(hilltop, replace(watched, inbound=""), by=BILLER, now=NOW)
    assert [len(receivers.every(practice)) for practice in (clinic.practice, hilltop)] == [1, 1]
