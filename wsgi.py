"""The application for a WSGI server: `waitress-serve wsgi:app`."""

from claims_service.app import create_app

from claims_service.config import Config

app = create_app(Config.from_env())
