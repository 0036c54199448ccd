"""An appeal: the letter built from the claim's own facts and the clinic's text, and how it can end."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from claims_service.domain.party import Address

SENT, WON, PARTLY, LOST, WITHDRAWN = "sent", "won", "partly", "lost", "withdrawn"
OUTCOMES = (WON, PARTLY, LOST, WITHDRAWN)
FIELDS = ("amount", "claim", "denied_on", "insurer", "member", "patient", "provider", "reason", "service_dates")
"""What a text may name in braces."""
_FIELD = re.compile(r"\{([^{}]*)\}")
USUAL_TEXT = (
    "We ask you to look again at claim {claim} for {patient}, seen on {service_dates} by {provider}. "
    "On {denied_on} you refused {amount} with the reason: {reason}.\n\n"
    "The services were given and coded as the enclosed records show. Please pay the claim, or tell us in writing which rule of the "
    "plan it does not meet, who decided and with which qualification."
)


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """One service of the letter. number None: the claim as a whole."""

    served_on: str
    service: str
    charge_cents: int | None
    refused_cents: int
    reason: str


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything on the paper, frozen when it is made. facts: (words, value); made_on and due_on as YYYY-MM-DD."""

    level: int
    made_on: str
    due_on: str
    clinic: str
    phone: str
    address: Address
    insurer: str
    insurer_address: Address
    facts: tuple[tuple[str, str], ...]
    lines: tuple[RefusedLine, ...]
    paragraphs: tuple[str, ...]
    cents: int
    signer: str

    @property
    def made(self) -> date:
        return date.fromisoformat(self.made_on)


def unknown_fields(text: str) -> list[str]:
    """Names in braces that no claim fills."""
    return sorted({name for name in _FIELD.findall(text) if name not in FIELDS})


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with each name in braces replaced; what is filled in is never read again."""
    return _FIELD.sub(lambda found: values.get(found[1], found[0]), text)


def paragraphs(text: str) -> tuple[str, ...]:
    """Parts between empty lines, each on one line."""
    parts = re.split(r"\n\s*\n", text.replace("\r\n", "\n"))
    return tuple(" ".join(part.split()) for part in parts if part.strip())


def letter_text(letter: Letter) -> str:
    """As it is kept."""
    return json.dumps(asdict(letter), ensure_ascii=False, sort_keys=True)


def letter_from(text: str) -> Letter:
    """What letter_text() wrote."""
    found: dict[str, Any] = json.loads(text)
    found["address"], found["insurer_address"] = Address(**found["address"]), Address(**found["insurer_address"])
    found["facts"] = tuple((str(words), str(value)) for words, value in found["facts"])
    found["lines"] = tuple(RefusedLine(**line) for line in found["lines"])
    found["paragraphs"] = tuple(found["paragraphs"])
    return Letter(**found)
