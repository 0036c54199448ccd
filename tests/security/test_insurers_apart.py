"""One insurer cannot stand in the way of another's money."""

from datetime import date

import pytest

from claims_service.domain.actor import Actor
from claims_service.store import tables
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.incoming import FileOutcome, IncomingFile
from claims_service.workflow.post_remittance import post_remittance
from claims_service.workflow.record_encounter import record_encounters
from claims_service.workflow.submit_claims import submit_claims
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.factories835 import file_835, payment, remittance

NORTHFOLD_DESK = Actor("user:8", "insurer", "127.0.0.1")
QUILLHAVEN_DESK = Actor("user:9", "insurer", "127.0.0.1")


def sent_claim(clinic: Clinic) -> str:
    """Alma's visit, billed to Quillhaven for $150.00; gives the claim's number."""
    visit = record_encounters(clinic.practice, [clinic.visit()], by=BILLER, now=NOW).recorded
    built = build_claims(clinic.practice, visit, by=BILLER, now=NOW, today=TODAY).claims[0]
    submit_claims(clinic.practice, [built.claim], by=BILLER, now=NOW)
    return str(tables.ClaimRow.get_by_id(built.claim).control_number)


def upload(clinic: Clinic, payer: int | None, content: bytes, *, by: Actor, today: date = TODAY) -> FileOutcome:
    return post_remittance(clinic.practice, [IncomingFile("pay.835", content, payer)], by=by, now=NOW, today=today)[0]


@pytest.mark.check(14)
def test_an_insurer_that_takes_anothers_payment_number_first_does_not_keep_its_money_out(clinic: Clinic) -> None:
    """Northfold sends a remittance with the number, day and amount of Quillhaven's $87.00; Quillhaven's own still posts."""
    number = sent_claim(clinic)
    squatting = file_835(remittance([payment("NOTOURS")], trace="EFT9"), control=7)
    real = file_835(remittance([payment(number)], trace="EFT9"), control=8)

    upload(clinic, clinic.northfold, squatting, by=NORTHFOLD_DESK)
    outcome = upload(clinic, clinic.quillhaven, real, by=QUILLHAVEN_DESK)

    assert (outcome.state, outcome.counts.get("posted")) == ("read", 1), outcome.message


@pytest.mark.check(14)
def test_an_insurer_that_sends_anothers_very_file_first_does_not_keep_its_money_out(clinic: Clinic) -> None:
    """Even the same bytes: from Northfold they are no decision on Quillhaven's claim, from Quillhaven they are."""
    number = sent_claim(clinic)
    real = file_835(remittance([payment(number)], trace="EFT9"))

    early = upload(clinic, clinic.northfold, real, by=NORTHFOLD_DESK)
    outcome = upload(clinic, clinic.quillhaven, real, by=QUILLHAVEN_DESK)

    assert early.counts.get("posted") is None
    assert (outcome.state, outcome.counts.get("posted")) == ("read", 1), outcome.message


@pytest.mark.check(41)
def test_an_insurer_cannot_push_aside_a_payment_of_another_that_waits(clinic: Clinic) -> None:
    """Quillhaven's remittance does not add up and waits; Northfold sends one under its number: Quillhaven's still waits."""
    number = sent_claim(clinic)
    crooked = file_835(remittance([payment(number)], trace="EFT9", paid_cents=90_00))
    upload(clinic, clinic.quillhaven, crooked, by=QUILLHAVEN_DESK)

    upload(
        clinic,
        clinic.northfold,
        file_835(remittance([payment("NOTOURS", paid_cents=90_00)], trace="EFT9", paid_cents=90_00)),
        by=NORTHFOLD_DESK,
    )
    even = payment("NOTOURS", (), charge_cents=90_00, paid_cents=90_00)
    upload(clinic, clinic.northfold, file_835(remittance([even], trace="EFT9"), control=5), by=NORTHFOLD_DESK)

    waiting = tables.Remittance.get(tables.Remittance.payer == clinic.quillhaven)
    assert waiting.state == "held"


@pytest.mark.check(14)
def test_what_staff_took_in_for_an_insurer_is_known_when_the_insurer_sends_it(clinic: Clinic) -> None:
    """The biller uploads Quillhaven's file from an e-mail, then Quillhaven sends it itself: it counts once."""
    real = file_835(remittance([payment(sent_claim(clinic))], trace="EFT9"))

    first = upload(clinic, None, real, by=BILLER)
    again = upload(clinic, clinic.quillhaven, real, by=QUILLHAVEN_DESK)
    wrapped = file_835(remittance([payment("X")], trace="EFT8"))
    upload(clinic, clinic.quillhaven, wrapped, by=QUILLHAVEN_DESK)

    assert first.counts.get("posted") == 1
    assert again.state == "duplicate"
    assert upload(clinic, None, wrapped, by=BILLER).state == "duplicate"


@pytest.mark.check(62)
@pytest.mark.parametrize("status", ["1", "22"])
def test_an_insurer_cannot_decide_on_anothers_claim(status: str, clinic: Clinic) -> None:
    """Northfold names Quillhaven's claim, by our number and by Quillhaven's: the money waits, the claim does not move."""
    number = sent_claim(clinic)
    tables.ClaimRow.update(payer_claim_number="QICN7").execute()
    entries = tables.JournalEntry.select().where(tables.JournalEntry.source == "remittance")

    by_ours = payment(number, status=status)
    by_theirs = payment("WHATEVER", payer_claim_number="QICN7", status=status)
    outcome = upload(clinic, clinic.northfold, file_835(remittance([by_ours, by_theirs])), by=NORTHFOLD_DESK)

    claim = tables.ClaimRow.get(tables.ClaimRow.control_number == number)
    assert (claim.state, claim.payer_claim_number) == ("sent", "QICN7")
    assert outcome.counts.get("posted", 0) == 0
    touched = [row.claim for row in tables.JournalTransfer.select().where(tables.JournalTransfer.entry.in_(entries))]
    assert set(touched) <= {None, 0}


@pytest.mark.check(46)
def test_control_characters_in_a_remittance_are_no_fault_of_ours(clinic: Clinic) -> None:
    """NUL, escape and a line end in the insurer's own number: refused or taken, never half of it."""
    for control, planted in enumerate(("\x00", "\x1b[2J", "\u202e"), 20):
        real = file_835(
            remittance([payment("NOTOURS", payer_claim_number="ICNPLANT")], trace=f"T{control}"), control=control
        )
        outcome = upload(
            clinic, clinic.northfold, real.replace(b"ICNPLANT", f"ICN{planted}".encode()), by=NORTHFOLD_DESK
        )
        assert outcome.state in ("refused", "read", "held")
