"""A superbill: the codes a specialty uses most, in named groups, so that one press puts each on a visit."""

from collections.abc import Iterable
from dataclasses import dataclass

from claims_service.domain import codes
from claims_service.domain.errors import Problem, Rejected

PROCEDURE, DIAGNOSIS = "procedure", "icd10"
MOST_CODES = 300
MOST_WORDS = 80


@dataclass(frozen=True, slots=True)
class Entry:
    """A code with the clinic's words for it. code: a diagnosis without its dot; modifiers: of a procedure."""

    code: str
    words: str
    modifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one title, all procedures or all diagnoses (code_set)."""

    title: str
    code_set: str
    entries: tuple[Entry, ...]

    def text(self, one: Entry) -> str:
        """An entry as a person writes it: "99213-25", "J06.9"."""
        return codes.dotted(one.code) if self.code_set == DIAGNOSIS else "-".join((one.code, *one.modifiers))


@dataclass(frozen=True, slots=True)
class Superbill:
    """A list of codes by groups. specialty: the published one it is, or began as; "" for none."""

    name: str
    groups: tuple[Group, ...]
    specialty: str = ""

    def of(self, code_set: str) -> tuple[Group, ...]:
        """The groups of procedures, or those of diagnoses."""
        return tuple(group for group in self.groups if group.code_set == code_set)


def entry(line: str, code_set: str) -> Entry:
    """ "99213-25 Office visit" -> a code, its modifiers and its words.

    Raises:
        ValueError: no code, or one of the wrong shape.
    """
    head, _, words = line.strip().partition(" ")
    code, *modifiers = head.upper().split("-")
    found = codes.procedure(code) if code_set == PROCEDURE else codes.diagnosis(code)
    if code_set == DIAGNOSIS and modifiers:
        raise ValueError("a diagnosis has no modifier")
    if len(modifiers) > 4 or not all(map(codes.is_modifier, modifiers)):
        raise ValueError("up to four modifiers of two characters behind the code, like 99213-25")
    return Entry(found, words.strip()[:MOST_WORDS], tuple(modifiers))


def written(groups: Iterable[Group]) -> str:
    """Groups as lines to change by hand: "# Title", then a line a code."""
    return "\n".join(
        line
        for group in groups
        for line in (f"# {group.title}", *(f"{group.text(e)} {e.words}" for e in group.entries), "")
    ).strip()


def superbill(name: str, procedures: str, diagnoses: str, specialty: str = "") -> Superbill:
    """What a person wrote in two fields, as written() writes it.

    Raises:
        Rejected: no name, no code, or lines that are no codes; each with its line.
    """
    problems: list[Problem] = []
    if not name.strip():
        problems.append(Problem("name", "Give the superbill a name."))
    groups = [*_groups(procedures, PROCEDURE, "procedures", problems), *_groups(diagnoses, DIAGNOSIS, "diagnoses", problems)]  # fmt: skip
    count = sum(len(group.entries) for group in groups)
    if not count and not problems:
        problems.append(Problem("procedures", "Write at least one code, a line each."))
    if count > MOST_CODES:
        problems.append(Problem("procedures", f"{count} codes are too many to find one: at most {MOST_CODES}."))
    if problems:
        raise Rejected(problems)
    return Superbill(name.strip()[:60], tuple(groups), specialty)


def _groups(text: str, code_set: str, field: str, problems: list[Problem]) -> list[Group]:
    listed: list[tuple[str, list[Entry]]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#"):
            listed.append((line.lstrip("# ").strip()[:60], []))
        elif line.strip():
            if not listed:
                listed.append(("Services" if code_set == PROCEDURE else "Diagnoses", []))
            try:
                listed[-1][1].append(entry(line, code_set))
            except ValueError as wrong:
                problems.append(Problem(field, f"Line {number}: {wrong}."))
    return [Group(title or "More", code_set, tuple(entries)) for title, entries in listed if entries]
