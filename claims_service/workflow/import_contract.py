"""Takes a contract with an insurer in from its file: whole or not at all, never over another one."""

from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.errors import NotFound, Problem, Rejected
from claims_service.domain.pricing.contract import MEDICARE, Contract, in_force
from claims_service.formats.tables import contract_file
from claims_service.formats.tables.contract_file import ContractFile
from claims_service.store import audit, contracts, medicare_fees, parties
from claims_service.store.connection import write
from claims_service.store.contracts import NewContract


@dataclass(frozen=True, slots=True)
class ContractImport:
    """What became of a file. contract: its id, None when nothing was written. valid_until: the last day it really holds.

    already: this very file was imported before. ends: the name of the contract that it ends or corrects. problems: why
    nothing was taken; notes: what a person should look at all the same.
    """

    name: str
    contract: int | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    terms: int = 0
    ends: str = ""
    already: bool = False
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()


def import_contract(
    practice: int,
    payer: int,
    file: tuple[str, bytes],
    *,
    by: Actor,
    now: datetime,
    dry_run: bool = False,
    correct: bool = False,
) -> ContractImport:
    """Add the contract of a (name, content) file. dry_run: only say what would become of it.

    A later first day ends the contract before; correct: take the place of the one with the same first day.

    Raises:
        NotFound: no such insurer.
    """
    name, content = file
    with write(practice):
        insurers = parties.payers(practice)
        if payer not in insurers:
            raise NotFound("payer")
        try:
            read = contract_file.read(content)
        except Rejected as wrong:
            return ContractImport(name, problems=wrong.problems)
        title = read.name or name.rpartition(".")[0] or name
        if known := contracts.known(practice, payer, read.digest):
            return ContractImport(title, known, read.valid_from, already=True)
        others = [c for c in contracts.listed(practice, ()) if c.payer == payer]
        elder = next((c for c in reversed(others) if c.valid_from == read.valid_from), None)
        if problems := _refused(read, insurers[payer].identifier, elder, correct=correct):
            return ContractImport(title, problems=problems)
        new = NewContract(
            payer, title, read.valid_from, read.valid_until, read.terms, name, read.digest, elder.id if elder else None
        )
        key = None if dry_run else _write(practice, new, by=by, now=now)
        return _told(new, key, others, elder, _notes(read))


def _refused(read: ContractFile, identifier: str, elder: Contract | None, *, correct: bool) -> tuple[Problem, ...]:
    found = []
    if read.payer and read.payer != identifier:
        told = f"The file is a contract with {read.payer[:40]}, not with {identifier}."
        found.append(Problem("the file", told, "", "Choose the insurer it is about, or mend payer_id."))
    if elder and not correct:
        told = f"“{elder.name}” begins on {elder.valid_from:%m/%d/%Y} too, and contracts are never edited."
        mend = "Give a later first day, or say that this one corrects it (--correct)."
        found.append(Problem("effective_from", told, "", mend))
    return tuple(found)


def _write(practice: int, new: NewContract, *, by: Actor, now: datetime) -> int:
    key = contracts.add(practice, new, by=by.name, at=now)
    event = audit.Event("contract.import", subject=f"contract:{key}", why=f"sha256 {new.digest}")
    audit.record(practice, [event], by=by, at=now)
    return key


def _told(
    new: NewContract, key: int | None, others: list[Contract], elder: Contract | None, notes: tuple[Problem, ...]
) -> ContractImport:
    newest = max((c.id for c in others), default=0) + 1
    made = Contract(key or newest, new.payer, new.name, new.valid_from, new.valid_until, ())
    before = next((one.contract for one in in_force(others) if one.holds(new.valid_from)), None)
    holding = next(one for one in in_force([*others, made]) if one.contract is made)
    ended = elder or before
    return ContractImport(
        new.name, key, holding.first, holding.until, len(new.terms), ended.name if ended else "", notes=notes
    )


def _notes(read: ContractFile) -> tuple[Problem, ...]:
    """What the terms need of Medicare's files and is not loaded: until it is, those terms give no price."""
    asking = [term for term in read.terms if term.method == MEDICARE]
    known = medicare_fees.known_localities({term.locality for term in asking})
    mend = (
        "Import it with `claims codes import gpci FILE`, and the relative values with `claims codes import rvu FILE`."
    )
    first_line = {term.locality: term.line for term in reversed(asking)}
    return tuple(
        Problem(f"line {line}", f"The locality {locality} is in no GPCI file that was imported.", "", mend)
        for locality, line in sorted(first_line.items())
        if locality not in known
    )
