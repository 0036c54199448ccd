"""The application for a WSGI server: `waitress-serve wsgi:app`."""

from claims_service import telemetry
from claims_service.app import create_app, settle
from claims_service.config import Config

config = Config.from_env()
telemetry.configure_logging(config.log_format)
app = create_app(config)
settle()
