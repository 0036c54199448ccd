"""A remittance typed from paper is written as the 835 it would have been, and goes the way of all 835s."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from claims_service.domain.actor import Actor
from claims_service.domain.errors import NotFound, Problem, Rejected
from claims_service.domain.money import spoken
from claims_service.domain.party import BillingProvider, Payer
from claims_service.domain.remittance import typed as on_paper
from claims_service.domain.remittance.advice import Advice, AdviceEnd
from claims_service.domain.remittance.typed import TypedRemittance
from claims_service.formats.attachments import SentFile, checked
from claims_service.formats.x12.interchange import Interchange
from claims_service.formats.x12.write_835 import PayerDetails, write_835
from claims_service.store import claim_values, claims, counters, files, parties, patients, remittances
from claims_service.store.connection import write
from claims_service.workflow.incoming import FileOutcome, IncomingFile
from claims_service.workflow.taking_remittance import take_file

NO_ORIGINATOR = "9999999999"  # TRN03 where the insurer's own is not known


@dataclass(frozen=True, slots=True)
class Paper:
    """What was typed, and the scan of what it was typed from."""

    typed: TypedRemittance
    scan: SentFile | None = None


def type_remittances(
    practice: int, papers: Sequence[Paper], *, by: Actor, now: datetime, today: date
) -> tuple[FileOutcome, ...]:
    """Each whole or not at all, through the gate and posting of an 835; the same check again is known and posts nothing.

    Raises:
        Rejected: it does not add up, or a claim or the scan can't be taken; nothing of any is kept.
        NotFound: no such insurer of this practice.
    """
    with write(practice):
        return tuple(_one(practice, paper, by=by, now=now, today=today) for paper in papers)


def _one(practice: int, paper: Paper, *, by: Actor, now: datetime, today: date) -> FileOutcome:
    typed = paper.typed
    if typed.difference_cents:
        told = f"The parts differ from the check by {spoken(typed.difference_cents)}."
        raise Rejected([Problem("paid", told, "835 TR3 Balancing", "Nothing is posted until they agree.")])
    payer = parties.payers(practice).get(typed.payer)
    if payer is None:
        raise NotFound("insurer")
    billing = parties.billing_provider(practice)
    content = _written(practice, typed, payer, billing, now=now)
    name = f"typed-{typed.trace}.835"
    outcome = take_file(practice, IncomingFile(name, content, typed.payer, typed=True), by=by, now=now, today=today)
    if outcome.file is not None and outcome.state != "duplicate":
        scan = _kept(practice, paper.scan, typed.payer, by=by, now=now)
        remittances.add_paper(practice, outcome.file, scan, typed.paid_by, by=by.name, at=now)
    return outcome


def _kept(practice: int, scan: SentFile | None, payer: int, *, by: Actor, now: datetime) -> int | None:
    if scan is None:
        return None
    name, _ = checked(scan)
    return files.add(practice, files.NewFile("in", "EOB", name, scan.content, payer, state="read"), by=by.name, at=now)


def _written(practice: int, typed: TypedRemittance, payer: Payer, billing: BillingProvider, *, now: datetime) -> bytes:
    heads = claims.by_control_number(practice, [claim.control_number for claim in typed.claims])
    unknown = [c.control_number for c in typed.claims if c.control_number not in heads]
    if unknown or not typed.claims:
        raise Rejected([Problem("claims", f"We have no claim {', '.join(unknown)}." if unknown else "Name a claim.")])
    lines = claim_values.lines(practice, [head.id for head in heads.values()])
    people = patients.people(practice, [head.patient for head in heads.values()])
    payments = []
    for position, claim in enumerate(typed.claims, 1):
        head = heads[claim.control_number]
        sequence, person = head.sequence, people[head.patient]
        payments.append(
            on_paper.claim_payment(position, claim, lines[head.id], sequence=sequence, name=(person.last, person.first))
        )
    control = counters.next_values(practice, "interchange")[0]
    local = now.astimezone(ZoneInfo(parties.zone(practice)))
    sender = (payer.receiver_id or payer.identifier)[:15]
    envelope = Interchange(sender, billing.submitter_id or billing.npi, control, control, local, acknowledge=False)
    origin = parties.originator(practice, typed.payer) or NO_ORIGINATOR
    head_835 = Advice(
        "", "", "0001", typed.trace, origin, typed.paid_cents, on_paper.METHODS[typed.paid_by] if typed.paid_cents else "NON",
        typed.paid_on, payer.name, payer.identifier, billing.name, billing.npi, billing.tax_id,
    )  # fmt: skip
    end = AdviceEnd(len(payments), on_paper.asides(typed, npi=billing.npi))
    address = payer.address if payer.address.line1 else billing.address
    details = PayerDetails(address, billing.contact, billing.phone)
    return write_835(envelope, [(head_835, payments, end)], details)
