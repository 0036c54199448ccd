"""Pages for the tests marked `browser`."""

from tests.browser.visits import open_page

__all__ = ["open_page"]
