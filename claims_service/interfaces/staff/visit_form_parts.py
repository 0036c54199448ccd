"""The parts of the visit form that few visits need: what a service says beside its code, and the stay of a facility's bill."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from claims_service.domain import codes, dates
from claims_service.domain.claim.institutional import CodedValue, Occurrence, Surgery
from claims_service.domain.encounter import INSTITUTIONAL
from claims_service.domain.line_detail import DAYS, FIRST, MINUTES, NO_DETAIL, REPLACEMENT, UNITS, LineDetail
from claims_service.domain.stay import Stay

KINDS = (
    ("P", "Visit"),
    ("D", "Visit to the dentist"),
    ("I", "Stay, or a facility’s bill"),
    ("N", "Charge without a visit: the patient pays"),
)
STAY = (
    "type_of_bill", "statement_until", "admission_type", "admission_source", "patient_status", "admitted_on", "admitted_time",
    "discharged_time", "admitting_diagnosis", "drg", "operating", "present", "surgeries", "occurrences", "spans", "values", "conditions",
)  # fmt: skip
HINT = "tooth 14 MO, area 10, first, replaces 06/01/2015, rev 0120, days, minutes, ndc 00409733701 1.5 ML"
_PLACED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_BASES = {"days": DAYS, "minutes": MINUTES}


def detail_text(detail: LineDetail, ndc: str) -> str:
    """As a person writes it, and detail() reads it."""
    parts = [
        f"rev {detail.revenue_code}" if detail.revenue_code else "",
        f"tooth {detail.tooth} {detail.surfaces}".strip() if detail.tooth else "",
        f"area {detail.area}" if detail.area else "",
        "first" if detail.prosthesis == FIRST else "",
        f"replaces {_day_text(detail.replaces_on)}".strip() if detail.prosthesis == REPLACEMENT else "",
        next((word for word, basis in _BASES.items() if basis == detail.basis), ""),
        f"ndc {ndc} {_quantity(detail)}".strip() if ndc else "",
    ]
    return ", ".join(part for part in parts if part)


def _quantity(detail: LineDetail) -> str:
    return "" if detail.ndc_quantity is None else f"{detail.ndc_quantity:f} {detail.ndc_unit}"


def detail(text: str, kept: LineDetail = NO_DETAIL) -> tuple[LineDetail, str]:
    """What a person wrote about a service, and the number of its drug. kept: its provider stays.

    Raises:
        ValueError: a part that is not understood.
    """
    found: dict[str, object] = {}
    ndc = ""
    for part in filter(None, (part.strip() for part in re.split(r"[,;]", text))):
        word, *more = part.split()
        if word.lower() in _BASES and not more:
            found["basis"] = _BASES[word.lower()]
        elif word.lower() == "rev" and len(more) == 1:
            found["revenue_code"] = more[0].zfill(4)
        elif word.lower() == "area" and len(more) == 1:
            found["area"] = more[0]
        elif word.lower() == "first" and not more:
            found["prosthesis"] = FIRST
        elif word.lower() == "replaces" and len(more) <= 1:
            found |= {"prosthesis": REPLACEMENT, "replaces_on": _placed(more)}
        elif word.lower() == "tooth" and 1 <= len(more) <= 2:
            found |= {"tooth": more[0].upper(), "surfaces": "".join(more[1:]).upper()}
        elif word.lower() == "ndc" and len(more) in (1, 3):
            ndc = more[0].replace("-", "")
            found |= _drug(more[1:])
        else:
            raise ValueError(f"“{part}” is not understood: write for example {HINT}")
    if not found and kept.rendering_id is None:
        return NO_DETAIL, ndc
    return LineDetail(kept.rendering_id, **{"basis": UNITS, **found}), ndc  # type: ignore[arg-type]


def _placed(more: list[str]) -> date | None:
    found = _PLACED.fullmatch(more[0]) if more else None
    try:
        return (
            date(int(found[3]), int(found[1]), int(found[2]))
            if found
            else date.fromisoformat(more[0])
            if more
            else None
        )
    except ValueError:
        raise ValueError("the day of the one before is written like 06/01/2015") from None


def _drug(more: list[str]) -> dict[str, object]:
    try:
        return {"ndc_quantity": Decimal(more[0]), "ndc_unit": more[1].upper()} if more else {}
    except InvalidOperation:
        raise ValueError("the drug's quantity is a number with its unit, like 1.5 ML") from None


def stay_values(stay: Stay | None) -> dict[str, str]:
    """What stands in the fields of a stay."""
    if stay is None:
        return {}
    plain = {name: str(getattr(stay, name, "") or "") for name in STAY[:10]}
    days = {name: _day_text(getattr(stay, name)) for name in ("statement_until", "admitted_on")}
    listed = {
        "operating": str(stay.operating_id or ""),
        "present": "".join(mark or "-" for mark in stay.present),
        "surgeries": ", ".join(f"{one.code} {_day_text(one.on)}".strip() for one in stay.surgeries),
        "occurrences": ", ".join(f"{one.code} {_day_text(one.on)}" for one in stay.occurrences),
        "spans": ", ".join(f"{one.code} {_day_text(one.on)} {_day_text(one.until)}" for one in stay.spans),
        "values": ", ".join(f"{one.code} {one.value:f}" for one in stay.values),
        "conditions": " ".join(stay.conditions),
    }
    dotted = {"admitting_diagnosis": codes.dotted(stay.admitting_diagnosis)}
    return {f"stay-{name}": text for name, text in {**plain, **days, **listed, **dotted}.items()}


def _day_text(day: date | None) -> str:
    return f"{day:%m/%d/%Y}" if day else ""


def stay(values: Mapping[str, str], served_on: date, *, today: date, wrong: Callable[[str, str], None]) -> Stay | None:
    """The stay in the fields, None for other kinds of visits. wrong: told of what can't be read, by field."""
    if values.get("kind") != INSTITUTIONAL:
        return None

    def text(name: str) -> str:
        return values.get(f"stay-{name}", "").upper()

    def day(name: str) -> date | None:
        return _read_day(text(name), f"stay-{name}", today, wrong)

    def listed(name: str, most: int) -> list[list[str]]:
        found = [part.split() for part in re.split(r"[,;]", text(name)) if part.strip()]
        if any(not 1 <= len(part) <= most for part in found):
            wrong(f"stay-{name}", "Write them with commas between, like in the example.")
            return []
        return found

    def on(name: str, part: list[str], at: int) -> date:
        return _read_day(part[at] if len(part) > at else "", f"stay-{name}", today, wrong, needed=True) or served_on

    operating = text("operating")
    return Stay(
        text("type_of_bill"), day("statement_until") or served_on, text("admission_type") or "9", text("patient_status") or "01",
        text("admission_source"), day("admitted_on"), text("admitted_time").replace(":", ""), text("discharged_time").replace(":", ""),
        text("admitting_diagnosis").replace(".", ""), text("drg"), int(operating) if operating.isdecimal() and len(operating) < 10 else None,
        tuple(mark.replace("-", "") for mark in re.sub(r"[\s,]", "", text("present"))),
        tuple(Surgery(part[0], on("surgeries", part, 1) if len(part) > 1 else None) for part in listed("surgeries", 2)),
        tuple(Occurrence(part[0], on("occurrences", part, 1)) for part in listed("occurrences", 2)),
        tuple(Occurrence(part[0], on("spans", part, 1), on("spans", part, 2)) for part in listed("spans", 3)),
        tuple(CodedValue(part[0], _number(part, wrong)) for part in listed("values", 2)),
        tuple(re.split(r"[\s,;]+", text("conditions"))) if text("conditions") else (),
    )  # fmt: skip


def _read_day(
    text: str, field: str, today: date, wrong: Callable[[str, str], None], *, needed: bool = False
) -> date | None:
    if not text and not needed:
        return None
    try:
        return dates.day(text, today=today)
    except ValueError as refused:
        wrong(field, f"{str(refused).capitalize()}.")
        return None


def _number(part: list[str], wrong: Callable[[str, str], None]) -> Decimal:
    try:
        found = Decimal(part[1] if len(part) > 1 else "")
        if found.is_finite() and abs(found) < 10_000_000:
            return found
    except InvalidOperation:
        pass
    wrong("stay-values", "Each value code has its number, like 80 3.")
    return Decimal(0)
