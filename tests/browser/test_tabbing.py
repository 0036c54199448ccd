"""What Tab passes by is found out."""

import pytest
from playwright.sync_api import Page

from tests.browser.tabbing import unreached

pytestmark = pytest.mark.browser


def test_a_control_that_takes_the_focus_away_again_is_never_reached(page: Page) -> None:
    page.set_content("<a href=#>One</a><button onfocus='this.blur()'>Two</button><input>")
    assert unreached(page) == ['never reached: <button onfocus="this.blur()" data-stop="1">Two</button>']


def test_a_control_that_comes_before_its_turn_is_told(page: Page) -> None:
    page.set_content("<a href=#>One</a><button tabindex=1>Two</button><a href=#>Three</a>")
    assert [said.partition(":")[0] for said in unreached(page)] == ["too early"]


def test_one_of_a_group_stands_for_the_group(page: Page) -> None:
    radio = "<input type=radio name=much value={}>"
    page.set_content(f"{radio.format(1)}{radio.format(2)}<button>Pay</button><button disabled>Not yet</button>")
    assert unreached(page) == []
