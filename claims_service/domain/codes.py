"""Shapes and check digits of the codes on a claim; whether a code exists is the code sets' business."""

import re

_ICD10 = re.compile(
    r"[A-Z](?:[0-9][0-9A-Z]|[A-Z][0-9])[0-9A-Z]{0,4}", re.ASCII
)  # QA00.1: since 2025 not only digits follow
_NOT_CLASSIFIED = frozenset(  # HCPCS level II: "not otherwise classified" and "miscellaneous"
    "A0999 A4649 A9999 B9998 B9999 C9399 E1399 J1599 J3490 J3590 J7599 J7699 J7799 J7999 J8498 J8499 J8597 J8999 J9999 K0108 K0812"
    " K0898 L0999 L1499 L2999 L3649 L3999 L5999 L7499 L8039 L8499 L8699 Q0507 Q0508 Q2039 Q4050 Q4051 Q4082 Q4100 T1999 T5999 V2199"
    " V2399 V2499 V2599 V2799 V5298 V5299".split()
)
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
    if not is_diagnosis(code):
        raise ValueError("not an ICD-10 code: a letter, two characters, then up to four more, like J06.9")
    return code


def is_diagnosis(text: str) -> bool:
    """The shape of an ICD-10-CM code as the claim carries it: three to seven characters, upper case, no dot."""
    return bool(_ICD10.fullmatch(text))


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


def is_unlisted(procedure: str) -> bool:
    """A code that says nothing of itself, so that SV101-7 must describe the service: CPT's ending in 99, and HCPCS's own.

    99499 is the one visit among them.
    """
    is_visit = "99202" <= procedure < "99499"
    return (procedure[:1].isdigit() and procedure.endswith("99") and not is_visit) or procedure in _NOT_CLASSIFIED


def is_modifier(text: str) -> bool:
    """Two letters or digits (837P SV101-3)."""
    return bool(_MODIFIER.fullmatch(text))


def is_taxonomy(text: str) -> bool:
    """Ten characters ending in X (837P PRV03)."""
    return bool(_TAXONOMY.fullmatch(text))


def is_zip(text: str, *, nine: bool = False) -> bool:
    """Five or nine digits without a dash; the billing provider needs nine (837P 2010AA N403)."""
    return text.isascii() and text.isdigit() and (len(text) == 9 or (len(text) == 5 and not nine))
