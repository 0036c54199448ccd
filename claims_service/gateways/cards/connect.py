"""Which card company the settings name."""

from claims_service.config import Config
from claims_service.gateways.cards.test_processor import TestProcessor


def processor_for(config: Config) -> TestProcessor | None:
    """The built-in one for trials; None in production, where nobody may pay with cards that do not exist."""
    if config.mode == "production":
        return None
    return TestProcessor(config.data_dir, config.secret_key, config.clinic_zone)
