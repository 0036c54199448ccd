"""The statement on paper: one Letter page for up to eight services, in larger print for few, folded into a window envelope, pay slip at the foot."""

import io
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

import segno

from claims_service.domain.estimate import wording as estimate_words
from claims_service.domain.money import spoken
from claims_service.domain.party import spoken_phone
from claims_service.domain.patient import prompt_pay
from claims_service.domain.patient.explanation import share_reasons
from claims_service.domain.patient.invoice import InvoiceLine
from claims_service.domain.patient.staircase import Step, staircase
from claims_service.domain.patient.statement import Statement, answered, title
from claims_service.domain.patient.wording import long_date, of_pair, short_date
from claims_service.formats.documents.press import address_lines, pdf, sender_of
from claims_service.words import said, say

MOST_ON_FIRST_PAGE, MOST_IN_LARGER_PRINT = 8, 4
_HEAD = (said("Service"), said("Why you pay"))


def statement_pdf(
    statement: Statement, language: str, *, online: str = "", pay_link: str = "", large: bool = False
) -> bytes:
    """The statement as it was issued. large: in print of 18 points and more, for who sees less (45 CFR 92.202).

    online: address of the portal; pay_link: of this bill, as a code to scan; "" is left out."""
    s, phone = statement, spoken_phone(statement.sender.phone)

    _ = partial(say, language)

    numbered = _("Statement %(number)s", number=s.number)
    steps = staircase(s, language)
    here, larger = _fits(s, len(steps))
    content = {
        "lang": language,
        "title": f"{numbered}, {s.sender.name}",
        "page_words": _("Page {page} of {pages}") + f", {s.number}",
        "sender": sender_of(s.sender),
        "numbered": f"{numbered}, {long_date(s.issued_on, language)}",
        "heading": title(s, language),
        "to": {"name": s.addressee, "lines": address_lines(s.address)},
        "owe": {
            "label": _("You owe"),
            "amount": spoken(s.due_cents),
            "by": _by(s, language),
            "more": _more(s, language),
            "online": _("Pay online or ask:") if s.owed_cents > 0 else _("See it online or ask:"),
            "online_how": online or _("use the link we sent you, or call %(phone)s.", phone=phone),
        },
        "qr": _qr(pay_link, language) if s.owed_cents > 0 else None,
        "stairs": {
            "title": _("How we got to %(owed)s", owed=spoken(s.due_cents)),
            "steps": _drawn(steps),
        },
        "services": _services(s, language, here=here),
        "larger": larger,
        "notes": _notes(s, phone, language),
        "slip": _slip(s, language) if s.owed_cents > 0 else None,
    }  # fmt: skip
    return pdf("statement_large.typ" if large else "statement.typ", content, s.issued_on)


def _qr(address: str, language: str) -> dict[str, str] | None:
    if not address:
        return None
    drawn = io.BytesIO()
    segno.make_qr(address, error="m").save(drawn, kind="svg", border=0, scale=4)
    return {
        "svg": drawn.getvalue().decode(),
        "words": say(language, "Scan to see and pay this bill."),
        "alt": say(language, "A code that opens this bill on a phone"),
    }


def _by(s: Statement, language: str) -> str:
    if s.owed_cents <= 0:
        return say(language, "You do not have to pay anything now.")
    rest = s.owed_cents - s.planned_cents
    if s.planned_cents and rest <= 0:
        return say(language, "You pay it by your payment plan. Nothing else is due now.")  # fmt: skip
    return say(language, "Please pay by %(due)s.", due=long_date(s.due_on, language))


def _more(s: Statement, language: str) -> str:
    if s.planned_cents:
        plan = of_pair(s.payment_plan, language)
        if s.owed_cents <= s.planned_cents:
            return f"{plan}."
        planned = spoken(s.planned_cents)
        return say(language, "Your payment plan pays the other %(planned)s. %(plan)s.", planned=planned, plan=plan)
    if s.held_cents:
        held = spoken(s.held_cents)
        return say(language, "We are looking into %(held)s for you. You need not pay it now.", held=held)
    return answered(s, language) if s.owed_cents > 0 else ""


def _drawn(steps: list[Step]) -> list[dict[str, Any]]:
    """Each step with its place on the track, in ten-thousandths of the price."""
    whole = max(1, *(step.cents for step in steps))
    left, drawn = 0, []
    for step in steps:
        left = left + step.cents if step.cents < 0 else step.cents
        start = min(max(left, 0) * 10_000 // whole, 10_000) if step.cents < 0 else 0
        width = min(abs(step.cents) * 10_000 // whole, 10_000 - start)
        drawn.append(
            {"what": step.what, "why": step.why, "amount": spoken(step.cents), "kind": step.kind, "total": step.total, "start": start, "width": width}
        )  # fmt: skip
    return drawn


def _fits(s: Statement, steps: int) -> tuple[bool, bool]:
    """Whether the services stand on the first page, and whether what stands there leaves room for larger print."""
    services = sum(len(visit.invoice.lines) for visit in s.visits)
    rare = (
        2 * max(steps - 6, 0)
        + len(s.changes)
        + 4 * sum(visit.above is not None for visit in s.visits)
        + (s.prompt_pay is not None)
        + (len(s.waiting) + 1) // 2
    )
    here = services + rare <= MOST_ON_FIRST_PAGE
    return here, rare + (services if here else 0) <= MOST_IN_LARGER_PRINT


def _services(s: Statement, language: str, *, here: bool) -> dict[str, Any]:
    placed = [(line.number in visit.held_lines, line) for visit in s.visits for line in visit.invoice.lines]
    lines = [line for _, line in placed]
    days = {line.served_on for line in lines}
    sums = _sums(lines)
    head = [say(language, words) for words in (*_HEAD, *(words for words, _ in sums))]
    if len(days) == 1:
        head[0] += f", {_day(lines[0].served_on, language)}"
    return {
        "head": head,
        "rows": [
            [*_named(line, language, dated=len(days) > 1, held=held), *(spoken(cents(line)) for _, cents in sums)]
            for held, line in placed
        ],
        "here": here,
        "title": say(language, "Each service"),
        "elsewhere": say(
            language,
            "Your %(lines)s services are on the next page, each with its price and your share.",
            lines=len(lines),
        ),
    }


def _sums(lines: Sequence[InvoiceLine]) -> list[tuple[str, Callable[[InvoiceLine], int]]]:
    """The columns of cents, which add up across each line to the last one; two of them only where there is something in them."""
    sums: list[tuple[str, Callable[[InvoiceLine], int]]] = [
        (said("Price"), lambda line: line.charge_cents),
        (said("Discount"), lambda line: -line.discount_cents),
        (said("Plan paid"), lambda line: -line.plan_paid_cents),
    ]
    if any(line.forgiven_cents for line in lines):
        sums.append((said("We took off"), lambda line: -line.forgiven_cents))
    if any(line.in_review_cents for line in lines):
        sums.append((said("In review"), lambda line: -line.in_review_cents))
    return [*sums, (said("Your share"), lambda line: line.share_cents)]


def _named(line: InvoiceLine, language: str, *, dated: bool, held: bool) -> tuple[str, str]:
    """What the service is, and why something of it is the patient's."""
    name = line.words or line.procedure or say(language, "The whole visit")
    return (
        f"{name}, {_day(line.served_on, language)}" if dated else name,
        say(language, "On hold, not owed now") if held else _why(line, language),
    )


def _day(on: date, language: str) -> str:
    """The year is in the title."""
    return short_date(on, language).removesuffix(f", {on.year}").removesuffix(f" de {on.year}")


def _why(line: InvoiceLine, language: str) -> str:
    parts = [words for words, _ in share_reasons([line], language)]
    if line.in_review_cents:
        parts.append(say(language, "we sort out the rest"))
    text = say(language, " and ").join(parts) or say(language, "nothing to pay")
    return text[:1].upper() + text[1:]


def _notes(s: Statement, phone: str, language: str) -> list[tuple[str, str]]:
    _ = partial(say, language)
    always = [
        (_("Cannot pay it all now?"), _("Call us and we find a way together: %(phone)s. You can also pay a part.", phone=phone)),
        (
            _("Something looks wrong?"),
            _("Tell us before you pay, on your page or by phone: %(phone)s. That amount waits until we answer.", phone=phone)
            + _letter(s, language),
        ),
        # the other way round than everywhere else: each speaks to who does not read the rest
        (_("Español, otros idiomas o letra grande:"), _("gratis. Llame al %(phone)s.", phone=phone)),
    ]  # fmt: skip
    if s.owed_cents <= 0:
        always = always[1:]
    changed = _("What changed since your last bill:")
    early = _("Pay early and save:")
    save = [(early, prompt_pay.told(s.owed_cents, s.prompt_pay, language))] if s.prompt_pay else []
    news = [(changed, " ".join(of_pair(change, language) for change in s.changes))] if s.changes else []
    far = _(estimate_words.ABOVE_TITLE)
    news += [(far, estimate_words.above(visit.above, language)) for visit in s.visits if visit.above]
    if s.credit_cents:
        owing = _("We owe you %(cents)s:", cents=spoken(s.credit_cents))
        news.append((owing, _("It pays your next bill. Would you like it back? Call us.")))
    own = [(_("This bill is confidential:"), _("we tell and show it to nobody but you."))] if s.confidential else []
    if s.keep_from_plan_until:
        day = short_date(s.keep_from_plan_until, language)
        own.append(
            (
                _("Your plan is not told of a visit here:"),
                _("you asked for that. Please pay it in full by %(day)s. If not, we tell you before we send it to your plan.", day=day),
            )
        )  # fmt: skip
    return own + save + news + _waiting(s, language) + always


def _waiting(s: Statement, language: str) -> list[tuple[str, str]]:
    """Visits that plans had yet to answer, apart from what is asked for."""
    if not s.waiting:
        return []
    told = [f"{short_date(visit.served_on, language)} ({', '.join(visit.payers)})" for visit in s.waiting]
    apart = say(language, "These visits are not on this bill. Please do not pay for them yet.")
    title = say(language, "Still with your plan")
    return [(f"{title}:", f"{'; '.join(told)}. {apart}")]


def _letter(s: Statement, language: str) -> str:
    """What the plan's own letter should say, for who has one."""
    if not s.payers:
        return ""
    share = spoken(s.plan_share_cents)
    return " " + say(
        language, "Your plan’s letter should show your share as %(share)s. If not, tell us first.", share=share
    )


def _slip(s: Statement, language: str) -> dict[str, Any]:
    _ = partial(say, language)

    lines = [
        s.sender.name,
        *address_lines(s.sender.address),
        _("Write %(number)s on the check.", number=s.number),
        _("Please do not write card numbers on paper."),
    ]
    due = short_date(s.due_on, language)
    rows = [
        (s.patient, s.number),
        (
            _("You owe") if s.planned_cents >= s.owed_cents else _("You owe by %(due)s", due=due),
            spoken(s.due_cents),
        ),
        (_("Amount sent"), "$ ____________"),
    ]
    title = _("To pay by mail, send this part with a check to")
    return {"title": title, "lines": lines, "rows": rows}
