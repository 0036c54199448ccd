"""The superbills a clinic made its own."""

from datetime import datetime

from claims_service.domain.errors import Conflict, NotFound
from claims_service.domain.superbill import Entry, Group, Superbill
from claims_service.store.connection import insert_rows, opened, run, write
from claims_service.store.tables import Superbill as SuperbillRow
from claims_service.store.tables import SuperbillCode

_CODE = ("practice", "superbill", "number", "section", "code_set", "code", "modifiers", "words")


def every(practice: int) -> dict[int, Superbill]:
    """By id, in the order of their names; two SELECTs however many there are."""
    with opened():
        heads = run(
            "select id, name, specialty from superbill where practice_id = ? order by name", (practice,)
        ).fetchall()
        rows = run(
            "select superbill_id, section, code_set, code, modifiers, words from superbill_code where practice_id = ?"
            " order by superbill_id, number", (practice,)
        ).fetchall() if heads else []  # fmt: skip
    groups: dict[int, dict[tuple[str, str], list[Entry]]] = {head[0]: {} for head in heads}
    for key, section, code_set, code, modifiers, words in rows:
        groups[key].setdefault((section, code_set), []).append(Entry(code, words, tuple(modifiers.split())))
    return {
        key: Superbill(name, tuple(Group(*about, tuple(entries)) for about, entries in groups[key].items()), specialty)
        for key, name, specialty in heads
    }


def add(practice: int, new: Superbill, *, by: str, at: datetime) -> int:
    """The id of a new superbill.

    Raises:
        Conflict: the clinic has one of this name.
    """
    with write():
        _check_name(practice, new.name, 0)
        row = SuperbillRow.create(practice=practice, name=new.name, specialty=new.specialty, by=by, at=at)
        _add_codes(practice, row.id, new)
        return int(row.id)


def replace(practice: int, superbill: int, new: Superbill, *, by: str, at: datetime) -> None:
    """Write over a superbill.

    Raises:
        NotFound: no such superbill here.
        Conflict: the clinic has another of this name.
    """
    with write():
        _check_name(practice, new.name, superbill)
        found = SuperbillRow.update(name=new.name, by=by, at=at)
        if not found.where(SuperbillRow.practice == practice, SuperbillRow.id == superbill).execute():
            raise NotFound("superbill")
        _forget_codes(practice, superbill)
        _add_codes(practice, superbill, new)


def remove(practice: int, superbill: int) -> None:
    """Take a superbill away; visits that were coded with it stay as they are.

    Raises:
        NotFound: no such superbill here.
    """
    with write():
        _forget_codes(practice, superbill)
        found = SuperbillRow.delete().where(SuperbillRow.practice == practice, SuperbillRow.id == superbill).execute()
        if not found:
            raise NotFound("superbill")


def _check_name(practice: int, name: str, own: int) -> None:
    same = run(
        "select 1 from superbill where practice_id = ? and name = ? and id <> ?", (practice, name, own)
    ).fetchone()
    if same:
        raise Conflict("There is a superbill of this name. Choose another.")


def _forget_codes(practice: int, superbill: int) -> None:
    run("delete from superbill_code where practice_id = ? and superbill_id = ?", (practice, superbill))


def _add_codes(practice: int, superbill: int, new: Superbill) -> None:
    listed = [(group, entry) for group in new.groups for entry in group.entries]
    rows = [
        (practice, superbill, n, group.title, group.code_set, e.code, " ".join(e.modifiers), e.words)
        for n, (group, e) in enumerate(listed, 1)
    ]
    insert_rows(SuperbillCode, _CODE, rows)
