"""Every file an insurer sends is answered once: a 999 for what it holds, a TA1 where it asks for one or the envelope is bad."""

import pytest

from claims_service.formats.x12.acknowledgements import read_acknowledgements
from claims_service.queries import mailbox
from claims_service.store.connection import run
from claims_service.workflow.hand_over_files import hand_over_files
from claims_service.workflow.incoming import FileOutcome, IncomingFile
from claims_service.workflow.post_remittance import post_remittance
from claims_service.workflow.read_acknowledgement import read_acknowledgement
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.factories835 import file_835, payment, remittance
from tests.formats.x12.pyx12_judge import judge
from tests.workflow.cycle import sent
from tests.workflow.receipts import receipt


def remitted(clinic: Clinic, content: bytes) -> FileOutcome:
    file = IncomingFile("pay.835", content, clinic.quillhaven)
    return post_remittance(clinic.practice, [file], by=BILLER, now=NOW, today=TODAY)[0]


def answered(clinic: Clinic) -> list[mailbox.ClaimFile]:
    """Our own answers that lie in the insurer's mailbox, the oldest first."""
    files = mailbox.claim_files(clinic.practice, clinic.quillhaven)
    return [file for file in reversed(files) if file.kind != "837P"]


def content_of(clinic: Clinic, file: mailbox.ClaimFile) -> bytes:
    (found,) = hand_over_files(clinic.practice, clinic.quillhaven, [file.id], by=BILLER, now=NOW)
    return found.content


def paying(clinic: Clinic) -> bytes:
    (claim,) = sent(clinic)
    return without_ta1(file_835(remittance([payment(claim.control_number)])))


def without_ta1(content: bytes) -> bytes:
    """The same file of a sender that wants no TA1 (ISA14)."""
    assert content.count(b"*1*P*:~") == 1
    return content.replace(b"*1*P*:~", b"*0*P*:~")


def test_a_remittance_that_was_read_is_acknowledged_once(clinic: Clinic) -> None:
    """$87.00 posted: the insurer finds one 999 that accepts it. The same file again is no news, and gets no second one."""
    content = paying(clinic)

    assert remitted(clinic, content).state == "read"
    assert remitted(clinic, content).state == "duplicate"

    (file,) = answered(clinic)
    made = content_of(clinic, file)
    (told,) = read_acknowledgements(made)
    assert (file.kind, told.code, told.functional_id) == ("999", "A", "HP")  # type: ignore[union-attr]
    assert judge(made) == (True, [])
    assert [one.stage for one in answered(clinic)] == ["taken"]
    said = mailbox.receipt_of(clinic.practice, clinic.quillhaven, file)
    assert said == ["Your group 1: 1 of 1 transactions could be read."]


def test_a_cut_remittance_is_refused_with_its_place(clinic: Clinic) -> None:
    """Without SE, GE and IEA: nothing posts, the TA1 says the envelope was not closed, the 999 that the transaction was not."""
    content = paying(clinic)

    outcome = remitted(clinic, content[: content.index(b"SE*")])

    assert outcome.state == "refused"
    envelope, group = answered(clinic)
    assert (envelope.kind, group.kind) == ("TA1", "999")
    assert b"*R*023~" in content_of(clinic, envelope)
    assert b"AK9*R*1*1*0" in content_of(clinic, group)


@pytest.mark.parametrize("wanted", ["0", "1"])
def test_a_ta1_goes_to_who_asks_for_it(clinic: Clinic, wanted: str) -> None:
    content = paying(clinic).replace(b"*0*P*:~", f"*{wanted}*P*:~".encode(), 1)

    remitted(clinic, content)

    assert [file.kind for file in answered(clinic)] == [*["TA1"] * int(wanted), "999"]


def test_a_277ca_is_acknowledged_and_a_999_never(clinic: Clinic) -> None:
    """Or two partners would answer each other for ever."""
    made = sent(clinic)
    file = IncomingFile("receipt.277", without_ta1(receipt(clinic, list(made), [])), clinic.quillhaven)

    read_acknowledgement(clinic.practice, [file], by=BILLER, now=NOW)
    (ours,) = answered(clinic)
    back = IncomingFile("back.999", content_of(clinic, ours), clinic.quillhaven)
    read_acknowledgement(clinic.practice, [back], by=BILLER, now=NOW)

    assert len(answered(clinic)) == 1


def test_control_numbers_of_answers_are_ours_without_a_gap(clinic: Clinic) -> None:
    """A claim file, a 999, a claim file: 1, 2, 3."""
    content = paying(clinic)
    remitted(clinic, content)
    sent(clinic)

    numbers = run("select interchange_control from exchange_file where direction = 'out' order by id").fetchall()
    assert [int(number) for (number,) in numbers] == [1, 2, 3]
