"""The payment number that ties a bank line to a remittance: TRN02 with TRN03 of the 835, as banks pass it on."""

import re
from dataclasses import dataclass

# Banks print "*" as a blank, cut the segment's end or close it with "~" or "\", and change its case.
_TRN = re.compile(r"(?<![A-Z0-9])TRN[* ]+1[* ]+([^*~\\ ]{1,50})(?:[* ]+([A-Z0-9]\d{9}))?(?![A-Z0-9])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Trace:
    """number: TRN02 without case and leading zeros. originator: TRN03, a digit and the payer's EIN; "" where not told."""

    number: str
    originator: str = ""


NO_TRACE = Trace("")


def plain_number(text: str) -> str:
    """A payment or check number as it is compared: capitals, no blanks around it, no leading zeros."""
    text = text.strip().upper()
    return text.lstrip("0") or text[:1]


def trace_of(number: str, originator: str = "") -> Trace:
    """The trace of an 835 (TRN02, TRN03) or of a check ("0000012345" is 12345)."""
    return Trace(plain_number(number), originator.strip().upper())


def traces_in(*parts: str) -> tuple[Trace, ...]:
    """Every TRN in the addenda or remittance text of one bank line, in order (Nacha: CCD+ addenda of HCCLAIMPMT).

    parts: pieces of a text that the bank may have cut anywhere, such as BAI2 88 records.
    """
    spaced, joined = _traces(" ".join(parts)), _traces("".join(parts))
    # A cut inside the segment shows only when the pieces are joined without a blank: then TRN03 appears.
    return joined if _with_originator(joined) > _with_originator(spaced) else spaced


def _traces(text: str) -> tuple[Trace, ...]:
    return tuple(dict.fromkeys(trace_of(m[1], m[2] or "") for m in _TRN.finditer(text.upper())))


def _with_originator(traces: tuple[Trace, ...]) -> int:
    return sum(bool(t.originator) for t in traces)
