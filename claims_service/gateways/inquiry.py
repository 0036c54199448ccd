"""A line on which an insurer or clearinghouse answers a question at once: one X12 file there, one back."""

from datetime import datetime
from typing import Protocol

from claims_service.domain.errors import BillingError

PATIENCE_SECONDS = 20  # CAQH CORE 150: the answer in real time comes within 20 seconds


class NoAnswer(BillingError):
    """The question was not answered; it may be asked again. The message says why, and never what was asked."""


class InquiryLine(Protocol):
    """Asks in real time. Asking twice does no harm: a question changes nothing."""

    def reaches(self, receiver: str) -> bool:
        """Whether this receiver (ISA08) answers on this line; what it does not reach goes by file."""

    def ask(self, receiver: str, question: bytes, *, kind: str, now: datetime) -> bytes:
        """Send a 270 or 276 (kind) and wait for what comes back, PATIENCE_SECONDS at most.

        Raises:
            NoAnswer: it can't be reached, took too long, or sent back something else.
        """
