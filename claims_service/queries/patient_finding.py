"""Ids of patients by what people type: names by their beginnings, through an index; anything else only where no name fits."""

from datetime import date

from claims_service.queries.rows import rows
from claims_service.store.connection import on_postgresql

LONGEST = 100  # of what is typed
EVERY = 20_000  # names looked through where more words follow
_LAST = "\U0010ffff"  # comes after every letter
_ANYWHERE = ("p.last", "p.first", "p.reference", "p.phone")


def found(practice: int, typed: str, born_on: date | None, *, most: int) -> list[int]:
    """In the order of their names."""
    if born_on is not None:
        return _ids(practice, "p.birth_on = ?", [born_on], most)
    words = typed[:LONGEST].lower().replace(",", " ").split()
    if not words:
        return []
    begins, values = _begins(practice, words[0], most if len(words) == 1 else EVERY)
    rest, more = _anywhere(words[1:])
    return _ids(practice, f"{begins}{rest}", [*values, *more], most) or _anything(practice, words, most)


def _begins(practice: int, word: str, most: int) -> tuple[str, list[object]]:
    """A last or first name that begins with a word, the first of each by the alphabet; or a record number."""
    exact = ' collate "C"' if on_postgresql() else ""
    names = [
        f"select id from (select id from patient where practice_id = ? and lower({name}){exact} >= ? and lower({name}){exact} < ?"
        f" order by lower({name}){exact} limit ?) {name}s"
        for name in ("last", "first")
    ]
    numbered = "select id from patient where practice_id = ? and reference in (?, ?)"
    values: list[object] = [practice, word, word + _LAST, most] * 2 + [practice, word, word.upper()]
    return f"p.id in ({' union '.join([*names, numbered])})", values


def _anywhere(words: list[str]) -> tuple[str, list[object]]:
    condition, values = "", list[object]()
    for word in words:
        like = f"%{word.replace('!', '!!').replace('%', '!%').replace('_', '!_')}%"
        condition += " and (" + " or ".join(f"lower({column}) like ? escape '!'" for column in _ANYWHERE) + ")"
        values += [like] * len(_ANYWHERE)
    return condition, values


def _anything(practice: int, words: list[str], most: int) -> list[int]:
    """Part of a name, a phone number: looks at every patient, so only where no name begins like that."""
    condition, values = _anywhere(words)
    return _ids(practice, condition.removeprefix(" and "), values, most)


def _ids(practice: int, condition: str, values: list[object], most: int) -> list[int]:
    # The plus keeps the index of the practice, which has every patient in it, out of the plan.
    sql = f"select p.id from patient p where +p.practice_id = ? and {condition} order by p.last, p.first, p.id limit ?"
    return [int(key) for (key,) in rows(sql, practice, *values, most)]
