"""A receiver's SFTP server: signed in to only when it shows the pinned key."""

import contextlib
import hmac
import io
import ipaddress
import posixpath
import socket
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Self

import paramiko

from claims_service.domain.receiver import Receiver
from claims_service.gateways.place import Found, HostKeyChanged, PlaceError, Refused

CONNECT_SECONDS = 20  # to reach the server, and for each step of signing in
SILENT_SECONDS = 60  # without a byte in either direction
MOST_BYTES = 256 * 1024 * 1024  # of one answer
_CHUNK = 32_768


@dataclass(frozen=True, slots=True)
class SignIn:
    """What the server is told. inside: the server may be on this very machine, as in trials."""

    password: str = field(default="", repr=False)
    private_key: paramiko.PKey | None = field(default=None, repr=False)
    inside: bool = False
    connect_seconds: int = CONNECT_SECONDS
    silent_seconds: int = SILENT_SECONDS


class Sftp:
    """One connection. The folders of the receiver are those of its settings."""

    def __init__(self, receiver: Receiver, sign_in: SignIn) -> None:
        self._receiver, self._sign_in = receiver, sign_in
        self._transport: paramiko.Transport | None = None
        self._client: paramiko.SFTPClient | None = None

    def __enter__(self) -> Self:
        with self._told("reach"):
            self._transport = _trusted(self._receiver, self._sign_in)
            try:
                _sign_in(self._transport, self._receiver, self._sign_in)
                self._client = paramiko.SFTPClient.from_transport(self._transport)
                assert self._client is not None, "an open transport gives a client"
                self._channel().settimeout(self._sign_in.silent_seconds)
            except BaseException:
                self._transport.close()
                raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._transport is not None:
            self._transport.close()

    def sent(self) -> dict[str, Found]:
        """What lies in the folder that we put files into."""
        return {found.name: found for found in self._listed(self._receiver.outbound)}

    def read_sent(self, name: str) -> bytes:
        """The bytes of a file that we put there."""
        return self._read(posixpath.join(self._receiver.outbound, name))

    def write(self, name: str, content: bytes) -> None:
        """Lay a file there whole; the server is asked for its size afterwards."""
        path = posixpath.join(self._receiver.outbound, name)
        with self._told("write to") as client:
            client.putfo(io.BytesIO(content), path, file_size=len(content), confirm=False)
            size = client.stat(path).st_size
        if size != len(content):
            raise PlaceError(f"Of {len(content)} bytes {size} arrived at {self._receiver.host}.")

    def rename(self, old: str, new: str) -> None:
        """Give a file its final name; the protocol's own rename never writes over another file."""
        folder = self._receiver.outbound
        with self._told("rename on") as client:
            client.rename(posixpath.join(folder, old), posixpath.join(folder, new))

    def remove(self, name: str) -> None:
        """Take a file of ours away."""
        with self._told("remove from") as client:
            client.remove(posixpath.join(self._receiver.outbound, name))

    def answers(self) -> list[Found]:
        """What lies in the folder of the answers, the oldest first."""
        return self._listed(self._receiver.inbound) if self._receiver.inbound else []

    def read_answer(self, name: str) -> bytes:
        """The bytes of an answer as they are now."""
        return self._read(posixpath.join(self._receiver.inbound, name))

    def archive(self, name: str) -> None:
        """Move an answer away; an older one of that name stays, so this one gets a number."""
        if not self._receiver.archive:
            return
        there = {found.name for found in self._listed(self._receiver.archive)}
        free = next(t for n in range(len(there) + 1) if (t := f"{name}.{n}" if n else name) not in there)
        with self._told("move on") as client:
            client.rename(posixpath.join(self._receiver.inbound, name), posixpath.join(self._receiver.archive, free))

    def _listed(self, folder: str) -> list[Found]:
        with self._told("list") as client:
            found = client.listdir_attr(folder)
        plain = [one for one in found if stat.S_ISREG(one.st_mode or 0)]
        listed = (Found(one.filename, one.st_size or 0, int(one.st_mtime or 0)) for one in plain)
        return sorted(listed, key=lambda one: (one.modified, one.name))

    def _read(self, path: str) -> bytes:
        content = bytearray()
        with self._told("read from") as client, client.open(path, "rb") as file:
            while part := file.read(_CHUNK):
                content += part
                if len(content) > MOST_BYTES:
                    raise Refused(f"A file on {self._receiver.host} is larger than {MOST_BYTES} bytes.")
        return bytes(content)

    def _channel(self) -> paramiko.Channel:
        channel = self._client.get_channel() if self._client else None
        assert channel is not None, "only inside `with`"
        return channel

    @contextlib.contextmanager
    def _told(self, verb: str) -> Iterator[paramiko.SFTPClient]:
        """What the library raises, in words. Its own messages may quote names and stay out."""
        where = f"{self._receiver.host}:{self._receiver.port}"
        try:
            yield self._client  # there inside `with`; nothing asks for it before
        except paramiko.AuthenticationException:
            raise Refused(f"{where} refuses to let {self._receiver.username} in: check the secret.") from None
        except TimeoutError:
            raise PlaceError(f"Can't {verb} {where}: it stays silent.") from None
        except FileNotFoundError:
            raise PlaceError(f"Can't {verb} {where}: no such file or folder.") from None
        except PermissionError:
            raise PlaceError(f"Can't {verb} {where}: it is not allowed there.") from None
        except socket.gaierror:
            raise PlaceError(f"Can't {verb} {where}: no such host is known.") from None
        except (OSError, EOFError, paramiko.SSHException):
            raise PlaceError(f"Can't {verb} {where}: the connection broke or was refused.") from None


def _trusted(receiver: Receiver, sign_in: SignIn) -> paramiko.Transport:
    """A connection whose other end proved to hold the pinned key.

    A server has a key of each kind and shows one: where it is not the pinned one, it is asked for its others.
    """
    kinds: list[str] = []
    while True:
        transport = paramiko.Transport(_connected(receiver, sign_in))
        try:
            options = transport.get_security_options()
            left = [kind for kind in options.key_types if _family(kind) not in kinds]
            options.key_types = left
            transport.banner_timeout = transport.auth_timeout = sign_in.connect_seconds
            transport.start_client(timeout=sign_in.connect_seconds)
            key = transport.get_remote_server_key()
        except paramiko.ssh_exception.IncompatiblePeer:
            transport.close()
            if kinds:
                raise _changed(receiver) from None
            raise
        except BaseException:
            transport.close()
            raise
        if hmac.compare_digest(key.fingerprint.rstrip("="), receiver.host_key):
            return transport
        transport.close()
        kinds.append(_family(key.get_name()))
        if all(_family(kind) in kinds for kind in left):
            raise _changed(receiver)


def _family(kind: str) -> str:
    return "rsa" if "rsa" in kind else kind.removesuffix("-cert-v01@openssh.com")


def _changed(receiver: Receiver) -> HostKeyChanged:
    return HostKeyChanged(
        f"The server {receiver.host} shows another key than the one that is pinned. Nothing was sent. Ask the receiver whether its key"
        " was renewed, by telephone rather than mail; then set the new one."
    )


def _connected(receiver: Receiver, sign_in: SignIn) -> socket.socket:
    """A socket to the first address that answers; the address is looked up once, so that it can't change after the check."""
    listed = socket.getaddrinfo(receiver.host, receiver.port, type=socket.SOCK_STREAM)
    allowed = [entry for entry in listed if sign_in.inside or not _inside(str(entry[4][0]))]
    if not allowed:
        raise Refused(f"{receiver.host} is this machine or no receiver's address: nothing is sent there.")
    for n, (family, kind, protocol, _, address) in enumerate(allowed, 1):
        made = socket.socket(family, kind, protocol)
        made.settimeout(sign_in.connect_seconds)
        try:
            made.connect(address)
        except OSError:
            made.close()
            if n == len(allowed):
                raise
        else:
            return made
    raise AssertionError("the last address either answers or raises")


def _inside(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    found = getattr(found, "ipv4_mapped", None) or found
    return found.is_loopback or found.is_link_local or found.is_unspecified or found.is_multicast


def _sign_in(transport: paramiko.Transport, receiver: Receiver, sign_in: SignIn) -> None:
    """With the key, then the password where the server wants both or there is no key."""
    asked: list[str] = []
    if sign_in.private_key is not None:
        asked = transport.auth_publickey(receiver.username, sign_in.private_key)
    if sign_in.password and not transport.is_authenticated():
        asked = transport.auth_password(receiver.username, sign_in.password)
    if asked or not transport.is_authenticated():
        raise paramiko.AuthenticationException
