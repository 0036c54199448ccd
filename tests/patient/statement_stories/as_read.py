"""A page and a paper as a person reads them: one line for each heading, sentence, row and button."""

import io
import re

from lxml import html
from lxml.html import HtmlElement
from pypdf import PdfReader

_APART = frozenset(
    "p div section li dt dd tr table ul ol dl details summary caption footer header form aside br main".split()
)
_UNSEEN = frozenset({"script", "style", "svg", "template", "input"})
_MARKS = {"h1": "# ", "h2": "## ", "h3": "### ", "li": "- ", "summary": "> "}
_AMOUNT = re.compile(r"(−?)\$([\d,]+)\.(\d\d)")


def page(text: str) -> str:
    """The main part of a page: "#" before headings, ">" before lines that open, "[ ]" around what is pressed, "|" in rows."""
    lines = (re.sub(r"[ |]*\|[ |]*", " | ", " ".join(line.split())) for line in _read(_main(text)).split("\n"))
    return "\n".join(line.strip("| ") for line in lines if line.strip("|->: ")) + "\n"


def _main(text: str) -> HtmlElement:
    found = html.document_fromstring(text).find(".//main")
    assert found is not None
    return found


def _read(node: HtmlElement) -> str:
    classes = (node.get("class") or "").split() if isinstance(node.tag, str) else []
    if not isinstance(node.tag, str) or node.tag in _UNSEEN or node.get("aria-hidden") == "true" or "legend" in classes:
        return ""
    parts = [_flat(node.text)]
    for child in node:
        parts += [_read(child), _flat(child.tail)]
    inside = "".join(parts)
    if node.tag in {"a", "button"} and "btn" in classes:
        return f"[{inside.strip()}] "
    if "way" in classes:
        return f"\n[{': '.join(one.text_content() for one in node.iter('span'))}]\n"
    if node.tag == "a":
        return f"[{inside.replace(chr(10), ' ').strip()}]"
    if node.tag in {"td", "th"} or "what" in classes:
        return f"{inside} | "
    if "money" in classes and node.getparent().tag in {"li", "summary"}:
        return f" | {inside} | "
    if node.tag == "dt":
        return f"\n{inside.strip()}: "
    if node.tag == "dd":
        return f"{inside}\n"
    if node.tag in _MARKS or node.tag in _APART:
        return f"\n{_MARKS.get(node.tag, '')}{inside}\n" if inside.strip() else ""
    return inside


def _flat(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def cents(text: str) -> list[int]:
    """Every amount in a text, in order."""
    return [
        int(f"{sign.replace('−', '-')}{whole.replace(',', '')}{part}") for sign, whole, part in _AMOUNT.findall(text)
    ]


def asked_on_page(text: str) -> int:
    """What a bill's page asks for in large figures, 0 where it asks for nothing."""
    found = _main(text).xpath(".//section[contains(@class, 'owe')]//span[contains(@class, 'giant')]/span[@class='sr']")
    return cents(found[0].text_content())[0] if found else 0


def shares_on_page(text: str) -> list[int]:
    """The share of each service, in the order of the page."""
    found = _main(text).xpath(".//details[@class='line']/summary/span[contains(@class, 'money')]")
    return [cents(one.text_content())[0] for one in found]


def paper(content: bytes) -> str:
    """The text of a PDF, page after page."""
    pages = PdfReader(io.BytesIO(content)).pages
    texts = ["\n".join(line.strip() for line in one.extract_text().splitlines() if line.strip()) for one in pages]
    return "\n-- next page --\n".join(texts) + "\n"
