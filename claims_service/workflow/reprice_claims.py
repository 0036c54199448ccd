"""Prices claims again that were built before their contract was here: what they are expected to bring, never what is charged."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.claim.building import priced_lines
from claims_service.domain.errors import Conflict, NotFound
from claims_service.domain.money import spoken
from claims_service.domain.pricing.contract import in_force
from claims_service.store import audit, claim_values, claims, contracts, encounters, fees
from claims_service.store.claims import Expected
from claims_service.store.connection import in_parts, write


@dataclass(frozen=True, slots=True)
class Repriced:
    """A service whose expected amount changes; None: the contract does not say."""

    claim: int
    control_number: str
    number: int
    procedure: str
    before_cents: int | None
    after_cents: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """looked_at: claims the contract is about; changed: of them those with another expected amount; services: each that changes.

    before_cents, after_cents: expected of the services that change, as far as it is known.
    """

    looked_at: int
    changed: int
    services: tuple[Repriced, ...]

    @property
    def before_cents(self) -> int:
        return sum(one.before_cents or 0 for one in self.services)

    @property
    def after_cents(self) -> int:
        return sum(one.after_cents or 0 for one in self.services)


def reprice_claims(practice: int, contract: int, *, by: Actor, now: datetime, dry_run: bool = False) -> Outcome:
    """Set what the contract's claims are expected to bring by the contracts of now. dry_run: only say what would change.

    The contract's claims: to this insurer as first plan, served on the days it holds, standing, answered or not. Charges, files and
    the journal stay as they are; Underpayments compares with the new amounts.

    Raises:
        NotFound: no such contract of this practice.
        Conflict: another contract corrected it, so that it holds on no day.
    """
    with write(practice):
        payer, first, until = _days(practice, contract)
        listed = claims.to_first_plan(practice, payer, first, until)
        found = list[Repriced]()
        for part in in_parts(listed):
            found += _changes(practice, payer, part)
        changed = {one.claim for one in found}
        if found and not dry_run:
            claims.set_expected(practice, [Expected(one.claim, one.number, one.after_cents) for one in found])
            _tell(practice, contract, found, by=by, now=now)
    return Outcome(len(listed), len(changed), tuple(found))


def _days(practice: int, contract: int) -> tuple[int, date, date | None]:
    every = contracts.listed(practice, ())
    own = next((one for one in every if one.id == contract), None)
    if own is None:
        raise NotFound("contract")
    held = next((h for h in in_force([c for c in every if c.payer == own.payer]) if h.contract.id == contract), None)
    if held is None:
        raise Conflict("A later contract corrected this one: price by that one.")
    return own.payer, held.first, held.until


def _changes(practice: int, payer: int, listed: Sequence[int]) -> Iterator[Repriced]:
    """Each service whose expected amount is another by the contracts of now; its charge is the one on the claim."""
    heads = claims.heads(practice, listed)
    visits = encounters.load(practice, [head.encounter for head in heads.values()])
    billed = claim_values.lines(practice, listed)
    known = claims.expected(practice, listed)
    book = fees.book(practice, {line.procedure for lines in billed.values() for line in lines})
    for key, head in heads.items():
        visit = visits[head.encounter].encounter
        charges = {line.number: line.charge_cents for line in billed[key]}
        lines = tuple(replace(line, charge_cents=charges[n]) for n, line in enumerate(visit.lines, 1))
        for line in priced_lines(replace(visit, lines=lines), book, payer):
            if line.number not in known[key]:
                continue  # nobody has given the charge yet: the checks say so, and building it again prices it
            before = known[key][line.number]
            if line.expected_cents != before:
                yield Repriced(key, head.control_number, line.number, line.procedure, before, line.expected_cents)


def _tell(practice: int, contract: int, found: Sequence[Repriced], *, by: Actor, now: datetime) -> None:
    """Each claim's story says what it was and is; the trail names the contract."""
    patients = {key: head.patient for key, head in claims.heads(practice, list({one.claim for one in found})).items()}
    events, trail = [], []
    for claim, patient in patients.items():
        own = [one for one in found if one.claim == claim]
        told = "; ".join(f"{one.procedure} {_words(one.before_cents)}, now {_words(one.after_cents)}" for one in own)
        events.append(claims.Event(claim, "repriced", f"Expected by a contract that came later: {told}."))
        trail.append(audit.Event("claim.reprice", patient, f"claim:{claim}", f"contract:{contract}"))
    claims.add_events(practice, events, by=by.name, at=now)
    audit.record(practice, trail, by=by, at=now)


def _words(cents: int | None) -> str:
    return "was not known" if cents is None else spoken(cents)
