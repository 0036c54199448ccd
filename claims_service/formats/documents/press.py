"""Runs typst: fonts of our own, no clock, no network; data goes in as JSON and is never read as markup."""

import json
import threading
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from claims_service.domain.party import Address, spoken_phone
from claims_service.domain.patient.statement import Sender

_FOLDER = Path(__file__).parent
_ONE_AT_A_TIME = threading.Lock()


def pdf(template: str, content: Mapping[str, Any], made_on: date) -> bytes:
    """A tagged PDF of a template in this folder; the same content and day give the same bytes."""
    with _ONE_AT_A_TIME:
        found = _compiler(template).compile(
            format="pdf",
            sys_inputs={"data": json.dumps(content, ensure_ascii=False)},
            pdf_standards=["ua-1"],
            timestamp=datetime.combine(made_on, time(), UTC),
        )
    assert isinstance(found, bytes)
    return found


@cache
def _compiler(template: str) -> Any:
    import typst  # 50 MB that only a page with paper needs

    return typst.Compiler(
        str(_FOLDER / template), root=str(_FOLDER), font_paths=[str(_FOLDER / "fonts")], ignore_system_fonts=True
    )


def sender_of(sender: Sender) -> dict[str, Any]:
    """The letterhead's name and lines."""
    return {"name": sender.name, "lines": [*address_lines(sender.address), spoken_phone(sender.phone)]}


def address_lines(address: Address) -> list[str]:
    """As an envelope shows it."""
    code = f"{address.zip[:5]}-{address.zip[5:]}" if len(address.zip) == 9 else address.zip
    place = f"{address.city}, {address.state} {code}".strip(" ,")
    return [line for line in (address.line1, address.line2, place) if line]
