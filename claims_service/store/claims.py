"""Claims as rows: writing many, reading their heads, their story and what checks found on them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from claims_service.domain.claim.building import PricedLine
from claims_service.domain.claim.edits.finding import Finding
from claims_service.store.connection import (
    day_of,
    in_parts,
    insert_rows,
    instant_text,
    marks,
    opened,
    run,
    run_many,
    write,
)
from claims_service.store.line_details import text_of
from claims_service.store.tables import ClaimEvent, ClaimLineRow, ClaimProblem, ClaimRow


class NewClaim(NamedTuple):
    """other_payers: JSON of what earlier payers decided (see store.claim_values)."""

    encounter: int
    patient: int
    coverage: int | None
    payer: int | None
    sequence: str
    control_number: str
    state: str
    served_on: date
    lines: tuple[PricedLine, ...]
    frequency: str = "1"
    replaces: int | None = None
    payer_claim_number: str = ""
    other_payers: str = ""

    @property
    def charge_cents(self) -> int:
        return sum(line.charge_cents for line in self.lines)

    @property
    def expected_cents(self) -> int | None:
        known = [line.expected_cents for line in self.lines if line.expected_cents is not None]
        return sum(known) if len(known) == len(self.lines) else None


@dataclass(frozen=True, slots=True)
class Head:
    """What most steps need of a claim."""

    id: int
    encounter: int
    patient: int
    coverage: int | None
    payer: int | None
    sequence: str
    control_number: str
    state: str
    charge_cents: int
    served_on: date
    payer_claim_number: str
    version: int
    frequency: str
    replaces: int | None


class Event(NamedTuple):
    """A step in a claim's story. text: one plain sentence without patient data."""

    claim: int
    kind: str
    text: str
    file: int | None = None
    remittance: int | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """What a service of a claim is expected to bring; None: not known."""

    claim: int
    number: int
    cents: int | None


_CLAIM = (
    "practice", "encounter", "patient", "coverage", "payer", "sequence", "control_number", "frequency", "replaces", "state",
    "charge_cents", "expected_cents", "served_on", "payer_claim_number", "other_payers", "built_at", "changed_at",
)  # fmt: skip
_LINE = (
    "practice", "claim", "number", "reference", "procedure", "modifiers", "units", "pointers", "charge_cents", "priced",
    "expected_cents", "served_on", "place_of_service", "ndc", "description", "detail",
)  # fmt: skip
_HEAD = (
    "id, encounter_id, patient_id, coverage_id, payer_id, sequence, control_number, state, charge_cents, served_on, payer_claim_number,"
    " version, frequency, replaces"
)


def add_many(practice: int, new: Sequence[NewClaim], *, at: datetime) -> list[int]:
    """Ids in order."""
    stamp = instant_text(at)
    rows = [
        (
            practice, c.encounter, c.patient, c.coverage, c.payer, c.sequence, c.control_number, c.frequency, c.replaces, c.state,
            c.charge_cents, c.expected_cents, c.served_on, c.payer_claim_number, c.other_payers, stamp, stamp,
        )
        for c in new
    ]  # fmt: skip
    with write():
        ids = insert_rows(ClaimRow, _CLAIM, rows)
        add_lines(
            practice, [(key, c.control_number, line) for key, c in zip(ids, new, strict=True) for line in c.lines]
        )
    return ids


def line_reference(control: str, number: int) -> str:
    """What an insurer echoes for a line (REF*6R): the claim's control number and the line's number."""
    return f"{control}L{number}"


def add_lines(practice: int, lines: Iterable[tuple[int, str, PricedLine]]) -> None:
    """(claim, its control number, line)."""
    rows = [
        (
            practice, claim, n.number, line_reference(control, n.number), n.procedure, " ".join(n.modifiers), format(n.units, "f"),
            " ".join(map(str, n.pointers)), n.charge_cents, n.priced, n.expected_cents, n.served_on, n.place_of_service, n.ndc,
            n.description, text_of(n.detail),
        )
        for claim, control, n in lines
    ]  # fmt: skip
    insert_rows(ClaimLineRow, _LINE, rows)


def replace_lines(practice: int, claim: int, control: str, lines: Sequence[PricedLine]) -> None:
    """A claim that has not gone out takes the lines of its mended visit."""
    with write():
        run("delete from claim_line where practice_id = ? and claim_id = ?", (practice, claim))
        add_lines(practice, [(claim, control, line) for line in lines])
        known = [line.expected_cents for line in lines if line.expected_cents is not None]
        run(
            "update claim set charge_cents = ?, expected_cents = ?, served_on = ?, version = version + 1 where practice_id = ? and id = ?",
            (
                sum(line.charge_cents for line in lines), sum(known) if len(known) == len(lines) else None,
                min(line.served_on for line in lines), practice, claim,
            ),
        )  # fmt: skip


def heads(practice: int, claims: Sequence[int]) -> dict[int, Head]:
    """Heads by id, claims of other practices left out."""
    return {head.id: head for head in _heads(practice, "id", claims)}


def by_control_number(practice: int, numbers: Sequence[str]) -> dict[str, Head]:
    """Heads by CLM01, which insurers give back as CLP01 and TRN02."""
    return {head.control_number: head for head in _heads(practice, "control_number", numbers)}


def by_payer_claim_number(practice: int, numbers: Sequence[str]) -> dict[str, list[Head]]:
    """Heads by the insurer's own number."""
    found: dict[str, list[Head]] = {}
    for head in _heads(practice, "payer_claim_number", [n for n in numbers if n]):
        found.setdefault(head.payer_claim_number, []).append(head)
    return found


def of_encounters(practice: int, encounters: Sequence[int]) -> dict[int, list[Head]]:
    """Heads of all claims of each visit, the first claim first."""
    found: dict[int, list[Head]] = {}
    for head in _heads(practice, "encounter_id", encounters):
        found.setdefault(head.encounter, []).append(head)
    return found


def versions(practice: int, heads: Sequence[Head]) -> dict[int, list[Head]]:
    """For each claim all that replaced one another up to it and from it on, itself included, the oldest first."""
    listed = _heads(practice, "patient_id", [head.patient for head in heads])
    by_id = {head.id: head for head in listed}

    def first(head: Head) -> int:
        while head.replaces in by_id:
            head = by_id[head.replaces]
        return head.id

    chains: dict[int, list[Head]] = {}
    for head in listed:
        chains.setdefault(first(head), []).append(head)
    return {head.id: chains[first(head)] for head in heads}


def _heads(practice: int, column: str, values: Sequence[object]) -> list[Head]:
    listed: list[Head] = []
    wanted = list(dict.fromkeys(values))
    # With an index of its own for the values, the plus keeps SQLite from reading every claim of the practice through another.
    own = "practice_id" if column == "payer_claim_number" else "+practice_id"
    with opened():
        for part in in_parts(wanted):
            sql = f"select {_HEAD} from claim where {own} = ? and {column} in ({marks(part)}) order by id"
            listed += [_head(row) for row in run(sql, (practice, *part)).fetchall()]
    return listed


def _head(row: tuple[object, ...]) -> Head:
    *before, served_on, payer_claim_number, version, frequency, replaces = row
    day = day_of(str(served_on))
    return Head(*before, day, payer_claim_number, version, frequency, replaces)  # type: ignore[call-arg]


def in_states(practice: int, states: Sequence[str]) -> list[int]:
    """Claims in these states, the oldest visit first."""
    sql = f"select id from claim where practice_id = ? and state in ({marks(states)}) order by served_on, id"
    with opened():
        return [row[0] for row in run(sql, (practice, *states)).fetchall()]


def to_first_plan(practice: int, payer: int, first: date, until: date | None) -> list[int]:
    """Standing claims to an insurer as first plan, by their day of service; until: the last day."""
    sql = (
        "select id from claim where practice_id = ? and payer_id = ? and sequence = 'P' and frequency <> '8'"
        " and state not in ('void', 'replaced') and served_on >= ? and served_on <= ? order by id"
    )
    with opened():
        return [claim for (claim,) in run(sql, (practice, payer, first, until or date.max)).fetchall()]


def expected(practice: int, claims: Sequence[int]) -> dict[int, dict[int, int | None]]:
    """What is expected of each service, by claim and line number."""
    found: dict[int, dict[int, int | None]] = {claim: {} for claim in claims}
    with opened():
        for part in in_parts(claims):
            sql = (
                "select claim_id, number, expected_cents from claim_line where practice_id = ?"
                f" and priced and claim_id in ({marks(part)})"
            )
            for claim, number, cents in run(sql, (practice, *part)).fetchall():
                found[claim][number] = cents
    return found


def set_expected(practice: int, changed: Sequence[Expected]) -> None:
    """Write what services are expected to bring, and the sums of their claims: None where one service's is not known."""
    sums = (
        "update claim set expected_cents = (select case when count(*) = count(l.expected_cents) then sum(l.expected_cents) end"
        " from claim_line l where l.claim_id = claim.id) where practice_id = ? and id = ?"
    )
    with write():
        lines = [(one.cents, practice, one.claim, one.number) for one in changed]
        run_many(
            "update claim_line set expected_cents = ? where practice_id = ? and claim_id = ? and number = ?", lines
        )
        run_many(sums, [(practice, claim) for claim in dict.fromkeys(one.claim for one in changed)])


def set_states(practice: int, states: Iterable[tuple[int, str]], *, at: datetime, sent: bool = False) -> None:
    """(claim, new state) for many; a row that says so already is not written again."""
    column = ", sent_at = ?" if sent else ""
    to: dict[str, list[int]] = defaultdict(list)
    for claim, state in states:
        to[state].append(claim)
    with write():
        for state, listed in to.items():
            for part in in_parts(listed):
                sql = (
                    f"update claim set state = ?, changed_at = ?{column} where +practice_id = ? and id in ({marks(part)})"
                    " and (state <> ? or changed_at <> ?)"
                )
                run(sql, (state, at, *((at,) if sent else ()), practice, *part, state, at))


def set_payer_claim_numbers(practice: int, numbers: Iterable[tuple[int, str]]) -> None:
    """(claim, the insurer's number)."""
    with write():
        rows = [(number, practice, claim) for claim, number in numbers if number]
        run_many("update claim set payer_claim_number = ? where practice_id = ? and id = ?", rows)


def add_events(practice: int, events: Iterable[Event], *, by: str, at: datetime) -> None:
    """Write on in the stories of many claims."""
    stamp = instant_text(at)
    rows = [(practice, e.claim, stamp, e.kind, e.text, by, e.file, e.remittance) for e in events]
    with write():
        insert_rows(ClaimEvent, ("practice", "claim", "at", "kind", "text", "by", "file", "remittance"), rows)


def set_problems(practice: int, found: Mapping[int, Sequence[Finding]], *, at: datetime) -> None:
    """What the checks found now, for many claims; what they found before and no longer do is settled."""
    columns = ("practice", "claim", "rule", "severity", "place", "message", "mend", "found_at")
    stamp = instant_text(at)
    with write():
        for part in in_parts(found):
            sql = f"update claim_problem set settled_at = ? where practice_id = ? and claim_id in ({marks(part)}) and settled_at is null"
            run(sql, (at, practice, *part))
        insert_rows(
            ClaimProblem,
            columns,
            [
                (practice, claim, f.rule, f.severity, f.place, f.message, f.mend, stamp)
                for claim, listed in found.items()
                for f in listed
            ],
        )
