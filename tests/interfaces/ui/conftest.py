from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from tests.browser.visits import open_page, served
from tests.interfaces.ui.pages import make_app

__all__ = ["open_page"]


@pytest.fixture
def client() -> FlaskClient:
    return make_app().test_client()


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    with served(make_app()) as address:
        yield address
