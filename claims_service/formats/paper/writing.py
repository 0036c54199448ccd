"""How paper forms are written: capitals without punctuation, dates and money in their own columns."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from claims_service.domain.party import Address, Person, Provider

MARK = "X"
ON_FILE = "SIGNATURE ON FILE"
_LETTERS = str.maketrans({"ß": "SS", "Æ": "AE", "Ø": "O", "Ł": "L", "Đ": "D", "Þ": "TH", "Œ": "OE", "–": "-", "—": "-"})
_GONE = re.compile(r"[.,'’$\"]")
_ODD = re.compile(r"[^A-Z0-9 /&#()+:-]")


def plain(text: str) -> str:
    """Capitals without accents and without . , ' $: "St. Mary’s, Apt. 4" -> "ST MARYS APT 4"."""
    bare = unicodedata.normalize("NFKD", text.upper().translate(_LETTERS))
    bare = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return " ".join(_ODD.sub(" ", _GONE.sub("", bare)).split())


def listed_name(person: Person) -> str:
    """ "TESTPATIENT JR, ALMA, Q": last name with suffix, first name, initial; the commas part them."""
    last = plain(f"{person.last} {person.suffix}")
    return ", ".join(part for part in (last, plain(person.first), plain(person.middle)[:1]) if part)


def spoken_name(provider: Provider) -> str:
    """ "HAL Q HEALER MD", or the name of an organization."""
    return plain(f"{provider.first} {provider.middle} {provider.last} {provider.suffix}")


def street(address: Address) -> str:
    """Both lines of a street on one."""
    return plain(f"{address.line1} {address.line2}")


def place(address: Address) -> str:
    """ "SPRINGFIELD IL 627010001"."""
    return plain(f"{address.city} {address.state} {digits(address.zip)}")


def digits(text: str) -> str:
    """A ZIP, tax id or phone number without its marks."""
    return "".join(letter for letter in text if letter.isdigit())


def code(text: str) -> str:
    """A diagnosis or number without its dots and blanks."""
    return plain(text.replace(".", "")).replace(" ", "")


def long_day(value: date | None) -> str:
    """MM DD CCYY."""
    return f"{value:%m %d %Y}" if value else ""


def short_day(value: date | None) -> str:
    """MM DD YY."""
    return f"{value:%m %d %y}" if value else ""


def close_day(value: date | None) -> str:
    """MMDDYY."""
    return f"{value:%m%d%y}" if value else ""


def columns_of(cents: int) -> str:
    """12000 -> "120 00": the cents stand behind a blank, where the form has its line."""
    sign = "-" if cents < 0 else ""
    whole, part = divmod(abs(cents), 100)
    return f"{sign}{whole} {part:02}"


def quantity(value: Decimal) -> str:
    """Decimal("1.50") -> "1.5", Decimal(45) -> "45"."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def other_number(provider: Provider, qualifiers: Iterable[str]) -> tuple[str, str]:
    """(qualifier, number) of a provider's first number of these kinds, ("", "") without one."""
    wanted = set(qualifiers)
    found = next(((kind, number) for kind, number in provider.numbers if kind in wanted), ("", ""))
    return found[0], code(found[1])


def filled(boxes: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The boxes that hold something."""
    return {box: text for box, text in boxes if text}
