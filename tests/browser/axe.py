"""axe-core on a page that is open in the browser."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

VENDORED = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
WCAG_2_2_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]


@cache
def _script() -> str:
    return VENDORED.read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """What WCAG 2.2 AA finds wrong with the page as it stands, one line a rule: rule, where, why. Opens every `<details>` first."""
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(_script())
    found = page.evaluate("tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", WCAG_2_2_AA)[
        "violations"
    ]
    return [
        f"{rule['id']} at {[node['target'] for node in rule['nodes']]}: {rule['nodes'][0]['failureSummary']}"
        for rule in found
    ]
