"""Ties bank lines to the remittances, card payouts and desk money they pay; and takes a match apart again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from claims_service.domain import money
from claims_service.domain.actor import Actor
from claims_service.domain.deposits.matching import Expected, Matching, OpenLine, Pairing, Part, match, share_out
from claims_service.domain.deposits.returned import Return, returns_in
from claims_service.domain.errors import Conflict, NotFound
from claims_service.domain.ledger.accounts import (
    CARD_CLEARING,
    CARD_FEES,
    DESK_CLEARING,
    INSURER_CLEARING,
    INSURER_REFUNDS,
    PATIENT_OWES,
    UNEXPLAINED,
)
from claims_service.domain.ledger.journal import Entry, Transfer, moved, reversal
from claims_service.domain.patient.payment import FAILED, Share
from claims_service.domain.quick import bulk
from claims_service.store import audit, bills, deposits, journal, payments
from claims_service.store.connection import write
from claims_service.workflow.patient_money import book_refunds

BY_HAND = "by hand"
BOUNCED = "check returned by the bank"
AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run did. counts and cents by verdict: bank lines matched, short, over, unmatched, returned by the bank.

    waiting: announced money the bank has not shown.
    """

    counts: dict[str, int] = field(default_factory=dict)
    cents: dict[str, int] = field(default_factory=dict)


def match_deposits(practice: int, *, by: Actor, now: datetime, today: date) -> Outcome:
    """Match all that can be told for sure; what differs, fits twice or fits nothing stays open for a person."""
    with write(practice), bulk():
        deposits.hold_lines(practice)
        debits = [line for line in deposits.open_lines(practice) if line.cents < 0]
        taken_back = returns_in(debits, deposits.receipts(practice, debits)) if debits else ()
        for taken in taken_back:
            _take_back(practice, taken, by=by, now=now, today=today)
        found = match(deposits.open_lines(practice), deposits.expected(practice), deposits.apart(practice))
        for some in _in_parts(found.matched):
            _keep(practice, some, by=by, now=now, today=today)
    return _outcome(found, taken_back)


def match_by_hand(
    practice: int, bank_line: int, subjects: Sequence[tuple[str, int]], *, by: Actor, now: datetime, today: date
) -> int:
    """Let a person say what a bank line pays: (kind, id) in the order to be paid. Gives the cents matched.

    Raises:
        NotFound: the line or a subject is not there, or nothing is open on it.
        Conflict: nothing is chosen, nothing is left on the line, or a card payout would be paid in part.
    """
    with write(practice):
        deposits.hold_lines(practice)
        lines = deposits.open_lines(practice, [bank_line])
        if not lines:
            raise NotFound("bank line")
        if not subjects:
            raise Conflict("Choose at least one payment.")
        chosen = _chosen(practice, subjects)
        _refuse_unlike(lines[0], chosen)
        parts = share_out(lines, chosen)
        _refuse_cut_payouts(chosen, parts)
        _keep(practice, [(part, BY_HAND) for part in parts], by=by, now=now, today=today)
    return sum(part.cents for part in parts)


def undo_match(practice: int, bank_line: int, *, by: Actor, now: datetime, today: date) -> int:
    """Take everything matched to a bank line apart, by reversing entries; it is never matched so again on its own.

    Gives the cents that are open again.

    Raises:
        NotFound: no such line. Conflict: nothing is matched, or the bank took the money back.
    """
    with write(practice):
        deposits.hold_lines(practice)
        living = deposits.matches_of(practice, bank_line)
        if not living:
            raise Conflict("Nothing is matched to this bank line.")
        if any(found.kind == deposits.RETURN for found in living):
            raise Conflict("The bank took this money back; that can't be undone.")
        _reverse(practice, living, by=by, now=now, today=today)
        audit.record(practice, [audit.Event("deposit.undo", subject=f"bank_line:{bank_line}")], by=by, at=now)
    return sum(found.cents for found in living)


def _in_parts(matched: Sequence[Pairing]) -> Iterator[list[tuple[Part, str]]]:
    """(part, what told it), some thousands at a time, each pairing whole: what was just written is read again by the database's
    own checks, and should still be in its memory."""
    some: list[tuple[Part, str]] = []
    for pairing in sorted(matched, key=lambda one: one.lines[0].id):
        some += [(part, pairing.basis) for part in pairing.parts()]
        if len(some) >= AT_ONCE:
            yield some
            some = []
    if some:
        yield some


def _chosen(practice: int, subjects: Sequence[tuple[str, int]]) -> list[Expected]:
    by_key: dict[tuple[str, int], Expected] = {e.key: e for e in deposits.expected(practice)}
    chosen = [by_key.get((kind, subject)) for kind, subject in dict.fromkeys(subjects)]
    if None in chosen:
        raise NotFound("announced payment")
    return [e for e in chosen if e is not None]


def _refuse_unlike(line: OpenLine, chosen: Sequence[Expected]) -> None:
    if line.cents == 0 or (line.cents < 0 and all(e.kind != "refund" for e in chosen)):
        raise Conflict("Nothing is left on this bank line to match.")
    if any(e.kind == "refund" for e in chosen) and [e.cents for e in chosen] != [line.cents]:
        raise Conflict("A check of ours is matched by itself, with a bank line of the same amount.")


def _refuse_cut_payouts(chosen: Sequence[Expected], parts: Sequence[Part]) -> None:
    """The card fee belongs to the whole payout, so it is matched whole."""
    paid: dict[tuple[str, int], int] = {(part.kind, part.subject): part.cents for part in parts}
    for e in chosen:
        if e.kind == "card_payout" and (left := e.cents - paid.get(e.key, 0)):
            raise Conflict(f"A card payout is matched as a whole; the bank line is {money.spoken(left)} short.")


def _keep(practice: int, parts: Sequence[tuple[Part, str]], *, by: Actor, now: datetime, today: date) -> None:
    ids = deposits.add_matches(practice, parts, by=by.name, at=now)
    payers = deposits.payers_of(practice, {p.subject for p, _ in parts if p.kind == "remittance"})
    payouts = deposits.payouts(practice, {p.subject for p, _ in parts if p.kind == "card_payout"})
    entries, charged = [], set()
    for match_id, (part, basis) in zip(ids, parts, strict=True):
        fee = 0
        if part.kind == "card_payout" and part.subject not in charged:
            charged.add(part.subject)
            fee = payouts[part.subject].fee_cents
        transfers = _transfers(part, payers.get(part.subject) if part.kind == "remittance" else None, fee)
        entries.append(
            Entry(today, "deposit", f"deposit_match:{match_id}", "deposit_match", match_id, transfers, basis)
        )
    journal.post(practice, entries, by=by.name, at=now)
    lines = dict.fromkeys(part.line for part, _ in parts)
    audit.record(practice, [audit.Event("deposit.match", subject=f"bank_line:{i}") for i in lines], by=by, at=now)


def _transfers(part: Part, payer: int | None, fee_cents: int) -> tuple[Transfer, ...]:
    if part.kind == "remittance":
        return moved(UNEXPLAINED, INSURER_CLEARING, part.cents, payer=payer)
    if part.kind == "card_payout":
        return moved(UNEXPLAINED, CARD_CLEARING, part.cents) + moved(CARD_FEES, CARD_CLEARING, fee_cents)
    return moved(UNEXPLAINED, INSURER_REFUNDS if part.kind == "refund" else DESK_CLEARING, part.cents)


def _reverse(practice: int, living: Sequence[deposits.Match], *, by: Actor, now: datetime, today: date) -> None:
    whole, entries = deposits.whole_payouts(practice, living), []
    for found in whole:
        for entry_id, entry in journal.entries_of(practice, "deposit_match", found.id):
            if entry.reverses is None:
                entries.append(reversal(entry, entry_id, posted_on=today, memo="match taken apart"))
    journal.post(practice, entries, by=by.name, at=now)
    deposits.undo(practice, whole, by=by.name, at=now)


def _take_back(practice: int, taken: Return, *, by: Actor, now: datetime, today: date) -> None:
    """The match that explained the money is reversed, so the payment is open again; the two bank lines come to zero."""
    receipt = taken.receipt
    living = deposits.living_match(practice, receipt.match) if receipt.match else []
    _reverse(practice, living, by=by, now=now, today=today)
    for found in living:
        if found.kind == "desk":
            _bounce(practice, found.subject, by=by, now=now, today=today)
    deposits.add_returns(practice, [(receipt.line, taken.line.id, receipt.cents)], by=by.name, at=now)
    subject = f"bank_line:{taken.line.id}"
    audit.record(practice, [audit.Event("deposit.return", subject=subject)], by=by, at=now)


def _bounce(practice: int, payment: int, *, by: Actor, now: datetime, today: date) -> None:
    """A check that bounced never paid: the patient owes again what it had settled."""
    record = payments.get(practice, payment, lock=True)
    shares = payments.shares_of(practice, [payment])[payment]
    posted = journal.entries_of(practice, "payment", payment)
    settled = sum(t.cents for _, entry in posted for t in entry.transfers if t.credit == PATIENT_OWES)
    if len(posted) != 1 or settled != sum(share.cents for share in shares):
        # Part of it was refunded or moved on as credit: what is left is taken back where it went.
        book_refunds(practice, record, record.cents, by=by, now=now, today=today, why=BOUNCED)
        return
    bills.lock_patients(practice, [record.patient])
    (entry_id, entry), *_ = posted
    journal.post(practice, [reversal(entry, entry_id, posted_on=today, memo=BOUNCED)], by=by.name, at=now)
    payments.add_allocations(practice, [(payment, Share(share.claim, -share.cents)) for share in shares])
    payments.set_state(practice, payment, FAILED, receipt_number=record.receipt_number, settled_at=record.settled_at)
    event = audit.Event("payment.returned", record.patient, f"payment:{payment}", BOUNCED)
    audit.record(practice, [event], by=by, at=now)


def _outcome(found: Matching, taken_back: Sequence[Return]) -> Outcome:
    piles: dict[str, list[OpenLine]] = {"matched": [line for p in found.matched for line in p.lines]}
    for verdict in ("short", "over"):
        piles[verdict] = [line for p in found.differing if p.verdict == verdict for line in p.lines]
    piles["unmatched"] = [u.line for u in found.lines_left if u.line]
    piles["returned"] = [taken.line for taken in taken_back]
    counts = {name: len(lines) for name, lines in piles.items()}
    cents = {name: sum(line.cents for line in lines) for name, lines in piles.items()}
    waiting = [u.cents for u in found.expected_left]
    return Outcome({**counts, "waiting": len(waiting)}, {**cents, "waiting": sum(waiting)})
