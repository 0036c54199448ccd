"""Reads a form's PDF as a person would: by the place of each word on the overlay, by the label before it on the drawing."""

import io
import re
from collections.abc import Iterator

from pypdf import PdfReader

from claims_service.formats.documents.form_pdf import FOOT, NO_ROOM, choices_of
from claims_service.formats.paper.form import Form, Sheet

PITCH, LEADING, BASELINE = 7.2, 12.0, 2.88  # points: a column, a line, and how far a baseline is above its line's end


def overlaid(paper: bytes, form: Form, *, right: int = 0, down: int = 0) -> list[dict[str, str]]:
    """The text at each box of each page, found by where it lies alone."""
    by_end = {(box.line, box.column + box.length): name for name, box in form.boxes.items() if box.align != "left"}
    by_start = {(box.line, box.column): name for name, box in form.boxes.items() if box.align == "left"}
    left, top = (form.left + right) * 0.072, (form.top + down) * 0.072
    pages = []
    for page in PdfReader(io.BytesIO(paper)).pages:
        found: dict[str, str] = {}

        def note(
            text: str, cm: list[float], tm: list[float], _font: object, _size: object, found: dict[str, str] = found
        ) -> None:
            if not text.strip():
                return
            x, y = cm[0] * tm[4] + cm[4], 792 - (cm[3] * tm[5] + cm[5])
            column, line = (x - left) / PITCH + 1, (y + BASELINE - top) / LEADING
            assert abs(column - round(column)) < 0.03, f"{column} is between two columns"
            assert abs(line - round(line)) < 0.03, f"{line} is between two lines"
            place = (round(line), round(column))
            name = (
                by_start.get(place)
                or by_end.get((place[0], place[1] + len(text.strip())))
                or by_end[place[0], place[1] + len(text.strip()) + 2]
            )
            found[name] = text.strip()

        page.extract_text(visitor_text=note)
        pages.append(found)
    return pages


def drawn(paper: bytes, form: Form) -> list[dict[str, str]]:
    """What stands behind each label of each sheet, marks as "X". A sheet with much to say may go on on a second page."""
    foot = re.compile(re.escape(_squeezed(FOOT)) + r"\d+of\d+")
    text = "".join(foot.sub("", _squeezed(page.extract_text())) for page in PdfReader(io.BytesIO(paper)).pages)
    before, *sheets = text.split(_squeezed(form.title))
    assert not before
    return [dict(_cells(sheet.partition(_squeezed(NO_ROOM))[0], form)) for sheet in sheets]


def expected(sheet: Sheet, form: Form) -> dict[str, str]:
    """What drawn() is to find on a sheet."""
    cells = [cell for section in form.sections for row in section.get("rows", ()) for cell in row]
    told = {}
    for cell in cells:
        marks = [(("X" if name in sheet else "") + words) for name, words in choices_of(cell)]
        values = [sheet.get(name, "") for name in cell.get("holds", [cell["box"]])]
        told[_key(cell)] = _squeezed("".join(marks + values))
    for section in form.sections:
        if table := section.get("table"):
            texts = [
                sheet.get(name.format(row), "")
                for row in table["rows"]
                for name in (
                    *([table["above"]] if "above" in table else []),
                    *(n for c in table["columns"] for n in c["holds"]),
                )
            ]
            told[section["title"]] = _squeezed("".join(texts))
    return told


def _cells(text: str, form: Form) -> Iterator[tuple[str, str]]:
    """Labels stand in the order of the mapping file; what is between two of them is the value of the first."""
    labels: list[tuple[str, str]] = []
    for section in form.sections:
        labels.append(("", _squeezed(section["title"])))
        labels += [
            (_key(cell), _squeezed(cell["box"] + cell["label"])) for row in section.get("rows", ()) for cell in row
        ]
        if table := section.get("table"):
            labels.append((section["title"], _squeezed("".join(c["box"] + c["head"] for c in table["columns"]))))
    at = 0
    for number, (key, label) in enumerate(labels):
        start = text.index(label, at) + len(label)
        at = text.index(labels[number + 1][1], start) if number + 1 < len(labels) else len(text)
        if key:
            yield key, text[start:at]


def _key(cell: dict[str, object]) -> str:
    return f"{cell['box']} {cell['label']}"


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)
