"""Whom files go to: an insurer or a clearinghouse, by which route, and how long to wait before trying again."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from claims_service.domain.errors import Problem

MAILBOX, SFTP, FOLDER = "mailbox", "sftp", "folder"
ROUTES = (MAILBOX, SFTP, FOLDER)
ALARM_AFTER = 5  # failures in a row before a person is told
PART = ".part"  # ending of a file that is still on its way
_LONGEST_WAIT = 3600
_FIRST_WAIT = 60
_IDENTIFIER = re.compile(r"[A-Z0-9 ._\-]{2,15}", re.ASCII)
_HOST_KEY = re.compile(r"SHA256:[A-Za-z0-9+/]{43}", re.ASCII)
_SECRET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.\-:]{0,252})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who takes files for one insurer or more. identifier: ISA08; insurers that name it as theirs share its files.

    host_key: SHA-256 fingerprint of the server's key as ssh-keygen shows it. password, private_key: names of secrets, never secrets.
    outbound, inbound, archive: folders; an empty archive leaves answers where they are. answer_hours: None is the mapping's.
    """

    identifier: str
    name: str
    route: str = MAILBOX
    host: str = ""
    port: int = 22
    username: str = ""
    host_key: str = ""
    password: str = ""
    private_key: str = ""
    outbound: str = ""
    inbound: str = ""
    archive: str = ""
    answer_hours: int | None = None
    id: int = 0


def problems_in(receiver: Receiver) -> list[Problem]:
    """Why these settings can't be used; empty when they can."""
    found = []
    if not _IDENTIFIER.fullmatch(receiver.identifier):
        found.append(_problem("identifier", "An X12 receiver id has 2 to 15 capitals, digits, dots or dashes."))
    if not receiver.name.strip():
        found.append(_problem("name", "Say how the receiver is called."))
    if receiver.route not in ROUTES:
        found.append(_problem("route", f"The route is one of {', '.join(ROUTES)}."))
    if receiver.answer_hours is not None and receiver.answer_hours < 1:
        found.append(_problem("answer-hours", "An answer takes an hour or more."))
    if receiver.route != MAILBOX:
        found += _folder_problems(receiver)
    return found + (_sftp_problems(receiver) if receiver.route == SFTP else [])


def _folder_problems(receiver: Receiver) -> list[Problem]:
    found = [] if receiver.outbound else [_problem("outbound", "Name the folder that files are put into.")]
    named = [folder.rstrip("/") for folder in (receiver.outbound, receiver.inbound, receiver.archive) if folder]
    if len(set(named)) < len(named):
        found.append(_problem("inbound", "Files out, answers and archive each need a folder of their own."))
    return found


def _sftp_problems(receiver: Receiver) -> list[Problem]:
    found = []
    if not _HOST.fullmatch(receiver.host):
        found.append(_problem("host", "Name the SFTP server, such as sftp.insurer.example."))
    if not 0 < receiver.port < 65536:
        found.append(_problem("port", "A port is 1 to 65535."))
    if not receiver.username:
        found.append(_problem("username", "Name the user to sign in as."))
    if not _HOST_KEY.fullmatch(receiver.host_key):
        told = "The server's key is given as SHA256: and 43 characters, as `ssh-keygen -lf` shows it."
        found.append(_problem("host-key", told, "Ask the receiver for it, by another way than this connection."))
    secrets = [name for name in (receiver.password, receiver.private_key) if name]
    if not secrets:
        found.append(_problem("password", "Name the secret to sign in with: a password or a private key."))
    if not all(_SECRET.fullmatch(name) for name in secrets):
        found.append(_problem("password", "A secret's name has letters, digits, dots and dashes; it is a file's name."))
    return found


def _problem(where: str, message: str, mend: str = "") -> Problem:
    return Problem(where, message, "", mend)


def remote_name(sender: str, control: str, file: int, kind: str = "837") -> str:
    """What a file is called at its receiver: by who sends it and the file's own numbers, so that a repeat can't make a second one."""
    return f"{re.sub('[^A-Z0-9]', '', sender)}-{int(control):09}-{file}.{kind.lower()}"


def wait_after(failures: int, chance: Callable[[int], int]) -> timedelta:
    """How long to wait after so many failures in a row: doubled each time up to an hour, the last half of it by chance.

    chance: gives a whole number from 0 up to below its argument; without it, all that failed together would come back together.
    """
    whole = min(_FIRST_WAIT << min(failures - 1, 10), _LONGEST_WAIT)
    return timedelta(seconds=whole // 2 + chance(whole // 2 + 1))
