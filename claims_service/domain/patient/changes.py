"""What became of a visit since the patient was last billed for it, in one sentence."""

from claims_service.domain.money import spoken
from claims_service.domain.patient.invoice import Invoice
from claims_service.domain.patient.wording import short_date
from claims_service.words import LANGUAGES, said, say

_TOOK_OFF = said("%(day)s: we took %(off)s off for you. Your share was %(before)s and is %(now)s now.")
_LEFT = said("%(day)s: your plan does not pay %(left)s. Your share was %(before)s and is %(now)s now.")
_DECIDED_ANEW = said("%(day)s: your plan changed its answer. Your share was %(before)s and is %(now)s now.")
_CORRECTED = said("%(day)s: we corrected it. Your share was %(before)s and is %(now)s now.")


def change_of_share(before: Invoice, now: Invoice) -> tuple[str, str] | None:
    """In English and Spanish why the share of a visit is another one than on its last invoice; None where it is the same."""
    if before.share_cents == now.share_cents:
        return None
    off_cents, left_cents = now.forgiven_cents - before.forgiven_cents, before.in_review_cents - now.in_review_cents
    grown_cents = now.share_cents - before.share_cents
    if off_cents > 0 and grown_cents == -off_cents:
        words = _TOOK_OFF
    elif left_cents > 0 and grown_cents == left_cents:
        words = _LEFT
    else:
        words = _DECIDED_ANEW if now.plans else _CORRECTED
    values = {
        "off": spoken(off_cents), "left": spoken(left_cents), "before": spoken(before.share_cents),
        "now": spoken(now.share_cents),
    }  # fmt: skip
    english, spanish = (
        say(language, words, day=short_date(now.served_on, language), **values) for language in LANGUAGES
    )
    return english, spanish
