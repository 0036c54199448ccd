"""Money as whole cents. Text becomes cents here and nowhere else; nothing is ever rounded."""

import re
from collections.abc import Sequence
from decimal import Decimal

MOST_CENTS = 9_999_999_999  # 99,999,999.99: the ten digits an X12 amount may hold
_TEXT = re.compile(r"(-?)([0-9]*)(?:\.([0-9]*))?", re.ASCII)


def cents(value: str | int | Decimal) -> int:
    """Exact cents from dollars as written in a form, X12, FHIR or a bank file.

    Takes "12", "12.5", "-.45", Decimal("12.50") and whole dollars as int.

    Raises:
        ValueError: not a plain decimal number, finer than a cent, or beyond 99,999,999.99.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise ValueError("an amount is text, a whole number or a Decimal, never a float")  # noqa: TRY004 - one refusal for all bad input
    text = format(value, "f") if isinstance(value, Decimal) else str(value).strip()
    match = _TEXT.fullmatch(text)
    if match is None or not (match[2] or match[3]):
        raise ValueError("not an amount: write dollars and cents like 1234.50")
    sign, whole, part = match[1], match[2] or "0", (match[3] or "").rstrip("0")
    if len(part) > 2:
        raise ValueError("finer than a cent: write at most two decimals")
    amount = int(whole) * 100 + int(part.ljust(2, "0")) if len(whole) <= 12 else MOST_CENTS + 1
    if amount > MOST_CENTS:
        raise ValueError("more than 99,999,999.99")
    return -amount if sign else amount


def typed_cents(text: str) -> int:
    """As `cents`, of an amount as people type it: "$1,234.50".

    Raises:
        ValueError: as `cents`.
    """
    return cents(text.strip().lstrip("$").replace(",", ""))


def dollars(amount_cents: int) -> Decimal:
    """The same money as a Decimal with two places, for FHIR and reports."""
    return Decimal(amount_cents).scaleb(-2).quantize(Decimal("0.01"))


def plain_text(amount_cents: int) -> str:
    """1250 -> "12.50": for CSV, bank files and sentences that add their own sign."""
    sign = "-" if amount_cents < 0 else ""
    whole, part = divmod(abs(amount_cents), 100)
    return f"{sign}{whole}.{part:02}"


def dollars_text(amount_cents: int) -> str:
    """1250 -> "12.5", 10000 -> "100": X12 style R, no trailing zeros (X12 RFI 396, 1526)."""
    sign = "-" if amount_cents < 0 else ""
    whole, part = divmod(abs(amount_cents), 100)
    if not part:
        return f"{sign}{whole}"
    tenths, rest = divmod(part, 10)
    return f"{sign}{whole or ''}.{part:02}" if rest else f"{sign}{whole or ''}.{tenths}"


def spoken(amount_cents: int) -> str:
    """1234550 -> "$12,345.50" for sentences; negative with a real minus sign."""
    sign = "\N{MINUS SIGN}" if amount_cents < 0 else ""
    whole, part = divmod(abs(amount_cents), 100)
    return f"{sign}${whole:,}.{part:02}"


def split(total_cents: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Share an amount by weights so that the parts add up to it to the cent (largest remainder).

    Equal remainders go to the earlier part. Weights are >= 0 and not all zero.
    """
    if not weights or min(weights) < 0 or not (whole := sum(weights)):
        raise ValueError("weights must be zero or more, and not all zero")
    sign, amount = (-1, -total_cents) if total_cents < 0 else (1, total_cents)
    parts = [amount * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % whole), i))
    for i in by_remainder[: amount - sum(parts)]:
        parts[i] += 1
    return tuple(sign * part for part in parts)
