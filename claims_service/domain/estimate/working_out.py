"""Works an estimate out of what is planned and what the clinic knows: prices, contract, cover."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from claims_service.domain.codes import dotted
from claims_service.domain.coverage import Coverage
from claims_service.domain.eligibility.summary import Summary
from claims_service.domain.errors import Problem
from claims_service.domain.estimate.paper import INSURED, SELF_PAY, Estimate, Line
from claims_service.domain.estimate.share import Share, Words, share_of
from claims_service.domain.estimate.wish import Wish, WishedLine
from claims_service.domain.party import BillingProvider, Person, Provider
from claims_service.domain.patient.statement import Sender
from claims_service.words import both, said

PLACES: Mapping[str, str] = {
    "02": said("By video or phone"),
    "10": said("By video or phone, at home"),
    "11": said("Office"),
    "12": said("At home"),
    "20": said("Urgent care"),
    "21": said("Hospital"),
    "22": said("Hospital, same day"),
    "23": said("Emergency room"),
}
_AGREED = said("The price your plan agreed to.")
_NOT_AGREED = said("The price your plan agreed to for this is not known.")
_PRICE_UNKNOWN = said("Your part is not known: for some services we do not know the price your plan agreed to.")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the clinic knows. charges, allowed: by place of the line, None where no price is known. words: by code.

    plan: the first to be billed on the day, None for a self-payer. told, told_for, told_on: the plan's newest answer about
    the cover, the day it is about, the day it came.
    """

    person: Person
    clinic: BillingProvider
    provider: Provider
    charges: tuple[int | None, ...]
    allowed: tuple[int | None, ...]
    words: Mapping[str, str]
    diagnosis_words: Mapping[str, str]
    place_name: str
    plan: Coverage | None = None
    more_plans: bool = False
    told: Summary | None = None
    told_for: date | None = None
    told_on: date | None = None


def worked_out(wish: Wish, facts: Facts, *, number: str, asked_on: date, today: date) -> Estimate:
    """The estimate of a day; the same facts give the same paper."""
    plan, clinic, provider = facts.plan, facts.clinic, facts.provider
    lines = tuple(_line(one, i, facts) for i, one in enumerate(wish.lines))
    share = _share(wish, facts, lines, today) if plan else Share(None, None, ())
    return Estimate(
        number=number,
        kind=INSURED if plan else SELF_PAY,
        issued_on=today,
        patient=f"{facts.person.first} {facts.person.last}".strip(),
        birth_on=facts.person.birth_on,
        address=facts.person.address,
        sender=Sender(clinic.name, clinic.phone, clinic.address),
        npi=clinic.npi,
        tax_id=clinic.tax_id,
        provider=f"{provider.first} {provider.last}".strip(),
        provider_npi=provider.npi,
        place=both(PLACES[wish.place]) if wish.place in PLACES else (facts.place_name, facts.place_name),
        asked_on=asked_on,
        planned_on=wish.planned_on,
        diagnoses=tuple((dotted(code), facts.diagnosis_words.get(code, "")) for code in wish.diagnoses),
        lines=lines,
        separate=wish.separate,
        payer=plan.payer.name if plan else "",
        told_on=facts.told_on if plan else None,
        low_cents=share.low_cents,
        high_cents=share.high_cents,
        why=share.why,
    )


def _line(wished: WishedLine, place: int, facts: Facts) -> Line:
    allowed = facts.allowed[place] if facts.plan else None
    why: Words = ("", "")
    if facts.plan:
        why = both(_NOT_AGREED if allowed is None else _AGREED)
    words = facts.words.get(wished.procedure, "")
    return Line(wished.procedure, wished.modifiers, words, wished.units, facts.charges[place], allowed, why)


def _share(wish: Wish, facts: Facts, lines: tuple[Line, ...], today: date) -> Share:
    allowed = [line.allowed_cents for line in lines if line.allowed_cents is not None]
    if len(allowed) < len(lines):
        return Share(None, None, (both(_PRICE_UNKNOWN),))
    day = wish.planned_on or today
    return share_of(sum(allowed), facts.told, told_for=facts.told_for, day=day, more_plans=facts.more_plans)


def unpriced(estimate: Estimate) -> list[Problem]:
    """A service without any price can't stand on an estimate (45 CFR 149.610(c)(1)(iv))."""
    return [
        Problem(f"lines[{i}].charge", "The price list has no price for it. Type what it will cost.")
        for i, line in enumerate(estimate.lines)
        if line.charge_cents is None
    ]
