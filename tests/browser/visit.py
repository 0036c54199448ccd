"""A page as someone sees it, and what is pressed there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from playwright.sync_api import Page

from claims_service.words import say


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


class pressing:  # noqa: N801 - reads as a deed where a visit is written down
    """Press a button of the page's main part, by its English name whatever language the page is in."""

    def __init__(self, button: str) -> None:
        self.button = button

    def __call__(self, page: Page) -> None:
        language = page.locator("html").get_attribute("lang") or "en"
        page.locator("main").get_by_role("button", name=say(language, self.button)).first.click()


def spanish_of(visits: Sequence[Visit]) -> list[Visit]:
    """The same pages for readers of Spanish: each address that is visited in English and in no Spanish yet."""
    spoken = [visit for visit in visits if "spanish" in visit.who or "lang=es" in visit.where]
    done = {(visit.endpoint, visit.status, bool(visit.then)) for visit in spoken}
    found = []
    for visit in visits:
        kind = (visit.endpoint, visit.status, bool(visit.then))
        if kind not in done and (visit.then is None or isinstance(visit.then, pressing)):
            done.add(kind)
            where = f"{visit.where}{'&' if '?' in visit.where else '?'}lang=es"
            found.append(replace(visit, where=where, name=f"{visit}-in-spanish"))
    return found
