"""What a patient with a plan is expected to pay: from what the insurer told of the cover and what the contract allows.

Nothing is guessed: where the insurer told several amounts, or not which part of the rules holds, the share is a range that
holds every possibility; where it told none, the share is not known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import product

from claims_service.domain.eligibility.summary import COVERED, Amount, Summary
from claims_service.domain.money import spoken
from claims_service.words import both, said

_ONE = Decimal(1)
Words = tuple[str, str]  # English, Spanish


@dataclass(frozen=True, slots=True)
class Share:
    """What the patient pays of the allowed amount, from low to high; both None: not known. why: sentences in both languages."""

    low_cents: int | None
    high_cents: int | None
    why: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class _Told:
    """Every value each part of the rules can have. copay empty: the insurer told none."""

    copay: tuple[int, ...]
    coinsurance: tuple[Decimal, ...]
    deductible: tuple[int, ...]
    ceiling: int | None


def share_of(allowed_cents: int, told: Summary | None, *, told_for: date | None, day: date, more_plans: bool) -> Share:
    """The patient's part of what the plan allows for a visit on a day. told: the newest answer about the cover, told_for a day."""
    if told is None or told_for is None:
        return Share(None, None, (both(NOT_ASKED),))
    if told.standing != COVERED:
        return Share(None, None, (both(NOT_ACTIVE),))
    if not (told.copay or told.coinsurance or told.deductible_left or told.deductible):
        return Share(None, None, (both(SAYS_NOTHING),))
    same_year = told_for.year == day.year
    rules = _told(allowed_cents, told, same_year=same_year)
    found = [
        _paid(allowed_cents, copay, part, left, rules.ceiling)
        for copay, part, left in product(rules.copay or (None,), rules.coinsurance, rules.deductible)
    ]
    if rules.copay:  # whether the deductible and the coinsurance come on top of the copay is not told
        found += [min(copay, allowed_cents, *_some(rules.ceiling)) for copay in rules.copay]
    low, high = (0 if more_plans else min(found)), max(found)
    return Share(low, high, tuple(_sentences(told, same_year=same_year, more_plans=more_plans, exact=low == high)))


def _told(allowed: int, told: Summary, *, same_year: bool) -> _Told:
    left = _cents(told.deductible_left) if same_year else ()
    if not left:
        whole = _cents(told.deductible)
        # Somewhere between nothing and the whole of it; without a sum, anything up to the price.
        left = (0, max(whole)) if whole else (0, allowed)
    parts = tuple(one.share for one in told.coinsurance if one.share is not None)
    if not parts:
        # A fixed copay may be all there is; else what comes after the deductible is not known.
        parts = (Decimal(0),) if told.copay else (Decimal(0), _ONE)
    ceiling = max(_cents(told.out_of_pocket_left), default=None) if same_year else None
    return _Told(_cents(told.copay), parts, left, ceiling)


def _cents(amounts: Sequence[Amount]) -> tuple[int, ...]:
    return tuple(one.cents for one in amounts if one.cents is not None)


def _paid(allowed: int, copay: int | None, part: Decimal, left: int, ceiling: int | None) -> int:
    """The deductible first, then the part of the rest, the copay besides; never above the price or the year's limit."""
    deductible = min(left, allowed)
    rest = int(((allowed - deductible) * part).quantize(_ONE, ROUND_HALF_UP))
    return min(allowed, deductible + rest + (copay or 0), *_some(ceiling))


def _some(ceiling: int | None) -> tuple[int, ...]:
    return () if ceiling is None else (ceiling,)


NOT_ASKED = said("Your part is not known: we have not asked your plan yet.")
NOT_ACTIVE = said("Your part is not known: your plan does not say that you are covered. Please call your plan or us.")
SAYS_NOTHING = said("Your part is not known: your plan did not say what you pay. Please call your plan.")


def _sentences(told: Summary, *, same_year: bool, more_plans: bool, exact: bool) -> list[Words]:
    found: list[Words] = []
    if copays := _cents(told.copay):
        sums = " / ".join(map(spoken, sorted(set(copays))))
        found.append(both("Your plan asks for a copay of %(sums)s for a visit.", sums=sums))
    left = _cents(told.deductible_left)
    if left and same_year:
        sums = " / ".join(map(spoken, sorted(set(left))))
        found.append(both("You have %(sums)s of your yearly deductible left to pay.", sums=sums))
    elif whole := _cents(told.deductible):
        sums = " / ".join(map(spoken, sorted(set(whole))))
        found.append(
            both("Your yearly deductible is %(sums)s. How much of it will be left is not known.", sums=sums)
        )  # fmt: skip
    parts = sorted({one.share for one in told.coinsurance if one.share is not None})
    if parts:
        percent = " / ".join(f"{(part * 100).normalize():f}%" for part in parts)
        found.append(both("After the deductible you pay %(percent)s of the price.", percent=percent))
    ceilings = _cents(told.out_of_pocket_left)
    if ceilings and same_year:
        most = spoken(max(ceilings))
        found.append(both("This year you pay at most %(most)s more.", most=most))
    if more_plans:
        found.append(both("You have a second plan. It may pay a part of this."))
    if not exact:
        found.append(
            both("Your plan did not tell us enough to name one sum, so we show the least and the most.")
        )  # fmt: skip
    return found
