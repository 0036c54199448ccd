"""The form in which a rule is built: from typed fields to an OwnRule and back, every problem at its field."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from werkzeug.datastructures import MultiDict

from claims_service.domain import dates
from claims_service.domain.claim.edits.own_rules import (
    ALL,
    HOLD,
    MOST_CONDITIONS,
    Condition,
    OwnRule,
    problems_of,
)
from claims_service.domain.claim.edits.rule_fields import BY_NAME, CHOICE
from claims_service.domain.claim.edits.rule_operators import OPERATORS, operator_of
from claims_service.domain.errors import Problem

_ROW = re.compile(r"condition-(\d{1,3})-field")
_PLACE = re.compile(r"conditions\[(\d+)\]\.(\w+)")
_PLAIN = ("name", "joined", "action", "message", "filled_field", "filled_value", "valid_from", "valid_until")


@dataclass(frozen=True, slots=True)
class TypedRule:
    """What stands in the form. conditions: in order, operators that fit; rule: None while there are errors."""

    values: dict[str, str]
    conditions: tuple[Condition, ...]
    errors: dict[str, str] = field(default_factory=dict)
    rule: OwnRule | None = None

    def with_problems(self, problems: Iterable[Problem]) -> "TypedRule":
        """The same form with more problems beside its fields."""
        found = {_field(problem.where): problem.message for problem in problems}
        return TypedRule(self.values, self.conditions, {**found, **self.errors}, None)

    @property
    def places(self) -> dict[str, str]:
        """Words before a message in the summary."""
        return {
            name: f"Condition {int(name.split('-')[1]) + 1}" for name in self.errors if name.startswith("condition-")
        }


def blank() -> TypedRule:
    """A form with one empty condition, which holds claims."""
    return TypedRule({"joined": ALL, "action": HOLD}, (Condition("", ""),))


def filled_from(rule: OwnRule) -> TypedRule:
    """The form of a kept rule."""
    values = {name: getattr(rule, name) for name in _PLAIN[:6]}
    days = {name: dates.us_text(day) for name, day in _days(rule)}
    return TypedRule({**values, **days}, rule.conditions, {}, rule)


def _days(rule: OwnRule) -> tuple[tuple[str, date | None], ...]:
    return ("valid_from", rule.valid_from), ("valid_until", rule.valid_until)


def read(form: MultiDict[str, str], *, number: int, today: date) -> TypedRule:
    """What was typed, after the row that was added or taken away by its button; and the rule it makes, or every problem."""
    values = {name: form.get(name, "").strip() for name in _PLAIN}
    conditions = _conditions(form)
    errors: dict[str, str] = {}
    days: dict[str, date | None] = {"valid_from": None, "valid_until": None}
    for name in days:
        try:
            days[name] = dates.day(values[name], today=today) if values[name] else None
        except ValueError as wrong:
            errors[name] = f"{str(wrong).capitalize()}."
    rule = OwnRule(
        values["name"], conditions, values["action"], values["message"], values["joined"] or ALL, values["filled_field"],
        values["filled_value"], days["valid_from"], days["valid_until"], number,
    )  # fmt: skip
    typed = TypedRule(values, conditions, errors, rule).with_problems(problems_of(rule))
    return typed if typed.errors else TypedRule(values, conditions, {}, rule)


def _conditions(form: MultiDict[str, str]) -> tuple[Condition, ...]:
    rows = sorted(int(found[1]) for name in form if (found := _ROW.fullmatch(name)))
    made = [_condition(form, row) for row in rows[: MOST_CONDITIONS + 1]]
    pressed = form.get("do", "")
    if pressed == "add" and len(made) < MOST_CONDITIONS:
        made.append(Condition("", ""))
    if pressed.startswith("remove-") and pressed[7:].isascii() and pressed[7:].isdigit() and len(made) > 1:
        made = [condition for row, condition in zip(rows, made, strict=False) if row != int(pressed[7:])] or made[:1]
    return tuple(made or [Condition("", "")])


def _condition(form: Mapping[str, str], row: int) -> Condition:
    name, operator = form.get(f"condition-{row}-field", ""), form.get(f"condition-{row}-operator", "")
    found = BY_NAME.get(name)
    if found is None:
        return Condition("", "")
    if operator_of(found, operator) is None:
        operator = OPERATORS[found.kind][0].name
    listed = form.getlist(f"condition-{row}-value") if isinstance(form, MultiDict) else []
    value = ",".join(listed) if found.kind == CHOICE else " ".join(listed).strip()
    return Condition(name, operator, value[:2000])


def _field(where: str) -> str:
    if found := _PLACE.fullmatch(where):
        return f"condition-{found[1]}-{found[2]}"
    return where if where in _PLAIN else "name"
