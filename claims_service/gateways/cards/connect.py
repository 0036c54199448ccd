"""Which card company the settings name."""

from claims_service.config import STRIPE_KEY, STRIPE_WEBHOOK, Config
from claims_service.gateways.cards.processor import CardProcessor
from claims_service.gateways.cards.test_processor import TestProcessor


def processor_for(config: Config) -> CardProcessor | None:
    """Stripe where it is named; else the built-in one for trials, and none in production: nobody may pay with cards that do not exist.

    Raises:
        ConfigError: Stripe is named and a secret or the site's address is missing.
    """
    if config.card_company == "stripe":
        config.refuse_half_set_up()
        from claims_service.gateways.cards.stripe_checkout import StripeCheckout

        key, webhook_secret = (config.card_secret(name) for name in (STRIPE_KEY, STRIPE_WEBHOOK))
        return StripeCheckout(key, webhook_secret, config.site_url or "")
    if config.mode == "production" or config.card_company == "none":
        return None
    return TestProcessor(config.data_dir, config.secret_key, config.clinic_zone)
