"""A page as someone sees it, and what is pressed there."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page


@dataclass(frozen=True)
class Visit:
    """A page as someone sees it.

    where: its address; {} is filled with what `ids` finds, SQL on the demo's database. who: a role, one of the demo's patients
    ("owing" has a bill to pay; tests/browser/demo_site.py names them all) or "" for a stranger. then: what is pressed there.
    status: of the answer.
    """

    endpoint: str
    who: str
    where: str
    ids: str = ""
    then: Callable[[Page], None] | None = None
    status: int = 200
    name: str = ""

    def __str__(self) -> str:
        return self.name or f"{self.endpoint}-{self.who or 'stranger'}"


def pressing(button: str) -> Callable[[Page], None]:
    """Press a button of the page's main part."""
    return lambda page: page.locator("main").get_by_role("button", name=button).first.click()
