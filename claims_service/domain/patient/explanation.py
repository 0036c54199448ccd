"""Why a patient owes what they owe, in one plain sentence an amount."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from claims_service.domain.money import spoken
from claims_service.domain.patient.invoice import WHOLE_VISIT, InvoiceLine, Reason
from claims_service.domain.patient.short_reasons import short_reason
from claims_service.domain.patient.wording import sentence
from claims_service.words import LANGUAGES

Sentences = Mapping[tuple[str, str], str]
"""(adjustment reason code, language) -> sentence, for reasons the wording table does not name."""

DEDUCTIBLE, COINSURANCE, COPAY = "1", "2", "3"  # CARC
_NAMED = {
    "22": "asks_you",
    "26": "no_longer_insured",
    "27": "no_longer_insured",
    "31": "no_longer_insured",
    "96": "not_covered",
    "119": "limit_reached",
    "204": "not_covered",
    "242": "out_of_network",
}


def explained(line: InvoiceLine, *, insured: bool, plans: int = 1, sentences: Sentences | None = None) -> InvoiceLine:
    """The line with its text in English and Spanish.

    plans: how many plans decided; with two or more no percentage is claimed, it would be of one of them only.
    """
    english, spanish = (" ".join(_parts(line, insured, plans, language, sentences or {})) for language in LANGUAGES)
    return replace(line, explained=(english, spanish))


def _parts(line: InvoiceLine, insured: bool, plans: int, language: str, sentences: Sentences) -> list[str]:
    if line.number == WHOLE_VISIT and line.plan_paid_cents < 0 and not line.share_cents:
        return [sentence("taken_back", language, cents=spoken(-line.plan_paid_cents))]
    if line.number == WHOLE_VISIT:
        said = [sentence("whole_visit", language)]
    elif not insured and line.share_cents:
        said = [sentence("self_pay", language)]
    else:
        said = [
            _reason(reason, line, plans, language, sentences) for reason in _shares(line.reasons) if reason.cents > 0
        ]
    if line.in_review_cents:
        said += _in_review(line, language, sentences)
    if line.forgiven_cents > 0:
        said.append(sentence("forgiven", language, cents=spoken(line.forgiven_cents)))
    if not said:
        said.append(sentence("nothing_owed" if line.plan_paid_cents else "all_discount", language))
    return said


def _shares(reasons: Iterable[Reason]) -> list[Reason]:
    """Coinsurance last: it is a part of what deductible and copay leave."""
    return sorted((reason for reason in reasons if not reason.in_review), key=lambda r: r.code == COINSURANCE)


def _reason(reason: Reason, line: InvoiceLine, plans: int, language: str, sentences: Sentences) -> str:
    share = spoken(reason.cents)
    if reason.code == DEDUCTIBLE:
        return sentence("deductible", language, share=share)
    if reason.code == COPAY:
        return sentence("copay", language, share=share)
    if reason.code == COINSURANCE:
        return _coinsurance(reason, line, plans, language)
    if reason.code in _NAMED:
        return sentence(_NAMED[reason.code], language, share=share)
    return sentences.get((reason.code, language)) or sentence("other_share", language, share=share)


def _coinsurance(reason: Reason, line: InvoiceLine, plans: int, language: str) -> str:
    """A percentage is said only where it gives the cents exactly and the plan paid the rest."""
    agreed = line.charge_cents - line.discount_cents
    before = sum(r.cents for r in _shares(line.reasons) if r.code != COINSURANCE)
    base = agreed - before
    percent = _whole_percent(reason.cents, base)
    if plans != 1 or percent is None or line.plan_paid_cents != base - reason.cents:
        return sentence("coinsurance_plain", language, share=spoken(reason.cents))
    return sentence(
        "coinsurance_after" if before else "coinsurance",
        language,
        base=spoken(base),
        percent=percent,
        plan_percent=100 - percent,
        share=spoken(reason.cents),
    )


def _whole_percent(part: int, whole: int) -> int | None:
    """The whole percentage that comes to these cents, to the nearest cent; None when there is none."""
    if not 0 < part < whole:
        return None
    percent = round(Fraction(part * 100, whole))
    return percent if 0 < percent < 100 and abs(Fraction(whole * percent, 100) - part) < 1 else None


def _in_review(line: InvoiceLine, language: str, sentences: Sentences) -> list[str]:
    refusals = [r for r in line.reasons if r.in_review and r.cents > 0]
    why = [told for r in refusals if (told := sentences.get((r.code, language)))]
    return [*why[:1], sentence("in_review", language, cents=spoken(line.in_review_cents))]


def share_reasons(lines: Iterable[InvoiceLine], language: str) -> list[tuple[str, int]]:
    """What the patient's share is made of: (words, cents), the largest first, what was taken off last. Adds up to the share."""
    sums: dict[str, int] = {}
    for line in lines:
        for reason in _shares(line.reasons):
            words = short_reason(reason, language)
            sums[words] = sums.get(words, 0) + reason.cents
    return sorted(((words, cents) for words, cents in sums.items() if cents), key=lambda pair: -pair[1])
