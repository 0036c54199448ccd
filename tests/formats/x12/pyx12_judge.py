"""The outside judge of the X12 we write: pyx12, asked through its API and kept from logging patient data.

Its lists of codes end years ago: a code that stands in the list we ship (mappings/codes) is as good as one in its own.
"""

import io
import json
import logging

import pyx12.codes
import pyx12.params
import pyx12.x12n_document

from claims_service.formats.tables import codes as shipped

NEWER = {
    "remark_code": "rarc",
    "claim_status": "claim_status",
    "claim_status_cat": "claim_status_category",
    "pos": "place_of_service",
}
_in_its_own = pyx12.codes.ExternalCodes.isValid


def _is_valid(codes: pyx12.codes.ExternalCodes, key: str | None, code: str | None, day: str | None = None) -> bool:
    return _in_its_own(codes, key, code, day) or bool(code and key in NEWER and shipped.row(NEWER[key], code))


pyx12.codes.ExternalCodes.isValid = _is_valid


def judge(content: bytes) -> tuple[bool, list[str]]:
    """Whether pyx12 accepts a file, and what it says if not (segment, element, code; no values)."""
    logging.getLogger("pyx12").setLevel(logging.CRITICAL + 1)
    answer, tree = io.StringIO(), io.StringIO()
    accepted = pyx12.x12n_document.x12n_document(
        pyx12.params.params(), io.StringIO(content.decode("ascii")), fd_997=answer, fd_html=None, fd_json=tree
    )
    return bool(accepted), sorted(_errors(json.loads(tree.getvalue() or "null")))


def _errors(node: object, place: str = "") -> set[str]:
    found: set[str] = set()
    if isinstance(node, dict):
        place = " ".join(str(node[key]) for key in ("seg_id", "ele_pos", "refdes") if node.get(key)) or place
        code = node.get("err_cde")
        if code:
            found.add(f"{place}: {code}")
        for value in node.values():
            found |= _errors(value, place)
    elif isinstance(node, list):
        for value in node:
            found |= _errors(value, place)
    return found
