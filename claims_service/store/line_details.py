"""What only some services say, as short JSON beside their row; empty for the most."""

import json
from datetime import date
from decimal import Decimal
from functools import lru_cache

from claims_service.domain.line_detail import NO_DETAIL, UNITS, LineDetail


def text_of(detail: LineDetail) -> str:
    """ "" for a service without details; else only what it says."""
    if detail is NO_DETAIL:
        return ""
    told = {
        "rendering": detail.rendering_id, "basis": "" if detail.basis == UNITS else detail.basis, "tooth": detail.tooth,
        "surfaces": detail.surfaces, "area": detail.area, "revenue": detail.revenue_code,
        "ndc_quantity": "" if detail.ndc_quantity is None else format(detail.ndc_quantity, "f"), "ndc_unit": detail.ndc_unit,
        "prosthesis": detail.prosthesis, "replaces_on": detail.replaces_on and detail.replaces_on.isoformat(),
    }  # fmt: skip
    kept = {name: value for name, value in told.items() if value}
    return json.dumps(kept, separators=(",", ":")) if kept else ""


@lru_cache(maxsize=1024)
def detail_of(text: str) -> LineDetail:
    """What text_of() wrote."""
    if not text:
        return NO_DETAIL
    told = json.loads(text)
    quantity, replaces_on = told.get("ndc_quantity"), told.get("replaces_on")
    return LineDetail(
        told.get("rendering"), told.get("basis", UNITS), told.get("tooth", ""), told.get("surfaces", ""), told.get("area", ""),
        told.get("revenue", ""), Decimal(quantity) if quantity else None, told.get("ndc_unit", ""),
        told.get("prosthesis", ""), date.fromisoformat(replaces_on) if replaces_on else None,
    )  # fmt: skip
