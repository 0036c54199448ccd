"""Writes docs/edits.md, the list of all edits with an example each: `python -m tests.domain.edits.document`."""

from collections.abc import Iterator
from pathlib import Path

from claims_service.domain.claim.edits.checks import CHECKS, FAMILIES
from claims_service.domain.claim.edits.edit import Edit
from claims_service.domain.claim.edits.finding import MUST
from tests.domain.edits import (
    examples_approvals,
    examples_history,
    examples_stays,
    examples_teeth,
    examples_what,
    examples_who,
)

FILE = Path(__file__).resolve().parents[3] / "docs" / "edits.md"
EXAMPLES = [
    *examples_who.CLINICS, *examples_who.PATIENTS, *examples_who.PLANS, *examples_who.OTHER_PLANS, *examples_what.DIAGNOSES,
    *examples_what.SERVICES, *examples_what.MODIFIERS, *examples_what.VISITS, *examples_what.CIRCUMSTANCES, *examples_what.FORMS,
    *examples_approvals.APPROVALS, *examples_history.HISTORY, *examples_what.DATES,
    *examples_stays.STAYS, *examples_stays.REVENUE, *examples_teeth.TEETH,
]  # fmt: skip
HEAD = """# Edits

What is looked at on every claim before it is sent, {count} edits in all: {must} stop it until they are mended, {look} ask for a
look. They are found while a visit is typed in and again before a file is made; a claim that is stopped never gets into a
file. An insurer to whom one does not apply names it under `off` in its file in `mappings/payers`.

A sentence with braces is filled in from the claim. *Field* is the X12 loop and element, of an 837P where no other is named,
then the path in a FHIR R4 Claim or Coverage. Facilities' and dentists' claims are judged by all that fit them and by the last
three families.
"""


def text() -> str:
    """The whole page."""
    must = sum(check.edit.severity == MUST for check in CHECKS)
    head = HEAD.format(count=len(CHECKS), must=must, look=len(CHECKS) - must)
    return head + "".join(_family(name, [check.edit for check in checks]) for name, checks in FAMILIES.items())


def _family(name: str, edits: list[Edit]) -> str:
    return f"\n## {name}\n" + "".join(line for edit in edits for line in _entry(edit))


def _entry(edit: Edit) -> Iterator[str]:
    words = next(example.words for example in EXAMPLES if example.edit == edit.id)
    stops = "must be mended" if edit.severity == MUST else "look"
    yield f"\n### `{edit.id}`\n\n{_plain(edit.sentence)} {_plain(edit.mend)}\n\n"
    yield f"- {stops}, {_holds(edit)}\n- Field: {edit.x12}; `{edit.fhir}`\n- Source: {edit.source}\n- Example: {words}\n"


def _plain(sentence: str) -> str:
    """The sentence with what it is filled in from in plain words."""
    sentence = sentence.replace("{last:%B} {last.day}, {last.year}", "the last day")
    for path, word in (("claim.coverage.payer.name", "The insurer"), ("line.procedure", "{code}"), ("code", "{code}")):
        sentence = sentence.replace("{" + path + "}", word)
    return sentence


def _holds(edit: Edit) -> str:
    if not (edit.since or edit.until):
        return "always"
    return " ".join(f"{word} {day}" for word, day in (("from", edit.since), ("until", edit.until)) if day)


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8")
