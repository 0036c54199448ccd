"""The envelope we write: ISA to IEA around transactions, with its widths, counts and control numbers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from claims_service.domain.errors import Problem, Rejected

_ID = re.compile(r"[A-Z0-9 ._\-]{2,15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Interchange:
    """Who sends to whom, when, and by which numbers. control: ISA13, 1 to 999,999,999; group_control: GS06.

    written_at: the sender's local time. reference: BHT03 of an 837, the batch number that a 277CA echoes.
    receiver_name: 1000B NM103 of an 837; empty is the insurer's own name.
    """

    sender: str
    receiver: str
    control: int
    group_control: int
    written_at: datetime
    sender_qualifier: str = "ZZ"
    receiver_qualifier: str = "ZZ"
    test: bool = False
    acknowledge: bool = True
    reference: str = ""
    receiver_name: str = ""

    def __post_init__(self) -> None:
        problems = [
            Problem(
                name, "An X12 sender or receiver id has 2 to 15 letters, digits, dots or dashes.", "X12 ISA06, ISA08"
            )
            for name in ("sender", "receiver")
            if not _ID.fullmatch(getattr(self, name))
        ]
        problems += [
            Problem(name, "A control number is 1 to 999,999,999.", "X12 ISA13, GS06")
            for name in ("control", "group_control")
            if not 0 < getattr(self, name) <= 999_999_999
        ]
        if problems:
            raise Rejected(problems)


@dataclass(frozen=True, slots=True)
class Transaction:
    """The body of one ST, from behind ST to before SE; how many segments it holds."""

    body: str
    segments: int


def isa(interchange: Interchange) -> str:
    """The ISA, exactly 106 characters."""
    made = interchange.written_at
    return (
        f"ISA*00*{'':10}*00*{'':10}*{interchange.sender_qualifier}*{interchange.sender:15}"
        f"*{interchange.receiver_qualifier}*{interchange.receiver:15}*{made:%y%m%d}*{made:%H%M}*^*00501"
        f"*{interchange.control:09}*{int(interchange.acknowledge)}*{'T' if interchange.test else 'P'}*:~"
    )


def enclose(
    interchange: Interchange, functional_id: str, kind: str, version: str, transactions: Sequence[Transaction]
) -> bytes:
    """One interchange of one group of transactions (ST03 is left out of an 835, whose guide does not use it).

    Raises:
        Rejected: no transactions.
    """
    if not transactions:
        raise Rejected([Problem("file", "There is nothing to send.", "X12 ST", "Choose at least one claim or answer.")])
    made, group = interchange.written_at, interchange.group_control
    sender, receiver = interchange.sender.strip(), interchange.receiver.strip()
    head = f"GS*{functional_id}*{sender}*{receiver}*{made:%Y%m%d}*{made:%H%M}*{group}*X*{version}~"
    file = BytesIO()  # a join of everything would be one more copy of a large file
    file.write(f"{isa(interchange)}{head}".encode("ascii"))
    third = "" if kind == "835" else f"*{version}"
    for number, transaction in enumerate(transactions, 1):
        file.write(f"ST*{kind}*{number:04}{third}~".encode("ascii"))
        file.write(transaction.body.encode("ascii"))
        file.write(f"SE*{transaction.segments + 2}*{number:04}~".encode("ascii"))
    file.write(f"GE*{len(transactions)}*{group}~IEA*1*{interchange.control:09}~".encode("ascii"))
    return file.getvalue()
