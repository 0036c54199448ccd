"""Every page of the portal: importing a module puts its pages on the blueprint."""

from flask import Flask

from claims_service.access import guard
from claims_service.gateways.cards.connect import processor_for
from claims_service.interfaces.portal import (
    assistance_pages,
    autopay_pages,
    bill_pages,
    card_pages,
    contact_pages,
    dispute_pages,
    estimate_pages,
    link_pages,
    pay_pages,
    plan_pages,
    sign_in,
    year_pages,
)
from claims_service.interfaces.portal.kept_page import keep_pages
from claims_service.interfaces.portal.site import site

PAGES = (
    assistance_pages,
    autopay_pages,
    bill_pages,
    contact_pages,
    dispute_pages,
    estimate_pages,
    link_pages,
    pay_pages,
    plan_pages,
    card_pages,
    sign_in,
    year_pages,
)


def register_portal(app: Flask) -> None:
    """The portal, the card company it pays through, and that company's own pages where it is the built-in one."""
    app.extensions["card_processor"] = processor_for(guard.access_of(app).config)
    keep_pages(app)
    app.register_blueprint(site)
    app.register_blueprint(card_pages.test_processor)
