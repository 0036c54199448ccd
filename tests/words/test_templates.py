"""No text of a page that patients read goes past the catalogue."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes

import claims_service

SITES = Path(claims_service.__file__).parent / "interfaces"
JINJA = jinja2.Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
CALLS = {"_", "pgettext", "ngettext"}
READ_ALOUD = {"aria-label", "title", "placeholder", "alt", "value"}
NOT_OURS = "checkout.html"  # stands for the page of another company, in demos and tests
NAMES = {"NPI", "TIN"}
PARTS = SITES / "ui/templates/ui"


def _tree(file: Path) -> nodes.Template:
    return JINJA.parse(file.read_text(encoding="utf-8"))


def _called(node: nodes.Node) -> set[str]:
    """Names of what is called: macros among them."""
    calls = [call.node for call in node.find_all(nodes.Call)]
    return {
        call.name if isinstance(call, nodes.Name) else call.attr
        for call in calls
        if isinstance(call, nodes.Name | nodes.Getattr)
    }


def _met() -> dict[str, nodes.Node]:
    """What a patient may meet: the pages of the portal, the error page, the foot, and each macro of the shared parts they call."""
    files = [file for file in (SITES / "portal/templates/portal").glob("*.html") if file.name != NOT_OURS]
    found: dict[str, nodes.Node] = {
        file.name: _tree(file)
        for file in [
            *files,
            PARTS / "base.html",
            PARTS / "portal_layout.html",
            PARTS / "error.html",
            PARTS / "parts/foot.html",
        ]
    }
    macros = {
        f"{file.name} {macro.name}": macro
        for file in (PARTS / "parts").glob("*.html")
        for macro in _tree(file).find_all(nodes.Macro)
    }
    waiting = list(found.values())
    while waiting:
        called = _called(waiting.pop())
        more = {name: macro for name, macro in macros.items() if name.split()[1] in called and name not in found}
        found |= more
        waiting += more.values()
    return found


MET = _met()


def _written(node: nodes.Node) -> str:
    """The HTML that stands in a template, what is put into it left out."""
    if isinstance(node, nodes.TemplateData):
        return node.data
    if isinstance(node, nodes.Block) and node.name.endswith("_class"):
        return ""
    return " ".join(_written(child) for child in node.iter_child_nodes())


class _Texts(HTMLParser):
    """Texts between tags and in attributes that are read to people."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [text for name, text in attrs if name in READ_ALOUD and text]

    def handle_data(self, data: str) -> None:
        self.found.append(re.sub(r'[\w-]+="[^"]*"', "", data))  # a macro may write attributes alone


def _bare(node: nodes.Node) -> list[str]:
    parser = _Texts()
    parser.feed(_written(node))
    return [word for text in parser.found for word in re.findall(r"[^\W\d_]{2,}", text) if word not in NAMES]


def _quoted(node: nodes.Node) -> Iterator[str]:
    """Sentences and words in quotes outside gettext: they begin with a capital letter or hold a space between letters."""
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in CALLS:
        return
    if (
        isinstance(node, nodes.Const)
        and isinstance(node.value, str)
        and re.search(r"^[A-Z][a-z]|[a-z] [a-z]", node.value)
    ):
        yield node.value
    for child in node.iter_child_nodes():
        yield from _quoted(child)


@pytest.mark.parametrize("name", sorted(MET))
def test_every_text_of_a_page_is_said_through_the_catalogue(name: str) -> None:
    assert (_bare(MET[name]), list(_quoted(MET[name]))) == ([], [])


@pytest.mark.parametrize(
    "page",
    [
        "<p>Hello</p>",
        '<a title="Hello">',
        '{{ button("Pay now") }}',
        '{{ money(1) }} on {{ _("hold") }}',
        "<b>de {{ x }}</b>",
    ],
)
def test_a_text_beside_the_catalogue_is_seen(page: str) -> None:
    tree = JINJA.parse(page)
    assert _bare(tree) or list(_quoted(tree))


def test_the_parts_a_patient_meets_are_among_them() -> None:
    assert {
        "bill.html",
        "error.html",
        "portal_layout.html",
        "forms.html text_field",
        "forms.html field",
        "foot.html",
    } <= set(MET)
    assert "tables.html pagination" not in MET
