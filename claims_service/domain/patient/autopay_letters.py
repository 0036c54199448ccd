"""The words of autopay by e-mail, in English and Spanish: what is charged and when, what did not go through, what was called off.

As in every message no care stands in it, and no amount in its subject.
"""

from dataclasses import dataclass
from datetime import date
from functools import partial

from claims_service.domain.money import spoken
from claims_service.domain.patient import autopay as rules
from claims_service.domain.patient.letters import Words
from claims_service.domain.patient.wording import long_date
from claims_service.words import said, say

SOON, FAILED, LAST_FAILED, OFF = "autopay_soon", "autopay_failed", "autopay_last", "autopay_off"
KINDS = (SOON, FAILED, LAST_FAILED, OFF)

_WHY = {
    rules.NOTHING: said("Nothing is open any more."),
    rules.CHANGED: said("Your bill changed. A new bill tells what holds."),
    rules.DISPUTED: said("You asked us about this bill. We answer first."),
    rules.RESTS: said("Your bills are on hold for now."),
    rules.ENDED: said("You stopped autopay, or it ended."),
    rules.ABOVE: said("It is more than the limit you set."),
    rules.UNTOLD: said("We could not tell you in time."),
}  # fmt: skip

_SUBJECTS = {
    SOON: said("Autopay at %(clinic)s: what comes next"),
    FAILED: said("Autopay at %(clinic)s did not go through"),
    LAST_FAILED: said("Autopay at %(clinic)s did not go through"),
    OFF: said("Autopay at %(clinic)s was called off"),
}
_TOLD = {
    SOON: said(
        "on %(day)s we charge %(cents)s to your %(method)s, as you agreed. You do not have to do anything. Does "
        "something look wrong? Tell us before that day, and nothing is charged."
    ),
    FAILED: said(
        "we could not charge %(cents)s to your %(method)s. Nothing was taken and it costs you nothing. We try once "
        "more on %(day)s. You can also pay another way before."
    ),
    LAST_FAILED: said(
        "the second try to charge %(cents)s to your %(method)s did not go through. Nothing was taken, and we do not "
        "try again. Please pay another way, or call us and we find one together."
    ),
    OFF: said("we do not charge %(cents)s to your %(method)s. %(why)s"),
}


@dataclass(frozen=True, slots=True)
class AutopayAbout:
    """method: "Visa ending in 4242". on: the day of the charge, or of the next try. why: a charge was called off."""

    clinic: str
    phone: str
    first_name: str
    cents: int
    on: date
    method: str
    link: str
    language: str
    why: str = ""


def why_off(why: str, language: str) -> str:
    """Why a charge was called off, in one sentence."""
    return say(language, _WHY[why])


def autopay_email(kind: str, about: AutopayAbout) -> Words:
    """An e-mail of one of KINDS."""
    _ = partial(say, about.language)
    told = _(
        _TOLD[kind],
        cents=spoken(about.cents), method=about.method, day=long_date(about.on, about.language),
        why=why_off(about.why, about.language) if about.why else "",
    )  # fmt: skip
    text = _(
        "Hello %(first)s,\n\n%(told)s\n\nSee your bill, or stop autopay: %(link)s\n\nQuestions? Call us: "
        "%(phone)s.\n\n%(clinic)s",
        first=about.first_name, told=told, link=about.link, phone=about.phone, clinic=about.clinic,
    )  # fmt: skip
    return Words(_(_SUBJECTS[kind], clinic=about.clinic), text)
