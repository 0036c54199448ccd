"""The visit form and the domain's Encounter: from typed text to values and back, every problem at its field, nothing lost."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation

from claims_service.domain import codes, dates, money
from claims_service.domain.encounter import DENTAL, PROFESSIONAL, Encounter, ServiceLine
from claims_service.domain.errors import Problem, Rejected
from claims_service.domain.line_detail import NO_DETAIL, LineDetail
from claims_service.interfaces.staff import visit_form_parts as parts

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXY"  # a facility's bill has up to 25 diagnoses
FEWEST_DIAGNOSES, FEWEST_LINES = 4, 4
_TYPED = ("service_on", "place", "code", "modifiers", "pointers", "units", "charge", "more")
_FIELDS = {
    "procedure": "code",
    "served_on": "service_on",
    "place_of_service": "place",
}  # domain name -> field of a line
_MORE = (
    "tooth",
    "surfaces",
    "area",
    "prosthesis",
    "replaces_on",
    "revenue_code",
    "basis",
    "ndc",
    "ndc_quantity",
    "ndc_unit",
)  # in the field "more"
_LINE = re.compile(r"lines-(\d{1,3})-code")
_PLACE = re.compile(r"lines\[(\d+)\](?:\.(\w+))?|diagnoses\[(\d+)\]")
_PLAIN: dict[str, object] = {
    "kind": PROFESSIONAL,
    "stay": None,
    "dentition": None,
}  # a stay that is not whole yet stops no price
_UNPRICED = ("Z000",)  # stands in for diagnoses that are not typed yet, while prices are shown


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form. rows: numbers of its service lines; errors: by field name."""

    values: dict[str, str]
    rows: tuple[int, ...]
    errors: dict[str, str]
    visit: Encounter | None
    draft: Encounter | None

    def with_problems(self, problems: Iterable[Problem]) -> "Typed":
        """The same form with more problems beside its fields."""
        found: dict[str, str] = {}
        for problem in problems:
            field = field_of(problem.where, self.filled, self.slots)
            found[field] = f"{found[field]} {_told(problem)}" if field in found else _told(problem)
        return replace(self, errors={**self.errors, **found})

    @property
    def filled(self) -> tuple[int, ...]:
        """Rows in which something is typed, in order: the visit's lines."""
        return _filled(self.values, self.rows)

    @property
    def slots(self) -> tuple[int, ...]:
        """Places of the diagnoses that are typed, in order."""
        return tuple(i for i in range(len(LETTERS)) if self.values.get(f"diagnosis-{i}"))

    @property
    def places(self) -> dict[str, str]:
        """Words before a message in the summary: "Line 3"."""
        spots = {row: n for n, row in enumerate(self.rows, 1)}
        return {
            name: f"Line {spots.get(int(name.split('-')[1]), 1)}" for name in self.errors if name.startswith("lines-")
        }

    @property
    def diagnosis_count(self) -> int:
        last = max(self.slots, default=-1) + 2
        return min(max(last, FEWEST_DIAGNOSES), len(LETTERS))


def blank(*, today: date, provider: int | None) -> Typed:
    """An empty form for a visit of today at the office."""
    values = {"kind": PROFESSIONAL, "served_on": dates.us_text(today), "place": "11", "rendering": str(provider or "")}
    return Typed(values, tuple(range(FEWEST_LINES)), {}, None, None)


def filled_from(visit: Encounter) -> Typed:
    """The form of a recorded visit."""
    values = {
        "served_on": dates.us_text(visit.served_on), "place": visit.place_of_service, "rendering": str(visit.rendering_id),
        "referring": str(visit.referring_id or ""), "prior_authorization": visit.prior_authorization, "note": visit.note,
        "kind": visit.kind, **parts.stay_values(visit.stay), **parts.dentition_values(visit.dentition),
    }  # fmt: skip
    values.update({f"diagnosis-{i}": codes.dotted(code) for i, code in enumerate(visit.diagnoses)})
    for n, line in enumerate(visit.lines):
        charge = "" if line.charge_cents is None else money.plain_text(line.charge_cents)
        pointers = "".join(LETTERS[p - 1] for p in line.pointers)
        typed = (
            dates.us_text(line.served_on), line.place_of_service, line.procedure,
            " ".join(line.modifiers), pointers, format(line.units, "f"), charge,
            parts.detail_text(line.detail, line.ndc),
        )  # fmt: skip
        values.update({f"lines-{n}-{name}": text for name, text in zip(_TYPED, typed, strict=True)})
    rows = tuple(range(max(len(visit.lines) + 1, FEWEST_LINES)))
    return Typed(values, rows, {}, visit, visit)


def read(form: Mapping[str, str], *, patient: int, reference: str, today: date, kept: Encounter | None = None) -> Typed:
    """Everything that was typed, and the visit it makes, or every problem at once. kept: the visit that is mended."""
    values = {name: text.strip() for name, text in form.items()}
    rows = _rows(values)
    reading = _Reading(values, {}, today)
    visit = reading.encounter(patient, reference, rows, kept)
    errors = dict(reading.errors)
    typed = Typed(values, rows, errors, None, None)
    try:
        made = Encounter(**visit)  # type: ignore[arg-type]
    except Rejected as refused:
        for problem in refused.problems:
            errors.setdefault(field_of(problem.where, typed.filled, typed.slots), _told(problem))
        return replace(typed, errors=_in_order(errors, rows), draft=_draft(visit))
    return replace(typed, errors=_in_order(errors, rows), visit=None if errors else made, draft=made)


def with_code(typed: Typed, pressed: str) -> Typed:
    """The form with a code from a superbill on it, at the first free place; a code that stands there already stays alone.

    pressed: "icd10:J069", or a procedure with modifiers, "procedure:99213-25".
    """
    code_set, _, text = pressed.partition(":")
    code, *modifiers = text.upper().split("-")
    values, rows = dict(typed.values), typed.rows
    if code_set == "icd10":
        standing = [values.get(f"diagnosis-{i}", "").upper().replace(".", "") for i in range(len(LETTERS))]
        if code not in standing and "" in standing:
            values[f"diagnosis-{standing.index('')}"] = codes.dotted(code)
    elif code_set == "procedure":
        said = " ".join(modifiers)
        if all((values.get(f"lines-{n}-code"), values.get(f"lines-{n}-modifiers", "")) != (code, said) for n in rows):
            row = next((n for n in rows if n not in typed.filled), max(rows) + 1)
            rows = rows if row in rows else (*rows, row)
            values |= {f"lines-{row}-code": code, f"lines-{row}-modifiers": said}
    return Typed(values, rows, {}, None, None)


def field_of(where: str, rows: Sequence[int], slots: Sequence[int]) -> str:
    """The field a problem belongs to: "lines[0].procedure" -> "lines-0-code"."""
    where = re.sub(r"^\[\d+\]\.", "", where)
    found = _PLACE.fullmatch(where)
    if found and found[3] is not None:
        i = int(found[3])
        return f"diagnosis-{slots[i] if i < len(slots) else i}"
    if found:
        i, name = int(found[1]), _FIELDS.get(found[2] or "code", found[2] or "code")
        return (
            f"lines-{rows[i] if i < len(rows) else i}-{name if name in _TYPED else 'more' if name in _MORE else 'code'}"
        )
    first = rows[0] if rows else 0
    plain = {"diagnoses": "diagnosis-0", "place_of_service": "place", "lines": f"lines-{first}-code"}
    known = {"served_on", "rendering", "referring", "prior_authorization", "kind"}
    if where.startswith("stay."):
        return f"stay-{where.removeprefix('stay.')}" if where[5:] in parts.STAY else "stay-conditions"
    if where.startswith("dentition."):
        return where.replace(".", "-")
    return plain.get(where, where if where in known else "")


def _told(problem: Problem) -> str:
    return f"{problem.message} {problem.mend}".strip()


def _rows(values: Mapping[str, str]) -> tuple[int, ...]:
    found = sorted({int(match[1]) for name in values if (match := _LINE.fullmatch(name))})
    return tuple(found or range(FEWEST_LINES))


def _filled(values: Mapping[str, str], rows: Sequence[int]) -> tuple[int, ...]:
    # What adding a line copies from above (day, place) makes no service by itself, nor does the unit it starts with.
    telling = ("code", "modifiers", "pointers", "charge", "more")
    return tuple(row for row in rows if any(values.get(f"lines-{row}-{name}") for name in telling))


def _in_order(errors: Mapping[str, str], rows: Sequence[int]) -> dict[str, str]:
    """In the order of the form, for the summary."""
    head = ["kind", "served_on", "rendering", "place", "referring", "prior_authorization"]
    fields = [
        *head,
        *(f"stay-{name}" for name in parts.STAY),
        *(f"dentition-{name}" for name in parts.DENTITION),
        *(f"diagnosis-{i}" for i in range(len(LETTERS))),
    ]
    fields += [f"lines-{row}-{name}" for row in rows for name in _TYPED]
    spots = {name: i for i, name in enumerate(fields)}
    return dict(sorted(errors.items(), key=lambda pair: spots.get(pair[0], -1)))


def _draft(visit: Mapping[str, object]) -> Encounter | None:
    """As much of an unfinished visit as prices can be shown for."""
    lines = [
        ServiceLine(
            line.procedure, (1,), line.modifiers, line.units, line.charge_cents, line.served_on, detail=line.detail
        )
        for line in visit["lines"]  # type: ignore[attr-defined]
    ]
    kept = []
    for line in lines:
        try:
            Encounter(**{**visit, "place_of_service": "11", "diagnoses": _UNPRICED, "lines": (line,), **_PLAIN})  # type: ignore[arg-type]
        except Rejected:
            continue
        kept.append(line)
    if not kept:
        return None
    return Encounter(**{**visit, "place_of_service": "11", "diagnoses": _UNPRICED, "lines": tuple(kept), **_PLAIN})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class _Reading:
    """Turns text into values; what can't be read is noted in errors and replaced by something harmless."""

    values: Mapping[str, str]
    errors: dict[str, str]
    today: date

    def encounter(self, patient: int, reference: str, rows: Sequence[int], kept: Encounter | None) -> dict[str, object]:
        typed = [self.values.get(f"diagnosis-{i}", "") for i in range(len(LETTERS))]
        diagnoses = [text.upper().replace(".", "").replace(" ", "") for text in typed if text]
        letters = {LETTERS[i]: n for n, i in enumerate((i for i, text in enumerate(typed) if text), 1)}
        served_on = self._day("served_on") or self.today
        return {
            "patient_id": patient,
            "served_on": served_on,
            "place_of_service": self.values.get("place", "").upper(),
            "rendering_id": self._choice("rendering", "Choose who gave the care."),
            "diagnoses": tuple(diagnoses),
            "lines": tuple(self._line(row, letters, kept) for row in _filled(self.values, rows)),
            "reference": reference,
            "prior_authorization": self.values.get("prior_authorization", ""),
            "referring_id": self._choice("referring") or None,
            "note": self.values.get("note", ""),
            "kind": self._kind(),
            "stay": parts.stay(self.values, served_on, today=self.today, wrong=self._wrong),
            "dentition": parts.dentition_in(self.values, today=self.today, wrong=self._wrong),
        }

    def _wrong(self, field: str, message: str) -> None:
        self.errors.setdefault(field, message)

    def _kind(self) -> str:
        kind = self.values.get("kind", PROFESSIONAL)
        return kind if kind in dict(parts.KINDS) else PROFESSIONAL

    def _day(self, name: str, *, needed: bool = True) -> date | None:
        text = self.values.get(name, "")
        if not text:
            if needed:
                self.errors[name] = "Type the date of the visit, like 11/18/2026."
            return None
        try:
            return dates.day(text, today=self.today)
        except ValueError as wrong:
            self.errors[name] = f"{str(wrong).capitalize()}."
            return None

    def _choice(self, name: str, missing: str = "") -> int:
        text = self.values.get(name, "")
        if text.isascii() and text.isdigit() and len(text) < 10:
            return int(text)
        if missing:
            self.errors[name] = missing
        return 0

    def _line(self, row: int, letters: Mapping[str, int], kept: Encounter | None) -> ServiceLine:
        def text(name: str) -> str:
            return self.values.get(f"lines-{row}-{name}", "")

        before = next((line for line in kept.lines if line.procedure == text("code").upper()), None) if kept else None
        detail, ndc = self._detail(row, text("more"), before.detail if before else NO_DETAIL)
        return ServiceLine(
            text("code").upper(),
            self._pointers(row, text("pointers"), letters),
            tuple(text("modifiers").upper().replace(",", " ").split()),
            self._units(row, text("units")),
            self._charge(row, text("charge")),
            self._day(f"lines-{row}-service_on", needed=False),
            text("place").upper(),
            ndc,
            before.description if before else "",
            detail,
        )

    def _detail(self, row: int, typed: str, kept: LineDetail) -> tuple[LineDetail, str]:
        try:
            return parts.detail(typed, kept)
        except ValueError as wrong:
            told = str(wrong)
            self.errors[f"lines-{row}-more"] = f"{told[:1].upper()}{told[1:]}."
            return kept, ""

    def _pointers(self, row: int, typed: str, letters: Mapping[str, int]) -> tuple[int, ...]:
        marks = re.sub(r"[\s,]", "", typed).upper()
        if not marks and len(letters) == 1 and self._kind() in (PROFESSIONAL, DENTAL):
            return (1,)
        for mark in marks:
            if mark not in LETTERS:
                self.errors[f"lines-{row}-pointers"] = "Point with the letters of the diagnoses, like AB."
                return (1,)
            if mark not in letters:
                self.errors[f"lines-{row}-pointers"] = f"Diagnosis {mark} is empty."
                return (1,)
        return tuple(letters[mark] for mark in marks)

    def _units(self, row: int, typed: str) -> Decimal:
        try:
            return Decimal(typed or "1")
        except InvalidOperation:
            self.errors[f"lines-{row}-units"] = "Units are a number, like 1 or 2.5."
            return Decimal(1)

    def _charge(self, row: int, typed: str) -> int | None:
        if not typed:
            return None
        try:
            return money.typed_cents(typed)
        except ValueError as wrong:
            self.errors[f"lines-{row}-charge"] = f"{str(wrong).capitalize()}."
            return None
