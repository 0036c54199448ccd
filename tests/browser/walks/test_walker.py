"""What the keyboard can't reach, or reaches unseen, stops a walk."""

import pytest
from playwright.sync_api import Page

from tests.browser.walks.walker import Walker

pytestmark = pytest.mark.browser

_RING = "<style>:focus-visible {outline: 3px solid blue}</style>"


@pytest.mark.parametrize(
    ("html", "said"),
    [
        (f"{_RING}<button>Pay</button>", ""),
        (f"{_RING}<button tabindex=-1>Pay</button>", "is not reached by keyboard"),
        ("<style>button:focus {outline: none}</style><button>Pay</button>", "no ring around it"),
        (f"{_RING}<div style='position: fixed; inset: 0; background: white'></div><button>Pay</button>", "covered by <div"),
        (f"{_RING}<button style='position: fixed; left: -400px'>Pay</button>", "off the screen"),
    ],
    ids=["seen", "left out", "no ring", "covered", "off the screen"],
)  # fmt: skip
def test_a_button_is_pressed_only_when_the_focus_is_seen_on_it(page: Page, html: str, said: str) -> None:
    page.set_content(html)
    walker = Walker(page, "", "en", "light")
    if not said:
        walker.reach(walker.control("button", "Pay"))
        return
    with pytest.raises(AssertionError, match=said):
        walker.reach(walker.control("button", "Pay"))
