"""The parts of the visit form that few visits need: what a service says beside its code, the stay of a facility's bill, the mouth."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from claims_service.domain import dates, dentition, stay_text
from claims_service.domain.encounter import DENTAL, INSTITUTIONAL
from claims_service.domain.line_detail import DAYS, FIRST, MINUTES, NO_DETAIL, REPLACEMENT, UNITS, LineDetail
from claims_service.domain.stay import Stay

KINDS = (
    ("P", "Visit"),
    ("D", "Visit to the dentist"),
    ("I", "Stay, or a facility’s bill"),
    ("N", "Charge without a visit: the patient pays"),
)
STAY = stay_text.FIELDS
DENTITION = dentition.FIELDS
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
        f"replaces {dates.us_text(detail.replaces_on)}".strip() if detail.prosthesis == REPLACEMENT else "",
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
    return {f"stay-{name}": text for name, text in stay_text.texts_of(stay).items()} if stay else {}


def stay(values: Mapping[str, str], served_on: date, *, today: date, wrong: Callable[[str, str], None]) -> Stay | None:
    """The stay in the fields, None for other kinds of visits. wrong: told of what can't be read, by field."""
    if values.get("kind") != INSTITUTIONAL:
        return None
    told = {name: values.get(f"stay-{name}", "") for name in STAY}
    surgeon = told["operating"]
    operating = int(surgeon) if surgeon.isascii() and surgeon.isdigit() and len(surgeon) < 10 else None

    def of_form(name: str, message: str) -> None:
        wrong(f"stay-{name}", message)

    return stay_text.stay_of(told, served_on, operating=operating, today=today, wrong=of_form)


def dentition_values(found: dentition.Dentition | None) -> dict[str, str]:
    """What stands in the fields about the mouth."""
    return {f"dentition-{name}": text for name, text in dentition.texts_of(found).items()} if found else {}


def dentition_in(
    values: Mapping[str, str], *, today: date, wrong: Callable[[str, str], None]
) -> dentition.Dentition | None:
    """What the fields say of the mouth, None for other kinds of visits. wrong: told of what can't be read, by field."""
    if values.get("kind") != DENTAL:
        return None
    told = {name: values.get(f"dentition-{name}", "") for name in DENTITION}
    return dentition.dentition_of(told, today=today, wrong=lambda name, message: wrong(f"dentition-{name}", message))
