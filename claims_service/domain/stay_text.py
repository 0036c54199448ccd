"""A stay as people write it, on the form and in files: days, and coded facts as lists with commas between."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from claims_service.domain import codes, dates
from claims_service.domain.claim.claim import ORIGINAL
from claims_service.domain.claim.institutional import CodedValue, Occurrence, Surgery
from claims_service.domain.stay import Stay

FIELDS = (
    "type_of_bill", "statement_until", "admission_type", "admission_source", "patient_status", "admitted_on", "admitted_time",
    "discharged_time", "admitting_diagnosis", "drg", "operating", "present", "surgeries", "occurrences", "spans", "values", "conditions",
)  # fmt: skip


def texts_of(stay: Stay) -> dict[str, str]:
    """A stay as a person writes it, by field; stay_of() reads it."""
    plain = {name: str(getattr(stay, name, "") or "") for name in FIELDS[:10]}
    days = {name: dates.us_text(getattr(stay, name)) for name in ("statement_until", "admitted_on")}
    listed = {
        "operating": str(stay.operating_id or ""),
        "present": "".join(mark or "-" for mark in stay.present),
        "surgeries": ", ".join(f"{one.code} {dates.us_text(one.on)}".strip() for one in stay.surgeries),
        "occurrences": ", ".join(f"{one.code} {dates.us_text(one.on)}" for one in stay.occurrences),
        "spans": ", ".join(f"{one.code} {dates.us_text(one.on)} {dates.us_text(one.until)}" for one in stay.spans),
        "values": ", ".join(f"{one.code} {one.value:f}" for one in stay.values),
        "conditions": " ".join(stay.conditions),
    }
    plain["type_of_bill"] += stay.interim
    dotted = {"admitting_diagnosis": codes.dotted(stay.admitting_diagnosis)}
    return {**plain, **days, **listed, **dotted}


def stay_of(
    values: Mapping[str, str], served_on: date, *, operating: int | None, today: date, wrong: Callable[[str, str], None]
) -> Stay:
    """The stay in the fields. wrong: told of what can't be read, by field; something harmless stands there then."""

    def text(name: str) -> str:
        return values.get(name, "").upper()

    def day(name: str) -> date | None:
        return _read_day(text(name), name, today, wrong)

    def listed(name: str, most: int) -> list[list[str]]:
        found = [part.split() for part in re.split(r"[,;]", text(name)) if part.strip()]
        if any(not 1 <= len(part) <= most for part in found):
            wrong(name, "Write them with commas between, like in the example.")
            return []
        return found

    def on(name: str, part: list[str], at: int) -> date:
        return _read_day(part[at] if len(part) > at else "", name, today, wrong, needed=True) or served_on

    bill, third = text("type_of_bill")[:2], text("type_of_bill")[2:]
    return Stay(
        bill, day("statement_until") or served_on, text("admission_type") or "9", text("patient_status") or "01",
        text("admission_source"), day("admitted_on"), text("admitted_time").replace(":", ""), text("discharged_time").replace(":", ""),
        text("admitting_diagnosis").replace(".", ""), text("drg"), operating,
        tuple(mark.replace("-", "") for mark in re.sub(r"[\s,]", "", text("present"))),
        tuple(Surgery(part[0], on("surgeries", part, 1) if len(part) > 1 else None) for part in listed("surgeries", 2)),
        tuple(Occurrence(part[0], on("occurrences", part, 1)) for part in listed("occurrences", 2)),
        tuple(Occurrence(part[0], on("spans", part, 1), on("spans", part, 2)) for part in listed("spans", 3)),
        tuple(CodedValue(part[0], _number(part, wrong)) for part in listed("values", 2)),
        tuple(re.split(r"[\s,;]+", text("conditions"))) if text("conditions") else (), "" if third == ORIGINAL else third,
    )  # fmt: skip


def _read_day(
    text: str, field: str, today: date, wrong: Callable[[str, str], None], *, needed: bool = False
) -> date | None:
    return dates.told_day(text, field, today=today, wrong=wrong) if text or needed else None


def _number(part: list[str], wrong: Callable[[str, str], None]) -> Decimal:
    try:
        found = Decimal(part[1] if len(part) > 1 else "")
        if found.is_finite() and abs(found) < 10_000_000:
            return found
    except InvalidOperation:
        pass
    wrong("values", "Each value code has its number, like 80 3.")
    return Decimal(0)
