"""The pages people read: nothing is left out, and every link leads somewhere."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest

from claims_service.config import Config
from claims_service.domain.claim.lifecycle import LABELS
from claims_service.domain.ledger.accounts import BY_NAME, CHART
from claims_service.domain.ledger.journal import Transfer
from claims_service.domain.money import cents
from claims_service.interfaces.cli import main

TOP = Path(__file__).parent.parent
PAGES = sorted([*TOP.glob("*.md"), *TOP.glob("docs/**/*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def _text(name: str) -> str:
    return (TOP / name).read_text(encoding="utf-8")


def _all_docs() -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


def _folders() -> Iterator[str]:
    for init in sorted((TOP / "claims_service").rglob("__init__.py")):
        yield init.parent.relative_to(TOP).as_posix()


def test_every_folder_of_the_program_is_in_the_glossary() -> None:
    words = _text("docs/glossary.md")
    named = set(re.findall(r"^\| `(claims_service[\w/]*)` \|", words, re.MULTILINE))
    assert named == set(_folders())


def test_every_account_is_in_the_glossary_under_the_name_the_pages_show() -> None:
    words = _text("docs/glossary.md")
    assert [a.name for a in CHART if f"| `{a.name}` | {a.label} |" not in words] == []


def test_every_claim_state_is_in_the_glossary_under_the_name_the_pages_show() -> None:
    words = _text("docs/glossary.md")
    assert [state for state, label in LABELS.items() if f"| `{state}` | {label} |" not in words] == []


def test_every_setting_is_in_the_runbook_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `(CLAIMS_[A-Z0-9_]+)` \| ([^|]*) \|", _text("docs/runbook.md"), re.MULTILINE))
    shown = {f"CLAIMS_{f.name.upper()}": _default(f.name, f.default) for f in fields(Config)}
    assert rows == shown


def _default(name: str, value: object) -> str:
    """A default as the runbook writes it; the development key is told in words, for nobody should copy it."""
    if name == "secret_key":
        return "a known one, for development only"
    if value in (None, ()):
        return "none"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _commands() -> Iterator[str]:
    context = click.Context(main.commands)
    for name in main.commands.list_commands(context):
        command = main.commands.get_command(context, name)
        parts = sorted(command.commands) if isinstance(command, click.Group) else [""]
        yield from (f"claims {name} {part}".strip() for part in parts)


def test_every_command_is_in_the_docs() -> None:
    words = _all_docs()
    assert [command for command in _commands() if not re.search(rf"{command}\b", words)] == []


def test_no_command_of_the_docs_is_made_up() -> None:
    """`claims frobnicate` in a page would send a biller to a command that is not there."""
    known = set(_commands()) | {"claims --help"}
    groups = {command.rpartition(" ")[0] for command in known}
    said = set(re.findall(r"(?:^|[`$/] ?)(claims [a-z0-9]+(?: [a-z]+)?)(?=[\s`])", _all_docs(), re.MULTILINE))
    assert [words for words in sorted(said) if not _is_known(words, known, groups)] == []


def _is_known(words: str, known: set[str], groups: set[str]) -> bool:
    first = " ".join(words.split()[:2])
    return words in known or first in known or (words == first and first in groups)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(TOP).as_posix())
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    prose = FENCED.sub("", page.read_text(encoding="utf-8"))
    local = [link for link in LINK.findall(prose) if not re.match(r"[a-z]+:", link)]
    assert [link for link in local if not _is_there(page, link)] == []


def test_every_file_the_pages_name_is_there() -> None:
    """`tests/access/test_routes.py` in the security page is where an auditor goes to look."""
    named = set(re.findall(r"`((?:tests|docs|mappings|fixtures|claims_service|requirements)/[\w/.-]*)`", _all_docs()))
    assert [name for name in sorted(named) if not (TOP / name).exists()] == []


def _is_there(page: Path, link: str) -> bool:
    name, _, place = link.partition("#")
    target = page.parent / name if name else page
    if not target.exists():
        return False
    return not place or place in {
        _anchor(title) for title in re.findall(r"^#+ (.+)$", target.read_text("utf-8"), re.MULTILINE)
    }


def _anchor(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def test_every_make_target_the_pages_name_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", _text("Makefile"), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z-]+)(?=[`\s\"]*(?:$|[`#,.;:)]|[A-Z]+=| {2}))", _all_docs(), re.MULTILINE))
    assert {"demo", "test"} <= named
    assert named <= targets


def test_the_first_screen_of_the_readme_shows_the_two_commands() -> None:
    first = _text("README.md").splitlines()[:15]
    assert [line.split("#")[0].strip() for line in first if line.startswith("make ")] == ["make demo", "make test"]


def test_every_picture_is_shown_somewhere_in_words_and_none_is_heavy() -> None:
    pictures = {picture.name for picture in TOP.glob("docs/screenshots/*.png") if picture.stat().st_size < 250_000}
    told = re.findall(r"!\[[^\]]{9,}\]\([^)]*/([\w-]+\.png)\)", _all_docs())
    told += re.findall(r'<img src="[^"]*/([\w-]+\.png)"[^>]* alt="[^"]{9,}"', _all_docs())
    assert pictures == set(told) == {picture.name for picture in TOP.glob("docs/screenshots/*")}


def test_the_story_of_every_posting_rule_adds_up_to_the_cent() -> None:
    """Ana's two plans and Ben's cash: 33 transfers end in the balances the page shows, $314.77 on both sides."""
    page = _text("docs/architecture.md")
    books: Counter[str] = Counter()
    used = set()
    for debit, credit, amount in re.findall(r"\| `(\w+)` <- `(\w+)` \| \$([\d.,]+) \|", page):
        transfer = Transfer(debit, credit, cents(amount))
        books[transfer.debit] += transfer.cents
        books[transfer.credit] -= transfer.cents
        used |= {debit, credit}
    shown = {
        name: cents(debit) if debit else -cents(credit)
        for name, debit, credit in re.findall(r"^\| `(\w+)` \| \$?([\d.,]*) ?\| \$?([\d.,]*) ?\|$", page, re.MULTILINE)
    }
    assert {name: balance for name, balance in books.items() if balance} == shown
    assert sum(balance for balance in shown.values() if balance > 0) == cents("314.77")
    assert used == set(BY_NAME)
