"""The clinic's own rules as rows: versions are added, switched on and off, and let single claims through; nothing is changed."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from claims_service.domain.claim.edits.own_rules import HOLD, Condition, OwnRule
from claims_service.store import counters
from claims_service.store.connection import day_of, in_parts, insert_rows, marks, opened, run, write
from claims_service.store.tables import ClinicRule, ClinicRuleRelease, ClinicRuleSwitch

_COLUMNS = (
    "practice", "number", "version", "name", "joined", "conditions", "action", "message", "filled_field", "filled_value", "valid_from",
    "valid_until", "by", "at",
)  # fmt: skip
_KEPT = (
    "r.id, r.number, r.version, r.name, r.joined, r.conditions, r.action, r.message, r.filled_field, r.filled_value, r.valid_from,"
    " r.valid_until, r.by, r.at"
)
# The version that the latest switch of each rule names; none where it was switched off.
_ON = (
    "select s.rule_id from clinic_rule_switch s where s.practice_id = ? and s.id ="
    " (select max(l.id) from clinic_rule_switch l where l.practice_id = s.practice_id and l.number = s.number)"
)


@dataclass(frozen=True, slots=True)
class KeptRule:
    """A version with its row id, who made it and whether it is switched on."""

    id: int
    rule: OwnRule
    by: str
    at: datetime
    is_on: bool


def add(practice: int, rule: OwnRule, *, by: str, at: datetime) -> int:
    """Keep a rule, or the next version of one that has a number; gives the id. It is off until it is switched on."""
    with write(practice):
        number = rule.number or counters.next_values(practice, "rule")[0]
        sql = "select coalesce(max(version), 0) from clinic_rule where practice_id = ? and number = ?"
        version = int(run(sql, (practice, number)).fetchone()[0]) + 1
        conditions = json.dumps([[c.field, c.operator, c.value] for c in rule.conditions])
        row = (
            practice, number, version, rule.name, rule.joined, conditions, rule.action, rule.message, rule.filled_field,
            rule.filled_value, rule.valid_from, rule.valid_until, by, at,
        )  # fmt: skip
        return insert_rows(ClinicRule, _COLUMNS, [row])[0]


def switch(practice: int, number: int, rule: int | None, *, by: str, at: datetime) -> None:
    """Let a version hold from now on in place of the others of its number; None: none of them."""
    with write(practice):
        insert_rows(ClinicRuleSwitch, ("practice", "number", "rule", "by", "at"), [(practice, number, rule, by, at)])


def release(practice: int, claim: int, rules: Sequence[int], why: str, *, by: str, at: datetime) -> None:
    """Let a claim through rules that hold it; those that let it through before are left as they are."""
    with write(practice):
        sql = "select rule_id from clinic_rule_release where practice_id = ? and claim_id = ?"
        before = {row[0] for row in run(sql, (practice, claim)).fetchall()}
        rows = [(practice, claim, rule, why, by, at) for rule in dict.fromkeys(rules) if rule not in before]
        insert_rows(ClinicRuleRelease, ("practice", "claim", "rule", "why", "by", "at"), rows)


def active(practice: int) -> list[OwnRule]:
    """Rules that are switched on, by number; usually none, which costs one SELECT."""
    sql = f"select {_KEPT} from clinic_rule r where r.practice_id = ? and r.id in ({_ON}) order by r.number"
    with opened():
        return [_kept(row, is_on=True).rule for row in run(sql, (practice, practice)).fetchall()]


def listed(practice: int) -> list[KeptRule]:
    """Every version of every rule, the newest version of each first."""
    with opened():
        on = {row[0] for row in run(_ON, (practice,)).fetchall()}
        sql = f"select {_KEPT} from clinic_rule r where r.practice_id = ? order by r.number, r.version desc"
        return [_kept(row, is_on=row[0] in on) for row in run(sql, (practice,)).fetchall()]


def find(practice: int, rule: int) -> KeptRule | None:
    """One version by its id."""
    return next((one for one in listed(practice) if one.id == rule), None)


def holding(practice: int, claim: int) -> list[KeptRule]:
    """Versions that hold a claim by the last checks of it, and that a manager may let it through."""
    sql = (
        "select distinct rule from claim_problem where practice_id = ? and claim_id = ? and settled_at is null and severity = 'must'"
        " and rule like ?"
    )
    with opened():
        named = {row[0] for row in run(sql, (practice, claim, "rule-%")).fetchall()}
        return (
            [kept for kept in listed(practice) if kept.rule.id in named and kept.rule.action == HOLD] if named else []
        )


def released(practice: int, claims: Sequence[int]) -> dict[int, frozenset[str]]:
    """Names of the rules ("rule-3.2") that each claim was let through."""
    found: dict[int, set[str]] = defaultdict(set)
    for part in in_parts(claims):
        sql = (
            "select x.claim_id, r.number, r.version from clinic_rule_release x join clinic_rule r on r.id = x.rule_id"
            f" where x.practice_id = ? and x.claim_id in ({marks(part)})"
        )
        for claim, number, version in run(sql, (practice, *part)).fetchall():
            found[claim].add(f"rule-{number}.{version}")
    return {claim: frozenset(names) for claim, names in found.items()}


def _kept(row: Sequence[Any], *, is_on: bool) -> KeptRule:
    key, number, version, name, joined, conditions, action, message, field, value, first, until, by, at = row
    rule = OwnRule(
        name, tuple(Condition(*one) for one in json.loads(conditions)), action, message, joined, field, value, day_of(first),
        day_of(until), number, version,
    )  # fmt: skip
    return KeptRule(key, rule, by, datetime.fromisoformat(at), is_on)
