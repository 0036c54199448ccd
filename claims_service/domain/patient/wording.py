"""How patients are spoken to: grade 6 sentences in English and Spanish, and dates in full.

Verbs are owe, pay, paid, ask; the plan goes by its name. Spanish says usted. The words are those of the glossary.
"""

from collections.abc import Mapping
from datetime import date

ENGLISH, SPANISH = "en", "es"
LANGUAGES = (ENGLISH, SPANISH)

_DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip
_NUMBERS = {
    ENGLISH: ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"),
    SPANISH: ("Ningún", "Un", "Dos", "Tres", "Cuatro", "Cinco", "Seis", "Siete", "Ocho", "Nueve", "Diez"),
}

SENTENCES: Mapping[str, tuple[str, str]] = {
    "deductible": (
        "Until your yearly deductible is used up, you pay the agreed price. This service used {share} of your deductible.",
        "Hasta completar su deducible anual, usted paga el precio acordado. Este servicio usó {share} de su deducible.",
    ),
    "coinsurance": (
        "Your plan paid {plan_percent}% of the agreed {base} and you pay {percent}%: {share} coinsurance.",
        "Su plan pagó el {plan_percent}% de los {base} acordados y usted el {percent}%: {share} de coseguro.",
    ),
    "coinsurance_after": (
        "Of the other {base}, your plan paid {plan_percent}% and you pay {percent}%: {share} coinsurance.",
        "De los otros {base}, su plan pagó el {plan_percent}% y usted el {percent}%: {share} de coseguro.",
    ),
    "coinsurance_plain": (
        "Your plan shares the cost with you. Your part is {share} coinsurance.",
        "Su plan comparte el costo con usted. Su parte es {share} de coseguro.",
    ),
    "copay": (
        "Your plan asks for a fixed copay of {share} for this kind of visit.",
        "Su plan pide un copago fijo de {share} por este tipo de consulta.",
    ),
    "not_covered": (
        "Your plan does not cover this service, so {share} is yours. You can ask your plan to look again.",
        "Su plan no cubre este servicio; {share} le corresponde a usted. Puede pedirle a su plan que lo revise.",
    ),
    "asks_you": (
        "Your plan needs an answer from you about other insurance. Please call them: the number is on your card.",
        "Su plan necesita que usted le diga si tiene otro seguro. Llámelos: el número está en su tarjeta.",
    ),
    "no_longer_insured": (
        "Your plan says you were not insured on this day, so {share} is yours. Had another plan? Tell us.",
        "Su plan dice que usted no estaba asegurado ese día; {share} le corresponde a usted. ¿Tenía otro plan? Avísenos.",
    ),
    "limit_reached": (
        "Your plan pays for this only so often, and the limit is reached. Your part is {share}.",
        "Su plan paga este servicio solo cierto número de veces y ya llegó al límite. Su parte es {share}.",
    ),
    "out_of_network": (
        "Your plan pays less for this clinic because it is not in its network. Your part is {share}.",
        "Su plan paga menos en esta clínica porque no está en su red. Su parte es {share}.",
    ),
    "other_share": (
        "Your plan says {share} of this is yours to pay. You can ask your plan why: the number is on your card.",
        "Su plan dice que {share} le corresponde a usted. Puede preguntarle por qué: el número está en su tarjeta.",
    ),
    "self_pay": (
        "We have no plan on file for this visit, so the whole price is yours. Do you have one? Tell us and we bill it.",
        "No tenemos un plan registrado para esta visita; el precio completo le corresponde a usted. ¿Tiene uno? Avísenos y le cobramos al plan.",
    ),
    "in_review": (
        "Your plan has not paid {cents} of this. That is our job. You owe nothing for that part.",
        "Su plan no ha pagado {cents} de esto. Eso nos toca a nosotros. Usted no debe nada por esa parte.",
    ),
    "forgiven": ("We took {cents} off for you.", "Le descontamos {cents}."),
    "nothing_owed": (
        "Your plan paid its part and the discount took the rest. You owe nothing for this.",
        "Su plan pagó su parte y el descuento cubrió el resto. Usted no debe nada por esto.",
    ),
    "all_discount": (
        "The agreed price for this is $0.00 because it belongs to another service. Nobody pays it.",
        "El precio acordado es $0.00 porque es parte de otro servicio. Nadie lo paga.",
    ),
    "taken_back": (
        "Your plan took {cents} back from us. We sort this out with your plan. You owe nothing for this.",
        "Su plan nos retiró {cents}. Lo arreglamos con su plan. Usted no debe nada por esto.",
    ),
    "whole_visit": (
        "Your plan changed the sum for the whole visit, not for one service.",
        "Su plan cambió la suma de toda la visita, no de un servicio.",
    ),
}


def say(key: str, language: str, **values: object) -> str:
    """A sentence of the table with its numbers filled in."""
    return SENTENCES[key][LANGUAGES.index(language)].format(**values)


def choose(language: str, english: str, spanish: str) -> str:
    """The text of two that is in the language."""
    return spanish if language == SPANISH else english


def long_date(on: date, language: str) -> str:
    """ "Friday, December 18, 2026" or "viernes 18 de diciembre de 2026"."""
    if language == SPANISH:
        return f"{_DAYS[on.weekday()]} {on.day} de {_MONTHS[on.month - 1]} de {on.year}"
    return f"{on:%A}, {on:%B} {on.day}, {on.year}"


def short_date(on: date, language: str) -> str:
    """ "October 6, 2026" or "6 de octubre de 2026"."""
    if language == SPANISH:
        return f"{on.day} de {_MONTHS[on.month - 1]} de {on.year}"
    return f"{on:%B} {on.day}, {on.year}"


def number_word(number: int, language: str) -> str:
    """Up to ten as a word that begins a sentence, above in digits."""
    words = _NUMBERS[language]
    return words[number] if number < len(words) else f"{number:,}"
