"""The form of an estimate: from typed text to what is planned and back, every problem at its field, nothing lost."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from claims_service.domain import codes, dates, money
from claims_service.domain.errors import Problem
from claims_service.domain.estimate.wish import Wish, WishedLine, problems

FEWEST_LINES = 4
_LINE = re.compile(r"lines-(\d{1,3})-code")
_PLACE = re.compile(r"lines\[(\d+)\]\.(\w+)")


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form. rows: numbers of its lines; wish: what it means, None while something can't be so."""

    values: dict[str, str]
    rows: tuple[int, ...]
    errors: dict[str, str]
    wish: Wish | None

    @property
    def filled(self) -> tuple[int, ...]:
        return tuple(n for n in self.rows if any(self.values.get(f"lines-{n}-{name}") for name in ("code", "charge")))

    def with_problems(self, found: Iterable[Problem]) -> "Typed":
        """The same form with more problems beside its fields."""
        errors = dict(self.errors)
        for problem in found:
            errors.setdefault(self._field(problem.where), f"{problem.message} {problem.mend}".strip())
        return Typed(self.values, self.rows, errors, self.wish)

    def _field(self, where: str) -> str:
        first = self.rows[0] if self.rows else 0
        found = _PLACE.fullmatch(where)
        if found:
            filled = self.filled or (first,)
            return f"lines-{filled[min(int(found[1]), len(filled) - 1)]}-{found[2]}"
        return f"lines-{first}-code" if where == "lines" else where


def filled_from(wish: Wish | None, *, asked_on: date, provider: int | None) -> Typed:
    """The form of what is known."""
    values = {"asked_on": dates.us_text(asked_on), "place": "11", "rendering": str(provider or ""), "reason": "asked"}
    if wish is None:
        return Typed(values, tuple(range(FEWEST_LINES)), {}, None)
    values |= {
        "planned_on": dates.us_text(wish.planned_on), "place": wish.place, "rendering": str(wish.provider),
        "diagnoses": ", ".join(map(codes.dotted, wish.diagnoses)), "self_pay": "yes" if wish.self_pay else "",
        "separate": wish.separate,
    }  # fmt: skip
    for n, line in enumerate(wish.lines):
        charge = "" if line.charge_cents is None else money.plain_text(line.charge_cents)
        texts = (line.procedure, " ".join(line.modifiers), format(line.units, "f"), charge)
        values |= {
            f"lines-{n}-{name}": text
            for name, text in zip(("code", "modifiers", "units", "charge"), texts, strict=True)
        }
    return Typed(values, tuple(range(max(len(wish.lines) + 1, FEWEST_LINES))), {}, wish)


def read(form: Mapping[str, str], *, today: date) -> Typed:
    """Everything that was typed, and what it means, or every problem at once."""
    values = {name: text.strip()[:4_000] for name, text in form.items()}
    rows = tuple(sorted({int(match[1]) for name in values if (match := _LINE.fullmatch(name))})) or tuple(
        range(FEWEST_LINES)
    )
    typed = Typed(values, rows, {}, None)
    errors: dict[str, str] = {}
    provider = values.get("rendering", "")
    if not (provider.isascii() and provider.isdigit() and len(provider) < 10):
        errors["rendering"], provider = "Choose who gives the care.", "0"
    wish = Wish(
        int(provider), values.get("place", ""), tuple(_line(values, n, errors) for n in typed.filled),
        day(values, "planned_on", errors, today), _diagnoses(values.get("diagnoses", "")), values.get("self_pay") == "yes",
        values.get("separate", ""),
    )  # fmt: skip
    found = Typed(values, rows, errors, None if errors else wish).with_problems(problems(wish, today=today))
    return Typed(values, rows, found.errors, None if found.errors else wish)


def day(values: Mapping[str, str], name: str, errors: dict[str, str], today: date) -> date | None:
    """A typed day; None where nothing, or nothing readable, stands there."""
    text = values.get(name, "")
    try:
        return dates.day(text, today=today) if text else None
    except ValueError as wrong:
        errors[name] = f"{str(wrong).capitalize()}."
        return None


def _diagnoses(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(re.sub(r"[.]", "", part).upper() for part in re.split(r"[\s,;]+", text) if part))


def _line(values: Mapping[str, str], n: int, errors: dict[str, str]) -> WishedLine:
    def text(name: str) -> str:
        return values.get(f"lines-{n}-{name}", "")

    units, charge = Decimal(1), None
    try:
        units = Decimal(text("units") or "1")
    except InvalidOperation:
        errors[f"lines-{n}-units"] = "Units are a number, like 1 or 2.5."
    try:
        charge = money.typed_cents(text("charge")) if text("charge") else None
    except ValueError as wrong:
        errors[f"lines-{n}-charge"] = f"{str(wrong).capitalize()}."
    return WishedLine(text("code").upper(), tuple(text("modifiers").upper().replace(",", " ").split()), units, charge)
