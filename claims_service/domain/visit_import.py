"""A file of visits before it is taken: what would become of it, line by line."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong in a line of a file (the head of a CSV is line 1; 0 where a file has no lines), where, and how to mend it.

    reference: the visit's, "" for the file as a whole. column: or a FHIR path.
    """

    line: int
    reference: str
    column: str
    message: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class NewImport:
    """A file as its dry run left it. kind: csv, fhir; found: visits it names; added: those it would add; unread: columns."""

    name: str
    kind: str
    content: bytes
    found: int
    added: int
    known: int
    problems: Sequence[RowProblem]
    unread: Sequence[str] = ()
