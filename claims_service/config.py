"""Every setting of the service, read once from the environment: default, unit and why."""

import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit
from zoneinfo import available_timezones

from environs import Env, EnvValidationError
from marshmallow import ValidationError, validate

Mode = Literal["development", "production"]
LogFormat = Literal["json", "console"]
CardCompany = Literal["test", "stripe", "none"]

DEFAULT_KEY = "development-only-secret-never-for-real-patients"
SHORTEST_KEY = 32
STRIPE_KEY, STRIPE_WEBHOOK = "stripe_key", "stripe_webhook"  # files among the secrets
DATA_FOLDERS = ("mappings", "fixtures")


class ConfigError(ValueError):
    """The settings can't be used. `reasons` holds every one of them, never a setting's value."""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("\n".join(f"- {reason}" for reason in reasons))


class UnsafeStart(ConfigError):
    """Production mode with settings that would put patients' data at risk."""


@dataclass(frozen=True, slots=True)
class Config:
    """All settings. The environment name of each is CLAIMS_ and the field's name in capitals."""

    database_url: str = field(default="sqlite:///var/claims.db", repr=False)
    """Where everything is kept: sqlite:///relative/path, sqlite:////absolute/path or postgresql://user@host/name."""

    secret_key: str = field(default=DEFAULT_KEY, repr=False)
    """Signs session cookies, CSRF tokens and one-time links. At least 32 characters; changing it signs everyone out."""

    secret_key_file: Path | None = None
    """A file that holds the secret key, as container platforms mount it; wins over `secret_key`."""

    mode: Mode = "development"
    """production refuses to start unsafely and sends cookies over HTTPS only."""

    debug: bool = False
    """Flask's debugger: runs code typed into the browser, so never in production."""

    tls_behind_proxy: bool = False
    """True says: a proxy in front ends TLS and sets X-Forwarded-*. Without it a production start is refused."""

    trusted_hosts: tuple[str, ...] = ()
    """Names this service is reached by, ".example.org" for all below it: links are built from no other Host header."""

    clinic_zone: str = "America/Chicago"
    """The IANA time zone of what belongs to no practice yet: loading a clinic, trial card payouts. A practice has its own."""

    session_idle_minutes: int = 15
    """Minutes without a request until a session ends: an unattended screen shows patients' data."""

    session_absolute_hours: int = 12
    """Hours until a session ends whatever happens: one working day."""

    sign_in_attempts: int = 10
    """Failed sign-ins per account and per address within the window before more are refused."""

    sign_in_window_minutes: int = 15
    """Minutes over which failed sign-ins are counted."""

    upload_limit_bytes: int = 64 * 1024 * 1024
    """Bytes of one uploaded file or request; a year of a clinic's remittances fits."""

    data_dir: Path = Path("var")
    """Folder of what the service writes beside the database: files out, PDFs, benchmark results."""

    receiver_secrets: Path = Path("var/secrets")
    """Folder with a file for each password or private key of a receiver's server; the settings name the file."""

    inquiry_url: str | None = None
    """Where a clearinghouse answers questions in real time (CAQH CORE connectivity over HTTPS); without it they go by file."""

    inquiry_user: str | None = None
    """Who asks there; the password is the file `inquiry` among the secrets of receivers."""

    ask_again_hours: int = 24
    """Hours within which the same question about a patient's cover is not asked again, unless someone says so."""

    mail_url: str | None = None
    """Mail server for patients' messages: smtp://user@host:587 (STARTTLS) or smtps://user@host; empty: a folder on trial."""

    mail_sender: str | None = None
    """Who they come from, such as Larkspur Family Clinic <billing@larkspur.example>."""

    site_url: str | None = None
    """The address patients reach this service by, such as https://billing.example.org; links in messages start with it."""

    card_company: CardCompany = "test"
    """Who takes cards: stripe (needs the secrets stripe_key and stripe_webhook), none, or the built-in one, never in production."""

    argon2_time_cost: int = 3
    """Passes over memory for one password hash (RFC 9106); tests use 1."""

    argon2_memory_kib: int = 64 * 1024
    """KiB of memory for one password hash (RFC 9106)."""

    argon2_parallelism: int = 4
    """Lanes for one password hash (RFC 9106)."""

    host: str = "127.0.0.1"
    """Address the web server listens on; loopback, because a proxy with TLS belongs in front."""

    port: int = 8000
    """TCP port the web server listens on."""

    log_format: LogFormat = "json"
    """json for machines, console for people; both one line an event."""

    @classmethod
    def from_env(cls, env_file: Path = Path(".env")) -> "Config":
        """Settings from the environment; `env_file`, where it exists, fills in what the environment leaves out.

        Raises:
            ConfigError: every setting that is not usable, with the reason.
        """
        env = Env(eager=False, prefix="CLAIMS_")
        if env_file.is_file():
            env.read_env(env_file, recurse=False)
        settings = _read(env)
        try:
            env.seal()
        except EnvValidationError as error:
            raise ConfigError(_reasons_in(error)) from None
        if settings["secret_key_file"]:
            settings["secret_key"] = _secret_in(settings["secret_key_file"])
        return cls(**settings)

    def sqlite_file(self) -> Path | None:
        """The database's file, or None where the database is a server's or lies in memory."""
        parts = urlsplit(self.database_url)
        if parts.scheme.partition("+")[0] != "sqlite" or parts.path in ("", "/", "/:memory:"):
            return None
        return Path(unquote(parts.path.removeprefix("/")))

    def refuse_unsafe(self) -> None:
        """Let development pass; in production refuse what would expose patients' data.

        Raises:
            UnsafeStart: with every reason at once and how to mend it.
        """
        if self.mode != "production":
            return
        reasons = [
            *self._unsafe_secrets(),
            *self._unsafe_switches(),
            *self._unsafe_files(),
            *self._half_set_up(),
            *self._unsafe_cards(),
        ]
        if reasons:
            raise UnsafeStart(reasons)

    def refuse_half_set_up(self) -> None:
        """Let a card company pass that is set up whole.

        Raises:
            ConfigError: with everything that is missing.
        """
        if reasons := self._half_set_up():
            raise ConfigError(reasons)

    def card_secret(self, name: str) -> str:
        """The text of a secret of the card company, "" where there is no such file."""
        try:
            return (self.receiver_secrets / name).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return ""

    def _half_set_up(self) -> list[str]:
        if self.card_company != "stripe":
            return []
        reasons = [
            f"CLAIMS_CARD_COMPANY is stripe and the file {name} in CLAIMS_RECEIVER_SECRETS is missing or empty"
            for name in (STRIPE_KEY, STRIPE_WEBHOOK)
            if not self.card_secret(name)
        ]
        if not self.site_url:
            reasons.append("CLAIMS_CARD_COMPANY is stripe and CLAIMS_SITE_URL is empty: patients come back to it")
        if find_spec("stripe") is None:
            reasons.append("CLAIMS_CARD_COMPANY is stripe: run pip install 'claims-service[stripe]'")
        return reasons

    def _unsafe_cards(self) -> list[str]:
        if self.card_company != "stripe":
            return []
        if "_test_" in self.card_secret(STRIPE_KEY):
            return [f"the file {STRIPE_KEY} holds a test key: patients would believe they paid; use the live one"]
        return []

    def _unsafe_secrets(self) -> list[str]:
        if self.secret_key == DEFAULT_KEY:
            return [
                "CLAIMS_SECRET_KEY is the default that everyone knows: set 32 random characters or more of your own"
            ]
        if len(self.secret_key) < SHORTEST_KEY:
            return [f"CLAIMS_SECRET_KEY is shorter than {SHORTEST_KEY} characters: set a longer random one"]
        return []

    def _unsafe_switches(self) -> list[str]:
        reasons = []
        if self.debug:
            reasons.append("CLAIMS_DEBUG is on: the debugger runs anyone's code; set it to false")
        if not self.tls_behind_proxy:
            reasons.append(
                "CLAIMS_TLS_BEHIND_PROXY is not set: put a proxy that speaks HTTPS in front, then set it to true"
            )
        if not self.trusted_hosts:
            reasons.append("CLAIMS_TRUSTED_HOSTS is empty: name the host that people reach this service by")
        return reasons

    def _unsafe_files(self) -> list[str]:
        database = self.sqlite_file()
        held = [
            ("database file", database),
            ("database log", Path(f"{database}-wal") if database else None),
            ("secret key file", self.secret_key_file),
            ("settings file", Path(".env")),
            *((f"secret {name}", self.receiver_secrets / name) for name in (STRIPE_KEY, STRIPE_WEBHOOK)),
        ]
        return [
            f"the {what} {file.name} can be read or written by every user of this machine: run chmod 600 on it"
            for what, file in held
            if file is not None and file.exists() and file.stat().st_mode & stat.S_IRWXO
        ]


def data_folder(name: str) -> Path:
    """The folder `mappings` or `fixtures`, in a checkout as well as in an installed package.

    Raises:
        ConfigError: neither place has it, or no such folder is shipped.
    """
    if name not in DATA_FOLDERS:
        raise ConfigError([f"no folder {name!r} is shipped; there are {' and '.join(DATA_FOLDERS)}"])
    package = Path(str(resources.files("claims_service")))
    for folder in (package / "_data" / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise ConfigError([f"the folder {name} is missing beside the package: install it again"])


def _read(env: Env) -> dict[str, Any]:
    default = Config()
    positive = validate.Range(min=1)
    return {
        "database_url": env.str("DATABASE_URL", default.database_url, validate=_known_database),
        "secret_key": env.str("SECRET_KEY", DEFAULT_KEY, validate=validate.Length(min=1)),
        "secret_key_file": env.path("SECRET_KEY_FILE", None),
        "mode": env.str("MODE", default.mode, validate=validate.OneOf(["development", "production"])),
        "debug": env.bool("DEBUG", default.debug),
        "tls_behind_proxy": env.bool("TLS_BEHIND_PROXY", default.tls_behind_proxy),
        "trusted_hosts": tuple(name.strip() for name in env.str("TRUSTED_HOSTS", "").split(",") if name.strip()),
        "clinic_zone": env.str("CLINIC_ZONE", default.clinic_zone, validate=_known_zone),
        "session_idle_minutes": env.int("SESSION_IDLE_MINUTES", default.session_idle_minutes, validate=positive),
        "session_absolute_hours": env.int("SESSION_ABSOLUTE_HOURS", default.session_absolute_hours, validate=positive),
        "sign_in_attempts": env.int("SIGN_IN_ATTEMPTS", default.sign_in_attempts, validate=positive),
        "sign_in_window_minutes": env.int("SIGN_IN_WINDOW_MINUTES", default.sign_in_window_minutes, validate=positive),
        "upload_limit_bytes": env.int("UPLOAD_LIMIT_BYTES", default.upload_limit_bytes, validate=positive),
        "data_dir": env.path("DATA_DIR", default.data_dir),
        "receiver_secrets": env.path("RECEIVER_SECRETS", default.receiver_secrets),
        "inquiry_url": env.str("INQUIRY_URL", default.inquiry_url, validate=_https),
        "inquiry_user": env.str("INQUIRY_USER", default.inquiry_user),
        "ask_again_hours": env.int("ASK_AGAIN_HOURS", default.ask_again_hours, validate=positive),
        "mail_url": env.str("MAIL_URL", default.mail_url, validate=_mail_server),
        "mail_sender": env.str("MAIL_SENDER", default.mail_sender),
        "site_url": env.str("SITE_URL", default.site_url, validate=_web_address),
        "card_company": env.str("CARD_COMPANY", "test", validate=validate.OneOf(["test", "stripe", "none"])),
        "argon2_time_cost": env.int("ARGON2_TIME_COST", default.argon2_time_cost, validate=positive),
        "argon2_memory_kib": env.int(
            "ARGON2_MEMORY_KIB", default.argon2_memory_kib, validate=validate.Range(min=8, max=4 * 1024 * 1024)
        ),
        "argon2_parallelism": env.int("ARGON2_PARALLELISM", default.argon2_parallelism, validate=positive),
        "host": env.str("HOST", default.host),
        "port": env.int("PORT", default.port, validate=validate.Range(min=1, max=65535)),
        "log_format": env.str("LOG_FORMAT", default.log_format, validate=validate.OneOf(["json", "console"])),
    }


def _reasons_in(error: EnvValidationError) -> list[str]:
    told = error.error_messages
    return [f"{name}: {' '.join(told[name])}" for name in sorted(told)] if isinstance(told, Mapping) else list(told)


def _known_database(url: str) -> None:
    if urlsplit(url).scheme not in ("sqlite", "postgresql"):
        raise ValidationError("must begin with sqlite:/// or postgresql://")


def _mail_server(url: str) -> None:
    parts = urlsplit(url)
    if url and (parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.password):
        raise ValidationError("smtp://user@host:587 or smtps://user@host, without the password.")


def _web_address(url: str) -> None:
    if url and not (url.startswith(("https://", "http://127.0.0.1", "http://localhost")) and not url.endswith("/")):
        raise ValidationError("Starts with https:// and ends without a slash.")


def _https(url: str) -> None:
    parts = urlsplit(url)
    if url and (parts.scheme != "https" or not parts.hostname or parts.username):
        raise ValidationError("must begin with https:// and name no user: patients' data goes there")


def _known_zone(zone: str) -> None:
    if zone not in available_timezones():
        raise ValidationError("is no IANA time zone such as America/Chicago")


def _secret_in(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise ConfigError(["CLAIMS_SECRET_KEY_FILE can't be read as text"]) from None
