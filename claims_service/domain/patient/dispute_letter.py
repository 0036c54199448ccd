"""The answer to a dispute as a letter, frozen when sent, and the sentence a new statement says about it."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from claims_service.domain.money import spoken
from claims_service.domain.party import Address
from claims_service.domain.patient.dispute import CORRECTED, CREDITED, EXPLAINED, REASONS, UPHELD
from claims_service.domain.patient.statement import DAYS_TO_PAY, Sender
from claims_service.domain.patient.wording import LANGUAGES, choose, short_date


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
    off = spoken(letter.off_cents)
    english, spanish = {
        UPHELD: ("We looked again. The bill is right.", "Lo revisamos otra vez. La factura está bien."),
        CREDITED: (f"We took {off} off your bill.", f"Descontamos {off} de su factura."),
        CORRECTED: ("We corrected your bill.", "Corregimos su factura."),
        EXPLAINED: ("Here is the answer to your question.", "Esta es la respuesta a su pregunta."),
    }[letter.outcome]
    return choose(language, english, spanish)


def asked(letter: Letter, language: str) -> str:
    """When and about what the patient wrote."""
    day = short_date(letter.asked_on, language)
    reason = choose(language, *REASONS[letter.reason].words)
    return choose(
        language,
        f"On {day} you wrote to us about bill {letter.statement}: “{reason}”. Thank you for telling us.",
        f"El {day} usted nos escribió sobre la factura {letter.statement}: «{reason}». Gracias por avisarnos.",
    )


def next_steps(letter: Letter, language: str) -> str:
    """What the patient does or need not do now."""
    now, off = spoken(letter.now_cents), spoken(letter.off_cents)
    english, spanish = {
        UPHELD: (
            f"The {now} is part of your bill again. We send you a new bill. You have {DAYS_TO_PAY} days from its date to pay.",
            f"Los {now} vuelven a ser parte de su factura. Le enviamos una factura nueva. Tiene {DAYS_TO_PAY} días desde esa fecha para pagar.",
        ),
        CREDITED: (
            f"You do not pay the {off}. Your new bill shows it. Did you pay it before? Then it pays your next bill, or we give it back.",
            f"Usted no paga los {off}. Su factura nueva lo muestra. ¿Ya los pagó? Pagan su próxima factura o se los devolvemos.",
        ),
        CORRECTED: (
            f"Your share of this is {now} now. Your new bill shows it.",
            f"Su parte de esto es ahora {now}. Su factura nueva lo muestra.",
        ),
        EXPLAINED: (
            "Your bill stays as it is. You can ask us again at any time.",
            "Su factura sigue igual. Puede preguntarnos otra vez cuando quiera.",
        ),
    }[letter.outcome]
    return choose(language, english, spanish)


def not_agreed(letter: Letter, language: str) -> str:
    """Where to turn with an answer one does not accept."""
    plan = choose(
        language,
        "You can also ask your plan to look again, or write to your state’s insurance office.",
        "También puede pedirle a su plan que lo revise otra vez, o escribir a la oficina de seguros de su estado.",
    )
    if letter.again_until is None:
        return plan
    day = short_date(letter.again_until, language)
    again = choose(
        language,
        f"You can ask us to look once more until {day}. The amount is then on hold again.",
        f"Puede pedirnos que lo revisemos una vez más hasta el {day}. La cantidad se detiene otra vez.",
    )
    return f"{again} {plan}"


def change_of(letter: Letter) -> tuple[str, str]:
    """What a new statement says about the answer, in English and Spanish."""
    english, spanish = (_change(letter, language) for language in LANGUAGES)
    return english, spanish


def _change(letter: Letter, language: str) -> str:
    about = ", ".join(line.words for line in letter.lines) or letter.number
    now, off = spoken(letter.now_cents), spoken(letter.off_cents)
    english, spanish = {
        UPHELD: (
            f"You asked about {about}. We looked again and the amount is right, so {now} is part of this bill again.",
            f"Usted preguntó por {about}. Lo revisamos y la cantidad está bien; por eso {now} vuelve a esta factura.",
        ),
        CREDITED: (
            f"You asked about {about}. We took {off} off.",
            f"Usted preguntó por {about}. Descontamos {off}.",
        ),
        CORRECTED: (
            f"You asked about {about}. We corrected it: your share was {spoken(letter.before_cents)} and is {now} now.",
            f"Usted preguntó por {about}. Lo corregimos: su parte era {spoken(letter.before_cents)} y ahora es {now}.",
        ),
    }[letter.outcome]
    return choose(language, english, spanish)
