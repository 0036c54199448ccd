"""Claim files as an insurer's mailbox holds them."""

from collections.abc import Sequence
from dataclasses import dataclass

from claims_service.store.connection import marks, opened, run
from claims_service.store.deliveries import elsewhere
from claims_service.store.files import contents
from claims_service.store.tables import ExchangeFile


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A claim file for an insurer. claims: (claim, patient) in the order of the file."""

    id: int
    name: str
    state: str
    content: bytes
    claims: tuple[tuple[int, int], ...]


def outgoing(practice: int, payer: int, files: Sequence[int]) -> list[OutgoingFile]:
    """The files among these ids that were made for this insurer's mailbox; others are left out, as what is delivered elsewhere."""
    sql = (
        "select fc.file_id, fc.claim_id, c.patient_id from file_claim fc join claim c on c.id = fc.claim_id"
        f" where fc.practice_id = ? and fc.file_id in ({marks(files)}) order by fc.file_id, fc.id"
    )
    with opened():
        rows = ExchangeFile.select().where(
            ExchangeFile.practice == practice,
            ExchangeFile.payer == payer,
            ExchangeFile.direction == "out",
            ExchangeFile.id.in_(list(files)),
            ExchangeFile.id.not_in(elsewhere(practice)),
        )
        found = list(rows.order_by(ExchangeFile.id))
        placed = run(sql, (practice, *files)).fetchall() if found else []
        content = contents(practice, [row.id for row in found]) if found else {}
    return [
        OutgoingFile(
            row.id,
            row.name,
            row.state,
            content[row.id],
            tuple((claim, patient) for file, claim, patient in placed if file == row.id),
        )
        for row in found
    ]
