"""What every answer tells the browser: run only our own files, show us in no frame, keep no copy, tell nobody where you were."""

from flask import Flask, request
from werkzeug.wrappers import Response

from claims_service.config import Config

CONTENT_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
STRIPE_PAGE = "https://checkout.stripe.com"  # browsers hold form-action against the redirect that follows a form, too
TWO_YEARS = 2 * 365 * 24 * 3600
STATIC = "ui.static"


def add_headers(app: Flask, config: Config) -> None:
    """Add them to every answer, errors included."""
    fixed = dict(HEADERS)
    if config.card_company == "stripe":
        forms = "form-action 'self'"
        fixed["Content-Security-Policy"] = CONTENT_POLICY.replace(forms, f"{forms} {STRIPE_PAGE}")
    if config.tls_behind_proxy:
        fixed["Strict-Transport-Security"] = f"max-age={TWO_YEARS}; includeSubDomains"

    @app.after_request
    def tell(response: Response) -> Response:
        response.headers.update(fixed)
        if request.endpoint != STATIC or response.status_code >= 400:
            response.headers["Cache-Control"] = "no-store"
        return response


def cookie_settings(config: Config) -> dict[str, object]:
    """Flask's settings for the one cookie; over TLS its name binds it to this host and to HTTPS."""
    secure = config.tls_behind_proxy
    return {
        "SESSION_COOKIE_NAME": "__Host-claims" if secure else "claims",
        "SESSION_COOKIE_PATH": "/",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": secure,
    }
