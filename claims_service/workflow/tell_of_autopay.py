"""Sends what patients are told of autopay, by e-mail: before each charge, and when one fails or is called off."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from claims_service.domain.actor import Actor
from claims_service.domain.party import spoken_phone
from claims_service.domain.patient.autopay import method_name
from claims_service.domain.patient.autopay_letters import KINDS, AutopayAbout, autopay_email
from claims_service.domain.patient.letters import Words
from claims_service.gateways.messages.outbox import Outbox
from claims_service.store import autopay, bills, parties, payment_notices, reminders
from claims_service.store.payment_notices import FAILED, SENT, Notice
from claims_service.workflow.notices import mail


@dataclass(frozen=True, slots=True)
class Told:
    """failed: not taken by the mail server; a charge that could not be told is not made."""

    sent: int = 0
    failed: int = 0


def tell_of_autopay(practice: int, *, outbox: Outbox, site_url: str, by: Actor, now: datetime) -> Told:
    """What is due, each once; nothing in quiet hours."""
    waiting = payment_notices.due(practice, KINDS)
    if not waiting or reminders.policy(practice).is_quiet(now.astimezone(ZoneInfo(parties.zone(practice))).time()):
        return Told()
    states = [
        mail(practice, one, partial(_words, practice, one, site_url), outbox, "autopay.mail", by=by, now=now)
        for one in waiting
    ]
    return Told(states.count(SENT), states.count(FAILED))


def _words(practice: int, notice: Notice, site_url: str) -> Words:
    charge = autopay.charge(practice, int(notice.key.rpartition(":")[2]))
    method = autopay.method(practice, autopay.consent(practice, charge.autopay).method)
    clinic = parties.billing_provider(practice)
    name, _, language = bills.addressees(practice, [notice.patient])[notice.patient]
    about = AutopayAbout(
        clinic.name, spoken_phone(clinic.phone), name.partition(" ")[0], notice.cents, charge.charge_on,
        method_name(method.saved, language), f"{site_url}/portal/autopay", language, charge.why,
    )  # fmt: skip
    return autopay_email(notice.kind, about)
