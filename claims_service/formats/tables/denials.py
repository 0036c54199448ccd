"""Families of denials, and which edit looks at what was refused, out of mappings/codes."""

from collections.abc import Sequence
from functools import cache

from claims_service.domain.denial import TAKEN_BACK, Families, Family
from claims_service.formats.tables import codes

_RECOVERY = "recovery"
_ANY = "*"


@cache
def families() -> Families:
    """denial_family.tsv over the families of carc.tsv, read once."""
    named, by_carc = {}, {}
    for name, row in codes.table("denial_family").items():
        named[str(name)] = Family(str(name), row["label_en"], row["first_step"], row["what_to_do"])
        by_carc.update(dict.fromkeys(row["carc_families"].split(), str(name)))
    by_reason = {str(code): by_carc[row["family"]] for code, row in codes.table("carc").items()}
    return Families({**by_reason, TAKEN_BACK: by_carc[_RECOVERY]}, named)


def edits_for(reason: str, remarks: Sequence[str]) -> tuple[str, ...]:
    """Ids of our edits that look at what was refused; empty where none of ours could know."""
    row = _row(reason, remarks)
    return tuple(row["edits"].split()) if row else ()


def cause_words(reason: str, remarks: Sequence[str]) -> str:
    """What those edits look at, or why none could know, in a few words; empty for a reason that is not in the list."""
    row = _row(reason, remarks)
    return row["about"] if row else ""


def _row(reason: str, remarks: Sequence[str]) -> codes.Row | None:
    """By the first remark that is listed, else by the reason alone."""
    found = (codes.row("denial_edit", reason, remark) for remark in (*remarks, _ANY))
    return next((row for row in found if row is not None), None)
