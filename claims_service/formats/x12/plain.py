"""Values as X12 writes them: names in upper-case ASCII without delimiters, dates, money and quantities as text."""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from functools import lru_cache

from claims_service.domain import money

_REFUSED = re.compile(r"[^A-Z0-9 !\"&'()+,\-./;?=%@\[\]_{}\\<>#$|]")
_LETTERS = str.maketrans({"ß": "SS", "Æ": "AE", "Ø": "O", "Ł": "L", "Đ": "D", "Ð": "D", "Þ": "TH", "Œ": "OE",
                          "‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\N{NO-BREAK SPACE}": " "})  # fmt: skip
_BLANKS = re.compile(r" {2,}")


@lru_cache(maxsize=16384)
def name_text(value: str) -> tuple[str, bool]:
    """A name, address or note as it may be written, and whether more than its case had to be changed.

    Accents go ("MUÑOZ" -> "MUNOZ"); delimiters and what ASCII lacks become a blank.
    """
    upper = value.translate(_LETTERS).upper()
    if not _REFUSED.search(upper):
        tidy = _BLANKS.sub(" ", upper).strip()
        return tidy, upper != value.upper()
    bare = unicodedata.normalize("NFKD", upper.translate(_LETTERS))
    bare = "".join(letter for letter in bare if not unicodedata.combining(letter)).upper()
    return _BLANKS.sub(" ", _REFUSED.sub(" ", bare)).strip(), True


@lru_cache(maxsize=4096)
def day_text(value: date) -> str:
    """CCYYMMDD (D8)."""
    return f"{value.year:04}{value.month:02}{value.day:02}"


amount_text = lru_cache(maxsize=16384)(money.dollars_text)


@lru_cache(maxsize=4096)
def quantity_text(value: Decimal) -> str:
    """Decimal("1.50") -> "1.5", Decimal(45) -> "45": X12 style R."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("", "-0", "-") else text.removeprefix("0") if text.startswith("0.") else text
