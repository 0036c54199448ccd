"""Shapes and check digits of the codes on a claim; whether a code exists is the code sets' business."""

import re

_ICD10 = re.compile(
    r"[A-Z](?:[0-9][0-9A-Z]|[A-Z][0-9])[0-9A-Z]{0,4}", re.ASCII
)  # QA00.1: since 2025 not only digits follow
_PROCEDURE = re.compile(r"[0-9A-Z][0-9]{3}[0-9A-Z]", re.ASCII)
_MODIFIER = re.compile(r"[0-9A-Z]{2}", re.ASCII)
_TAXONOMY = re.compile(r"[0-9]{3}[0-9A-Z]{6}X", re.ASCII)
STATES = frozenset(
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI"
    " SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI AA AE AP".split()
)


def is_npi(text: str) -> bool:
    """Ten digits, first 1 or 2, Luhn check digit with prefix 80840 (45 CFR 162.406)."""
    if not (text.isascii() and text.isdigit() and len(text) == 10 and text[0] in "12"):
        return False
    total = 24
    for i, digit in enumerate(reversed(text)):
        number = int(digit) * (2 if i % 2 else 1)
        total += number - 9 if number > 9 else number
    return total % 10 == 0


def diagnosis(text: str) -> str:
    """An ICD-10-CM code as the claim carries it: upper case, no dot ("j06.9" -> "J069").

    Raises:
        ValueError: not the shape of an ICD-10-CM code.
    """
    code = text.strip().upper().replace(".", "")
    if not 3 <= len(code) <= 7 or not _ICD10.fullmatch(code):
        raise ValueError("not an ICD-10 code: a letter, two characters, then up to four more, like J06.9")
    return code


def dotted(code: str) -> str:
    """J069 -> J06.9, as people write it."""
    return f"{code[:3]}.{code[3:]}" if len(code) > 3 else code


def procedure(text: str) -> str:
    """A five-character CPT or HCPCS code.

    Raises:
        ValueError: not five letters and digits in that shape.
    """
    code = text.strip().upper()
    if not is_procedure(code):
        raise ValueError("not a procedure code: five characters like 99213 or G0008")
    return code


def is_procedure(text: str) -> bool:
    """Five letters and digits in the shape of CPT and HCPCS codes, upper case."""
    return bool(_PROCEDURE.fullmatch(text))


def is_modifier(text: str) -> bool:
    """Two letters or digits (837P SV101-3)."""
    return bool(_MODIFIER.fullmatch(text))


def is_taxonomy(text: str) -> bool:
    """Ten characters ending in X (837P PRV03)."""
    return bool(_TAXONOMY.fullmatch(text))


def is_zip(text: str, *, nine: bool = False) -> bool:
    """Five or nine digits without a dash; the billing provider needs nine (837P 2010AA N403)."""
    return text.isascii() and text.isdigit() and (len(text) == 9 or (len(text) == 5 and not nine))
