"""Code files with few or invented codes, as tests import them."""

import io
from collections.abc import Iterable

from claims_service.domain.actor import COMMAND
from claims_service.workflow.import_codes import Wanted, import_codes
from tests.clinic import NOW

BODY = ("arm", "leg", "hand", "foot", "knee", "hip", "ear", "eye", "back", "neck")
STAGE = ("initial encounter", "later encounter", "sequela")


def order_file(codes: Iterable[str]) -> bytes:
    """An ICD-10-CM order file of "J069", "J069 its words" and "E11! words of a heading"."""
    lines = []
    for number, one in enumerate(codes, 1):
        code, _, words = one.partition(" ")
        words = words or f"What {code} means"
        lines.append(f"{number:05} {code.strip('!'):<7} {int('!' not in code)} {words[:60]:<60} {words}\n")
    return "".join(lines).encode()


def import_icd10cm(year: int, codes: Iterable[str]) -> None:
    """Import the release of a fiscal year, which begins on October 1 of the year before."""
    file = (f"icd10cm-order-{year}.txt", io.BytesIO(order_file(codes)))
    (done,) = import_codes(Wanted("icd10cm", retire=True), [file], by=COMMAND, now=NOW)
    assert done.problems == ()


def invented(number: int) -> str:
    """A code and its words: each has "disorder", one in ten a body part, and a name of its own."""
    code = f"{'ABCDEFGHIJKLMNOPQRSTVWXYZ'[number // 4000]}{number % 4000 // 100:02}{number % 100:02}"
    return f"{code} Disorder of {BODY[number % 10]} named q{number}q, {STAGE[number % 3]}"
