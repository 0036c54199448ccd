"""Segments the insurer writes, with the envelope around them and its counts."""

from collections.abc import Sequence
from datetime import datetime

Segment = tuple[str, ...]


def segment(*elements: str) -> Segment:
    """A segment without empty elements at its end."""
    last = max(i for i, element in enumerate(elements) if element)
    return elements[: last + 1]


def composite(*parts: str) -> str:
    """Components of one element, empty ones at the end left out."""
    return ":".join(parts).rstrip(":")


def interchange(
    sender: str,
    receiver: str,
    control: int,
    at: datetime,
    *,
    usage: str,
    inner: Sequence[Segment] = (),
    groups: int = 0,
) -> bytes:
    """ISA to IEA around whole segments; 106 characters of ISA (X12 5010 appendix C)."""
    number = f"{control:09d}"
    isa = ("ISA", "00", " " * 10, "00", " " * 10, "ZZ", f"{sender:15}", "ZZ", f"{receiver:15}", f"{at:%y%m%d}", f"{at:%H%M}",
           "^", "00501", number, "0", usage, ":")  # fmt: skip
    whole = [isa, *inner, ("IEA", str(groups), number)]
    return "".join("*".join(elements) + "~" for elements in whole).encode("latin-1")


def group(
    functional_id: str,
    version: str,
    sender: str,
    receiver: str,
    control: int,
    at: datetime,
    body: Sequence[Segment],
    *,
    kind: str,
) -> list[Segment]:
    """GS to GE around one transaction; body begins behind ST. ST03 is left out of an 835 (X221A1)."""
    start = ("ST", kind, "0001") if kind == "835" else ("ST", kind, "0001", version)
    return [
        ("GS", functional_id, sender, receiver, f"{at:%Y%m%d}", f"{at:%H%M}", str(control), "X", version),
        start,
        *body,
        ("SE", str(len(body) + 2), "0001"),
        ("GE", "1", str(control)),
    ]
