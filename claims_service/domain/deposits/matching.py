"""The three-way match: bank line = insurer's remittance, card payout or desk money = the books. Pure, and linear.

Only what is sure is matched: by payment number, or by an amount that one payer and one date fit, both ways round. What fits
twice stays open with its candidates; a person decides."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter
from typing import Literal, TypeVar

from claims_service.domain.deposits.trace import NO_TRACE, Trace

Verdict = Literal["matched", "short", "over"]
Kind = Literal["remittance", "card_payout", "desk", "refund"]
_Item = TypeVar("_Item", "OpenLine", "Expected")

# Money may come a day before the 835 says, and CORE 370 gives three business days after it: five with a weekend.
DAYS_BEFORE, DAYS_AFTER = 2, 5
# A clinic takes cash and checks to the bank at least once a week.
DESK_DAYS = 7
_FEW = 5
_cents, _number, _originator = attrgetter("cents"), attrgetter("trace.number"), attrgetter("trace.originator")

_WORDS_OF_NO_USE = {
    "HEALTH", "HEALTHCARE", "PLAN", "PLANS", "HP", "INSURANCE", "INS", "INC", "LLC", "CO", "COMPANY", "CORP", "CORPORATION",
    "MUTUAL", "TRUST", "GROUP", "OF", "THE", "AND",
}  # fmt: skip
DESK_NAMES = ("COUNTER DEPOSIT", "DEPOSIT", "CASH DEPOSIT", "CHECK DEPOSIT", "BRANCH DEPOSIT", "COMMERCIAL DEPOSIT")


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A bank line, or what is left of it. text: its description, used for the payer where the bank names none."""

    id: int
    booked_on: date
    cents: int
    trace: Trace
    payer: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """Money that is on its way. subject: id of the remittance, payout or payment; cents: what is still to come, net.

    trace: TRN02 with TRN03, the check number, or the payout's reference. payer: a name; None for desk money. A refund, a check
    of ours, has negative cents.
    """

    kind: Kind
    subject: int
    cents: int
    due_on: date
    trace: Trace = NO_TRACE
    payer: str = ""

    @property
    def key(self) -> tuple[str, int]:
        return (self.kind, self.subject)


@dataclass(frozen=True, slots=True)
class Part:
    """cents of a bank line that pay a subject; negative when money went back."""

    line: int
    kind: Kind
    subject: int
    cents: int


@dataclass(frozen=True, slots=True)
class Pairing:
    """Bank lines and what they pay. basis: what told it, in words. off_cents: bank less expected."""

    verdict: Verdict
    lines: tuple[OpenLine, ...]
    expected: tuple[Expected, ...]
    basis: str

    @property
    def bank_cents(self) -> int:
        return sum(line.cents for line in self.lines)

    @property
    def expected_cents(self) -> int:
        return sum(e.cents for e in self.expected)

    @property
    def off_cents(self) -> int:
        return self.bank_cents - self.expected_cents

    def parts(self) -> tuple[Part, ...]:
        """Which line pays what, oldest first; together at most the smaller of the two sides."""
        return share_out(self.lines, self.expected)


@dataclass(frozen=True, slots=True)
class Unmatched:
    """One side without the other. candidates: what it may be, closest amount first."""

    line: OpenLine | None
    expected: Expected | None
    reason: str
    candidates: tuple[Expected, ...] = ()

    @property
    def cents(self) -> int:
        return self.line.cents if self.line else self.expected.cents if self.expected else 0


@dataclass(frozen=True, slots=True)
class Matching:
    """Every line and every expected item stands in exactly one of these."""

    matched: tuple[Pairing, ...]
    differing: tuple[Pairing, ...]
    lines_left: tuple[Unmatched, ...]
    expected_left: tuple[Unmatched, ...]


def match(
    lines: Iterable[OpenLine], expected: Iterable[Expected], refused: Collection[tuple[int, str, int]] = ()
) -> Matching:
    """Tie bank lines to what they pay; nothing is guessed.

    refused: (line, kind, subject) that a person took apart, never to be tied again by this rule.
    """
    pile = _Pile([line for line in lines if line.cents], [e for e in expected if e.cents], refused)
    _by_trace(pile)
    _one_to_one(pile)
    _one_to_several(pile)
    _several_to_one(pile)
    _desk_runs(pile)
    _refund_checks(pile)
    return pile.result()


class _Pile:
    """What is still to be matched, and what was found."""

    def __init__(
        self, lines: Sequence[OpenLine], expected: Sequence[Expected], refused: Collection[tuple[int, str, int]]
    ) -> None:
        self.refused = frozenset(refused)
        self.lines = {line.id: line for line in lines}
        self.expected = {e.key: e for e in expected}
        self.found: list[Pairing] = []
        self.line_reasons: dict[int, str] = {}
        self.names = {line.id: payer_key(line.payer or line.text) for line in lines}

    def take(self, verdict: Verdict, lines: Sequence[OpenLine], expected: Sequence[Expected], basis: str) -> None:
        """Keep a pairing, unless a person said no to it before."""
        if any((line.id, *e.key) in self.refused for line in lines for e in expected):
            self.line_reasons.update(dict.fromkeys((line.id for line in lines), "a person took this match apart"))
            return
        by_day = sorted(lines, key=lambda line: (line.booked_on, line.id))
        oldest = sorted(expected, key=lambda e: (e.due_on, e.subject))
        self.found.append(Pairing(verdict, tuple(by_day), tuple(oldest), basis))
        for line in lines:
            del self.lines[line.id]
        for e in expected:
            del self.expected[e.key]

    def credits(self) -> list[OpenLine]:
        """Lines that name no payment of their own: only these may be matched by amount."""
        return [line for line in self.lines.values() if line.cents > 0 and not line.trace.originator]

    def result(self) -> Matching:
        by_day: dict[Hashable, list[Expected]] = defaultdict(list)
        by_cents: dict[int, list[Expected]] = defaultdict(list)
        for e in sorted(self.expected.values(), key=_cents):
            by_day[_name_of(e), e.due_on].append(e)
            by_cents[e.cents].append(e)
        return Matching(
            tuple(p for p in self.found if p.verdict == "matched"),
            tuple(p for p in self.found if p.verdict != "matched"),
            tuple(self._left(line, by_day, by_cents.get(line.cents, [])) for line in self.lines.values()),
            tuple(Unmatched(None, e, "the bank has not shown it yet") for e in self.expected.values()),
        )

    def _left(self, line: OpenLine, by_day: Mapping[Hashable, list[Expected]], same_cents: list[Expected]) -> Unmatched:
        """by_day: what each payer announced for a day, by amount."""
        reason = self.line_reasons.get(line.id)
        if line.cents < 0:
            checks = tuple(e for e in same_cents[:_FEW] if e.kind == "refund")
            return Unmatched(line, None, reason or "money left the account", checks)
        near: list[Expected] = []
        for key in _keys_in_time(self.names[line.id], line.booked_on):
            # The closest above and below: a payer of thousands of open answers is not gone through for each line.
            announced = by_day.get(key, [])
            at = bisect_left(announced, line.cents, key=_cents)
            near += announced[max(at - _FEW, 0) : at + _FEW]
        closest = sorted(near, key=lambda e: (abs(e.cents - line.cents), e.due_on))[:_FEW]
        unlike = [e for e in same_cents[:_FEW] if e not in closest]
        candidates = tuple([*closest, *unlike][:_FEW])
        several = [e for e in candidates if e.cents == line.cents]
        if not reason and len(several) > 1:
            reason = f"{len(several)} answers have this amount"
        elif not reason and len(several) == 1:
            reason = "the amount fits, but the bank does not say enough to be sure"
        return Unmatched(line, None, reason or "no answer with this number or amount yet", candidates)


def _by_trace(pile: _Pile) -> None:
    """Desk money is left out: a patient's check may bear the number of an insurer's."""
    answers_sent = [e for e in pile.expected.values() if e.kind not in ("desk", "refund")]
    lines, expected = _grouped(pile.lines.values(), _number), _grouped(answers_sent, _number)
    for number, answers in expected.items():
        if number and number in lines:
            for some_lines, some_answers in _by_originator(pile, lines[number], answers):
                _settle(pile, some_lines, some_answers)


def _by_originator(
    pile: _Pile, lines: list[OpenLine], answers: list[Expected]
) -> Iterable[tuple[list[OpenLine], list[Expected]]]:
    """Two payers may use one number: TRN03 tells them apart; a line without it joins only when there is one payer."""
    by_line, by_answer = _grouped(lines, _originator), _grouped(answers, _originator)
    unsaid_lines, unsaid_answers = by_line.pop("", []), by_answer.pop("", [])
    payers = by_line.keys() | by_answer.keys()
    if len(payers) > 1 or (len(by_answer) == 1 and unsaid_answers):
        for line in unsaid_lines:
            pile.line_reasons[line.id] = "several payers use this payment number"
        unsaid_lines, unsaid_answers = [], []
    if len(payers) <= 1:
        originator = next(iter(payers), "")
        return [(by_line.get(originator, []) + unsaid_lines, by_answer.get(originator, []) + unsaid_answers)]
    return [(by_line[name], by_answer[name]) for name in sorted(by_line.keys() & by_answer.keys())]


def _settle(pile: _Pile, lines: list[OpenLine], answers: list[Expected]) -> None:
    if not lines or not answers:
        return
    off_cents = sum(line.cents for line in lines) - sum(e.cents for e in answers)
    if any(line.cents < 0 for line in lines):
        for line in lines:
            pile.line_reasons[line.id] = "the bank took money back under this payment number"
    elif not off_cents:
        pile.take("matched", lines, answers, "payment number")
    elif _surely_the_same(pile, lines, answers):
        pile.take("short" if off_cents < 0 else "over", lines, answers, "payment number")
    else:
        for line in lines:
            pile.line_reasons[line.id] = "the payment number fits, the payer and the amount do not"


def _surely_the_same(pile: _Pile, lines: list[OpenLine], answers: list[Expected]) -> bool:
    """A number alone may be anybody's check: for another amount, TRN03 or the payer's name has to fit too."""
    if all(line.trace.originator for line in lines) and all(e.trace.originator for e in answers):
        return True
    names = {pile.names[line.id] for line in lines} | {_name_of(e) for e in answers}
    return len(names) == 1 and () not in names


def _one_to_one(pile: _Pile) -> None:
    """The same amount, payer and time: only when each side has exactly one choice."""
    open_answers: dict[Hashable, list[Expected]] = defaultdict(list)
    for e in pile.expected.values():
        if e.kind != "desk":
            open_answers[e.cents, _name_of(e)].append(e)
    rivals: dict[Hashable, list[OpenLine]] = defaultdict(list)
    for line in pile.credits():
        if pile.names[line.id]:
            rivals[line.cents, pile.names[line.id]].append(line)
    for key, lines in rivals.items():
        answers = open_answers.get(key, [])
        if len(lines) == 1 and len(answers) == 1 and _in_time(lines[0], answers[0]):
            pile.take("matched", lines, answers, "amount, payer and date")


def _one_to_several(pile: _Pile) -> None:
    """One deposit for all a payer announced for one day."""
    days: dict[tuple[Hashable, date], list[Expected]] = defaultdict(list)
    for e in pile.expected.values():
        if e.kind != "desk":
            days[_name_of(e), e.due_on].append(e)
    sums = {key: sum(e.cents for e in group) for key, group in days.items() if len(group) > 1}
    claims: dict[Hashable, list[OpenLine]] = defaultdict(list)
    for line in pile.credits():
        fits = [key for key in _keys_in_time(pile.names[line.id], line.booked_on) if sums.get(key) == line.cents]
        if len(fits) == 1:
            claims[fits[0]].append(line)
    for key, lines in claims.items():
        if len(lines) == 1:
            pile.take("matched", lines, days[key], "the payer's total of one day")  # type: ignore[index]


def _several_to_one(pile: _Pile) -> None:
    """All a payer sent on one day for one remittance."""
    days: dict[tuple[Hashable, date], list[OpenLine]] = defaultdict(list)
    for line in pile.credits():
        if pile.names[line.id]:
            days[pile.names[line.id], line.booked_on].append(line)
    sums = {key: sum(line.cents for line in group) for key, group in days.items() if len(group) > 1}
    claims: dict[Hashable, list[Expected]] = defaultdict(list)
    for e in pile.expected.values():
        name = _name_of(e)
        near = [(name, e.due_on + timedelta(days=n)) for n in range(-DAYS_BEFORE, DAYS_AFTER + 1)]
        fits = [key for key in near if sums.get(key) == e.cents]
        if len(fits) == 1 and e.kind != "desk":
            claims[fits[0]].append(e)
    for key, answers in claims.items():
        if len(answers) == 1:
            pile.take("matched", days[key], answers, "the payer's deposits of one day")  # type: ignore[index]


def _desk_runs(pile: _Pile) -> None:
    """A counter deposit holds what the desk took on some days in a row: matched when exactly one run of days fits."""
    days: dict[date, list[Expected]] = defaultdict(list)
    for e in pile.expected.values():
        if e.kind == "desk":
            days[e.due_on].append(e)
    taken = {day: sum(e.cents for e in group) for day, group in days.items()}
    claims: list[tuple[OpenLine, list[date]]] = []
    for line in pile.credits():
        runs = _runs(taken, line) if pile.names[line.id] == payer_key(DESK_NAMES[0]) else []
        if len(runs) == 1:
            claims.append((line, runs[0]))
        elif runs:
            pile.line_reasons[line.id] = f"{len(runs)} different spans of days at the desk have this sum"
    used: dict[date, int] = defaultdict(int)
    for _, run in claims:
        for day in run:
            used[day] += 1
    for line, run in claims:
        if all(used[day] == 1 for day in run):
            pile.take("matched", [line], [e for day in run for e in days[day]], "what the desk took on these days")
        else:
            pile.line_reasons[line.id] = "two deposits fit the same days at the desk"


def _runs(taken: dict[date, int], line: OpenLine) -> list[list[date]]:
    window = [line.booked_on - timedelta(days=n) for n in range(DESK_DAYS + 1)]
    open_days = sorted(day for day in window if day in taken)
    found = []
    for first in range(len(open_days)):
        total = 0
        for last in range(first, len(open_days)):
            total += taken[open_days[last]]
            if total == line.cents:
                found.append(open_days[first : last + 1])
    return found


def _refund_checks(pile: _Pile) -> None:
    """The bank paid a check of ours: its number and its amount, and nothing else has them."""
    debits = _grouped([line for line in pile.lines.values() if line.cents < 0], _number)
    checks = _grouped([e for e in pile.expected.values() if e.kind == "refund"], _number)
    for number in filter(None, checks.keys() & debits.keys()):
        if len(checks[number]) == 1 == len(debits[number]) and checks[number][0].cents == debits[number][0].cents:
            pile.take("matched", debits[number], checks[number], "the number of our check")


def share_out(lines: Sequence[OpenLine], expected: Sequence[Expected]) -> tuple[Part, ...]:
    """Which line pays what, in the order given, until one side is used up."""
    parts: list[Part] = []
    left = [line.cents for line in lines]
    at = 0
    for e in expected:
        open_cents = e.cents
        while open_cents and at < len(lines):
            cents = min(left[at], open_cents)
            if cents:
                parts.append(Part(lines[at].id, e.kind, e.subject, cents))
            left[at] -= cents
            open_cents -= cents
            at += not left[at]
    return tuple(parts)


def payer_key(name: str) -> tuple[str, ...]:
    """The first two telling words of a payer's name: banks cut and shorten the rest. () when there are none."""
    words = "".join(c if c.isalnum() else " " for c in name.upper()).split()
    if " ".join(words).startswith(DESK_NAMES):
        return ("DESK",)
    return tuple([word for word in words if word not in _WORDS_OF_NO_USE][:2])


def _name_of(e: Expected) -> tuple[str, ...]:
    return ("DESK",) if e.kind == "desk" else payer_key(e.payer)


def _in_time(line: OpenLine, e: Expected) -> bool:
    return -DAYS_BEFORE <= (line.booked_on - e.due_on).days <= DAYS_AFTER


def _keys_in_time(name: tuple[str, ...], day: date) -> list[tuple[Hashable, date]]:
    return [(name, day - timedelta(days=n)) for n in range(-DAYS_BEFORE, DAYS_AFTER + 1)] if name else []


def _grouped(items: "Iterable[_Item]", key: "Callable[[_Item], str]") -> "dict[str, list[_Item]]":
    groups: dict[str, list[_Item]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return dict(groups)
