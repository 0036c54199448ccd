"""Codes a person looks up: by code or by words, with the clinic's price where there is one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from claims_service.domain.codes import dotted
from claims_service.formats.tables import codes as lists
from claims_service.queries import code_search
from claims_service.queries.code_search import Sets
from claims_service.queries.favorites import favorites
from claims_service.queries.rows import day, marks, rows
from claims_service.store.connection import opened

MOST_HITS = 12
MOST_FAVORITES = 100
SETS = ("icd10", "procedure", "modifier")
LOADED = {
    "icd10": Sets(("icd10cm",)),
    "procedure": Sets(("cpt", "hcpcs"), 5),
    "modifier": Sets(("cpt", "hcpcs"), 2),
    "pos": Sets(("place_of_service",)),
}
"""The published sets behind each look-up."""


@dataclass(frozen=True, slots=True)
class Hit:
    """code as people write it. cents: the clinic's price today, for procedures."""

    code: str
    words: str
    cents: int | None = None


def find(practice: int, code_set: str, typed: str, *, on: date | None = None) -> list[Hit]:
    """What fits best first: the code itself, what this clinic uses most and most lately, codes that begin so, then words.

    The clinic's own list comes before the published sets, where those are loaded; headings and codes that don't hold on the
    day are left out. on: the day of service; without one, codes whose end is known are left out. Nothing typed: favorites.
    """
    used = _favorites(practice, code_set, typed, on)
    if not typed.strip():
        return _shown(code_set, used)
    start = typed.strip().upper().replace(".", "")
    own = _own(practice, code_set, typed.strip().lower(), on)
    sets = LOADED[code_set]
    begin = [Hit(code, words) for code, words in code_search.starting(sets, typed, on, MOST_HITS)]
    enough = len(begin) >= MOST_HITS
    word = [] if enough else [Hit(code, words) for code, words in code_search.worded(sets, typed, on, MOST_HITS)]
    best: dict[str, Hit] = {}
    ranks = {hit.code: rank for rank, hit in enumerate(used)}
    last = len(ranks)
    for hit in sorted(
        [*own, *begin, *word, *used],
        key=lambda hit: (hit.code != start, ranks.get(hit.code, last), not hit.code.startswith(start)),
    ):
        best.setdefault(hit.code, hit)
    return _shown(code_set, list(best.values()))


def _shown(code_set: str, hits: Sequence[Hit]) -> list[Hit]:
    first = hits[:MOST_HITS]
    return [Hit(dotted(hit.code), hit.words, hit.cents) for hit in first] if code_set == "icd10" else list(first)


def _favorites(practice: int, code_set: str, typed: str, on: date | None) -> list[Hit]:
    """What the clinic uses that fits what is typed and holds on the day."""
    used = favorites(practice, code_set, MOST_FAVORITES)
    start, words = typed.strip().upper().replace(".", ""), typed.casefold().split()
    hits = [Hit(code, label) for code, label in _standing(practice, code_set, used, on or date.max)]
    return [hit for hit in hits if hit.code.startswith(start) or all(word in hit.words.casefold() for word in words)]


def _standing(practice: int, code_set: str, codes: Sequence[str], on: date) -> list[tuple[str, str]]:
    """Each code with its words, without those a published set ended before the day; in one SELECT."""
    if not codes:
        return []
    kinds = LOADED[code_set].kinds
    sql = (
        f"select code, label, cast(null as date), 1 from code where practice_id = ? and code_set = ? and code in ({marks(codes)})"
        " union all select code, long, valid_until, 0 from listed_code"
        f" where code_set in ({marks(kinds)}) and code in ({marks(codes)})"
    )
    words: dict[str, tuple[int, str]] = {}
    until: dict[str, date] = {}
    with opened():
        for code, label, end, is_own in rows(sql, practice, code_set, *codes, *kinds, *codes):
            words[code] = max(words.get(code, (0, "")), (is_own, label))
            if not is_own:
                until[code] = max(until.get(code, date.min), day(end) or date.max)
    return [(code, words.get(code, (0, ""))[1]) for code in codes if until.get(code, date.max) >= on]


def _own(practice: int, code_set: str, wanted: str, on: date | None) -> list[Hit]:
    """What fits of the clinic's own list, without codes that a published set ended before the day."""
    start = wanted.replace(".", "")
    words = wanted.split()
    like = " and ".join(["lower(k.search) like ? escape '!'"] * len(words))
    price = (
        "(select f.cents from fee f join fee_schedule s on s.id = f.schedule_id where f.practice_id = k.practice_id"
        " and f.procedure = k.code and f.modifier = '' and s.payer_id is null order by s.valid_from desc limit 1)"
        if code_set == "procedure"
        else "null"
    )
    kinds = LOADED[code_set].kinds
    ended = f"select max(coalesce(l.valid_until, ?)) < ? from listed_code l where l.code_set in ({marks(kinds)}) and l.code = k.code"
    sql = (
        f"select k.code, k.label, {price} from code k where k.practice_id = ? and k.code_set = ?"
        f" and (lower(k.code) like ? escape '!' or ({like})) and not coalesce(({ended}), ?)"
        " order by case when lower(k.code) = ? then 0 when lower(k.code) like ? escape '!' then 1 else 2 end, k.code limit ?"
    )
    begins = f"{_plain(start)}%"
    values = [practice, code_set, begins, *(f"%{_plain(word)}%" for word in words)]
    values += [date.max, on or date.max, *kinds, False, start, begins, MOST_HITS]
    with opened():
        return [Hit(code, label, cents) for code, label, cents in rows(sql, *values)]


def _plain(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def labels(practice: int, code_set: str, wanted: Iterable[str]) -> dict[str, str]:
    """What codes mean: in the clinic's words, or else in those of the published set, as it last had them."""
    listed = sorted(set(wanted) - {""})
    if not listed:
        return {}
    own = f"select code, label from code where practice_id = ? and code_set = ? and code in ({marks(listed)})"
    kinds = LOADED[code_set].kinds
    published = (
        f"select code, long from listed_code where code_set in ({marks(kinds)}) and code in ({marks(listed)})"
        " order by code, valid_from"
    )
    with opened():
        found: dict[str, str] = dict(rows(published, *kinds, *listed)) | dict(rows(own, practice, code_set, *listed))
    return {str(code): str(label) for code, label in found.items()}


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
