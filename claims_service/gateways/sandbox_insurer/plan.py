"""What a sandbox insurer knows: whom it insures, what it allows, what its plans pay and how it behaves."""

import csv
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from claims_service.domain.money import cents


@dataclass(frozen=True, slots=True)
class Benefit:
    """What one plan of the insurer leaves to its members. Copays are taken on office visits, the deductible on the rest.

    coinsurance_percent: the member's share after the deductible. free: procedures without any share.
    visits_have_deductible: the deductible and coinsurance apply to office visits too (no copay then).
    out_of_pocket_cents: the most a member pays in a year; told on asking, 0 = the plan has no such limit.
    """

    deductible_cents: int = 0
    copay_cents: int = 0
    coinsurance_percent: int = 0
    free: frozenset[str] = frozenset()
    visits_have_deductible: bool = False
    out_of_pocket_cents: int = 0


@dataclass(frozen=True, slots=True)
class Denial:
    """A rule by which a line is not paid: group, reason (CARC) and remark (RARC) as they go onto the 835.

    procedures: lines it looks at. without_authorization: only when the claim has no REF*G1. beside: only when one of these
    stands on the same claim. unless_beside: only when none of these does.
    """

    group: str
    reason: str
    procedures: frozenset[str]
    remark: str = ""
    without_authorization: bool = False
    beside: frozenset[str] = frozenset()
    unless_beside: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SecondLook:
    """A claim it decides again, or takes back, some days after paying it: the first `most` with this procedure.

    kind: correct (reversal and a new decision in a later 835) or take_back (PLB WO). allowed_cents: the new allowed amount.
    """

    kind: str
    procedure: str
    after_days: int
    most: int = 1
    allowed_cents: int = 0


@dataclass(frozen=True, slots=True)
class Member:
    """valid_until: the first day without cover. deductible_used_cents: of this year, before the first claim we see.

    others: insurers that cover the same person too, as (payer id, name, when it pays: PRP, SEP or PR).
    """

    member_id: str
    plan: str
    valid_from: date
    valid_until: date | None
    deductible_used_cents: int
    last: str = ""
    first: str = ""
    birth_on: date | None = None
    others: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """One insurer. pays_after_days: from receipt to payment. prompt_days, interest_percent: what it owes when later.

    slip: (number of the remittance, cents) whose payment total is wrong by so much. sequestration_percent: CO-253 of what it
    pays. payee_routing, payee_account: where the clinic asked to be paid.
    """

    name: str
    identifier: str
    sender_id: str
    originator: str
    street: str
    city: str
    state: str
    zip: str
    phone: str
    bank_routing: str
    bank_account: str
    payee_routing: str
    payee_account: str
    filing: str
    pays_after_days: int
    members: Mapping[str, Member]
    allowed: Mapping[str, int]
    benefits: Mapping[str, Benefit]
    denials: tuple[Denial, ...] = ()
    second_looks: tuple[SecondLook, ...] = ()
    prompt_days: int = 30
    interest_percent: int = 0
    sequestration_percent: int = 0
    slip: tuple[int, int] = (0, 0)
    timely_filing_days: int = 365
    office_visits: frozenset[str] = field(default=frozenset())


def load_plan(folder: Path, key: str, *, today: date) -> Plan:
    """The insurer `key` out of fixtures/insurers: KEY.toml, its rows of members.tsv, its column of allowed.tsv.

    today: the day that "-30" in members.tsv counts from.
    """
    with (folder / f"{key}.toml").open("rb") as file:
        table = tomllib.load(file)
    benefits = {name: _benefit(entry) for name, entry in table.pop("benefit").items()}
    denials = tuple(_denial(entry) for entry in table.pop("denial", ()))
    looks = tuple(_second_look(entry) for entry in table.pop("second_look", ()))
    slip = table.pop("slip", {})
    return Plan(
        members={m.member_id: m for m in _members(folder / "members.tsv", key, today)},
        allowed={row["procedure"]: cents(row[key]) for row in rows(folder / "allowed.tsv")},
        benefits=benefits,
        denials=denials,
        second_looks=looks,
        slip=(slip["remittance"], slip["cents"]) if slip else (0, 0),
        office_visits=frozenset(table.pop("office_visits")),
        **table,
    )


def rows(path: Path) -> Iterator[dict[str, str]]:
    """A TSV with # notes above its header."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(
            (line for line in file if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE
        )


def _members(path: Path, key: str, today: date) -> Iterator[Member]:
    listed = list(rows(path))
    for row in listed:
        if row["payer"] == key:
            until = row["valid_until"]
            yield Member(
                row["member_id"],
                row["plan"],
                date.fromisoformat(row["valid_from"]),
                None if not until else today - timedelta(days=int(until[1:])),
                cents(row["deductible_used"]),
                row["last"],
                row["first"],
                date.fromisoformat(row["birth_on"]),
                tuple(_others(path.parent, key, row, listed)),
            )


def _others(
    folder: Path, key: str, member: Mapping[str, str], listed: list[dict[str, str]]
) -> Iterator[tuple[str, str, str]]:
    """Medicare pays before what supplements it, as insurers tell each other."""
    for row in listed:
        if row["payer"] != key and (row["last"], row["first"], row["birth_on"]) == (
            member["last"],
            member["first"],
            member["birth_on"],
        ):
            table = tomllib.loads((folder / f"{row['payer']}.toml").read_text("utf-8"))
            order = "PRP" if table["filing"] == "MB" else "SEP" if "supplement" in row["plan"] else "PR"
            yield table["identifier"], table["name"], order


def _benefit(entry: Mapping[str, Any]) -> Benefit:
    return Benefit(
        cents(entry.get("deductible", "0")),
        cents(entry.get("copay", "0")),
        entry.get("coinsurance_percent", 0),
        frozenset(entry.get("free", ())),
        entry.get("visits_have_deductible", False),
        cents(entry.get("out_of_pocket", "0")),
    )


def _denial(entry: Mapping[str, Any]) -> Denial:
    return Denial(
        entry["group"],
        entry["reason"],
        frozenset(entry["procedures"]),
        entry.get("remark", ""),
        entry.get("without_authorization", False),
        frozenset(entry.get("beside", ())),
        frozenset(entry.get("unless_beside", ())),
    )


def _second_look(entry: Mapping[str, Any]) -> SecondLook:
    return SecondLook(
        entry["kind"], entry["procedure"], entry["after_days"], entry.get("most", 1), cents(entry.get("allowed", "0"))
    )
