"""The doors for programs: /api/v1 with its OpenAPI description, and /fhir."""

from flask import Blueprint as PlainBlueprint
from flask import Flask
from flask_smorest import Api

from claims_service.access import guard
from claims_service.interfaces.api import claims, encounters, fhir_site, money, site
from claims_service.interfaces.api.shapes import Money, ProblemDetails, described

ROUTES = (claims, encounters, money)  # each puts its views on the blueprint when it is imported


class _Described(Api):  # type: ignore[misc]
    """flask-smorest without its error handler: ours belongs to the API's own routes and leaves the sites alone."""

    ERROR_SCHEMA = ProblemDetails

    def _register_error_handlers(self) -> None:
        pass


def register_api(app: Flask) -> None:
    """Add /api/v1, its description at /api/openapi.json, and /fhir."""
    app.config.update(
        API_TITLE="Claims service", API_VERSION="v1", OPENAPI_VERSION="3.1.0", OPENAPI_URL_PREFIX="/api",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}}, "security": [{"key": []}],
            "info": {"description": "Billing for a clinic. Amounts are text with two decimals."},
        },
    )  # fmt: skip
    described_api = _Described()
    described_api.init_app(app)
    described_api.register_field(Money, "string", None)
    described_api.ma_plugin.converter.add_attribute_function(lambda _, field, **more: described(field, **more))
    described_api.register_blueprint(site.api)
    app.register_blueprint(fhir_site.site)
    guard.place(app, guard.PUBLIC, "api-docs.openapi_json")


def _catch_unknown(blueprint: PlainBlueprint) -> None:
    """Addresses and methods that do not exist answer as problems too; they are not part of the description."""
    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    PlainBlueprint.add_url_rule(blueprint, "/<path:rest>", "unknown", site.unknown, methods=methods)


_catch_unknown(site.api)
