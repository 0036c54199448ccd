"""Codes a person looks up: by code or by words, with the clinic's price where there is one."""

from collections.abc import Iterable
from dataclasses import dataclass

from claims_service.domain.codes import dotted
from claims_service.formats.tables import codes as lists
from claims_service.queries.rows import marks, rows
from claims_service.store.connection import opened

MOST_HITS = 12
SETS = ("icd10", "procedure", "modifier")


@dataclass(frozen=True, slots=True)
class Hit:
    """code as people write it. cents: the clinic's price today, for procedures."""

    code: str
    words: str
    cents: int | None = None


def find(practice: int, code_set: str, typed: str) -> list[Hit]:
    """What fits best first: the code itself, codes that begin so, then every word somewhere in the label."""
    wanted = typed.strip().lower()
    start = wanted.replace(".", "")
    words = wanted.split()
    if not words:
        return []
    like = " and ".join(["lower(k.search) like ? escape '!'"] * len(words))
    price = (
        "(select f.cents from fee f join fee_schedule s on s.id = f.schedule_id where f.practice_id = k.practice_id"
        " and f.procedure = k.code and f.modifier = '' and s.payer_id is null order by s.valid_from desc limit 1)"
        if code_set == "procedure"
        else "null"
    )
    sql = (
        f"select k.code, k.label, {price} from code k where k.practice_id = ? and k.code_set = ?"
        f" and (lower(k.code) like ? escape '!' or ({like}))"
        " order by case when lower(k.code) = ? then 0 when lower(k.code) like ? escape '!' then 1 else 2 end, k.code limit ?"
    )
    begins = f"{_plain(start)}%"
    values = [practice, code_set, begins, *(f"%{_plain(word)}%" for word in words), start, begins, MOST_HITS]
    with opened():
        found = rows(sql, *values)
    return [Hit(dotted(code) if code_set == "icd10" else code, label, cents) for code, label, cents in found]


def _plain(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def labels(practice: int, code_set: str, wanted: Iterable[str]) -> dict[str, str]:
    """What codes mean, as far as the clinic's lists know them."""
    listed = sorted(set(wanted) - {""})
    if not listed:
        return {}
    sql = f"select code, label from code where practice_id = ? and code_set = ? and code in ({marks(listed)})"
    with opened():
        return {str(code): str(label) for code, label in rows(sql, practice, code_set, *listed)}


def places() -> list[tuple[str, str]]:
    """(code, "11 Office") for every place of service; the office first."""
    listed = [(str(code), f"{code} {row['name']}") for code, row in lists.table("place_of_service").items()]
    return sorted(listed, key=lambda place: (place[0] != "11", place[0]))


def reason(code: str) -> str:
    """ "CO45" in our own words: "Over the agreed price"."""
    return lists.label("carc", code[2:]) if len(code) > 2 else code


def provider_adjustment(code: str) -> str:
    """A PLB reason in our own words."""
    return lists.label("plb_reason", code)
