"""Contracts with insurers: written once with all their terms, never changed, and loaded for a batch."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from claims_service.domain.pricing.contract import MEDICARE, Contract, Term
from claims_service.domain.pricing.contract_book import ContractBook
from claims_service.store import medicare_fees
from claims_service.store.connection import day_of, insert_rows, opened, run, write
from claims_service.store.tables import ContractRow, ContractTermRow

_CONTRACT = (
    "practice", "payer", "name", "valid_from", "valid_until", "corrects", "file_name", "digest", "imported_by", "imported_at",
)  # fmt: skip
_TERM = (
    "practice", "contract", "line", "code_from", "code_until", "modifier", "place", "provider_class", "method", "cents",
    "percent", "release", "program", "locality", "lesser_of_charge", "reductions", "note",
)  # fmt: skip
_TERM_SQL = (
    "select t.contract_id, t.line, t.method, t.code_from, t.code_until, t.modifier, t.place, t.provider_class, t.cents, t.percent,"
    " t.release, t.program, t.locality, t.lesser_of_charge, t.reductions, t.note from contract c"
    " join contract_term t on t.contract_id = c.id where c.practice_id = ?{asked} order by t.contract_id, t.line"
)
_MOST_ASKED = 500


@dataclass(frozen=True, slots=True)
class NewContract:
    """digest: SHA-256 of the file it came in, in hex, or another word that no second contract has. corrects: see ContractRow."""

    payer: int
    name: str
    valid_from: date
    valid_until: date | None
    terms: Sequence[Term]
    file_name: str = ""
    digest: str = ""
    corrects: int | None = None


def add(practice: int, new: NewContract, *, by: str, at: datetime) -> int:
    """Write a contract with its terms; gives its id."""
    head = (
        practice, new.payer, new.name, new.valid_from, new.valid_until, new.corrects, new.file_name, new.digest, by, at,
    )  # fmt: skip
    with write():
        contract = insert_rows(ContractRow, _CONTRACT, [head])[0]
        insert_rows(ContractTermRow, _TERM, (_row(practice, contract, term) for term in new.terms))
    return contract


def _row(practice: int, contract: int, t: Term) -> tuple[object, ...]:
    percent = "" if t.percent is None else format(t.percent, "f")
    reductions = " ".join(format(step, "f") for step in t.reductions)
    return (
        practice, contract, t.line, t.code_from, t.code_until, t.modifier, t.place, t.provider_class, t.method, t.cents,
        percent, t.release, t.program, t.locality, t.lesser_of_charge, reductions, t.note,
    )  # fmt: skip


def add_flat(
    practice: int,
    payer: int,
    name: str,
    prices: Iterable[tuple[str, str, int]],
    *,
    valid_from: date,
    by: str,
    at: datetime,
) -> int:
    """A contract of flat prices, as (procedure, modifier, cents) a unit, never more than the charge."""
    terms = [
        Term(line, "flat", code, code, modifier, cents=cents, lesser_of_charge=True)
        for line, (code, modifier, cents) in enumerate(prices, 1)
    ]
    return add(practice, NewContract(payer, name, valid_from, None, terms), by=by, at=at)


def listed(practice: int, procedures: Collection[str] | None = None) -> list[Contract]:
    """Every contract, in two SELECTs. procedures: leave out terms that name one other code alone; None = all terms."""
    asked = sorted(set(procedures)) if procedures is not None and len(procedures) <= _MOST_ASKED else None
    only = ""
    if asked is not None:
        only = f" and (t.code_from <> t.code_until or t.code_from in ({', '.join('?' * (len(asked) + 1))}))"
    terms: dict[int, list[Term]] = defaultdict(list)
    sql = "select id, payer_id, name, valid_from, valid_until, corrects from contract where practice_id = ? order by id"
    with opened():
        for contract, line, method, first, last, modifier, place, who, cents, percent, *rest in run(
            _TERM_SQL.format(asked=only), (practice, *(() if asked is None else ("", *asked)))
        ):
            release, program, locality, lesser, reductions, note = rest
            terms[contract].append(
                Term(
                    line, method, first, last, modifier, place, who, cents, Decimal(percent) if percent else None, release,
                    program, locality, bool(lesser), tuple(map(Decimal, reductions.split())), note,
                )
            )  # fmt: skip
        heads = run(sql, (practice,)).fetchall()
    return [
        Contract(key, payer, name, day_of(first), day_of(until), tuple(terms[key]), corrects)
        for key, payer, name, first, until, corrects in heads
    ]


def known(practice: int, payer: int, digest: str) -> int | None:
    """The contract of an insurer that came in the same file."""
    sql = "select min(id) from contract where practice_id = ? and payer_id = ? and digest = ?"
    with opened():
        found = run(sql, (practice, payer, digest)).fetchone()[0]
    return int(found) if found else None


def book(practice: int, procedures: Collection[str]) -> ContractBook:
    """Every contract of a practice, with what Medicare pays for some procedures where a contract asks for it."""
    with opened():
        contracts = listed(practice, procedures)
        asking = [t for c in contracts for t in c.terms if t.method == MEDICARE or t.reductions]
        if not asking:
            return ContractBook(contracts)
        programs = {t.program for t in asking if t.program}
        medicare = medicare_fees.load(procedures, programs, {t.locality for t in asking if t.locality})
        return ContractBook(contracts, medicare)
