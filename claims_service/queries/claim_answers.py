"""What insurers said when we asked about claims, and which claims they are silent on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from claims_service.queries.rows import day, instant, known_instant, marks, row, rows
from claims_service.store.connection import in_parts, instant_text, opened

MOST = 5000


@dataclass(frozen=True, slots=True)
class Answer:
    """The newest question about a claim. state: asked, answered or failed; problem: why there is no answer.

    words: what the insurer said, in plain words; as_of_on: the day it holds from. route: live or file.
    """

    state: str
    route: str
    asked_at: datetime
    problem: str
    answered_at: datetime | None
    words: str
    is_finished: bool
    as_of_on: date | None
    payer_claim_number: str
    paid_cents: int | None
    paid_on: date | None
    payment: str
    file: int | None


def latest(practice: int, claim: int) -> Answer | None:
    """The newest question about a claim with its answer, in one SELECT; None when nobody asked."""
    sql = (
        "select state, route, asked_at, problem, answered_at, words, is_finished, as_of_on, payer_claim_number, paid_cents, paid_on,"
        " payment, answer_file_id from status_inquiry where practice_id = ? and claim_id = ? order by id desc limit 1"
    )
    with opened():
        found = row(sql, practice, claim)
    if found is None:
        return None
    state, route, asked, problem, answered, words, finished, on, number, paid, paid_on, payment, file = found
    return Answer(
        state, route, known_instant(asked), problem, instant(answered), words, bool(finished), day(on), number, paid, day(paid_on),
        payment, file,
    )  # fmt: skip


def silent(practice: int, *, now: datetime, days: int) -> list[int]:
    """Claims that went out so long ago and are not decided, the oldest first."""
    sql = (
        "select id from claim where practice_id = ? and state in ('sent', 'received', 'accepted') and sent_at <= ?"
        " order by sent_at, id limit ?"
    )
    with opened():
        return [claim for (claim,) in rows(sql, practice, instant_text(now - timedelta(days=days)), MOST)]


def words(practice: int, inquiries: Sequence[int]) -> list[tuple[int, str]]:
    """(claim, what was said) of questions that are answered, in their order."""
    found: list[tuple[int, str]] = []
    with opened():
        for part in in_parts(inquiries):
            sql = (
                "select claim_id, words from status_inquiry where practice_id = ? and state = 'answered'"
                f" and id in ({marks(part)}) order by id"
            )
            found += [(claim, said) for claim, said in rows(sql, practice, *part)]
    return found
