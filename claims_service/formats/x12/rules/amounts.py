"""Amounts are money: at most ten digits, of which two are cents (X12 RFI 1526). What is not, no sum can trust."""

import re
from collections.abc import Iterator

from claims_service.formats.x12.rules.rule import Closed, Fault, amount, element

_NUMBER = re.compile(r"-?[0-9]*\.?[0-9]*", re.ASCII)
PLACES = {
    "CLM": (2,),
    "SV1": (2,),
    "SV2": (3,),
    "SV3": (2,),
    "SVD": (2,),
    "AMT": (2,),
    "CAS": (3, 6, 9, 12, 15, 18),
    "BPR": (2,),
    "CLP": (3, 4, 5),
    "SVC": (2, 3),
    "PLB": (4, 6, 8, 10, 12, 14),
    "STC": (4,),
    "EB": (7,),
}


def money_form(closed: Closed) -> Iterator[Fault]:
    """No part of a cent and no more than 99,999,999.99; what is no number at all is told at level 1."""
    for item in closed.own:
        for position in PLACES.get(item[0], ()):
            text = element(item, position)
            if text and amount(item, position) is None and _NUMBER.fullmatch(text):
                yield Fault("amount-form", item, f"{position:02}")
