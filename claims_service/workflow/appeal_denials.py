"""Appeals of denied claims: the letter, when it went, how it ended; and the clinic's own text for each family of denials."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.appeal import OUTCOMES, SENT, Letter, unknown_fields
from claims_service.domain.errors import Conflict, NotFound, Problem, Rejected
from claims_service.domain.ledger.accounts import IN_REVIEW
from claims_service.domain.money import spoken
from claims_service.formats.tables.denials import families
from claims_service.store import appeals, audit, claims, journal
from claims_service.store.appeals import Appeal, Event
from claims_service.store.connection import write

LONGEST_TEXT = 6000
_WORDS = {"sent": "sent", "won": "won", "partly": "won in part", "lost": "lost", "withdrawn": "withdrawn"}


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter to keep for a denied claim. cents: what is asked for; family: whose text it was made from."""

    claim: int
    cents: int
    denied_on: date
    family: str
    letter: Letter


@dataclass(frozen=True, slots=True)
class Happened:
    """What became of an appeal. note: without patient data; cents: won, for an outcome."""

    appeal: int
    kind: str
    happened_on: date
    note: str = ""
    cents: int | None = None


def make_appeals(practice: int, drafts: Sequence[Draft], *, by: Actor, now: datetime) -> tuple[int, ...]:
    """Keep a letter for each, as it is; gives the appeals. A second letter of a level is possible until one was sent.

    Raises:
        NotFound: a claim is not of this practice.
        Conflict: nothing is denied, or an appeal of the claim is with the insurer.
    """
    made = []
    with write(practice):
        heads = claims.heads(practice, [draft.claim for draft in drafts])
        for draft in drafts:
            if draft.claim not in heads:
                raise NotFound("claim")
            if not 0 < draft.cents <= journal.balance(practice, IN_REVIEW, claim=draft.claim):
                raise Conflict("Nothing of this claim is denied any more, or less than the letter asks for.")
            if any(
                one.sent_on and one.is_open for one in appeals.of_claims(practice, [draft.claim]).get(draft.claim, [])
            ):
                raise Conflict("An appeal of this claim is with the insurer. Write down how it ended first.")
            made.append(_keep(practice, draft, heads[draft.claim], by=by, now=now))
    return tuple(made)


def _keep(practice: int, draft: Draft, head: claims.Head, *, by: Actor, now: datetime) -> int:
    template = appeals.template(practice, draft.family)
    due_on = date.fromisoformat(draft.letter.due_on)
    appeal = Appeal(0, draft.claim, draft.letter.level, draft.cents, draft.denied_on, due_on, by.name, "")
    key = appeals.add(practice, appeal, draft.letter, template[0] if template else None, by=by.name, at=now)
    _tell(
        practice,
        head,
        f"Letter of appeal {draft.letter.level} made, {spoken(draft.cents)}.",
        "appeal.make",
        key,
        by=by,
        now=now,
    )
    return key


def record_appeals(practice: int, happened: Sequence[Happened], *, by: Actor, now: datetime, today: date) -> None:
    """Write down what happened; rows are only added.

    Raises:
        NotFound: an appeal is not of this practice.
        Rejected: a day to come, an outcome before it was sent, or a second outcome.
    """
    with write(practice):
        for n, one in enumerate(happened):
            claim = appeals.claim_of(practice, one.appeal)
            if claim is None:
                raise NotFound("appeal")
            appeal = next(a for a in appeals.of_claims(practice, [claim])[claim] if a.id == one.appeal)
            if problems := _problems(n, one, appeal, today):
                raise Rejected(problems)
            appeals.add_events(practice, [_event(one)], by=by.name, at=now)
            head = claims.heads(practice, [claim])[claim]
            _tell(
                practice,
                head,
                f"Appeal {appeal.level} {_WORDS[one.kind]}.",
                f"appeal.{one.kind}",
                one.appeal,
                by=by,
                now=now,
            )


def _problems(n: int, one: Happened, appeal: Appeal, today: date) -> list[Problem]:
    found = []
    if one.kind not in (SENT, *OUTCOMES):
        found.append(Problem(f"[{n}].kind", "Choose what happened."))
    if one.happened_on > today:
        found.append(Problem(f"[{n}].happened_on", "This day is still to come."))
    if not appeal.is_open:
        found.append(Problem(f"[{n}].kind", "This appeal has ended. A next level gets a letter of its own."))
    elif one.kind == SENT and appeal.sent_on:
        found.append(Problem(f"[{n}].kind", "This appeal was sent already."))
    elif one.kind in OUTCOMES and one.kind != "withdrawn" and not appeal.sent_on:
        found.append(Problem(f"[{n}].kind", "Write down first when it was sent."))
    elif one.kind in OUTCOMES and appeal.sent_on and one.happened_on < appeal.sent_on:
        found.append(Problem(f"[{n}].happened_on", "This is before it was sent."))
    return found


def _event(one: Happened) -> Event:
    return Event(one.appeal, one.kind, one.happened_on, one.cents, None, one.note.strip())


def _tell(practice: int, head: claims.Head, text: str, action: str, appeal: int, *, by: Actor, now: datetime) -> None:
    claims.add_events(practice, [claims.Event(head.id, "note", text)], by=by.name, at=now)
    audit.record(practice, [audit.Event(action, head.patient, f"appeal:{appeal}")], by=by, at=now)


def write_appeal_text(practice: int, family: str, text: str, *, by: Actor, now: datetime) -> int:
    """A new version of the clinic's text for a family of denials; letters made before keep theirs. Gives its number.

    Raises:
        Rejected: no such family, no text, or a name in braces that no claim fills.
    """
    problems = []
    if family not in families().named:
        problems.append(Problem("family", "There is no such family of denials."))
    if not text.strip() or len(text) > LONGEST_TEXT:
        problems.append(Problem("text", f"Write a text of at most {LONGEST_TEXT:,} characters."))
    if unknown := unknown_fields(text):
        problems.append(Problem("text", f"No claim knows {', '.join('{' + name + '}' for name in unknown)}."))
    if problems:
        raise Rejected(problems)
    with write(practice):
        version = appeals.add_template(practice, family, text.strip(), by=by.name, at=now)
        audit.record(
            practice, [audit.Event("appeal_text.write", None, f"appeal_text:{family}:{version}")], by=by, at=now
        )
    return version
