"""A receiver's SFTP server in this very process, and a line to it that can be cut after so many bytes."""

import asyncio
import contextlib
import os
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncssh

from claims_service.domain.receiver import SFTP, Receiver

USER, PASSWORD = "lakeside", "quiet-otter-paints-violins"
FOLDERS = ("in", "out", "archive")


class _Doorman(asyncssh.SSHServer):
    """Lets one user in; counts who tries."""

    def __init__(self, server: "SftpServer") -> None:
        self._server = server

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._server.connections.append(conn)

    def begin_auth(self, username: str) -> bool:
        self._server.tries += 1
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, PASSWORD)

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: Any) -> bool:
        return username == USER and key == self._server.known_key


class SftpServer:
    """Runs from start() to stop() in a thread of its own; `folder` is all that its user sees."""

    def __init__(self, folder: Path, *kinds: str) -> None:
        self.folder = folder
        for name in FOLDERS:
            (folder / name).mkdir(parents=True, exist_ok=True)
        self.keys = [asyncssh.generate_private_key(kind) for kind in kinds or ("ssh-ed25519",)]
        self.known_key: Any = None
        self.tries = 0
        self.connections: list[asyncssh.SSHServerConnection] = []
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._acceptor: Any = None

    @property
    def fingerprint(self) -> str:
        """Of the first key."""
        return self.keys[0].get_fingerprint()

    def start(self) -> "SftpServer":
        self._thread.start()
        self._in_loop(self._listen())
        return self

    async def _listen(self) -> None:
        self._acceptor = await asyncssh.listen(
            "127.0.0.1",
            self.port,
            server_host_keys=self.keys,
            server_factory=lambda: _Doorman(self),
            sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=os.fsencode(self.folder)),
        )
        self.port = self._acceptor.get_port()

    def renew_key(self) -> None:
        """The same address, another key."""
        self._in_loop(self._close())
        self.keys = [asyncssh.generate_private_key("ssh-ed25519")]
        self._in_loop(self._listen())

    async def _close(self) -> None:
        self._acceptor.close()
        await self._acceptor.wait_closed()
        for connection in self.connections:
            connection.abort()
            await connection.wait_closed()
        self.connections.clear()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def stop(self) -> None:
        self._in_loop(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _in_loop(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    def receiver(self, **changes: Any) -> Receiver:
        """How the clinic knows this server."""
        values: dict[str, Any] = {
            "identifier": "QH001", "name": "Quillhaven Health", "route": SFTP, "host": "127.0.0.1", "port": self.port,
            "username": USER, "host_key": self.fingerprint, "password": "quillhaven", "outbound": "/in", "inbound": "/out",
        }  # fmt: skip
        return Receiver(**{**values, **changes})


@contextlib.contextmanager
def running(folder: Path, *kinds: str) -> Iterator[SftpServer]:
    server = SftpServer(folder, *kinds).start()
    try:
        yield server
    finally:
        server.stop()


@dataclass
class Line:
    """A line to a server. left: bytes that still go over it, None for all; after the last one both ends hear it break."""

    port: int
    left: int | None = None
    passed: int = 0
    answers: bool = False


@contextlib.contextmanager
def line_to(port: int, left: int | None = None, *, answers: bool = False) -> Iterator[Line]:
    """Passes on what is said, connection after connection, until `left` bytes went to the port, or (answers) came from it."""
    listener = socket.create_server(("127.0.0.1", 0))
    line = Line(listener.getsockname()[1], left, answers=answers)

    def accept() -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", port))
            threading.Thread(target=_pass, args=(near, far, None if answers else line), daemon=True).start()
            threading.Thread(target=_pass, args=(far, near, line if answers else None), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield line
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def _pass(source: socket.socket, target: socket.socket, line: Line | None) -> None:
    with contextlib.suppress(OSError):
        while part := source.recv(4096):
            if line is not None:
                part = part if line.left is None else part[: line.left]
                line.passed += len(part)
                line.left = None if line.left is None else line.left - len(part)
            target.sendall(part)
            if line is not None and line.left == 0:
                break
    for end in (source, target):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
