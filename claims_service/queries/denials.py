"""Denied claims as a queue: family, deadline and value, and one denial with its reasons, causes and appeals."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from claims_service.domain.appeal import Letter
from claims_service.domain.claim.edits.checks import CHECKS
from claims_service.domain.claim.edits.edit import Edit
from claims_service.domain.denial import Family, Refusal, due_on, patient_cents, steps
from claims_service.domain.errors import NotFound
from claims_service.domain.ledger.accounts import IN_REVIEW
from claims_service.formats.payers import appeal_days
from claims_service.formats.tables.denials import cause_words, edits_for, families
from claims_service.queries.rows import day, known_day, marks, rows
from claims_service.store import appeals, remittances
from claims_service.store.appeals import Appeal
from claims_service.store.connection import in_parts, opened

_EDITS = {check.edit.id: check.edit for check in CHECKS}
MOST_APPEALS = 200


@dataclass(frozen=True, slots=True)
class Denial:
    """A claim with money in review. refusals: largest first, without remarks. due_on: of the next appeal; None: day not known."""

    claim: int
    control_number: str
    payer_claim_number: str
    patient: int
    patient_name: str
    payer: int
    payer_name: str
    served_on: date
    state: str
    cents: int
    family: Family
    refusals: tuple[Refusal, ...]
    denied_on: date | None
    due_on: date | None
    appeal: Appeal | None

    @property
    def waits_for_insurer(self) -> bool:
        return bool(self.appeal and self.appeal.sent_on and self.appeal.is_open)


@dataclass(frozen=True, slots=True)
class Group:
    """All denials of one family."""

    family: Family
    count: int
    cents: int


@dataclass(frozen=True, slots=True)
class Cause:
    """One refusal of one service with the edits that look at it. about: what they look at, or why none could know.

    line None: the claim as a whole.
    """

    line: int | None
    refusal: Refusal
    edits: tuple[Edit, ...]
    about: str


@dataclass(frozen=True, slots=True)
class DenialPage:
    """All that the page of one denial shows. steps: what may be done, the first thing first."""

    denial: Denial
    causes: tuple[Cause, ...]
    steps: tuple[str, ...]
    patient_cents: int
    appeals: tuple[Appeal, ...]


def queue(practice: int) -> list[Denial]:
    """Every denied claim, the nearest deadline first, then the dearest; what waits for an insurer's answer last. Four SELECTs."""
    with opened():
        found = _denials(practice, "", ())
    return sorted(found, key=lambda d: (d.waits_for_insurer, d.due_on or date.max, -d.cents, d.claim))


def groups(listed: Sequence[Denial]) -> list[Group]:
    """Families with something in them, the dearest first."""
    sums: dict[str, list[Denial]] = defaultdict(list)
    for one in listed:
        sums[one.family.name].append(one)
    found = [Group(of[0].family, len(of), sum(d.cents for d in of)) for of in sums.values()]
    return sorted(found, key=lambda group: (-group.cents, group.family.name))


def denial(practice: int, claim: int) -> DenialPage:
    """One denied claim, in about seven SELECTs.

    Raises:
        NotFound: the practice has no such claim, or nothing of it is denied.
    """
    with opened():
        found = _denials(practice, " and c.id = ?", (claim,))
        if not found:
            raise NotFound("denial")
        causes = tuple(_causes(practice, claim))
        listed = tuple(appeals.of_claims(practice, [claim]).get(claim, ()))
    (one,) = found
    return DenialPage(one, causes, steps(one.family, one.refusals), min(patient_cents(one.refusals), one.cents), listed)


def _denials(practice: int, narrow: str, values: tuple[object, ...]) -> list[Denial]:
    claims = rows(
        "select c.id, c.control_number, c.payer_claim_number, c.patient_id, p.last, p.first, y.id, y.name, y.identifier, c.served_on, c.state,"
        " o.cents"
        " from (select claim, sum(cents) as cents from balance where practice_id = ? and account = ? group by claim having sum(cents) > 0) o"
        " join claim c on c.id = o.claim join patient p on p.id = c.patient_id join payer y on y.id = c.payer_id"
        f" where c.practice_id = ?{narrow}",
        practice, IN_REVIEW, practice, *values,
    )  # fmt: skip
    refused = _refusals(practice, [row[0] for row in claims])
    listed = _appeals(practice, [row[0] for row in claims])
    found = []
    for key, number, theirs, patient, last, first, payer, payer_name, identifier, served_on, state, cents in claims:
        refusals, denied_on = refused.get(key, ((), None))
        own = listed.get(key, [])
        due, last_appeal = _due(denied_on, own, appeal_days(identifier)), own[-1] if own else None
        found.append(Denial(
            key, number, theirs, patient, f"{last}, {first}", payer, payer_name, known_day(served_on), state, int(cents), families().of(refusals),
            refusals, denied_on, due, last_appeal,
        ))  # fmt: skip
    return found


def _due(denied_on: date | None, listed: Sequence[Appeal], days: Sequence[int]) -> date | None:
    """Until when the next appeal must be sent: a lost one opens the next level on its day."""
    lost = [a for a in listed if a.outcome and a.outcome.kind in ("lost", "partly")]
    if lost and lost[-1].outcome:
        return due_on(lost[-1].outcome.happened_on, lost[-1].level + 1, days)
    return due_on(denied_on, 1, days) if denied_on else None


def next_level(listed: Sequence[Appeal]) -> int:
    """The level of the next letter: one above those that were lost."""
    return 1 + sum(1 for a in listed if a.outcome and a.outcome.kind in ("lost", "partly"))


def _refusals(practice: int, claims: Sequence[int]) -> dict[int, tuple[tuple[Refusal, ...], date | None]]:
    """What is in review of each claim by reason, and the day of the last remittance that refused something."""
    sums: dict[int, list[Refusal]] = defaultdict(list)
    told: dict[int, date] = {}
    for part in in_parts(claims):
        sql = (
            "select t.claim, t.reason, sum(case when t.debit = ? then t.cents else -t.cents end),"
            " max(case when t.debit = ? then coalesce(r.produced_on, r.paid_on) end) from journal_transfer t"
            " join journal_entry e on e.id = t.entry_id left join remittance r on e.source = 'remittance' and r.id = e.source_id"
            f" where t.practice_id = ? and t.claim in ({marks(part)}) and (t.debit = ? or t.credit = ?) group by t.claim, t.reason"
        )
        for claim, reason, cents, on in rows(sql, IN_REVIEW, IN_REVIEW, practice, *part, IN_REVIEW, IN_REVIEW):
            if int(cents) > 0 and reason:
                sums[claim].append(Refusal(str(reason), int(cents)))
                told[claim] = max(day(on) or date.min, told.get(claim, date.min))
    return {
        claim: (tuple(sorted(found, key=lambda r: (-r.cents, r.code))), told[claim] if told[claim] > date.min else None)
        for claim, found in sums.items()
    }


def _appeals(practice: int, claims: Sequence[int]) -> dict[int, list[Appeal]]:
    found: dict[int, list[Appeal]] = {}
    for part in in_parts(claims):
        found |= appeals.of_claims(practice, part)
    return found


def _causes(practice: int, claim: int) -> list[Cause]:
    """Refusals by service with the remarks of the last decision."""
    sql = (
        "select coalesce(line, 0), reason, sum(case when debit = ? then cents else -cents end) from journal_transfer"
        " where practice_id = ? and claim = ? and (debit = ? or credit = ?) group by coalesce(line, 0), reason order by 1, 2"
    )
    by_line, whole = _remarks(practice, claim)
    found = []
    for line, reason, cents in rows(sql, IN_REVIEW, practice, claim, IN_REVIEW, IN_REVIEW):
        if int(cents) > 0 and reason:
            remarks = (*by_line.get(line, ()), *whole)
            refusal = Refusal(str(reason), int(cents), tuple(dict.fromkeys(remarks)))
            named = tuple(_EDITS[name] for name in edits_for(refusal.reason, refusal.remarks) if name in _EDITS)
            found.append(Cause(line or None, refusal, named, cause_words(refusal.reason, refusal.remarks)))
    return found


def _remarks(practice: int, claim: int) -> tuple[dict[int, tuple[str, ...]], tuple[str, ...]]:
    """Remark codes of the last decision: by our line number, and of the claim as a whole."""
    decisions = [payment for _, payment in remittances.payments_of(practice, [claim])[claim] if not payment.is_reversal]
    if not decisions:
        return {}, ()
    last = decisions[-1]
    references = {
        str(reference): int(number)
        for number, reference in rows(
            "select number, reference from claim_line where practice_id = ? and claim_id = ?", practice, claim
        )
    }
    return {references.get(s.reference, s.position): s.remarks for s in last.lines if s.remarks}, last.remarks


def claim_of_appeal(practice: int, appeal: int) -> int:
    """The claim an appeal is about.

    Raises:
        NotFound: the practice has no such appeal.
    """
    claim = appeals.claim_of(practice, appeal)
    if claim is None:
        raise NotFound("appeal")
    return claim


def letter_of(practice: int, appeal: int) -> tuple[int, Letter]:
    """(patient, the letter as it was made).

    Raises:
        NotFound: the practice has no such appeal.
    """
    claim, letter = claim_of_appeal(practice, appeal), appeals.letter(practice, appeal)
    with opened():
        found = rows("select patient_id from claim where practice_id = ? and id = ?", practice, claim)
    assert letter is not None, "an appeal has its letter"
    return int(found[0][0]), letter


@dataclass(frozen=True, slots=True)
class Listed:
    """An appeal in the list. denied_cents: still in review on its claim."""

    appeal: Appeal
    control_number: str
    patient: int
    patient_name: str
    payer_name: str
    denied_cents: int


def appeal_list(practice: int) -> list[Listed]:
    """The newest appeals, in three SELECTs."""
    with opened():
        found = rows(
            "select a.id, c.id, c.control_number, c.patient_id, p.last, p.first, y.name, (select coalesce(sum(b.cents), 0) from balance b"
            " where b.practice_id = a.practice_id and b.account = ? and b.claim = c.id) from appeal a join claim c on c.id = a.claim_id"
            " join patient p on p.id = c.patient_id join payer y on y.id = c.payer_id where a.practice_id = ? order by a.id desc limit ?",
            IN_REVIEW, practice, MOST_APPEALS,
        )  # fmt: skip
        own = {a.id: a for of in _appeals(practice, sorted({row[1] for row in found})).values() for a in of}
    return [
        Listed(own[key], number, patient, f"{last}, {first}", payer, int(cents))
        for key, _, number, patient, last, first, payer, cents in found
    ]
