"""Speaking with a real SFTP server: whom we trust, what we send, what we say when it goes wrong."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import asyncssh
import paramiko
import pytest

from claims_service.config import Config
from claims_service.domain.receiver import SFTP, Receiver
from claims_service.gateways.place import HostKeyChanged, PlaceError, Refused
from claims_service.gateways.receivers import opener
from claims_service.gateways.sftp import Sftp, SignIn
from tests.gateways.sftp_server import PASSWORD, SftpServer, running

ALLOWED = SignIn(PASSWORD, inside=True)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SftpServer]:
    with running(tmp_path / "insurer") as started:
        yield started


@pytest.fixture
def settings(config: Config, tmp_path: Path) -> Config:
    """The secrets folder holds the password of Quillhaven."""
    folder = tmp_path / "secrets"
    folder.mkdir()
    secret = folder / "quillhaven"
    secret.write_text(PASSWORD + "\n")
    secret.chmod(0o600)
    return replace(config, receiver_secrets=folder)


def test_a_file_is_laid_down_renamed_and_read_back(server: SftpServer, settings: Config) -> None:
    with opener(settings)(server.receiver()) as place:
        place.write("a.837.part", b"ISA" * 50_000)
        place.rename("a.837.part", "a.837")
        assert {name: found.size for name, found in place.sent().items()} == {"a.837": 150_000}
        assert place.read_sent("a.837") == b"ISA" * 50_000

    assert (server.folder / "in" / "a.837").read_bytes() == b"ISA" * 50_000


def test_a_name_that_is_taken_is_never_written_over(server: SftpServer) -> None:
    (server.folder / "in" / "a.837").write_bytes(b"theirs")

    with Sftp(server.receiver(), ALLOWED) as place:
        place.write("a.837.part", b"ours")
        with pytest.raises(PlaceError):
            place.rename("a.837.part", "a.837")

    assert (server.folder / "in" / "a.837").read_bytes() == b"theirs"


def test_an_archived_answer_does_not_push_an_older_one_out(server: SftpServer) -> None:
    for folder, content in (("out", b"new"), ("archive", b"old")):
        (server.folder / folder / "999.txt").write_bytes(content)

    with Sftp(server.receiver(archive="/archive"), ALLOWED) as place:
        place.archive("999.txt")

    kept = {file.name: file.read_bytes() for file in (server.folder / "archive").iterdir()}
    assert kept == {"999.txt": b"old", "999.txt.1": b"new"}


def test_a_changed_host_key_is_refused_before_anything_is_said(server: SftpServer) -> None:
    receiver = server.receiver()
    server.renew_key()

    with pytest.raises(HostKeyChanged, match="another key") as refusal, Sftp(receiver, ALLOWED):
        pass

    assert server.tries == 0, "not even the user's name was sent"
    assert PASSWORD not in str(refusal.value)


def test_the_pinned_key_may_be_any_of_the_servers_keys(tmp_path: Path) -> None:
    """The receiver told the fingerprint of its RSA key; asked first, the server would show another kind."""
    with (
        running(tmp_path, "ssh-rsa", "ssh-ed25519", "ecdsa-sha2-nistp256") as server,
        Sftp(server.receiver(), ALLOWED) as place,
    ):
        assert place.sent() == {}


def test_a_wrong_password_is_refused_and_not_told(server: SftpServer) -> None:
    wrong = SignIn("a-guess-that-stays-secret", inside=True)

    with pytest.raises(Refused, match="check the secret") as refusal, Sftp(server.receiver(), wrong):
        pass

    assert "guess" not in str(refusal.value)
    assert "guess" not in repr(wrong)


def test_a_private_key_opens_the_door(server: SftpServer, settings: Config) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    server.known_key = key.convert_to_public()
    file = settings.receiver_secrets / "quillhaven_key"
    file.write_bytes(key.export_private_key())
    file.chmod(0o600)

    with opener(settings)(server.receiver(password="", private_key="quillhaven_key")) as place:
        assert place.answers() == []


@pytest.mark.parametrize(
    ("name", "mode", "told"),
    [("nothing", 0o600, "is missing"), ("quillhaven", 0o604, "chmod 600")],
)
def test_a_secret_that_is_missing_or_open_to_all_is_not_used(
    name: str, mode: int, told: str, server: SftpServer, settings: Config
) -> None:
    (settings.receiver_secrets / "quillhaven").chmod(mode)

    with pytest.raises(Refused, match=told), opener(settings)(server.receiver(password=name)):
        pass

    assert server.tries == 0


def test_a_file_that_is_no_key_is_told_without_its_content(server: SftpServer, settings: Config) -> None:
    with (
        pytest.raises(Refused, match="no private key") as refusal,
        opener(settings)(server.receiver(private_key="quillhaven")),
    ):
        pass

    assert PASSWORD not in str(refusal.value)


@pytest.mark.check(81)
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "169.254.169.254", "0.0.0.0", "::1", "::ffff:127.0.0.1"])
def test_in_production_no_file_goes_to_this_machine_or_a_link_of_its_own(host: str, server: SftpServer) -> None:
    """Whoever sets the server's address can't turn the service against its own machine, by whatever spelling."""
    with pytest.raises(Refused, match="nothing is sent there"), Sftp(server.receiver(host=host), SignIn(PASSWORD)):
        pass

    assert server.tries == 0


def test_a_server_that_accepts_and_stays_silent_ends_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        hurried = SignIn(PASSWORD, inside=True, connect_seconds=1, silent_seconds=1)
        unknown = Receiver("QH001", "Quillhaven", SFTP, "127.0.0.1", port, "lakeside", "SHA256:" + "A" * 43)
        with pytest.raises(PlaceError, match=r"stays silent|connection broke"), Sftp(unknown, hurried):
            pass


def test_the_library_never_raises_its_own_errors_past_us(server: SftpServer) -> None:
    """A folder that is not there, a connection that is gone: words, not traces."""
    with Sftp(server.receiver(outbound="/nowhere"), ALLOWED) as place:
        with pytest.raises(PlaceError, match="no such file or folder"):
            place.sent()
        assert isinstance(place._transport, paramiko.Transport)
        place._transport.close()
        with pytest.raises(PlaceError):
            place.answers()
