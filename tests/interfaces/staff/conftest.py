"""A desk in a running application."""

import pytest
from flask import Flask

from claims_service.config import Config
from tests.access.fixtures import app, clock, settings
from tests.interfaces.staff.billing_desk import BillingDesk, open_desk

__all__ = ["app", "clock", "settings"]


@pytest.fixture
def billing(app: Flask, settings: Config) -> BillingDesk:
    """A biller's desk."""
    return open_desk(app, settings)
