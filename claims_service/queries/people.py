"""Who did something, by name: the books and the story keep "user:3"."""

from collections.abc import Iterable

from claims_service.queries.rows import marks, rows
from claims_service.store.connection import opened

_OTHERS = {
    "command": "the command line",
    "patient": "the patient",
    "job": "the service",
    "key": "a program",
    "processor": "the card company",
}


def names(practice: int, actors: Iterable[str]) -> dict[str, str]:
    """Names to show for actors ("user:3" -> "Priya Castellane", "job:statements" -> "the service"), in one SELECT."""
    listed = set(actors)
    users = sorted(int(actor[5:]) for actor in listed if actor.startswith("user:") and actor[5:].isdigit())
    known: dict[str, str] = {}
    if users:
        sql = f"select id, name from app_user where practice_id = ? and id in ({marks(users)})"
        with opened():
            known = {f"user:{key}": str(name) for key, name in rows(sql, practice, *users)}
    return {actor: known.get(actor) or _other(actor) for actor in listed}


def _other(actor: str) -> str:
    kind = actor.split(":", maxsplit=1)[0]
    return _OTHERS.get(kind, "someone no longer here" if kind == "user" else actor)
