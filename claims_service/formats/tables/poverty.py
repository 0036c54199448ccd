"""The federal poverty guidelines of mappings/codes/poverty_guideline.tsv."""

from datetime import date
from functools import cache

from claims_service.domain.money import cents
from claims_service.domain.patient.assistance import Guideline
from claims_service.formats.tables import codes


@cache
def guidelines() -> tuple[Guideline, ...]:
    """Every guideline that is shipped."""
    return tuple(
        Guideline(
            row["region"],
            date.fromisoformat(row["valid_from"]),
            cents(row["first_person"]),
            cents(row["each_additional"]),
        )
        for row in codes.table("poverty_guideline").values()
    )
