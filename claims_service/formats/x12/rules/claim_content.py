"""What a claim says fits together: number, frequency, diagnoses, lines, attachments, accident (SNIP level 4)."""

from collections.abc import Iterator

from claims_service.formats.x12.node import Segment
from claims_service.formats.x12.rules.rule import Closed, Fault, element

DIAGNOSES = ("ABK", "BK", "ABF", "BF")
POINTED_AT = (*DIAGNOSES, "TQ")
POINTERS = {"SV1": 7, "SV3": 11}
RESTATES = ("7", "8")


def claim_number(closed: Closed) -> Iterator[Fault]:
    """CLM01 is our key for every answer: one claim of a transaction, at most twenty characters."""
    claim = closed.node.first("CLM")
    number = element(claim, 1) if claim else ""
    if number in closed.tally.claim_numbers:
        yield Fault("claim-number-twice", claim, "01")
    if number:
        closed.tally.claim_numbers.add(number)
    if len(number) > 20:
        yield Fault("claim-number-long", claim, "01")


def original_reference(closed: Closed) -> Iterator[Fault]:
    """CLM05-3 7 and 8 name the payer's number of the claim that they replace or void (REF*F8); 1 has none."""
    claim = closed.node.first("CLM")
    place = closed.parts(claim, 5) if claim else []
    frequency = place[2] if len(place) > 2 else ""
    reference = closed.node.first("REF", "F8")
    if frequency in RESTATES and reference is None:
        yield Fault("original-number-missing", claim, "05-3")
    if frequency == "1" and reference is not None:
        yield Fault("original-number-unneeded", reference)


def diagnoses(closed: Closed) -> Iterator[Fault]:
    """Each diagnosis stands once, in the code set of the first."""
    seen: set[str] = set()
    kind = ""
    for segment in closed.node.segments("HI"):
        for position in range(1, len(segment)):
            qualifier, code = [*closed.parts(segment, position), ""][:2]
            if qualifier not in DIAGNOSES:
                continue
            kind = kind or qualifier
            if code in seen:
                yield Fault("diagnosis-twice", segment, f"{position:02}-2")
            if kind[0] != qualifier[0]:
                yield Fault("diagnosis-mixed", segment, f"{position:02}-1")
            seen.add(code)


def pointers(closed: Closed) -> Iterator[Fault]:
    """SV107 and SV311 point at diagnoses of this claim, at each once."""
    count = sum(closed.parts(segment, position)[0] in POINTED_AT
                for segment in closed.node.segments("HI") for position in range(1, len(segment)))  # fmt: skip
    for line in closed.node.loops("2400"):
        for kind, at in POINTERS.items():
            service = line.first(kind)
            if service is not None and element(service, at):
                yield from _pointers(closed, service, at, count)


def _pointers(closed: Closed, service: Segment, at: int, count: int) -> Iterator[Fault]:
    found = closed.parts(service, at)
    for n, pointer in enumerate(found, 1):
        if pointer.isascii() and pointer.isdigit() and not (len(pointer) < 3 and 0 < int(pointer) <= count):
            yield Fault("pointer-to-nothing", service, f"{at:02}-{n}")
        elif pointer and pointer in found[: n - 1]:
            yield Fault("pointer-twice", service, f"{at:02}-{n}")


def line_numbers(closed: Closed) -> Iterator[Fault]:
    """LX01 counts the lines of a claim from 1."""
    for number, line in enumerate(closed.node.loops("2400"), 1):
        counter = line.first("LX")
        if counter is not None and element(counter, 1) != str(number):
            yield Fault("line-number", counter, "01")


def line_references(closed: Closed) -> Iterator[Fault]:
    """REF*6R names one line of the claim, in at most 30 characters: the remittance brings it back."""
    seen: set[str] = set()
    for line in closed.node.loops("2400"):
        for reference in line.segments("REF", "6R"):
            number = element(reference, 2)
            if number in seen:
                yield Fault("line-reference-twice", reference, "02")
            if len(number) > 30:
                yield Fault("line-reference-long", reference, "02")
            seen.add(number)


def attachments(closed: Closed) -> Iterator[Fault]:
    """What is sent apart (PWK02 other than AA) is found again by a control number, PWK05 AC and PWK06."""
    for attachment in closed.node.segments("PWK"):
        if element(attachment, 2) in ("BM", "EL", "EM", "FT", "FX") and not element(attachment, 6):
            yield Fault("attachment-number", attachment, "06")


def accident(closed: Closed) -> Iterator[Fault]:
    """CLM11 AA or OA asks for the day (DTP*439), AA for the state; no claim knows a day without a cause."""
    claim = closed.node.first("CLM")
    if claim is None:
        return
    causes = [*closed.parts(claim, 11), "", "", "", ""][:4]
    dated = closed.node.first("DTP", "439")
    for n, cause in enumerate(causes[:3], 1):
        if cause in ("AA", "OA") and dated is None:
            yield Fault("accident-date", claim, f"11-{n}")
    if "AA" in causes[:3] and not causes[3]:
        yield Fault("accident-state", claim, "11-4")
    if dated is not None and not any(causes[:3]):
        yield Fault("accident-cause", dated)


def anaesthesia(closed: Closed) -> Iterator[Fault]:
    """An anaesthesia service (CPT 00100 to 01999) is told in minutes, but for the few that are no time."""
    service = closed.node.first("SV1")
    if service is None:
        return
    code = [*closed.parts(service, 1), ""][1]
    timed = len(code) == 5 and code.isdigit() and "00100" <= code <= "01999" and code not in ("01953", "01996")
    if timed and element(service, 3) != "MJ":
        yield Fault("anaesthesia-minutes", service, "03")
