"""Tables to take along: CSV that a spreadsheet opens as text and numbers, never as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table_file(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A download called name; amounts come as text without a currency sign (domain.money.plain_text)."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return Response(
        text.getvalue(), mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _plain(cell: object) -> str:
    """What begins like a formula gets a quotation mark before it, unless it is a number."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal()
