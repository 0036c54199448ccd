"""Claims on one form as one file: our drawing, the overlay for preprinted sheets, or the print image."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from claims_service.formats.documents.form_pdf import drawn_form, overlay
from claims_service.formats.paper.form import Sheet, form, print_image

DRAWN, OVERLAY, TEXT = "form", "overlay", "text"
LOOKS = (DRAWN, OVERLAY, TEXT)
_PDF, _TEXT = ("pdf", "application/pdf"), ("txt", "text/plain")


@dataclass(frozen=True, slots=True)
class Look:
    """How sheets are to be printed. right and down: thousandths of an inch an overlay is moved."""

    kind: str = DRAWN
    right: int = 0
    down: int = 0

    @property
    def extension(self) -> str:
        return (_TEXT if self.kind == TEXT else _PDF)[0]

    @property
    def media_type(self) -> str:
        return (_TEXT if self.kind == TEXT else _PDF)[1]


def claim_paper(name: str, sheets: Sequence[Sheet], look: Look, made_on: date) -> bytes:
    """All sheets of one form in a file."""
    if look.kind == TEXT:
        return print_image(form(name), sheets)
    if look.kind == OVERLAY:
        return overlay(form(name), sheets, made_on, right=look.right, down=look.down)
    return drawn_form(form(name), sheets, made_on)
