"""A patient lets the card company keep a card or account, agrees to autopay, and stops either at once."""

from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.errors import Conflict, NotFound, Problem, Rejected
from claims_service.domain.money import spoken
from claims_service.domain.party import spoken_phone
from claims_service.domain.patient import autopay as rules
from claims_service.domain.patient.reminder import EMAIL
from claims_service.gateways.cards.processor import CardEvent, CardProcessor, CardRefused, Order
from claims_service.store import audit, autopay, parties, payment_plans, payments, reminders
from claims_service.store.autopay import NewConsent
from claims_service.store.connection import write
from claims_service.workflow.autopay_notices import call_off


@dataclass(frozen=True, slots=True)
class SaveWish:
    """A wish to save a card or account. key: of the form; words: what the company's page says."""

    patient: int
    key: str
    words: str
    return_url: str
    back_url: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a patient says yes to. plan: of a payment plan, None for new statements. key: of the form it came from.

    words: what was read; they must be what the rules say in this moment.
    """

    patient: int
    method: int
    plan: int | None
    most_cents: int
    key: str
    accepted_by: str
    address: str
    language: str
    words: tuple[str, ...] | None = None


def start_saving(practice: int, wish: SaveWish, *, processor: CardProcessor, by: Actor, now: datetime) -> str:
    """Open the card company's page for it; gives its address. The same form twice is one page.

    Raises:
        Conflict: this form is of another patient, or was used.
        CardRefused: the card company does not answer.
    """
    with write(practice):
        made = autopay.start_method(practice, wish.patient, wish.key, at=now)
        if made.patient != wish.patient or made.state != rules.STARTED:
            raise Conflict("this form was used already")
        audit.record(practice, [audit.Event("method.start", wish.patient, f"saved_method:{made.id}")], by=by, at=now)
    order = Order(str(practice), wish.key, 0, wish.words, wish.return_url, wish.back_url)
    page = processor.create_setup(order, now=now)
    with write(practice):
        autopay.set_reference(practice, made.id, page.reference)
    return page.url


def keep_saved(practice: int, event: CardEvent, *, by: Actor, now: datetime) -> int:
    """The card company says that it keeps it; told twice it is kept once. Gives the method.

    Raises:
        NotFound: a page that is not ours; the company will tell it again.
    """
    assert event.saved is not None, "only what was saved is told so"
    with write(practice):
        found = autopay.method_by_key(practice, event.key)
        if found is None:
            raise NotFound("saved method")
        payments.take_event(event.id, event.kind, at=now)
        if autopay.keep_method(practice, found.id, event.saved, at=now):
            audit.record(
                practice, [audit.Event("method.save", found.patient, f"saved_method:{found.id}")], by=by, at=now
            )
    return found.id


def agree_autopay(practice: int, wish: Agreement, *, by: Actor, now: datetime, today: date) -> int:
    """Keep what was agreed to, word for word; the same form twice is one. Gives its id.

    Raises:
        NotFound: no such method or plan of this patient.
        Rejected: a limit that makes no sense, or no e-mail to tell by.
        Conflict: there is one for the same already, or the plan has ended.
    """
    with write(practice):
        what = rules.STATEMENTS if wish.plan is None else rules.PLAN
        found = autopay.method(practice, wish.method, patient=wish.patient)
        if found.state != rules.READY:
            raise NotFound("saved method")
        same = [one for one in autopay.holding(practice, wish.patient) if one.plan == wish.plan]
        if same and same[0].method != wish.method:
            raise Conflict("autopay is on for this already")
        if same:
            return same[0].id
        if wish.plan is not None and payment_plans.head(practice, wish.plan, patient=wish.patient).state != "running":
            raise Conflict("this plan has ended")
        if problems := _problems(practice, wish):
            raise Rejected(problems)
        clinic = parties.billing_provider(practice)
        name = rules.method_name(found.saved, wish.language)
        words = rules.consent(what, wish.most_cents, name, clinic.name, spoken_phone(clinic.phone), wish.language)
        if wish.words is not None and wish.words != words:
            raise Conflict("other words were read than hold now")
        new = NewConsent(
            wish.patient, wish.method, what, wish.plan, wish.most_cents, wish.key, words, rules.VERSION, wish.language,
            wish.address, wish.accepted_by,
        )  # fmt: skip
        made = autopay.agree(practice, new, on=today, at=now)
        audit.record(practice, [audit.Event("autopay.agree", wish.patient, f"autopay:{made}")], by=by, at=now)
    return made


def _problems(practice: int, wish: Agreement) -> list[Problem]:
    found = []
    if not rules.LEAST_LIMIT_CENTS <= wish.most_cents <= rules.MOST_LIMIT_CENTS:
        least, most = spoken(rules.LEAST_LIMIT_CENTS), spoken(rules.MOST_LIMIT_CENTS)
        found.append(Problem("most", f"The limit is from {least} to {most}."))
    contact = reminders.contacts(practice, [wish.patient])[wish.patient]
    if EMAIL not in contact.agreed or not contact.email:
        found.append(Problem("email", "Choose e-mail first: you are told before each charge."))
    return found


def stop_autopay(practice: int, consent: int, *, by: Actor, now: datetime, patient: int | None = None) -> bool:
    """Nothing more is charged under it, at once; a charge that was announced is called off. False when it had ended.

    Raises:
        NotFound: no such consent, or of another patient than the one named.
    """
    with write(practice):
        found = autopay.consent(practice, consent, patient=patient)
        if not autopay.end(practice, consent, "stopped", at=now):
            return False
        call_off(practice, [consent], at=now)
        audit.record(practice, [audit.Event("autopay.stop", found.patient, f"autopay:{consent}")], by=by, at=now)
    return True


def remove_method(
    practice: int, method: int, *, processor: CardProcessor | None, by: Actor, now: datetime, patient: int | None = None
) -> bool:
    """Nothing can be charged to it any more; autopay that uses it ends. Then the company is asked to forget it.

    False where the company did not answer: it is out of use here all the same.

    Raises:
        NotFound: no such method, or of another patient than the one named.
    """
    with write(practice):
        found = autopay.method(practice, method, patient=patient)
        uses = [one.id for one in autopay.holding(practice, found.patient) if one.method == method]
        for consent in uses:
            autopay.end(practice, consent, "method removed", at=now)
        call_off(practice, uses, at=now)
        if autopay.remove_method(practice, method, at=now):
            audit.record(
                practice, [audit.Event("method.remove", found.patient, f"saved_method:{method}")], by=by, at=now
            )
    if processor is None or not found.saved.token:
        return True
    try:
        processor.forget(found.saved)
    except CardRefused:
        return False
    return True
