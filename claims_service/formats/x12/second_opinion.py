"""What pyx12, an X12 validator by other hands, says of a file, where it is installed. Its words hold values; ours do not."""

import importlib.util
import io
import json
import logging
from collections.abc import Iterator, Mapping
from typing import Any

from claims_service.formats.x12.findings import Finding

LONGEST = 5_000_000  # bytes; it keeps some hundred times that in memory
_SEGMENT = {
    "1": "it does not know this segment",
    "2": "it does not expect this segment here",
    "3": "a segment that it requires is missing",
    "4": "the loop repeats too often",
    "5": "the segment repeats too often",
    "6": "the segment is not used in this transaction",
    "7": "the segment is out of order",
    "8": "the segment breaks a rule of its own",
}
_ELEMENT = {
    "1": "a value that it requires is missing",
    "2": "a value that goes with another is missing",
    "3": "there are too many values",
    "4": "the value is too short",
    "5": "the value is too long",
    "6": "the value holds a character that is not allowed",
    "7": "the code is not one that it allows",
    "8": "the date is not a date",
    "9": "the time is not a time",
    "10": "values stand together that exclude one another",
}


def installed() -> bool:
    """Whether pyx12 can be asked."""
    return importlib.util.find_spec("pyx12") is not None


def second_opinion(content: bytes) -> list[Finding]:
    """The findings of pyx12, each an error as it counts them, in the order of the file.

    Raises:
        ImportError: pyx12 is not installed.
    """
    import pyx12.params
    import pyx12.x12n_document

    logging.getLogger("pyx12").setLevel(logging.CRITICAL + 1)  # it logs values out of the file
    told = io.StringIO()
    text = io.StringIO(content.decode("latin-1"))
    try:
        accepted = pyx12.x12n_document.x12n_document(
            pyx12.params.params(), text, fd_997=io.StringIO(), fd_html=None, fd_json=told
        )
        found = list(_findings(json.loads(told.getvalue() or "{}")))
    except Exception:  # noqa: BLE001 - what it raises at a broken file is not ours to list
        return [_finding("stopped", "pyx12 can't read the file to its end.")]
    return found or ([] if accepted else [_finding("refused", "pyx12 does not accept the file, and does not say why.")])


def _findings(told: Mapping[str, Any]) -> Iterator[Finding]:
    for interchange in told.get("interchanges", ()):
        yield from _of_envelope(interchange, "the interchange", "")
        for group in interchange["groups"]:
            yield from _of_envelope(group, "the functional group", "")
            for transaction in group["transactions"]:
                control = str(transaction["trn_set_control_num"])
                yield from _of_envelope(transaction, "the transaction", control)
                for segment in transaction["segments"]:
                    yield from _of_segment(segment, control)


def _of_envelope(node: Mapping[str, Any], what: str, control: str) -> Iterator[Finding]:
    for error in node["errors"]:
        code = str(error["err_cde"])
        yield _finding(code, f"pyx12 refuses {what} (its code {code}).", transaction=control)


def _of_segment(node: Mapping[str, Any], control: str) -> Iterator[Finding]:
    name, index, loop = str(node["seg_id"]), int(node["seg_count"] or 0), str(node["ls_id"] or "")
    for error in node["errors"]:
        code = str(error["err_cde"])
        words = _SEGMENT.get(code, f"its code {code}")
        yield _finding(f"IK304={code}", f"pyx12 finds: {words}.", loop, name, index, transaction=control)
    for element in node["elements"]:
        part = f"-{element['subele_pos']}" if element["subele_pos"] else ""
        place = f"{name}{int(element['ele_pos'] or 0):02}{part}"
        for error in element["errors"]:
            code = str(error["err_cde"])
            words = _ELEMENT.get(code, f"its code {code}")
            yield _finding(f"IK403={code}", f"pyx12 finds: {words}.", loop, name, index, place, control)


def _finding(
    code: str, message: str, loop: str = "", segment: str = "", index: int = 0, element: str = "", transaction: str = ""
) -> Finding:
    mend = "Read what our own check says of this place; where it says nothing, ask the receiver."
    return Finding(f"pyx12 {code}", "error", 2, loop, segment, index, element, message, mend, transaction)
