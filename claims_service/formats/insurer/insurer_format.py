"""A format as its folder in mappings/ describes it: format.toml, stylesheets, denial codes."""

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from claims_service.config import data_folder
from claims_service.domain.errors import NotFound, Problem, Rejected
from claims_service.formats.insurer.stylesheet import Stylesheet
from claims_service.formats.xml import read_xml

DESCRIPTION = "format.toml"


@dataclass(frozen=True, slots=True)
class Denial:
    """What an insurer's own code is in adjustment group and reason (CAS01, CAS02)."""

    group: str
    reason: str
    words: str


@dataclass(frozen=True, slots=True)
class InsurerFormat:
    """kinds: claims it takes, professional or institutional. answers: how its answers are read, empty when it has none.

    denials: by its code; a code that ends in "-" stands for all that begin with it.
    """

    name: str
    title: str
    extension: str
    kinds: tuple[str, ...]
    claim: Stylesheet
    schema: etree.XMLSchema | None = None
    answer: Stylesheet | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    denials: Mapping[str, Denial] = field(default_factory=dict)


@cache
def insurer_format(name: str) -> InsurerFormat:
    """The format mappings/{name}.

    Raises:
        NotFound: there is no such folder with a format.toml.
        Rejected: a file of it can't be used.
    """
    if name not in format_names():
        raise NotFound(f"there is no format {name!r}; there are {', '.join(format_names()) or 'none'}")
    return read_format(data_folder("mappings") / name)


def format_names() -> tuple[str, ...]:
    """The folders of mappings/ that describe a format."""
    return tuple(sorted(file.parent.name for file in data_folder("mappings").glob(f"*/{DESCRIPTION}")))


def read_format(folder: Path) -> InsurerFormat:
    """A format from its folder.

    Raises:
        Rejected: a file of it can't be used.
    """
    told = tomllib.loads((folder / DESCRIPTION).read_text("utf-8"))
    answers = told.get("answers", {})
    denials = folder / answers["denials"] if "denials" in answers else None
    return InsurerFormat(
        folder.name, told["title"], told["extension"], tuple(told["kinds"]),
        Stylesheet(f"mappings/{folder.name}/{told['claim']}", (folder / told["claim"]).read_bytes()),
        _schema(folder, told["schema"]) if "schema" in told else None,
        Stylesheet(f"mappings/{folder.name}/{answers['sheet']}", (folder / answers["sheet"]).read_bytes()) if answers else None,
        answers, _denials(denials) if denials else {},
    )  # fmt: skip


def _schema(folder: Path, name: str) -> etree.XMLSchema:
    try:
        return etree.XMLSchema(read_xml((folder / name).read_bytes()))
    except etree.XMLSchemaParseError as wrong:
        problem = Problem(f"mappings/{folder.name}/{name}", f"The schema can't be used: {wrong}.", "XML Schema 1.0")
        raise Rejected([problem]) from None


def _denials(file: Path) -> dict[str, Denial]:
    rows = (line for line in file.read_text("utf-8").splitlines() if not line.startswith("#"))
    return {r["code"]: Denial(r["group"], r["reason"], r["words"]) for r in csv.DictReader(rows, delimiter="\t")}
