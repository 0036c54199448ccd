"""What only some services say beside code, units and charge: who gave it, a tooth, a revenue code, a drug's quantity, minutes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from claims_service.domain.errors import Problem

UNITS, MINUTES, DAYS = "UN", "MJ", "DA"
FIRST, REPLACEMENT = "I", "R"
"""Of a crown, bridge or denture (837D SV305)."""
NDC_UNITS = ("F2", "GR", "ME", "ML", "UN")
AREAS = ("00", "01", "02", "10", "20", "30", "40")
"""Areas of the mouth (837D SV304): whole, upper, lower, and the quadrants upper right to lower right."""

_TOOTH = re.compile(r"[1-9]|[12][0-9]|3[0-2]|[A-T]|5[1-9]|[67][0-9]|8[0-2]|[A-T]S", re.ASCII)
_SURFACES = re.compile(r"[BDFILMO]{0,5}", re.ASCII)
_REVENUE = re.compile(r"[0-9]{4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class LineDetail:
    """rendering_id: where it is not the visit's. basis: UN units, MJ minutes of an anesthesia, DA days of a stay.

    tooth: universal numbering, 51 to 82 and AS to TS where there is one too many. surfaces: letters of BDFILMO.
    area: of the mouth. prosthesis: I the first one, R in place of another, then replaces_on: the day that one was placed.
    ndc_quantity: in ndc_unit (F2, GR, ME, ML, UN).
    """

    rendering_id: int | None = None
    basis: str = UNITS
    tooth: str = ""
    surfaces: str = ""
    area: str = ""
    revenue_code: str = ""
    ndc_quantity: Decimal | None = None
    ndc_unit: str = ""
    prosthesis: str = ""
    replaces_on: date | None = None

    def problems(self, where: str) -> Iterator[Problem]:
        """What is wrong with it. where: path of the line."""
        if self.tooth and not is_tooth(self.tooth):
            yield Problem(
                f"{where}.tooth", "There is no such tooth: 1 to 32, or A to T for a milk tooth.", "837D 2400 TOO02"
            )
        if self.surfaces and (not _SURFACES.fullmatch(self.surfaces) or len(set(self.surfaces)) < len(self.surfaces)):
            yield Problem(f"{where}.surfaces", "Up to five different letters of B D F I L M O.", "837D 2400 TOO03")
        if self.surfaces and not self.tooth:
            yield Problem(f"{where}.tooth", "Surfaces need the tooth they are of.", "837D 2400 TOO02")
        if self.area and self.area not in AREAS:
            yield Problem(
                f"{where}.area",
                "Areas are 00 the whole mouth, 01 upper, 02 lower, 10 to 40 quadrants.",
                "837D 2400 SV304",
            )
        if self.prosthesis not in ("", FIRST, REPLACEMENT):
            yield Problem(
                f"{where}.prosthesis",
                "A crown, bridge or denture is the first (I) or a replacement (R).",
                "837D 2400 SV305",
            )
        if self.replaces_on and self.prosthesis != REPLACEMENT:
            yield Problem(
                f"{where}.replaces_on", "Only a replacement has a day of the one before it.", "837D 2400 DTP*441"
            )
        if self.revenue_code and not _REVENUE.fullmatch(self.revenue_code):
            yield Problem(f"{where}.revenue_code", "A revenue code has four digits, like 0450.", "837I 2400 SV201")
        if self.basis not in (UNITS, MINUTES, DAYS):
            yield Problem(f"{where}.basis", "Units are counted, minutes (MJ) or days (DA).", "837P 2400 SV103")
        if (self.ndc_quantity is None) != (not self.ndc_unit):
            yield Problem(f"{where}.ndc_quantity", "A drug's quantity and its unit go together.", "837P 2410 CTP")
        elif self.ndc_unit and self.ndc_unit not in NDC_UNITS:
            yield Problem(f"{where}.ndc_unit", "A drug is counted in F2, GR, ME, ML or UN.", "837P 2410 CTP05-1")
        elif self.ndc_quantity is not None and not 0 < self.ndc_quantity < 10_000_000:
            yield Problem(f"{where}.ndc_quantity", "The drug's quantity must be more than 0.", "837P 2410 CTP04")


NO_DETAIL = LineDetail()


def is_tooth(number: str) -> bool:
    """Whether it is one of universal numbering: 1 to 32, A to T, and those where there is one too many."""
    return bool(_TOOTH.fullmatch(number))
