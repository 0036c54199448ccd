"""What a patient's reply to a text message means: the words that end it, in English and Spanish."""

import re
import unicodedata
from functools import partial

from claims_service.domain.party import spoken_phone
from claims_service.words import say

STOP, HELP, OTHER = "stop", "help", "other"
# 47 CFR 64.1200(a)(10) names the English ones: a reply with one of them ends consent for certain. The Spanish ones say the same.
STOP_WORDS = frozenset(
    "stop quit end revoke optout cancel unsubscribe stopall alto parar pare para cancelar cancele cancela baja detener detenga"
    " terminar termine fin borrar basta".split()
)  # fmt: skip
STOP_PHRASES = frozenset(("opt out", "no more", "no mas", "no quiero mas", "de baja", "dar de baja", "darme de baja"))
HELP_WORDS = frozenset("help info ayuda".split())
MOST_WORDS = 4  # a longer reply is a sentence for a person: "stop by on Monday to pay"


def meaning(reply: str) -> str:
    """STOP, HELP or OTHER, however it is written: "Stop.", "¡ALTO!", "stop please". In doubt a short reply that begins so is a stop."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", reply.casefold()) if not unicodedata.combining(c))
    words = re.findall(r"[a-z]+", plain)
    if not words or len(words) > MOST_WORDS:
        return OTHER
    if words[0] in STOP_WORDS or any(" ".join(words).startswith(phrase) for phrase in STOP_PHRASES):
        return STOP
    return HELP if words[0] in HELP_WORDS else OTHER


def number(phone: str) -> str:
    """The ten digits of a number of North America, however it is written; "" where it is none."""
    digits = re.sub(r"\D", "", phone)
    digits = digits[1:] if len(digits) == 11 and digits[0] == "1" else digits
    return digits if len(digits) == 10 else ""


def answer(means: str, clinic: str, phone: str, language: str) -> str:
    """The one message that confirms a stop, or says whom to ask."""
    _ = partial(say, language)
    if means == STOP:
        text = _(
            "%(clinic)s: you get no more texts from us. Questions: %(phone)s.", clinic=clinic, phone=spoken_phone(phone)
        )
    else:
        text = _(
            "%(clinic)s: we text you about your bills. Questions: %(phone)s. Reply STOP to end.",
            clinic=clinic,
            phone=spoken_phone(phone),
        )
    return str(text)
