"""Check a file: an X12 file is explained, what is wrong and what it says. Nothing of it is posted or kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO, cast

from flask import render_template, request
from flask.typing import ResponseReturnValue

from claims_service.access.guard import looked_into, requires
from claims_service.formats.x12.check import CheckedFile, check
from claims_service.formats.x12.tree import Entry, Tree
from claims_service.interfaces.staff.remittances import plain_name
from claims_service.interfaces.staff.site import site

MOST_FINDINGS = 200
MOST_ENTRIES = 4000
LOOKS = {"error": ("no", "Error"), "warning": ("look", "Warning"), "notice": ("draft", "Notice")}
NUMBERS = ("id", "claim", "number")  # what guides call the number of a claim


@dataclass(slots=True)
class Section:
    """What unfolds together: a claim with the loops above that are new with it, or what stands around the claims."""

    title: str
    entries: list[Entry] = field(default_factory=list)


@site.get("/x12")
@requires("remittance.post")
def x12() -> ResponseReturnValue:
    """The form."""
    return render_template("staff/x12.html", errors={})


@site.post("/x12")
@requires("remittance.post")
def explain_x12() -> ResponseReturnValue:
    """A file in plain words."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return render_template("staff/x12.html", errors={"file": "Choose a file."}), 422
    looked_into("file.check")  # without its name, which may be a patient's
    stream = cast("BinaryIO", file.stream)
    checked = check(stream)
    stream.seek(0)
    entries = list(islice(Tree(stream), MOST_ENTRIES + 1))
    return render_template(
        "staff/x12.html",
        errors={},
        name=plain_name(file),
        checked=checked,
        verdict=_verdict(checked),
        findings=[(finding, *LOOKS[finding.severity]) for finding in checked.findings[:MOST_FINDINGS]],
        sections=sections(entries[:MOST_ENTRIES]),
        cut=len(entries) > MOST_ENTRIES,
    )


def _verdict(checked: CheckedFile) -> tuple[str, str]:
    """Kind of notice and sentence."""
    if checked.unreadable:
        return "bad", "This is no X12 file that can be read."
    errors = checked.counts["error"]
    if errors:
        return "bad", f"{errors:,} error{'s' * (errors != 1)}: whoever takes this file may send it back."
    if checked.findings:
        return "warn", "No errors. A few things are unusual and do no harm."
    return "ok", "Nothing to find fault with."


def sections(entries: Iterable[Entry]) -> list[Section]:
    """Entries by claim; what comes before a claim and belongs to it alone (its subscriber, its patient) goes with it."""
    made = [Section("The file")]
    claim: Entry | None = None
    for entry in entries:
        if entry.claim:
            made.append(_claim(made[-1], entry))
            claim = entry
        elif claim and not _inside(entry, claim):
            made.append(Section(_title(entry)))
            claim = None
        elif claim and len(made[-1].entries) and entry.kind == "segment" and entry.path[-1] == claim.id:
            made[-1].title = _numbered(made[-1].title, claim, entry)
        made[-1].entries.append(entry)
    return [section for section in made if section.entries]


def _inside(entry: Entry, claim: Entry) -> bool:
    return entry.path[: len(claim.path) + 1] == (*claim.path, claim.id)


def _claim(before: Section, claim: Entry) -> Section:
    """A section that takes the loops above, as far as they have just opened, off the one before."""
    above: Sequence[str] = claim.path[1:]
    opened = (at for at, entry in enumerate(before.entries) if entry.kind == "loop" and entry.id in above)
    start = len(before.entries) if before.title.startswith(claim.name) else next(opened, len(before.entries))
    taken = before.entries[start:]
    del before.entries[start:]
    return Section(claim.name, taken)


def _numbered(title: str, claim: Entry, entry: Entry) -> str:
    if title != claim.name:
        return title
    number = next((one.value for one in entry.fields if one.name in NUMBERS), "")
    return f"{title} {number}".strip()


def _title(entry: Entry) -> str:
    return {"interchange": "Next interchange", "group": "Next group", "transaction": entry.name}.get(
        entry.kind, "Around the claims"
    )
