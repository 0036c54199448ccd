"""The rounds of the clock. Each picks up what waits in the database: a round that is missed, killed or run twice does no harm."""

from collections.abc import Callable
from datetime import date, datetime

import structlog

from claims_service import clock
from claims_service.access import practices
from claims_service.access.pay_links import links_of
from claims_service.config import Config
from claims_service.domain.actor import Actor
from claims_service.gateways.cards.connect import processor_for
from claims_service.gateways.messages.outbox import outbox_for
from claims_service.gateways.messages.replies import replies_for
from claims_service.queries import clinic, proofs, statement_run
from claims_service.workflow.bill_next_payer import bill_next_payers
from claims_service.workflow.bill_patient import bill_patients
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.follow_payment_plans import follow_payment_plans, remind_late_plans
from claims_service.workflow.follow_restrictions import follow_restrictions
from claims_service.workflow.freeze_resources import freeze_resources
from claims_service.workflow.match_deposits import match_deposits
from claims_service.workflow.receive_payouts import receive_payouts
from claims_service.workflow.remind_patients import remind_patients
from claims_service.workflow.retry_held_payments import retry_held_payments
from claims_service.workflow.run_autopay import announce_charges, make_charges
from claims_service.workflow.send_receipts import send_receipts
from claims_service.workflow.take_text_replies import take_text_replies
from claims_service.workflow.tell_of_autopay import tell_of_autopay
from claims_service.workflow.tell_of_restrictions import tell_of_restrictions

log = structlog.get_logger("claims_service.jobs")
JOB = Actor("job:rounds", "job")
Round = Callable[[Config, int, datetime, date], None]


def onward(_config: Config, practice: int, now: datetime, today: date) -> None:
    """Held payments whose claims are known by now are posted; what a first plan left goes to the next one.

    Payment plans follow what is owed and paid by now; FHIR is frozen.
    """
    retry_held_payments(practice, by=JOB, now=now, today=today)
    bill_next_payers(practice, by=JOB, now=now, today=today)
    follow_payment_plans(practice, None, by=JOB, now=now, today=today)
    freeze_resources(practice, by=JOB, now=now)


def autopay(config: Config, practice: int, now: datetime, today: date) -> None:
    """What patients agreed to have charged: announced, told before, and charged on its day."""
    announce_charges(practice, by=JOB, now=now, today=today)
    tell_of_autopay(practice, outbox=outbox_for(config), site_url=config.site_url or "", by=JOB, now=now)
    if processor := processor_for(config):
        ran = make_charges(practice, processor=processor, by=JOB, now=now, today=today)
        if ran.waiting:
            log.warning("the card company does not answer", practice_id=practice, count=ran.waiting)
        follow_payment_plans(practice, None, by=JOB, now=now, today=today)


def restrictions(config: Config, practice: int, now: datetime, today: date) -> None:
    """Visits that no plan is told of: who has not paid is told, and who was told and has not paid since is billed to the plan."""
    followed = follow_restrictions(practice, by=JOB, now=now, today=today)
    if followed.visits:
        build_claims(practice, followed.visits, by=JOB, now=now, today=today)
    tell_of_restrictions(
        practice, outbox=outbox_for(config), site_url=config.site_url or "", by=JOB, now=now, today=today
    )


def receipts(config: Config, practice: int, now: datetime, _today: date) -> None:
    """Receipts by e-mail for what was paid and given back."""
    send_receipts(practice, outbox=outbox_for(config), site_url=config.site_url or "", by=JOB, now=now)


def text_replies(config: Config, practice: int, now: datetime, _today: date) -> None:
    """What patients answered to text messages; a stop holds before anything else is sent."""
    box = replies_for(config)
    waiting = box.waiting(practice)
    take_text_replies(practice, waiting, outbox=outbox_for(config), by=JOB, now=now)
    for reply in waiting:
        box.taken(practice, reply)


def remind(config: Config, practice: int, now: datetime, today: date) -> None:
    """Bills and reminders whose day has come; in quiet hours only what goes on paper."""
    outbox, site_url = outbox_for(config), config.site_url or ""
    follow_payment_plans(practice, None, by=JOB, now=now, today=today)
    announce_charges(practice, by=JOB, now=now, today=today)
    restrictions(config, practice, now, today)
    remind_late_plans(practice, outbox=outbox, site_url=site_url, by=JOB, now=now, today=today)
    remind_patients(practice, outbox=outbox, links=links_of(config), by=JOB, now=now, today=today)


def night(config: Config, practice: int, now: datetime, today: date) -> None:
    """Payouts of the card company, deposits, and the bills of visits whose last plan has answered."""
    if processor := processor_for(config):
        receive_payouts(practice, processor=processor, by=JOB, now=now, today=today)
    match_deposits(practice, by=JOB, now=now, today=today)
    for part in statement_run.due(practice):
        bill_patients(practice, part, by=JOB, now=now, today=today)
    onward(config, practice, now, today)


def run(config: Config, job: Round) -> int:
    """One round over all practices; a practice that fails does not keep the others waiting. Gives how many failed."""
    failed = 0
    for practice in practices.ids():
        try:
            job(config, practice, clock.now(), clock.today(clinic.clinic(practice).zone))
        except Exception as error:  # noqa: BLE001 - whatever it was, the next practice has its turn
            failed += 1
            log.error(  # noqa: TRY400 - a trace may hold values of patients
                "round failed", job=job.__name__, practice_id=practice, error_type=type(error).__name__
            )
    return failed


def prove() -> list[str]:
    """The nightly proof that books and audit trail hold; each fault is a line, and an alarm in the log."""
    faults = proofs.ledger_faults() + proofs.audit_faults()
    for fault in faults:
        log.critical("proof failed", reference=fault)
    return faults
