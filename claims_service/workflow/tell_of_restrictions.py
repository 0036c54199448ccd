"""Sends the one message before a wish that no plan is told ends: by e-mail where the patient agreed to it, else a person tells."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from claims_service.domain.actor import Actor
from claims_service.domain.party import spoken_phone
from claims_service.domain.patient.letters import Words
from claims_service.domain.patient.plan_restriction import Restriction, pay_by
from claims_service.domain.patient.plan_restriction_letters import EndsAbout, ends_email
from claims_service.domain.patient.reminder import apart
from claims_service.gateways.messages.outbox import Outbox
from claims_service.store import bills, confidential, parties, payment_notices, plan_restrictions, reminders
from claims_service.store.connection import write
from claims_service.store.payment_notices import SENT, Notice
from claims_service.workflow.follow_restrictions import ENDS
from claims_service.workflow.notices import mail


def tell_of_restrictions(practice: int, *, outbox: Outbox, site_url: str, by: Actor, now: datetime, today: date) -> int:
    """What is due, each once; nothing in quiet hours. Gives how many left: from that day the patient has the days of grace."""
    waiting = payment_notices.due(practice, (ENDS,))
    if not waiting or reminders.policy(practice).is_quiet(now.astimezone(ZoneInfo(parties.zone(practice))).time()):
        return 0
    holding = {one.id: one for one in plan_restrictions.holding(practice)}
    told = 0
    for notice in waiting:
        one = holding.get(int(notice.key.split(":")[1]))
        if one is None or one.told_on:
            with write(practice):
                payment_notices.set_state(practice, notice.id, payment_notices.FAILED, "not needed any more")
            continue
        told += _tell(practice, notice, one, outbox, site_url, by=by, now=now, today=today)
    return told


def _tell(
    practice: int,
    notice: Notice,
    one: Restriction,
    outbox: Outbox,
    site_url: str,
    *,
    by: Actor,
    now: datetime,
    today: date,
) -> bool:
    contact = reminders.contacts(practice, [one.patient])[one.patient]
    if one.encounter in confidential.visits_of(practice, [one.patient]).get(one.patient, ()):
        contact = apart(contact, confidential.reaches(practice, [one.patient]).get(one.patient))
    words = partial(_words, practice, notice, replace(one, told_on=today), site_url)
    if mail(practice, notice, words, outbox, "restriction.mail", by=by, now=now, contact=contact) != SENT:
        return False
    with write(practice):
        plan_restrictions.set_told(practice, one.id, today, by=by.name)
    return True


def _words(practice: int, notice: Notice, one: Restriction, site_url: str) -> Words:
    clinic = parties.billing_provider(practice)
    name, _, language = bills.addressees(practice, [one.patient])[one.patient]
    served: Mapping[int, bills.VisitFacts] = bills.visits(practice, [one.encounter])
    return ends_email(
        EndsAbout(
            clinic.name,
            spoken_phone(clinic.phone),
            name.partition(" ")[0],
            served[one.encounter].served_on,
            notice.cents,
            pay_by(one, plan_restrictions.policy(practice)),
            f"{site_url}/portal",
            language,
        )
    )
