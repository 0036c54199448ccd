"""Sends messages to patients: by a mail server over TLS, or into a folder that stands in for one on trial."""

import hashlib
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formataddr, parseaddr
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlparse

from claims_service.config import Config
from claims_service.domain.errors import BillingError
from claims_service.domain.patient.reminder import EMAIL, TEXT

SECONDS = 20
_SECRET = "mail"  # noqa: S105 - the name of a file, not a secret


class NotSent(BillingError):
    """It did not leave; the message never names whom it was for."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message. key: unique for ever; the same key is the same message."""

    channel: str
    to: str
    subject: str
    text: str
    key: str


class Outbox(Protocol):
    """Where messages leave. channels: what it can send."""

    channels: frozenset[str]

    def send(self, message: Message) -> None:
        """Hand the message over; raises NotSent."""


class FolderOutbox:
    """Each message is a file, named by its key: sent twice it is there once."""

    channels = frozenset({EMAIL, TEXT})

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: Message) -> None:
        ending = "eml" if message.channel == EMAIL else "txt"
        name = hashlib.sha256(message.key.encode()).hexdigest()[:24]
        content = _mail(message, "billing@localhost").as_bytes() if ending == "eml" else message.text.encode()
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = self._folder / f"{name}.{ending}"
            file.touch(mode=0o600)
            file.write_bytes(content)
        except OSError as error:
            raise NotSent(f"The folder of messages can't be written ({type(error).__name__}).") from None


class NoOutbox:
    """Nothing leaves by itself: every patient gets paper."""

    channels: frozenset[str] = frozenset()

    def send(self, message: Message) -> None:
        raise NotSent("No mail server is set.")


class MailServer:
    """SMTP with TLS (RFC 8314: from the first byte on port 465; STARTTLS elsewhere), signed in where a user is named."""

    channels = frozenset({EMAIL})

    def __init__(self, url: str, sender: str, password: str, context: ssl.SSLContext | None = None) -> None:
        parts = urlparse(url)
        self._host, self._user = parts.hostname or "", unquote(parts.username or "")
        self._from_start = parts.scheme == "smtps"
        self._port = parts.port or (465 if self._from_start else 587)
        self._sender, self._password = sender, password
        self._context = context or ssl.create_default_context()

    def send(self, message: Message) -> None:
        try:
            with self._connected() as server:
                if self._user:
                    server.login(self._user, self._password)
                server.send_message(_mail(message, self._sender))
        except (OSError, smtplib.SMTPException) as error:
            raise NotSent(f"The mail server did not take it ({type(error).__name__}).") from None

    def _connected(self) -> smtplib.SMTP:
        if self._from_start:
            return smtplib.SMTP_SSL(self._host, self._port, timeout=SECONDS, context=self._context)
        server = smtplib.SMTP(self._host, self._port, timeout=SECONDS)
        try:
            server.starttls(context=self._context)
        except BaseException:
            server.close()
            raise
        return server


def outbox_for(config: Config) -> Outbox:
    """The mail server of the settings; without one a folder on trial, and paper in production, where nobody reads the folder."""
    if not config.mail_url:
        return NoOutbox() if config.mode == "production" else FolderOutbox(config.data_dir / "messages")
    secret = config.receiver_secrets / _SECRET
    password = secret.read_text(encoding="utf-8").strip() if secret.is_file() else ""
    return MailServer(config.mail_url, config.mail_sender or "", password)


def _mail(message: Message, sender: str) -> EmailMessage:
    """A line break in an address or a subject would be a header of its own: EmailMessage refuses it."""
    mail = EmailMessage()
    try:
        mail["From"] = formataddr(parseaddr(sender))
        mail["To"] = message.to
        mail["Subject"] = message.subject
    except ValueError:
        raise NotSent("The address is not one that mail goes to.") from None
    host = parseaddr(sender)[1].partition("@")[2] or "localhost"
    mail["Message-ID"] = f"<{hashlib.sha256(message.key.encode()).hexdigest()[:32]}@{host}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    return mail
