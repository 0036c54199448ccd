"""ICD-10-CM out of the Python package simple-icd-10-cm, where it is installed: for the import command alone, it takes much memory."""

import importlib
import importlib.resources
import importlib.util
import re
import warnings
from datetime import date, datetime
from importlib.metadata import version
from typing import Any

from claims_service.domain.errors import Problem, Rejected

PACKAGE, MODULE = "simple-icd-10-cm", "simple_icd_10_cm"
_SHORT = 60


def order_file() -> tuple[str, bytes]:
    """(name, content) of the order file CMS publishes, made from the package; headings and codes, no chapters or blocks.

    Raises:
        Rejected: the package is not installed.
    """
    if importlib.util.find_spec(MODULE) is None:
        mend = f"pip install {PACKAGE}, or give the order file as CMS publishes it."
        raise Rejected([Problem(PACKAGE, "This Python package is not installed.", "", mend)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what it finds odd in the published XML is for its own authors
        package = importlib.import_module(MODULE)
    return f"{PACKAGE} {version(PACKAGE)}", _written(package).encode()


def _written(package: Any) -> str:
    lines: list[str] = []
    for code in dict.fromkeys(package.get_all_codes(with_dots=False)):  # a block of one category has its code
        if package.is_category_or_subcategory(code):
            words = package.get_description(code).strip()
            billable = int(package.is_leaf(code))
            lines.append(f"{len(lines) + 1:05} {code:<7} {billable} {words[:_SHORT]:<60} {words}\n")
    return "".join(lines)


def published_on() -> date | None:
    """The first day of the month its list is named for ("code-list-April-2026.txt"); None where the name doesn't say."""
    if importlib.util.find_spec(MODULE) is None:
        return None
    for file in (importlib.resources.files(MODULE) / "data").iterdir():
        if found := re.fullmatch(r"code-list-([A-Z][a-z]+)-(\d{4})\.txt", file.name):
            return datetime.strptime(f"1 {found[1]} {found[2]} +0000", "%d %B %Y %z").date()
    return None
