"""Eligibility: questions as a 270 and a payer's answers as a 271 (005010X279A1)."""

from collections.abc import Callable, Sequence
from datetime import date
from itertools import groupby
from typing import TypeVar

from claims_service.domain.eligibility.answer import Benefit, EligibilityAnswer, OtherParty, Refusal
from claims_service.domain.eligibility.question import EligibilityQuestion
from claims_service.domain.party import Payer, Person, Provider
from claims_service.formats.x12.claim_levels import PERSON, AddressForms
from claims_service.formats.x12.claim_parts import write_days
from claims_service.formats.x12.interchange import Interchange, Transaction, enclose
from claims_service.formats.x12.plain import amount_text, day_text, quantity_text
from claims_service.formats.x12.writer import MARKS, Form, Writer, form

VERSION = "005010X279A1"
Asked = TypeVar("Asked", EligibilityQuestion, EligibilityAnswer)
_PARTY = f"entity_type {PERSON} id_qualifier id"


class _Forms:
    """The forms of the 270 or the 271; C stands for the subscriber's loops, D for the dependent's."""

    def __init__(self, name: str, bht: str, trace: str) -> None:
        def of(loop: str, segment: str, fields: str) -> Form:
            return form(name, loop, segment, fields)

        self.bht = of("ST", "BHT", bht)
        self.payer_level = of("2000A", "HL", "id level=20 children")
        self.payer = of("2100A", "NM1", "entity=PR entity_type=2 last id_qualifier=PI id")
        self.provider_level = of("2000B", "HL", "id parent level=21 children")
        self.provider = of("2100B", "NM1", f"entity=1P {_PARTY}")
        self.subscriber_level = of("2000C", "HL", "id parent level=22 children")
        self.dependent_level = of("2000D", "HL", "id parent level=23 children=0")
        self.trace = {at: of(f"2000{at}", "TRN", f"type={trace} number origin") for at in "CD"}
        self.person = {
            "C": of("2100C", "NM1", f"entity=IL {_PARTY}"),
            "D": of("2100D", "NM1", f"entity=03 entity_type=1 {PERSON}"),
        }
        self.group = of("2100C", "REF", "qualifier=6P value")
        self.addresses = {at: AddressForms(name, f"2100{at}") for at in "CD"}
        self.born = {at: of(f"2100{at}", "DMG", "date_format born gender") for at in "CD"}
        self.relation = of("2100D", "INS", "insured=N relation")


ASK = _Forms("270", "structure=0022 purpose=13 reference date time", "1")
ASKED_ON = {at: form("270", f"2100{at}", "DTP", "qualifier=291 format date") for at in "CD"}
SERVICE = {at: form("270", f"2110{at}", "EQ", "service_type") for at in "CD"}
ANSWER = _Forms("271", "structure=0022 purpose=11 reference date time", "2")
REFUSED = {
    loop: form("271", loop, "AAA", "valid=N reason follow_up")
    for loop in ("2100A", "2100B", "2100C", "2100D", "2110C", "2110D")
}
COVER_DATE = {at: form("271", f"2100{at}", "DTP", "qualifier format date") for at in "CD"}
BENEFIT = {
    at: form(
        "271",
        f"2110{at}",
        "EB",
        "information level service_type insurance_type plan period amount percent quantity_qualifier quantity"
        " authorization network procedure{qualifier code}",
    )
    for at in "CD"
}
NUMBER = {at: form("271", f"2110{at}", "REF", "qualifier value") for at in "CD"}
BENEFIT_DATE = {at: form("271", f"2110{at}", "DTP", "qualifier format date") for at in "CD"}
MESSAGE = {at: form("271", f"2110{at}", "MSG", "text") for at in "CD"}
OTHERS_BEGIN = {at: form("271", f"2120{at}-LS", "LS", "loop=2120") for at in "CD"}
OTHERS_END = {at: form("271", f"2120{at}-LS", "LE", "loop=2120") for at in "CD"}
OTHER = {at: form("271", f"2120{at}", "NM1", "entity entity_type last first id_qualifier id") for at in "CD"}


def write_270(interchange: Interchange, questions: Sequence[EligibilityQuestion]) -> bytes:
    """Questions, those to one payer from one provider under one level.

    Raises:
        Rejected: a value can't be written as the guide asks.
    """
    return _write(interchange, ASK, "HS", "270", questions, _question)


def write_271(interchange: Interchange, answers: Sequence[EligibilityAnswer]) -> bytes:
    """A payer's answers, in order.

    Raises:
        Rejected: a value can't be written as the guide asks.
    """
    return _write(interchange, ANSWER, "HB", "271", answers, _answer)


def _write(
    interchange: Interchange,
    forms: _Forms,
    functional_id: str,
    kind: str,
    asked: Sequence[Asked],
    write_one: Callable[[Writer, Asked, str], None],
) -> bytes:
    out, number = Writer(), 0
    reference = interchange.reference or str(interchange.control)
    out.add(forms.bht, reference, day_text(interchange.written_at.date()), f"{interchange.written_at:%H%M}")
    for (payer, provider), group in groupby(asked, key=lambda one: (one.payer, one.provider)):
        members = list(group)
        there = [one for one in members if one.subscriber.last or one.member_id]
        number = _heads(out, forms, payer, provider, number, members, "1" if there else "0")
        provider_number = str(number)
        for one in there:
            number += 1
            out.add(forms.subscriber_level, str(number), provider_number, "1" if one.dependent else "0")
            if one.dependent:
                _person(out, forms, one, one.subscriber, "C")
                number += 1
                out.add(forms.dependent_level, str(number), str(number - 1))
            write_one(out, one, "D" if one.dependent else "C")
    body = Transaction(out.text(out.lines), len(out.lines))
    return enclose(interchange, functional_id, kind, VERSION, [body])


def _heads(
    out: Writer,
    forms: _Forms,
    payer: Payer,
    provider: Provider,
    number: int,
    members: Sequence[EligibilityQuestion | EligibilityAnswer],
    children: str,
) -> int:
    refusals = [refusal for one in members if isinstance(one, EligibilityAnswer) for refusal in one.refusals]
    out.add(forms.payer_level, str(number + 1), "1")
    out.add(forms.payer, payer.name, payer.identifier)
    _refusals(out, refusals, "payer", "2100A")
    out.add(forms.provider_level, str(number + 2), str(number + 1), children)
    kind = "1" if provider.is_person else "2"
    out.add(forms.provider, kind, provider.last, provider.first, provider.middle, provider.suffix,
            "XX", provider.npi)  # fmt: skip
    _refusals(out, refusals, "provider", "2100B")
    return number + 2


def _refusals(out: Writer, refusals: Sequence[Refusal], about: str, loop: str) -> None:
    for one in dict.fromkeys(refusals):
        if one.about == about:
            out.add(REFUSED[loop], one.reason, one.follow_up)


def _person(out: Writer, forms: _Forms, one: EligibilityQuestion | EligibilityAnswer, person: Person, at: str) -> None:
    """NM1, group, address; birth and gender follow behind the refusals."""
    name = (person.last, person.first, person.middle, person.suffix)
    if at == "C":
        kind = "1" if person.first or not person.last else "2"
        out.add(forms.person[at], kind, *name, "MI" if one.member_id else "", one.member_id)
        if one.group_number:
            out.add(forms.group, one.group_number)
    else:
        out.add(forms.person[at], *name)
    if person.address.complete:
        forms.addresses[at].write(out, person.address)
    if isinstance(one, EligibilityAnswer):
        _refusals(out, one.refusals, "subscriber" if at == "C" else "dependent", f"2100{at}")
    if person.birth_on or person.sex != "U":
        born = day_text(person.birth_on) if person.birth_on else ""
        out.add(forms.born[at], "D8" if born else "", born, person.sex if person.sex != "U" else "")


def _question(out: Writer, one: EligibilityQuestion, at: str) -> None:
    out.add(ASK.trace[at], one.trace, one.originator)
    _person(out, ASK, one, one.dependent or one.subscriber, at)
    if one.dependent and one.relationship:
        out.add(ASK.relation, one.relationship)
    if one.asked_on:
        write_days(out, ASKED_ON[at], one.asked_on, one.asked_until)
    for service in one.services:
        out.add(SERVICE[at], service)


def _answer(out: Writer, one: EligibilityAnswer, at: str) -> None:
    if one.trace:
        out.add(ANSWER.trace[at], one.trace, one.originator)
    _person(out, ANSWER, one, one.dependent or one.subscriber, at)
    if one.dependent and one.relationship:
        out.add(ANSWER.relation, one.relationship)
    for dated in one.dates:
        _dated(out, COVER_DATE[at], dated.kind, dated.on, dated.until)
    for benefit in one.benefits:
        _benefit(out, benefit, at)


def _benefit(out: Writer, one: Benefit, at: str) -> None:
    amount = "" if one.cents is None else amount_text(one.cents)
    share, quantity = ("" if number is None else quantity_text(number) for number in (one.share, one.quantity))
    services = MARKS.repetition.join(one.services)
    out.add(BENEFIT[at], one.kind, one.level, services, one.insurance_type, one.plan_name, one.period, amount, share,
            one.quantity_kind, quantity, one.authorization, one.network, one.procedure_kind, one.procedure)  # fmt: skip
    for qualifier, value in one.numbers:
        out.add(NUMBER[at], qualifier, value)
    for dated in one.dates:
        _dated(out, BENEFIT_DATE[at], dated.kind, dated.on, dated.until)
    _refusals(out, one.refusals, "benefit", f"2110{at}")
    for message in one.messages:
        out.add(MESSAGE[at], message)
    if one.others:
        out.add(OTHERS_BEGIN[at])
        for party in one.others:
            _other(out, party, at)
        out.add(OTHERS_END[at])


def _dated(out: Writer, dtp: Form, kind: str, on: date, until: date | None) -> None:
    if until:
        out.add(dtp, kind, "RD8", f"{day_text(on)}-{day_text(until)}")
    else:
        out.add(dtp, kind, "D8", day_text(on))


def _other(out: Writer, party: OtherParty, at: str) -> None:
    kind = "1" if party.first else "2"
    out.add(OTHER[at], party.entity, kind, party.name, party.first, party.identifier_kind, party.identifier)
