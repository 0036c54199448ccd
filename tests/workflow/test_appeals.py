"""Appealing a denial: a letter out of the claim's own facts, its way, and how it ends."""

from datetime import date, timedelta

import pytest
from peewee import DatabaseError

from claims_service.domain.appeal import LOST, PARTLY, SENT, USUAL_TEXT, WON
from claims_service.domain.errors import Conflict, NotFound, Rejected
from claims_service.domain.ledger import accounts as a
from claims_service.queries import appeal_letters, denials
from claims_service.store import appeals, journal
from claims_service.store.claims import Head
from claims_service.store.connection import run, write
from claims_service.workflow.appeal_denials import Draft, Happened, make_appeals, record_appeals, write_appeal_text
from claims_service.workflow.leave_to_patient import ToPatient, leave_to_patient
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.factories835 import DENIED, Service, file_835, payment, remittance, reversal
from tests.workflow.cycle import post, sent

REFUSED_OFFICE_VISIT = (Service("99213", 120_00, {"CO50": 120_00}), Service("85025", 30_00, {"CO45": 8_00}))


def refused(clinic: Clinic) -> Head:
    """Quillhaven refuses the office visit of $120.00 as not necessary and pays the blood count."""
    (claim,) = sent(clinic)
    post(clinic, file_835(remittance([payment(claim.control_number, REFUSED_OFFICE_VISIT)])))
    return claim


def appealed(clinic: Clinic, claim: int) -> int:
    """A letter of the next level, kept."""
    page = denials.denial(clinic.practice, claim)
    text, _ = appeal_letters.text_for(clinic.practice, page.denial.family.name)
    made = appeal_letters.letter(clinic.practice, page, text, signer="Priya Castellane", today=TODAY)
    draft = Draft(claim, page.denial.cents, page.denial.denied_on or TODAY, page.denial.family.name, made)
    return make_appeals(clinic.practice, [draft], by=BILLER, now=NOW)[0]


def happened(clinic: Clinic, appeal: int, kind: str, on: date = TODAY) -> None:
    record_appeals(clinic.practice, [Happened(appeal, kind, on)], by=BILLER, now=NOW, today=TODAY)


def test_the_letter_says_what_the_claim_says(clinic: Clinic) -> None:
    """Patient, member number, both claim numbers, the refused service with its reason, and the sum."""
    claim = refused(clinic)
    page = denials.denial(clinic.practice, claim.id)

    letter = appeal_letters.letter(clinic.practice, page, USUAL_TEXT, signer="Priya Castellane", today=TODAY)

    facts = dict(letter.facts)
    assert facts["Patient"] == "Alma Testpatient"
    assert facts["Member number"] == "QHM0000001"
    assert facts["Your claim number"] == f"ICN{claim.control_number}"
    assert facts["Our claim number"] == claim.control_number
    assert [(line.service[:5], line.refused_cents) for line in letter.lines] == [("99213", 120_00)]
    assert letter.cents == 120_00
    assert "claim ICN" in letter.paragraphs[0]
    assert "you refused $120.00 with the reason: CO 50" in letter.paragraphs[0]
    assert not any("{" in part for part in letter.paragraphs)


def test_what_stands_in_a_text_is_never_read_as_a_name_to_fill_again(clinic: Clinic) -> None:
    """A patient's name with braces stays as it is."""
    claim = refused(clinic)
    run("update patient set first = '{member}' where id = ?", (clinic.alma,))
    page = denials.denial(clinic.practice, claim.id)

    letter = appeal_letters.letter(clinic.practice, page, "About {patient}.", signer="P", today=TODAY)

    assert letter.paragraphs == ("About {member} Testpatient.",)


def test_a_managers_text_is_used_and_an_earlier_letter_keeps_its_own(clinic: Clinic) -> None:
    claim = refused(clinic)
    first = appealed(clinic, claim.id)
    version = write_appeal_text(
        clinic.practice, "medical_necessity", "The records of {patient} show the need.", by=BILLER, now=NOW
    )
    second = appealed(clinic, claim.id)

    kept, made = appeals.letter(clinic.practice, first), appeals.letter(clinic.practice, second)

    assert version == 1
    assert kept
    assert kept.paragraphs[0].startswith("We ask you to look again")
    assert made
    assert made.paragraphs == ("The records of Alma Testpatient show the need.",)


def test_a_text_with_a_name_no_claim_knows_is_refused(clinic: Clinic) -> None:
    with pytest.raises(Rejected) as refusal:
        write_appeal_text(clinic.practice, "coding", "Dear {doctor}", by=BILLER, now=NOW)

    assert refusal.value.problems[0].message == "No claim knows {doctor}."


def test_an_appeal_is_sent_and_lost_and_the_next_level_has_its_own_deadline(clinic: Clinic) -> None:
    """Refused on Nov 18, appealed, lost on Nov 20: the second level ends 180 days after Nov 20."""
    claim = refused(clinic)
    appeal = appealed(clinic, claim.id)
    assert denials.queue(clinic.practice)[0].due_on == date(2026, 11, 18) + timedelta(180)

    happened(clinic, appeal, SENT)
    assert denials.queue(clinic.practice)[0].waits_for_insurer
    happened(clinic, appeal, LOST)

    (found,) = denials.queue(clinic.practice)
    assert not found.waits_for_insurer
    assert found.due_on == TODAY + timedelta(180)
    second = appeals.letter(clinic.practice, appealed(clinic, claim.id))
    assert second
    assert second.level == 2


def test_while_an_appeal_is_with_the_insurer_there_is_no_second_one(clinic: Clinic) -> None:
    claim = refused(clinic)
    happened(clinic, appealed(clinic, claim.id), SENT)

    with pytest.raises(Conflict):
        appealed(clinic, claim.id)


@pytest.mark.parametrize(
    ("kinds", "says"),
    [([WON], "when it was sent"), ([SENT, SENT], "sent already"), ([SENT, LOST, WON], "has ended")],
)
def test_an_appeal_goes_one_way(clinic: Clinic, kinds: list[str], says: str) -> None:
    appeal = appealed(clinic, refused(clinic).id)

    for kind in kinds[:-1]:
        happened(clinic, appeal, kind)
    with pytest.raises(Rejected) as refusal:
        happened(clinic, appeal, kinds[-1])

    assert says in refusal.value.problems[0].message


def test_nothing_is_written_down_for_a_day_to_come(clinic: Clinic) -> None:
    appeal = appealed(clinic, refused(clinic).id)

    with pytest.raises(Rejected):
        happened(clinic, appeal, SENT, TODAY + timedelta(1))
    with pytest.raises(NotFound):
        happened(clinic, 999, SENT)


def test_a_later_remittance_that_pays_wins_the_appeal_by_itself(clinic: Clinic) -> None:
    """The refusal is taken back and $87.00 are paid: the appeal is won, the claim has left the queue."""
    (claim,) = sent(clinic)
    no = payment(claim.control_number, DENIED, status="4")
    post(clinic, file_835(remittance([no], method="NON")))
    appeal = appealed(clinic, claim.id)
    happened(clinic, appeal, SENT)

    post(clinic, file_835(remittance([reversal(no), payment(claim.control_number)], trace="EFT2")))

    assert denials.queue(clinic.practice) == []
    (kept,) = appeals.of_claims(clinic.practice, [claim.id])[claim.id]
    assert kept.outcome
    assert (kept.outcome.kind, kept.outcome.cents, kept.outcome.remittance) == (WON, 150_00, 2)


def test_a_later_remittance_that_pays_a_part_wins_in_part_and_the_rest_stays(clinic: Clinic) -> None:
    (claim,) = sent(clinic)
    no = payment(claim.control_number, DENIED, status="4")
    post(clinic, file_835(remittance([no], method="NON")))
    happened(clinic, appealed(clinic, claim.id), SENT)

    post(
        clinic, file_835(remittance([reversal(no), payment(claim.control_number, REFUSED_OFFICE_VISIT)], trace="EFT2"))
    )

    (found,) = denials.queue(clinic.practice)
    (kept,) = appeals.of_claims(clinic.practice, [claim.id])[claim.id]
    assert found.cents == 120_00
    assert kept.outcome
    assert (kept.outcome.kind, kept.outcome.cents) == (PARTLY, 30_00)


def test_a_decision_that_is_only_taken_back_has_won_nothing_yet(clinic: Clinic) -> None:
    """The reversal comes in a file of its own, the new decision a day later."""
    (claim,) = sent(clinic)
    no = payment(claim.control_number, DENIED, status="4")
    post(clinic, file_835(remittance([no], method="NON")))
    happened(clinic, appealed(clinic, claim.id), SENT)

    post(clinic, file_835(remittance([reversal(no)], trace="EFT2", method="NON")))
    (kept,) = appeals.of_claims(clinic.practice, [claim.id])[claim.id]
    assert kept.is_open

    post(clinic, file_835(remittance([payment(claim.control_number)], trace="EFT3")))
    (kept,) = appeals.of_claims(clinic.practice, [claim.id])[claim.id]
    assert not kept.is_open


def test_an_appeal_is_won_in_whatever_order_the_files_come(clinic: Clinic) -> None:
    """The new decision arrives before the reversal: it takes the refusal back and wins; the reversal after it changes nothing."""
    (claim,) = sent(clinic)
    no = payment(claim.control_number, DENIED, status="4")
    post(clinic, file_835(remittance([no], method="NON")))
    happened(clinic, appealed(clinic, claim.id), SENT)

    post(clinic, file_835(remittance([payment(claim.control_number)], trace="EFT3")))
    won = appeals.of_claims(clinic.practice, [claim.id])[claim.id]
    books = journal.trial_balance(clinic.practice)
    post(clinic, file_835(remittance([reversal(no)], trace="EFT2", method="NON")))

    assert [one.outcome.kind for one in won if one.outcome] == [WON]
    assert appeals.of_claims(clinic.practice, [claim.id])[claim.id] == won
    assert journal.trial_balance(clinic.practice) == books
    assert denials.queue(clinic.practice) == []


def test_the_same_refusal_told_again_ends_no_appeal(clinic: Clinic) -> None:
    (claim,) = sent(clinic)
    no = payment(claim.control_number, DENIED, status="4")
    post(clinic, file_835(remittance([no], method="NON")))
    happened(clinic, appealed(clinic, claim.id), SENT)

    post(clinic, file_835(remittance([reversal(no), no], trace="EFT2", method="NON")))

    (kept,) = appeals.of_claims(clinic.practice, [claim.id])[claim.id]
    assert kept.is_open


def test_what_was_refused_as_co_is_never_left_to_the_patient(clinic: Clinic) -> None:
    """$30.00 were refused as PR and $20.00 as CO: $30.00 may go to Alma, $30.01 may not."""
    (claim,) = sent(clinic)
    services = (Service("99213", 120_00, {"PR96": 30_00, "CO50": 20_00}), Service("85025", 30_00))
    post(clinic, file_835(remittance([payment(claim.control_number, services)])))

    with pytest.raises(Conflict):
        leave_to_patient(clinic.practice, [ToPatient(claim.id, 30_01, "Not covered")], by=BILLER, now=NOW, today=TODAY)
    leave_to_patient(clinic.practice, [ToPatient(claim.id, 30_00, "Not covered")], by=BILLER, now=NOW, today=TODAY)

    assert journal.balance(clinic.practice, a.PATIENT_OWES, claim=claim.id) == 30_00
    assert journal.balance(clinic.practice, a.IN_REVIEW, claim=claim.id) == 20_00
    assert journal.by_line_and_reason(clinic.practice, claim.id, a.PATIENT_OWES) == {1: {"PR96": 30_00}}
    with pytest.raises(Conflict):
        leave_to_patient(clinic.practice, [ToPatient(claim.id, 1, "More")], by=BILLER, now=NOW, today=TODAY)


def test_what_a_plan_refused_goes_to_the_next_plan_before_the_patient(clinic: Clinic) -> None:
    """Bruno has a second plan: it is asked before he is."""
    (claim,) = sent(clinic, 1, patient=clinic.bruno)
    services = (Service("99213", 120_00, {"PR96": 30_00}), Service("85025", 30_00))
    post(clinic, file_835(remittance([payment(claim.control_number, services)])))

    leave_to_patient(clinic.practice, [ToPatient(claim.id, 30_00, "Not covered")], by=BILLER, now=NOW, today=TODAY)

    assert journal.balance(clinic.practice, a.NEXT_PAYER_OWES, claim=claim.id) == 30_00


@pytest.mark.parametrize("table", ["appeal", "appeal_event"])
def test_a_letter_and_what_happened_to_it_are_never_changed(clinic: Clinic, table: str) -> None:
    """The database itself refuses: an appeal that was lost can't be made unlost."""
    happened(clinic, appealed(clinic, refused(clinic).id), SENT)

    for statement in (f"delete from {table}", f"update {table} set \"by\" = 'other'"):
        with pytest.raises(DatabaseError), write():
            run(statement)
