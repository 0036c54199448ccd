"""Claim status: a question as a 276 and a payer's answer as a 277 (005010X212)."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from claims_service.domain.claim.status import LineStatus, StatusAnswer, StatusQuestion, StatusStep
from claims_service.formats.x12.claim_levels import PERSON
from claims_service.formats.x12.claim_parts import MODIFIERS, NumberForms, write_days
from claims_service.formats.x12.guide import guide
from claims_service.formats.x12.interchange import Interchange, Transaction, enclose
from claims_service.formats.x12.plain import amount_text, day_text, quantity_text
from claims_service.formats.x12.writer import Form, Writer, form

Asked = TypeVar("Asked", StatusQuestion, StatusAnswer)
_REASON = "{category status entity}"
_PAYMENT = "charge paid decided paid_on payment "


class _Forms:
    """The forms of the 276 or the 277; D stands for loops of a subscriber's claim, E for a dependent's."""

    def __init__(self, name: str, bht: str, trace: str) -> None:
        def of(loop: str, segment: str, fields: str) -> Form:
            return form(name, loop, segment, fields)

        self.guide = guide(name)
        self.bht = of("ST", "BHT", bht)
        self.payer_level = of("2000A", "HL", "id level=20 children=1")
        self.payer = of("2100A", "NM1", "entity=PR entity_type=2 last id_qualifier=PI id")
        self.receiver_level = of("2000B", "HL", "id parent level=21 children=1")
        self.receiver = of("2100B", "NM1", "entity=41 entity_type=2 last id_qualifier=46 id")
        self.provider_level = of("2000C", "HL", "id parent level=19 children=1")
        self.provider = of("2100C", "NM1", "entity=1P entity_type=2 last id_qualifier=XX id")
        self.subscriber_level = of("2000D", "HL", "id parent level=22 children")
        self.subscriber = of("2100D", "NM1", f"entity=IL entity_type=1 {PERSON} id_qualifier=MI id")
        self.dependent_level = of("2000E", "HL", "id parent level=23")
        self.dependent = of("2100E", "NM1", f"entity=QC entity_type=1 {PERSON}")
        self.trace = {at: of(f"2200{at}", "TRN", f"type={trace} number") for at in "DE"}
        fields = (("1K", "payer_claim_number"), ("EJ", "control_number"))
        self.numbers = {at: NumberForms(name, f"2200{at}", *fields) for at in "DE"}
        self.served = {at: of(f"2200{at}", "DTP", "qualifier=472 format date") for at in "DE"}


ASK = _Forms("276", "structure=0010 purpose=13 reference date time", "1")
BORN = {at: form("276", f"2000{at}", "DMG", "date_format=D8 born gender") for at in "DE"}
CHARGE = {at: form("276", f"2200{at}", "AMT", "qualifier=T3 amount") for at in "DE"}
ANSWER = _Forms("277", "structure=0010 purpose=08 reference date time type=DG", "2")
STATUS = {
    at: form("277", f"2200{at}", "STC", f"status1{_REASON} date {_PAYMENT}status2{_REASON} status3{_REASON}")
    for at in "DE"
}
LINE = {
    at: form(
        "277", f"2220{at}", "SVC", f"procedure{{qualifier code {MODIFIERS}}} charge paid revenue original_quantity"
    )
    for at in "DE"
}
LINE_STATUS = {
    at: form("277", f"2220{at}", "STC", f"status1{_REASON} date status2{_REASON} status3{_REASON}") for at in "DE"
}
LINE_NUMBER = {at: NumberForms("277", f"2220{at}", ("FJ", "reference")) for at in "DE"}
LINE_SERVED = {at: form("277", f"2220{at}", "DTP", "qualifier=472 format date") for at in "DE"}


def write_276(interchange: Interchange, questions: Sequence[StatusQuestion]) -> bytes:
    """Questions to one payer; each stands under its own payer and provider, in order.

    Raises:
        Rejected: a value can't be written as the guide asks.
    """
    return _write(interchange, ASK, "HR", "276", questions, _question)


def write_277(interchange: Interchange, answers: Sequence[StatusAnswer]) -> bytes:
    """A payer's answers, in order.

    Raises:
        Rejected: a value can't be written as the guide asks.
    """
    return _write(interchange, ANSWER, "HN", "277", answers, _answer)


def _write(
    interchange: Interchange,
    forms: _Forms,
    functional_id: str,
    kind: str,
    asked: Sequence[Asked],
    write_one: Callable[[Writer, Asked, str], None],
) -> bytes:
    out, number, above = Writer(), 0, ("", "")
    reference = interchange.reference or str(interchange.control)
    out.add(forms.bht, reference, day_text(interchange.written_at.date()), f"{interchange.written_at:%H%M}")
    before: tuple[object, object] | None = None
    for one in asked:
        if before != (one.payer, one.billing):
            number, above = _heads(out, forms, one, number, interchange)
            before = (one.payer, one.billing)
        number += 1
        out.add(forms.subscriber_level, str(number), above[1], "1" if one.dependent else "0")
        at = "E" if one.dependent else "D"
        if kind == "276" and not one.dependent:
            _born(out, one, at)
        person = one.subscriber
        out.add(forms.subscriber, person.last, person.first, person.middle, person.suffix, one.member_id)
        if one.dependent:
            number += 1
            out.add(forms.dependent_level, str(number), str(number - 1))
            if kind == "276":
                _born(out, one, at)
            patient = one.dependent
            out.add(forms.dependent, patient.last, patient.first, patient.middle, patient.suffix)
        out.add(forms.trace[at], one.trace)
        write_one(out, one, at)
    body = Transaction(out.text(out.lines), len(out.lines))
    return enclose(interchange, functional_id, kind, forms.guide.version, [body])


def _heads(
    out: Writer, forms: _Forms, one: StatusQuestion | StatusAnswer, number: int, interchange: Interchange
) -> tuple[int, tuple[str, str]]:
    out.add(forms.payer_level, str(number + 1))
    out.add(forms.payer, one.payer.name, one.payer.identifier)
    out.add(forms.receiver_level, str(number + 2), str(number + 1))
    out.add(forms.receiver, one.billing.name, one.billing.submitter_id or interchange.sender.strip())
    out.add(forms.provider_level, str(number + 3), str(number + 2))
    out.add(forms.provider, one.billing.name, one.billing.npi)
    return number + 3, (str(number + 2), str(number + 3))


def _born(out: Writer, one: StatusQuestion | StatusAnswer, at: str) -> None:
    """DMG of whom is asked about; its gender has no letter for unknown."""
    person = one.dependent or one.subscriber
    born = day_text(person.birth_on) if person.birth_on else ""
    out.add(BORN[at], born, person.sex if person.sex in ("F", "M") else "")


def _question(out: Writer, one: StatusQuestion, at: str) -> None:
    ASK.numbers[at].write(out, one)
    if one.charge_cents is not None:
        out.add(CHARGE[at], amount_text(one.charge_cents))
    if one.served_on:
        write_days(out, ASK.served[at], one.served_on, one.served_until)


def _answer(out: Writer, one: StatusAnswer, at: str) -> None:
    for step in one.steps:
        reasons = _reasons(step)
        charge, paid = ("" if cents is None else amount_text(cents) for cents in (step.charge_cents, step.paid_cents))
        decided, paid_on = ("" if on is None else day_text(on) for on in (step.decided_on, step.paid_on))
        out.add(STATUS[at], *reasons[:3], day_text(step.on), charge, paid, decided, paid_on, step.payment, *reasons[3:])
    ANSWER.numbers[at].write(out, one)
    if one.served_on:
        write_days(out, ANSWER.served[at], one.served_on, one.served_until)
    for line in one.lines:
        _line(out, line, at)


def _reasons(step: StatusStep) -> list[str]:
    parts = [part for one in step.reasons[:3] for part in (one.category, one.status, one.entity)]
    return parts + [""] * (9 - len(parts))


def _line(out: Writer, line: LineStatus, at: str) -> None:
    modifiers = (*line.modifiers, "", "", "", "")[:4]
    units = "" if line.units is None else quantity_text(line.units)
    out.add(LINE[at], line.qualifier, line.procedure, *modifiers, amount_text(line.charge_cents),
            amount_text(line.paid_cents), line.revenue_code, units)  # fmt: skip
    for step in line.steps:
        reasons = _reasons(step)
        out.add(LINE_STATUS[at], *reasons[:3], day_text(step.on), *reasons[3:])
    LINE_NUMBER[at].write(out, line)
    write_days(out, LINE_SERVED[at], line.served_on, line.served_until)
