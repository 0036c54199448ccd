"""The code lists in mappings/codes: tab between columns, notes start with "# ", the first row names the columns."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from claims_service.config import data_folder

Row = Mapping[str, str]

_KEYS = {
    "adjustment_group_responsibility": ("group", "reason_codes"),
    "denial_edit": ("reason", "remark"),
    "snomed_to_billing": ("source_system", "source_code"),
    "x12_errors": ("element", "code"),
}


@cache
def table(name: str) -> Mapping[str | tuple[str, str], Row]:
    """A whole list by code, in the file's order; lists with a two-part key have tuples as keys.

    Raises:
        FileNotFoundError: no such list is shipped.
    """
    lines = (data_folder("mappings") / "codes" / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    columns, *rows = [line.split("\t") for line in lines if line and not line.startswith("# ")]
    key = _KEYS.get(name, ("code",))
    found: dict[str | tuple[str, str], Row] = {}
    for cells in rows:
        row = MappingProxyType(dict(zip(columns, cells, strict=True)))
        found[(row[key[0]], row[key[1]]) if len(key) == 2 else row[key[0]]] = row
    return MappingProxyType(found)


def row(name: str, *key: str) -> Row | None:
    """One row: row("carc", "45") or row("x12_errors", "IK304", "1"); None for a code that is not listed."""
    return table(name).get((key[0], key[1]) if len(key) == 2 else key[0])


def label(name: str, code: str) -> str:
    """Our own short wording of a code; the bare code when the list doesn't know it, never a guess."""
    found = row(name, code)
    return (found.get("label_en") or found.get("name") or code) if found else code
