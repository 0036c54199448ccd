"""How patients are spoken to: grade 6 sentences in English and Spanish, and dates in full.

Verbs are owe, pay, paid, ask; the plan goes by its name. Spanish says usted. The words are those of the glossary.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from babel.dates import format_date

from claims_service.words import ENGLISH, LANGUAGES, SPANISH, said, say

_LOCALES = {ENGLISH: "en_US", SPANISH: "es_US"}
_LONG = {ENGLISH: "EEEE, MMMM d, y", SPANISH: "EEEE d 'de' MMMM 'de' y"}

SENTENCES: Mapping[str, str] = {
    "deductible": said(
        "Until your yearly deductible is used up, you pay the agreed price. This service used %(share)s of your "
        "deductible."
    ),
    "coinsurance": said(
        "Your plan paid %(plan_percent)s%% of the agreed %(base)s and you pay %(percent)s%%: %(share)s coinsurance."
    ),
    "coinsurance_after": said(
        "Of the other %(base)s, your plan paid %(plan_percent)s%% and you pay %(percent)s%%: %(share)s coinsurance."
    ),
    "coinsurance_plain": said("Your plan shares the cost with you. Your part is %(share)s coinsurance."),
    "copay": said("Your plan asks for a fixed copay of %(share)s for this kind of visit."),
    "not_covered": said(
        "Your plan does not cover this service, so %(share)s is yours. You can ask your plan to look again."
    ),
    "asks_you": said(
        "Your plan needs an answer from you about other insurance. Please call them: the number is on your card."
    ),
    "no_longer_insured": said(
        "Your plan says you were not insured on this day, so %(share)s is yours. Had another plan? Tell us."
    ),
    "limit_reached": said("Your plan pays for this only so often, and the limit is reached. Your part is %(share)s."),
    "out_of_network": said(
        "Your plan pays less for this clinic because it is not in its network. Your part is %(share)s."
    ),
    "other_share": said(
        "Your plan says %(share)s of this is yours to pay. You can ask your plan why: the number is on your card."
    ),
    "self_pay": said(
        "We have no plan on file for this visit, so the whole price is yours. Do you have one? Tell us and we bill it."
    ),
    "in_review": said("Your plan has not paid %(cents)s of this. That is our job. You owe nothing for that part."),
    "forgiven": said("We took %(cents)s off for you."),
    "nothing_owed": said("Your plan paid its part and the discount took the rest. You owe nothing for this."),
    "all_discount": said("The agreed price for this is $0.00 because it belongs to another service. Nobody pays it."),
    "taken_back": said(
        "Your plan took %(cents)s back from us. We sort this out with your plan. You owe nothing for this."
    ),
    "whole_visit": said("Your plan changed the sum for the whole visit, not for one service."),
}


def sentence(key: str, language: str, **values: object) -> str:
    """A sentence of the table with its numbers filled in."""
    return say(language, SENTENCES[key], **values)


def of_pair(pair: tuple[str, str], language: str) -> str:
    """The text of two that is in the language: what was frozen keeps both."""
    return pair[LANGUAGES.index(language)]


@lru_cache(maxsize=4096)
def long_date(on: date, language: str) -> str:
    """ "Friday, December 18, 2026" or "viernes 18 de diciembre de 2026"."""
    return format_date(on, _LONG[language], locale=_LOCALES[language])


@lru_cache(maxsize=4096)
def short_date(on: date, language: str) -> str:
    """ "October 6, 2026" or "6 de octubre de 2026"."""
    return format_date(on, "long", locale=_LOCALES[language])


_NUMBERS = (
    said("No"), said("One"), said("Two"), said("Three"), said("Four"), said("Five"), said("Six"), said("Seven"), said("Eight"),
    said("Nine"), said("Ten"),
)  # fmt: skip


def number_word(number: int, language: str) -> str:
    """Up to ten as a word that begins a sentence, above in digits."""
    return say(language, _NUMBERS[number]) if number < len(_NUMBERS) else f"{number:,}"
