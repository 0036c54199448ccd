"""A clearinghouse that answers in real time over HTTPS: the HTTP MIME multipart envelope of CAQH CORE connectivity (rule 270, 2.2.0)."""

import http.client
import secrets
import ssl
import stat
from collections.abc import Mapping
from datetime import datetime
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import urlsplit

from claims_service.config import Config
from claims_service.gateways.inquiry import PATIENCE_SECONDS, NoAnswer

SECRET = "inquiry"  # noqa: S105 - the name of the file that holds the password
MOST_BYTES = 8 * 1024 * 1024
VERSION = "2.2.0"
PAYLOADS = {"270": "X12_270_Request_005010X279A1", "276": "X12_276_Request_005010X212"}


class CoreLine:
    """One clearinghouse for all insurers. context: of TLS, the system's authorities unless a test brings its own."""

    def __init__(self, config: Config, context: ssl.SSLContext | None = None) -> None:
        self._config, self._context = config, context or ssl.create_default_context()

    def reaches(self, receiver: str) -> bool:
        """A clearinghouse passes questions on to every insurer it knows, and says so where it knows one not."""
        return bool(receiver)

    def ask(self, receiver: str, question: bytes, *, kind: str, now: datetime) -> bytes:
        """One POST, one answer.

        Raises:
            NoAnswer: as the clearinghouse, the network or the clock says.
        """
        mark = f"claims-{secrets.token_hex(16)}"
        body = _multipart(mark, {**self._head(receiver, kind, now), "Payload": question.decode("ascii")})
        status, content_type, answer = self._post(body, f"multipart/form-data; boundary={mark}")
        if status != http.client.OK:
            raise NoAnswer(f"The clearinghouse refused the question (HTTP {status}).")
        return _payload(content_type, answer)

    def _head(self, receiver: str, kind: str, now: datetime) -> Mapping[str, str]:
        return {
            "PayloadType": PAYLOADS[kind], "ProcessingMode": "RealTime", "PayloadID": secrets.token_hex(16),
            "TimeStamp": f"{now:%Y-%m-%dT%H:%M:%SZ}", "UserName": self._config.inquiry_user or "", "Password": self._password(),
            "SenderID": self._config.inquiry_user or "", "ReceiverID": receiver, "CORERuleVersion": VERSION,
        }  # fmt: skip

    def _password(self) -> str:
        file = self._config.receiver_secrets / SECRET
        if not file.is_file():
            raise NoAnswer("The password is missing: put it into a file named inquiry in CLAIMS_RECEIVER_SECRETS.")
        if file.stat().st_mode & stat.S_IRWXO:
            raise NoAnswer("The password can be read by every user of this machine: run chmod 600 on its file.")
        return file.read_text("utf-8").strip()

    def _post(self, body: bytes, content_type: str) -> tuple[int, str, bytes]:
        to = urlsplit(self._config.inquiry_url or "")
        line = http.client.HTTPSConnection(to.hostname or "", to.port, timeout=PATIENCE_SECONDS, context=self._context)
        try:
            path = (to.path or "/") + (f"?{to.query}" if to.query else "")
            line.request("POST", path, body, {"Content-Type": content_type})
            answer = line.getresponse()
            content = answer.read(MOST_BYTES + 1)
            if len(content) > MOST_BYTES:
                raise NoAnswer("The clearinghouse's answer is too long to be one.")
            return answer.status, answer.headers.get("Content-Type", ""), content
        except TimeoutError:
            raise NoAnswer(f"The clearinghouse did not answer within {PATIENCE_SECONDS} seconds.") from None
        except ssl.SSLError:
            raise NoAnswer("The clearinghouse's certificate could not be verified, so nothing was asked.") from None
        except (OSError, http.client.HTTPException):
            raise NoAnswer("The clearinghouse can't be reached.") from None
        finally:
            line.close()


def _multipart(mark: str, fields: Mapping[str, str]) -> bytes:
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in fields.items()
    ]
    return ("".join(parts) + f"--{mark}--\r\n").encode("utf-8")


def _payload(content_type: str, answer: bytes) -> bytes:
    """The X12 in a multipart answer."""
    if not content_type.lower().startswith("multipart/"):
        raise NoAnswer("The clearinghouse sent something else than an answer.")
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    fields = {}
    for part in BytesParser(policy=HTTP).parsebytes(head + answer).iter_parts():
        name = part.get_param("name", header="content-disposition")
        payload = part.get_payload(decode=True)
        fields[str(name)] = payload if isinstance(payload, bytes) else b""
    if content := fields.get("Payload", b"").strip():
        return content
    code = fields.get("ErrorCode", b"").decode("ascii", "replace")[:40]
    known = code if code.isalnum() else "no reason"
    raise NoAnswer(f"The clearinghouse refused the question ({known}).")
