"""A filled form on paper: our own drawing of it, or its text alone for preprinted sheets. Serves every form alike."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from claims_service.formats.documents.press import pdf
from claims_service.formats.paper.form import Box, Form, Sheet, placed

FOOT = "Drawn from the claim. Not the printed form: use the overlay on the insurer’s own paper."

NO_ROOM = "The printed form has no room for"
MORE_A_ROW = 4


def drawn_form(form: Form, sheets: Sequence[Sheet], made_on: date) -> bytes:
    """Every box with its label, for people to read and for insurers that take copies; one sheet a page."""
    content = {
        "title": form.title,
        "foot": FOOT,
        "cell": form.cell_height,
        "row": form.row_inset,
        "sheets": [[_section(section, sheet) for section in (*form.sections, *_more(form, sheet))] for sheet in sheets],
    }
    return pdf("form.typ", content, made_on)


def overlay(form: Form, sheets: Sequence[Sheet], made_on: date, *, right: int = 0, down: int = 0) -> bytes:
    """Text where preprinted paper has its boxes. right and down: thousandths of an inch a printer is off by."""
    content = {
        "title": form.title,
        "left": form.left + right,
        "top": form.top + down,
        "sheets": [[_printed(box, text) for box, text in placed(form, sheet)] for sheet in sheets],
    }
    return pdf("overlay.typ", content, made_on)


def _printed(box: Box, text: str) -> dict[str, Any]:
    printed = box.printed(text)
    indent = len(printed) - len(printed.lstrip())
    return {"line": box.line, "column": box.column + indent, "text": printed.strip()}


def _more(form: Form, sheet: Sheet) -> list[dict[str, Any]]:
    """A section for what the printed form has no box for, empty when there is nothing."""
    cells = [{"box": name, "label": ""} for name in sheet if name not in form.boxes]
    rows = [cells[start : start + MORE_A_ROW] for start in range(0, len(cells), MORE_A_ROW)]
    return [{"title": NO_ROOM, "rows": rows}] if cells else []


def _section(section: Mapping[str, Any], sheet: Sheet) -> dict[str, Any]:
    return {
        "title": section["title"],
        "rows": [[_cell(cell, sheet) for cell in row] for row in section.get("rows", ())],
        "table": _table(section["table"], sheet) if "table" in section else None,
    }


def _cell(cell: Mapping[str, Any], sheet: Sheet) -> dict[str, Any]:
    marks = [{"words": words, "on": name in sheet} for name, words in choices_of(cell)]
    text = " ".join(sheet[name] for name in cell.get("holds", [cell["box"]]) if name in sheet)
    return {"box": cell["box"], "label": cell["label"], "share": cell.get("share", 1), "choices": marks, "text": text}


def choices_of(cell: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(box, words) of what may be marked in a cell of mappings/paper."""
    return [(f"{cell['box']}.{part}", words) for part, words in cell.get("marks", {}).items()]


def _table(table: Mapping[str, Any], sheet: Sheet) -> dict[str, Any]:
    """Rows up to the last that holds something, at least one."""
    rows = [
        {
            "above": sheet.get(table.get("above", "").format(row), ""),
            "cells": [" ".join(sheet[n.format(row)] for n in column["holds"] if n.format(row) in sheet) for column in table["columns"]],
        }
        for row in table["rows"]
    ]  # fmt: skip
    used = max((n for n, row in enumerate(rows, 1) if row["above"] or any(row["cells"])), default=1)
    shown = len(rows) if table.get("all") else used
    columns = [
        {"box": c["box"], "head": c["head"], "share": c.get("share", 1), "right": c.get("right", False)}
        for c in table["columns"]
    ]
    return {"above": "above" in table, "rows": rows[:shown], "columns": columns}
