"""Pages a second and the slowest of a hundred, from a real web server asked over several connections at once.

The server is the one of `claims serve`, in this process; the browsers are a process of their own.
"""

import json
import logging
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from waitress.server import create_server

from claims_service.app import settle

logging.getLogger("waitress.queue").setLevel(
    logging.ERROR
)  # it tells of every page that waits its turn, as here all do

CONNECTIONS, THREADS = 16, 8  # of `claims serve` when nobody says otherwise
ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True)
class Served:
    """rate: pages a second over all connections. p99_ms: 99 of 100 pages were there by then."""

    rate: float
    p50_ms: float
    p99_ms: float
    bodies: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What one connection asks for, by turns: the addresses, and the cookie sent with each."""

    addresses: tuple[str, ...]
    cookie: str = ""


def served(app: Any, asked: Sequence[Asked], pages: int) -> Served:
    """Every connection asks for `pages` pages one after the other, all connections at once, after one round to warm up."""
    settle()  # as `claims serve` does
    server = create_server(app, host="127.0.0.1", port=0, threads=THREADS, ident=None)
    answering = threading.Thread(target=server.run, daemon=True)
    answering.start()
    wishes = {
        "port": server.effective_port,
        "pages": pages,
        "asked": [[one.cookie, *one.addresses] for one in asked],
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.served"],
        cwd=ROOT, input=json.dumps(wishes).encode(), stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    server.close()
    told = json.loads(done.stdout)
    taken = sorted(told["taken_ms"])
    return Served(
        len(taken) / told["seconds"],
        taken[len(taken) // 2],
        taken[len(taken) * 99 // 100],
        tuple(body.encode() for body in told["bodies"]),
    )


def _ask(connection: socket.socket, request: bytes) -> bytes:
    """One answer, which must be a page."""
    connection.sendall(request)
    got = connection.recv(65_536)
    while (end := got.find(b"\r\n\r\n")) < 0:
        got += connection.recv(65_536)
    head = got[:end].lower()
    assert head.startswith(b"http/1.1 200"), head[:40]
    size = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
    while len(got) < end + 4 + size:
        got += connection.recv(65_536)
    return got[end + 4 :]


def _browse(port: int, wish: Sequence[str], pages: int, all_here: threading.Barrier, told: list[Any]) -> None:
    cookie, *addresses = wish
    requests = [
        f"GET {address} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n".encode() for address in addresses
    ]
    with socket.create_connection(("127.0.0.1", port)) as connection:
        bodies = [_ask(connection, request) for request in requests]
        all_here.wait()
        begun, taken = time.perf_counter(), []
        for number in range(pages):
            start = time.perf_counter()
            _ask(connection, requests[number % len(requests)])
            taken.append((time.perf_counter() - start) * 1000)
        told.append((begun, time.perf_counter(), taken, bodies))


def main() -> None:
    wishes = json.load(sys.stdin)
    all_here = threading.Barrier(len(wishes["asked"]))
    told: list[Any] = []
    browsers = [
        threading.Thread(target=_browse, args=(wishes["port"], wish, wishes["pages"], all_here, told))
        for wish in wishes["asked"]
    ]
    for browser in browsers:
        browser.start()
    for browser in browsers:
        browser.join()
    assert len(told) == len(browsers), "a connection was not answered"
    seconds = max(end for _, end, _, _ in told) - min(begun for begun, _, _, _ in told)
    bodies = [body.decode() for _, _, _, own in told for body in own]
    json.dump(
        {"seconds": seconds, "taken_ms": [ms for _, _, own, _ in told for ms in own], "bodies": bodies}, sys.stdout
    )


if __name__ == "__main__":
    main()
