"""Rules of the clinic's own: conditions on fields, joined, and what happens to a claim that meets them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from claims_service.domain.claim.claim import Claim, ClaimLine
from claims_service.domain.claim.edits.finding import LOOK, MUST, Facts, Finding
from claims_service.domain.claim.edits.rule_fields import BY_NAME, Field
from claims_service.domain.claim.edits.rule_operators import comparison, operator_of, shown
from claims_service.domain.errors import Problem

HOLD, WARN, BLOCK, SET = "hold", "warn", "block", "set"
ACTIONS: Mapping[str, str] = {
    HOLD: "Hold until a manager lets it through",
    WARN: "Warn, and let it go",
    BLOCK: "Stop until it is mended",
    SET: "Fill in an empty field",
}
ALL, ANY = "all", "any"
FILLED: Mapping[str, str] = {"prior_authorization": "approval number", "referring": "referring provider's NPI"}
MOST_CONDITIONS = 10
_LONGEST = {"name": 60, "message": 200, "filled_value": 50}
_SOURCE = "rule of the clinic"
_VERBS = {
    HOLD: "Hold a claim",
    WARN: "Warn of a claim",
    BLOCK: "Stop a claim",
}
_MENDS = {
    HOLD: "Mend it, or a manager lets it through.",
    WARN: "Look at it before it is sent.",
    BLOCK: "Mend it, or a manager changes the rule.",
}
Test = Callable[[Claim, ClaimLine, date], bool]


@dataclass(frozen=True, slots=True)
class Condition:
    """field and operator by their names; value as typed: codes with commas, "18 to 64", "01/31/2026"."""

    field: str
    operator: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class OwnRule:
    """One version of a rule, as a manager built it. number, version: 0 while it is not kept.

    joined: all or any. message: what people are told. filled_field, filled_value: what `set` writes where nothing stands.
    valid_from, valid_until: first and last day of service it holds for, None = always.
    """

    name: str
    conditions: tuple[Condition, ...]
    action: str
    message: str
    joined: str = ALL
    filled_field: str = ""
    filled_value: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    number: int = 0
    version: int = 0

    @property
    def id(self) -> str:
        """How findings name it: "rule-3.2" is the second version of the third rule."""
        return f"rule-{self.number}.{self.version}"


def problems_of(rule: OwnRule) -> tuple[Problem, ...]:
    """Why a rule can't be kept, every reason at once; where: name, message, conditions[0].value ..."""
    found = [
        Problem(where, f"At most {most} characters.")
        for where, most in _LONGEST.items()
        if len(getattr(rule, where)) > most
    ]
    if not rule.name.strip():
        found.append(Problem("name", "Give the rule a name."))
    if not rule.message.strip() and rule.action != SET:
        found.append(Problem("message", "Say what people are told."))
    if rule.action not in ACTIONS:
        found.append(Problem("action", "Choose what happens."))
    if rule.joined not in (ALL, ANY):
        found.append(Problem("joined", "Choose whether all conditions must hold, or any."))
    if rule.valid_from and rule.valid_until and rule.valid_until < rule.valid_from:
        found.append(Problem("valid_until", "The last day lies before the first."))
    if not 1 <= len(rule.conditions) <= MOST_CONDITIONS:
        found.append(Problem("conditions[0].field", f"A rule has one to {MOST_CONDITIONS} conditions."))
    for at, condition in enumerate(rule.conditions):
        found += _faults(f"conditions[{at}]", condition)
    return (*found, *(_fill_problems(rule) if rule.action == SET else ()))


def _faults(where: str, condition: Condition) -> Iterator[Problem]:
    field = BY_NAME.get(condition.field)
    if field is None:
        yield Problem(f"{where}.field", "Choose what to look at.")
    elif operator_of(field, condition.operator) is None:
        yield Problem(f"{where}.operator", "Choose how to compare it.")
    else:
        try:
            comparison(field, condition.operator, condition.value)
        except ValueError as wrong:
            told = str(wrong)
            yield Problem(f"{where}.value", f"{told[:1].upper()}{told[1:]}.")


def _fill_problems(rule: OwnRule) -> Iterator[Problem]:
    if rule.filled_field not in FILLED:
        yield Problem("filled_field", "Choose the field that is filled in.")
    if not rule.filled_value.strip() or not rule.filled_value.isprintable():
        yield Problem("filled_value", "Say what is written there.")


def sentence(rule: OwnRule, insurers: Mapping[str, str] | None = None) -> str:
    """The whole rule in one plain sentence. insurers: names by payer id."""
    said = [_said(condition, insurers or {}) for condition in rule.conditions]
    joined = (" and " if rule.joined == ALL else " or ").join(said)
    first = _first_day(rule)
    if rule.action == SET:
        what = f"Write “{rule.filled_value}” as the {FILLED.get(rule.filled_field, 'field')} of a claim that has none"
    else:
        what = _VERBS.get(rule.action, "Ask of a claim")
    message = rule.message.strip().rstrip(".")
    told = f" and say “{message}”" if message else ""
    return f"{what} if {joined}{first}{told}."


def _first_day(rule: OwnRule) -> str:
    days = [
        f"{word} {day:%B} {day.day}, {day.year}"
        for word, day in (("from", rule.valid_from), ("until", rule.valid_until))
        if day
    ]
    return f", for visits {' '.join(days)}," if days else ""


def _said(condition: Condition, insurers: Mapping[str, str]) -> str:
    field = BY_NAME[condition.field]
    operator = operator_of(field, condition.operator)
    assert operator is not None, "asked of rules without problems alone"
    names = field.choices if field.choices is not None else insurers
    value = shown(field, condition.operator, condition.value, names)
    return (
        f"{field.label}{' of a service' if field.name in ('code', 'modifier') else ''} {operator.words} {value}".strip()
    )


@dataclass(frozen=True, slots=True)
class ReadyRule:
    """A rule made ready once for a batch of claims. of_claim, of_line: its tests by what they look at."""

    rule: OwnRule
    of_claim: tuple[Test, ...]
    of_line: tuple[Test, ...]
    place: str

    def lines(self, claim: Claim, today: date) -> list[ClaimLine]:
        """The services that meet it; of a rule about the claim alone its first one."""
        if not claim.lines:
            return []
        first = claim.lines[0]
        every = self.rule.joined == ALL
        held = [test(claim, first, today) for test in self.of_claim]
        if not self.of_line:
            hit = all(held) if every else any(held)
            return [first] if hit and self._holds(claim.served_on) else []
        if every and not all(held):
            return []
        if not every and any(held):
            return [first] if self._holds(claim.served_on) else []
        judged = all if every else any
        return [
            line
            for line in claim.lines
            if self._holds(line.served_on) and judged(test(claim, line, today) for test in self.of_line)
        ]

    def _holds(self, day: date) -> bool:
        rule = self.rule
        return (rule.valid_from is None or rule.valid_from <= day) and (
            rule.valid_until is None or day <= rule.valid_until
        )

    def findings(self, claim: Claim, facts: Facts) -> Iterator[Finding]:
        """What it says about a claim; nothing where it only fills in."""
        if self.rule.action == SET:
            return
        for line in self.lines(claim, facts.today):
            yield self._finding(line, released=self.rule.id in facts.released)

    def _finding(self, line: ClaimLine, *, released: bool) -> Finding:
        place = f"lines[{line.number - 1}].{self.place}" if self.of_line else self.place
        severity = LOOK if released or self.rule.action == WARN else MUST
        mend = "A manager let it through." if released else _MENDS[self.rule.action]
        message = self.rule.message.strip()
        return Finding(self.rule.id, severity, place, message if message[-1] in ".!?" else f"{message}.", mend, _SOURCE)


def ready(rules: Sequence[OwnRule]) -> tuple[ReadyRule, ...]:
    """Rules without problems, made ready for a batch."""
    return tuple(_ready(rule) for rule in rules)


def _ready(rule: OwnRule) -> ReadyRule:
    fields = [(BY_NAME[c.field], c) for c in rule.conditions]
    of_line = [field for field, _ in fields if field.of_line]
    return ReadyRule(
        rule,
        tuple(_test(field, c) for field, c in fields if not field.of_line),
        tuple(_test(field, c) for field, c in fields if field.of_line),
        (of_line or [field for field, _ in fields])[0].place,
    )


def _test(field: Field, condition: Condition) -> Test:
    read, holds = field.read, comparison(field, condition.operator, condition.value)
    return lambda claim, line, today: holds(read(claim, line, today))
