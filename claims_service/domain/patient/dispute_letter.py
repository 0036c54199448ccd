"""The answer to a dispute as a letter, frozen when sent, and the sentence a new statement says about it."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from typing import Any

from claims_service.domain.money import spoken
from claims_service.domain.party import Address
from claims_service.domain.patient.dispute import CORRECTED, CREDITED, EXPLAINED, REASONS, UPHELD
from claims_service.domain.patient.statement import DAYS_TO_PAY, Sender
from claims_service.domain.patient.wording import short_date
from claims_service.words import LANGUAGES, say


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A line that was questioned. before_cents: its share then; now_cents: after the answer."""

    encounter: int
    line: int
    words: str
    before_cents: int
    now_cents: int

    @property
    def off_cents(self) -> int:
        return self.before_cents - self.now_cents


@dataclass(frozen=True, slots=True)
class Letter:
    """words: what the clinic wrote, in the patient's language. again_until: the last day to ask once more, None when used."""

    number: str
    made_on: date
    sender: Sender
    patient: str
    address: Address
    statement: str
    asked_on: date
    reason: str
    outcome: str
    words: str
    lines: tuple[LetterLine, ...]
    again_until: date | None

    @property
    def encounters(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(line.encounter for line in self.lines))

    @property
    def before_cents(self) -> int:
        return sum(line.before_cents for line in self.lines)

    @property
    def off_cents(self) -> int:
        return sum(line.off_cents for line in self.lines)

    @property
    def now_cents(self) -> int:
        return sum(line.now_cents for line in self.lines)


def freeze_letter(letter: Letter) -> str:
    """The same letter always gives the same text."""
    return json.dumps(asdict(letter), default=date.isoformat, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def letter_of(text: str) -> Letter:
    """The letter behind its frozen text."""
    found: dict[str, Any] = json.loads(text)
    sender, until = found["sender"], found["again_until"]
    return Letter(
        **{
            **found,
            "made_on": date.fromisoformat(found["made_on"]),
            "asked_on": date.fromisoformat(found["asked_on"]),
            "sender": Sender(sender["name"], sender["phone"], Address(**sender["address"])),
            "address": Address(**found["address"]),
            "lines": tuple(LetterLine(**line) for line in found["lines"]),
            "again_until": date.fromisoformat(until) if until else None,
        }
    )


def heading(letter: Letter, language: str) -> str:
    """The answer in one line."""
    _, off = partial(say, language), spoken(letter.off_cents)
    return {
        UPHELD: _("We looked again. The bill is right."),
        CREDITED: _("We took %(off)s off your bill.", off=off),
        CORRECTED: _("We corrected your bill."),
        EXPLAINED: _("Here is the answer to your question."),
    }[letter.outcome]


def asked(letter: Letter, language: str) -> str:
    """When and about what the patient wrote."""
    day = short_date(letter.asked_on, language)
    reason = say(language, REASONS[letter.reason].words)
    return say(
        language,
        "On %(day)s you wrote to us about bill %(statement)s: “%(reason)s”. Thank you for telling us.",
        day=day,
        statement=letter.statement,
        reason=reason,
    )


def next_steps(letter: Letter, language: str) -> str:
    """What the patient does or need not do now."""
    _, now, off = partial(say, language), spoken(letter.now_cents), spoken(letter.off_cents)
    return {
        UPHELD: _(
            "The %(now)s is part of your bill again. We send you a new bill. You have %(days_to_pay)s days from its "
            "date to pay.",
            now=now,
            days_to_pay=DAYS_TO_PAY,
        ),
        CREDITED: _(
            "You do not pay the %(off)s. Your new bill shows it. Did you pay it before? Then it pays your next bill, "
            "or we give it back.",
            off=off,
        ),
        CORRECTED: _("Your share of this is %(now)s now. Your new bill shows it.", now=now),
        EXPLAINED: _("Your bill stays as it is. You can ask us again at any time."),
    }[letter.outcome]


def not_agreed(letter: Letter, language: str) -> str:
    """Where to turn with an answer one does not accept."""
    plan = say(language, "You can also ask your plan to look again, or write to your state’s insurance office.")
    if letter.again_until is None:
        return plan
    day = short_date(letter.again_until, language)
    again = say(language, "You can ask us to look once more until %(day)s. The amount is then on hold again.", day=day)
    return f"{again} {plan}"


def change_of(letter: Letter) -> tuple[str, str]:
    """What a new statement says about the answer, in English and Spanish."""
    english, spanish = (_change(letter, language) for language in LANGUAGES)
    return english, spanish


def _change(letter: Letter, language: str) -> str:
    about = ", ".join(line.words for line in letter.lines) or letter.number
    _, now, off = partial(say, language), spoken(letter.now_cents), spoken(letter.off_cents)
    return {
        UPHELD: _(
            "You asked about %(about)s. We looked again and the amount is right, so %(now)s is part of this bill again.",
            about=about,
            now=now,
        ),
        CREDITED: _("You asked about %(about)s. We took %(off)s off.", about=about, off=off),
        CORRECTED: _(
            "You asked about %(about)s. We corrected it: your share was %(before)s and is %(now)s now.",
            about=about,
            before=spoken(letter.before_cents),
            now=now,
        ),
    }[letter.outcome]
