"""The address of a pay link: an id that only we can sign. Nothing secret is kept, and nothing of the patient stands in it."""

from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256

from itsdangerous import BadSignature, Signer

LONGEST = timedelta(days=180)
MOST_FAILURES = 10  # wrong dates of birth, one after another, until a link is dead
_SALT = "pay-link"


@dataclass(frozen=True, slots=True)
class PayLinks:
    """site_url: what addresses begin with, "" where the clinic has none; secret: what they are signed with."""

    site_url: str
    secret: str = field(repr=False)

    def address(self, link: int) -> str:
        """Where a link leads."""
        return f"{self.site_url}/portal/pay/{self.token(link)}"

    def token(self, link: int) -> str:
        """The last part of its address."""
        return self._signer().sign(str(link)).decode()

    def link(self, token: str) -> int | None:
        """The id in a token, None where it is not ours."""
        try:
            text = self._signer().unsign(token.encode()).decode()
        except (BadSignature, UnicodeError):
            return None
        return int(text)

    def _signer(self) -> Signer:
        return Signer(self.secret, salt=_SALT, digest_method=sha256)
