"""Passwords: argon2id, and which ones are refused."""

import re
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from claims_service.config import Config
from claims_service.domain.errors import Problem

SHORTEST = 12
LONGEST = 256  # hashing costs the same for any length; this bounds what a stranger can send
RULE = "NIST SP 800-63B-4 3.1.1.2"
_LOOKALIKES = str.maketrans("013457@$!|", "oleastasil")
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
    return _without_common(plain) < SHORTEST // 2


def _without_common(plain: str) -> int:
    """How many letters are left once words, runs of keys, years and marks that everyone tries are taken out."""
    letters = re.sub(r"[^a-z]", "", plain.translate(_LOOKALIKES))
    for word in sorted(_COMMON, key=len, reverse=True):
        letters = letters.replace(word, "")
    digits = re.sub(r"(?:19|20)\d\d", "", re.sub(r"\D", "", plain))
    for row in _ROWS:
        for size in range(len(row), 2, -1):
            for start in range(len(row) - size + 1):
                run = row[start : start + size]
                letters, digits = (text.replace(run, "").replace(run[::-1], "") for text in (letters, digits))
    letters = re.sub(r"(.{1,4}?)\1+", r"\1", letters)
    return len(letters) + len(set(digits))
