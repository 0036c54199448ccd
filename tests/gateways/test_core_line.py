"""Part 7, answers: the line to a clearinghouse in real time, against an HTTPS server in the process."""

import datetime as dt
import http.server
import ipaddress
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from claims_service.config import Config, ConfigError
from claims_service.gateways import core_line, inquiry_lines
from claims_service.gateways.core_line import CoreLine
from claims_service.gateways.inquiry import NoAnswer
from tests.clinic import NOW

QUESTION = b"ISA*00*QUESTION~"
Reply = tuple[int, str, bytes]


def multipart(**fields: str) -> Reply:
    parts = [
        f'--mark\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in fields.items()
    ]
    return 200, "multipart/form-data; boundary=mark", ("".join(parts) + "--mark--\r\n").encode()


def own_certificate(folder: Path) -> Path:
    """A key and a certificate of 127.0.0.1 that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(7).not_valid_before(now - dt.timedelta(3650)).not_valid_after(now + dt.timedelta(3650))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "server.pem"
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@contextmanager
def clearinghouse(certificate: Path, reply: Callable[[bytes], Reply]) -> Iterator[str]:
    """Its address, while it answers."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, kind, content = reply(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"https://127.0.0.1:{server.server_port}/core"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return own_certificate(tmp_path)


@pytest.fixture
def settings(config: Config, tmp_path: Path) -> Config:
    (tmp_path / "inquiry").write_text("quiet-otter\n")
    (tmp_path / "inquiry").chmod(0o600)
    return replace(config, receiver_secrets=tmp_path, inquiry_user="LAKESIDE")


def asked(settings: Config, certificate: Path, reply: Callable[[bytes], Reply], *, trusted: bool = True) -> bytes:
    trust = ssl.create_default_context(cafile=str(certificate)) if trusted else None
    with clearinghouse(certificate, reply) as address:
        line = CoreLine(replace(settings, inquiry_url=address), trust)
        return line.ask("QH001", QUESTION, kind="270", now=NOW)


def test_a_question_goes_there_and_its_answer_comes_back(settings: Config, certificate: Path) -> None:
    seen = []

    def reply(body: bytes) -> Reply:
        seen.append(body)
        return multipart(PayloadType="X12_271_Response_005010X279A1", Payload="ISA*00*ANSWER~", ErrorCode="Success")

    answer = asked(settings, certificate, reply)

    assert answer == b"ISA*00*ANSWER~"
    for part in (
        b"X12_270_Request_005010X279A1",
        b"RealTime",
        b"2026-11-20T17:00:00Z",
        b"quiet-otter",
        b"QH001",
        QUESTION,
    ):
        assert part in seen[0]


@pytest.mark.parametrize(
    ("reply", "said"),
    [((503, "text/plain", b"MEMBER 123"), "(HTTP 503)"), ((200, "text/html", b"<p>"), "something else"),
     (multipart(ErrorCode="Unauthorized"), "(Unauthorized)"), (multipart(ErrorCode="<Alma>"), "(no reason)")],
)  # fmt: skip
def test_what_is_no_answer_is_said_without_repeating_it(
    settings: Config, certificate: Path, reply: Reply, said: str
) -> None:
    with pytest.raises(NoAnswer) as refused:
        asked(settings, certificate, lambda _: reply)

    assert said in str(refused.value)
    assert not {"MEMBER", "Alma"} & set(str(refused.value).split())


def test_silence_ends_after_the_patience(settings: Config, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core_line, "PATIENCE_SECONDS", 0.2)
    wait = threading.Event()

    def silent(_: bytes) -> Reply:
        wait.wait(2)
        return multipart()

    with pytest.raises(NoAnswer, match="did not answer within"):
        asked(settings, certificate, silent)
    wait.set()


def test_a_server_nobody_vouches_for_is_told_nothing(settings: Config, certificate: Path) -> None:
    seen: list[bytes] = []

    def reply(body: bytes) -> Reply:
        seen.append(body)
        return multipart(Payload="ISA~")

    with pytest.raises(NoAnswer, match="could not be verified"):
        asked(settings, certificate, reply, trusted=False)
    assert seen == []


def test_nobody_there_and_a_password_others_can_read_are_said(settings: Config) -> None:
    nobody = CoreLine(replace(settings, inquiry_url="https://127.0.0.1:9/"))
    with pytest.raises(NoAnswer, match="can't be reached"):
        nobody.ask("QH001", QUESTION, kind="270", now=NOW)
    (settings.receiver_secrets / "inquiry").chmod(0o644)
    with pytest.raises(NoAnswer, match="chmod 600"):
        nobody.ask("QH001", QUESTION, kind="270", now=NOW)


def test_questions_take_the_line_of_the_settings(
    settings: Config, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A clearinghouse where one is named; the sandbox in a trial; nothing in production; never a plain HTTP address."""
    named = inquiry_lines.line_for(replace(settings, inquiry_url="https://core.example.org/"))
    trial, production = inquiry_lines.line_for(settings), inquiry_lines.line_for(replace(settings, mode="production"))

    assert isinstance(named, CoreLine)
    assert production is None
    assert trial is not None
    assert trial.reaches("QUILLHAVEN")
    assert not trial.reaches("QH001")
    monkeypatch.setenv("CLAIMS_INQUIRY_URL", "http://core.example.org/")
    with pytest.raises(ConfigError, match="https://"):
        Config.from_env(tmp_path / "none")
