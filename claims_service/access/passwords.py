"""Passwords: argon2id, and which ones are refused."""

import re
import secrets
from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from claims_service.config import Config
from claims_service.domain.errors import Problem

SHORTEST = 12
LONGEST = 256  # hashing costs the same for any length; this bounds what a stranger can send
RULE = "NIST SP 800-63B-4 3.1.1.2"
_LOOKALIKES = [str.maketrans("013457@$!|", f"o{one}eastasil") for one in "il"]
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn")
# What stands at the heart of nearly every leaked password; digits and marks around it add nothing.
_COMMON = frozenset(
    """
    password passwort passw pass secret secure security letmein welcome admin administrator login signin master default
    changeme changeit guest user root test testing temp temporary demo sample example clinic hospital doctor nurse health
    medical billing biller claims patient insurance insurer qwerty asdf zxcv abc iloveyou love lovely sunshine princess
    dragon monkey football baseball basketball soccer hockey superman batman starwars pokemon michael jordan jennifer
    jessica ashley daniel charlie andrew thomas robert hunter shadow freedom trustno whatever computer internet summer
    winter spring autumn fall january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday company office america canada chicago texas jesus blessed
    hello goodbye please thankyou mother father family flower purple orange yellow silver golden diamond butterfly
    """.split()
)

_AROUND = "0123456789!@#$%^&*()-_=+.,;:?/ |'\"~"
_YEARS = re.compile(r"(?:19|20)\d\d")
_REPEATS = re.compile(r"(.{1,4}?)\1+")


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(words, key=len, reverse=True)))


_WORDS = _any_of(_COMMON)
_RUNS = _any_of(
    {
        way[start:end]
        for row in _ROWS
        for way in (row, row[::-1])
        for start in range(len(way))
        for end in range(start + 4, len(way) + 1)
    }
    | {"123", "321"}
)


class Passwords:
    """Hashes and compares, at the cost the settings say."""

    def __init__(self, config: Config) -> None:
        self._hasher = PasswordHasher(
            time_cost=config.argon2_time_cost,
            memory_cost=config.argon2_memory_kib,
            parallelism=config.argon2_parallelism,
        )
        # Compared against when nobody has the name, so that both take the same time.
        self._nobody = self.hashed(secrets.token_urlsafe())

    def hashed(self, password: str) -> str:
        """The argon2id hash of a password, with salt and cost in it."""
        return self._hasher.hash(password)

    def matches(self, password_hash: str | None, password: str) -> bool:
        """Whether this is the password; None stands for an account that does not exist and takes as long."""
        try:
            self._hasher.verify(password_hash or self._nobody, password[:LONGEST])
        except (VerificationError, InvalidHashError):
            return False
        return password_hash is not None

    def too_cheap(self, password_hash: str) -> bool:
        """Whether the hash was made at another cost than the settings now ask for."""
        return self._hasher.check_needs_rehash(password_hash)


def problems_in(password: str, *about: str) -> list[Problem]:
    """Why a password is refused. about: name, e-mail address, clinic: words that others would try first."""
    if len(password) < SHORTEST:
        message = f"A password needs {SHORTEST} characters or more. Three or four words make a good one."
        return [Problem("password", message, RULE)]
    if len(password) > LONGEST:
        return [Problem("password", f"A password has {LONGEST} characters at most.", RULE)]
    if _guessed_early(password, about):
        message = "This is among the first that others would try. Take words that have nothing to do with each other."
        return [Problem("password", message, RULE)]
    return []


def _guessed_early(password: str, about: tuple[str, ...]) -> bool:
    plain = password.casefold()
    known = {word for text in about for word in re.findall(r"[^\W_]{4,}", text.casefold())}
    left = plain
    for word in sorted(known, key=len, reverse=True):
        left = left.replace(word, "")
    if len(set(plain)) < 5 or len(left) < SHORTEST // 2:
        return True
    return any(_strength(plain[:start], plain[start:end], plain[end:]) < SHORTEST // 2 for start, end in _cores(plain))


def _cores(plain: str) -> list[tuple[int, int]]:
    """Where the words may begin and end: some of the digits and marks around them may stand for letters."""
    lead = len(plain) - len(plain.lstrip(_AROUND))
    last = len(plain.rstrip(_AROUND))
    return [(start, end) for start in {0, lead} for end in range(max(last, start), len(plain) + 1)]


def _strength(before: str, core: str, after: str) -> int:
    """Letters and different digits left once words, runs of keys, years and repeats that everyone tries are gone."""
    digits = len(set(_RUNS.sub("", _YEARS.sub("", re.sub(r"\D", "", before + "x" + after)))))
    shortest = min(len(_REPEATS.sub(r"\1", _left_of(core.translate(alike)))) for alike in _LOOKALIKES)
    return shortest + digits


def _left_of(core: str) -> str:
    letters = re.sub(r"[\W_]", "", core)
    return _WORDS.sub("", _RUNS.sub("", letters))
