"""What an insurer sees: the claim files made for it and the answers it sent, and nothing of other insurers."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from claims_service.domain.claim.acknowledgement import GroupAnswer, InterchangeAnswer
from claims_service.domain.errors import NotFound
from claims_service.formats.x12.acknowledgements import read_acknowledgements
from claims_service.store import files
from claims_service.store.connection import opened, run
from claims_service.store.deliveries import elsewhere
from claims_service.store.tables import ExchangeFile, FileReceipt

# claim state -> how far the insurer's answers for it have come
_STAGES = {"sent": "open", "received": "received", "accepted": "accepted", "sent_back": "sent_back"}
_OPEN = {"sent", "needs_mending", "ready"}
_OUR_ANSWERS = frozenset({"TA1", "999"})
_OUR_QUESTIONS = frozenset({"270", "276"})
MOST_ANSWERS = 200
_FILE = (
    ExchangeFile.id,
    ExchangeFile.name,
    ExchangeFile.kind,
    ExchangeFile.state,
    ExchangeFile.at,
    ExchangeFile.size,
    ExchangeFile.claim_count,
    ExchangeFile.total_cents,
    ExchangeFile.interchange_control,
)


@dataclass(frozen=True, slots=True)
class ClaimFile:
    """A file for the insurer. kind: 837P, our question (270, 276), or our TA1 or 999 for a file of theirs.

    stage: new, fetched, received, accepted, sent_back or answered; "taken" is a receipt or question of ours that was fetched.
    """

    id: int
    name: str
    kind: str
    made_at: datetime
    size: int
    claim_count: int
    total_cents: int
    control_number: str
    stage: str
    by_stage: dict[str, int]
    fetched_at: datetime | None

    @property
    def awaited(self) -> bool:
        """Fetched, and no receipt came for it."""
        return self.stage == "fetched"


@dataclass(frozen=True, slots=True)
class FiledClaim:
    """A claim of a file, by its numbers alone."""

    control_number: str
    patient: int
    charge_cents: int
    stage: str
    payer_claim_number: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A file the insurer sent, and what became of it."""

    id: int
    name: str
    kind: str
    state: str
    at: datetime
    size: int
    message: str = ""
    problems: tuple[dict[str, str], ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    cents: dict[str, int] = field(default_factory=dict)
    duplicate_of: int | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """One download of a file."""

    at: datetime
    by: str


def claim_files(practice: int, payer: int) -> list[ClaimFile]:
    """Every claim file made for an insurer, newest first."""
    with opened():
        rows = list(_outgoing(practice, payer).order_by(ExchangeFile.id.desc()))
        return _claim_files(practice, payer, rows)


def claim_file(practice: int, payer: int, file: int) -> ClaimFile:
    """One claim file.

    Raises:
        NotFound: not a file for this insurer.
    """
    with opened():
        rows = list(_outgoing(practice, payer).where(ExchangeFile.id == file))
        if not rows:
            raise NotFound("file")
        return _claim_files(practice, payer, rows)[0]


def receipt_of(practice: int, payer: int, file: ClaimFile) -> list[str]:
    """What a TA1 or 999 of ours says, a sentence for each envelope or group; empty for claims."""
    if file.kind not in _OUR_ANSWERS:
        return []
    told = read_acknowledgements(files.content_of(practice, file.id, payer))
    return [_sentence(one) for one in told if isinstance(one, InterchangeAnswer | GroupAnswer)]


def _sentence(one: InterchangeAnswer | GroupAnswer) -> str:
    if isinstance(one, InterchangeAnswer):
        became = "was refused" if one.code == "R" else "was taken"
        return f"Your envelope {one.interchange_control} {became}" + (
            f" (code {one.note})." if one.note != "000" else "."
        )
    faults = [fault for transaction in one.transactions for fault in transaction.faults]
    places = ", ".join(dict.fromkeys(f"{fault.segment} at segment {fault.position}" for fault in faults[:5]))
    taken = f"Your group {one.group_control}: {one.accepted} of {one.received} transactions could be read."
    return f"{taken} Look at {places}." if places else taken


def claims_of(practice: int, file: int) -> list[FiledClaim]:
    """The claims of a file in its order."""
    sql = (
        "select c.control_number, c.patient_id, c.charge_cents, c.state, c.payer_claim_number from file_claim fc"
        " join claim c on c.id = fc.claim_id where fc.practice_id = ? and fc.file_id = ? order by fc.id"
    )
    with opened():
        rows = run(sql, (practice, file)).fetchall()
    return [FiledClaim(number, patient, cents, _stage(state), theirs) for number, patient, cents, state, theirs in rows]


def receipts_of(practice: int, file: int) -> list[Receipt]:
    """Each download of a file, newest first."""
    with opened():
        rows = FileReceipt.select().where(FileReceipt.practice == practice, FileReceipt.file == file)
        return [Receipt(row.at, row.by) for row in rows.order_by(FileReceipt.id.desc())]


def answers(practice: int, payer: int, *, most: int = MOST_ANSWERS) -> list[Answer]:
    """Files that came in from an insurer, newest first."""
    with opened():
        rows = _incoming(practice, payer).order_by(ExchangeFile.id.desc()).limit(most)
        return [_answer(row) for row in rows]


def answer(practice: int, payer: int, file: int) -> Answer:
    """One file that came in.

    Raises:
        NotFound: not a file of this insurer.
    """
    with opened():
        row = _incoming(practice, payer).where(ExchangeFile.id == file).first()
    if row is None:
        raise NotFound("file")
    return _answer(row)


def _outgoing(practice: int, payer: int) -> Any:
    """What lies in the mailbox: files that are brought to the insurer's own server or folder do not."""
    return ExchangeFile.select(*_FILE).where(
        ExchangeFile.practice == practice,
        ExchangeFile.payer == payer,
        ExchangeFile.direction == "out",
        ExchangeFile.id.not_in(elsewhere(practice)),
    )


def _incoming(practice: int, payer: int) -> Any:
    return ExchangeFile.select(*_FILE, ExchangeFile.outcome, ExchangeFile.duplicate_of).where(
        ExchangeFile.practice == practice, ExchangeFile.payer == payer, ExchangeFile.direction == "in"
    )


def _claim_files(practice: int, payer: int, rows: Sequence[ExchangeFile]) -> list[ClaimFile]:
    stages = _stages(practice, payer)
    receipts = FileReceipt.select(FileReceipt.file, FileReceipt.at).join(ExchangeFile)
    ours = receipts.where(FileReceipt.practice == practice, ExchangeFile.payer == payer)
    # The first download counts: later ones come before it and are written over.
    fetched: dict[int, datetime] = dict(ours.order_by(FileReceipt.id.desc()).tuples().iterator())
    return [
        ClaimFile(
            row.id, row.name, row.kind, row.at, row.size, row.claim_count, row.total_cents, row.interchange_control,
            _file_stage(row, stages.get(row.id, Counter())), dict(stages.get(row.id, {})), fetched.get(row.id),
        )
        for row in rows
    ]  # fmt: skip


def _stages(practice: int, payer: int) -> dict[int, Counter[str]]:
    sql = (
        "select fc.file_id, c.state, count(*) from file_claim fc join claim c on c.id = fc.claim_id"
        " where fc.practice_id = ? and c.payer_id = ? group by fc.file_id, c.state"
    )
    found: dict[int, Counter[str]] = {}
    for file, state, number in run(sql, (practice, payer)).fetchall():
        found.setdefault(file, Counter())[_stage(state)] += number
    return found


def _stage(state: str) -> str:
    return "open" if state in _OPEN else _STAGES.get(state, "answered")


def _file_stage(file: ExchangeFile, claims: Counter[str]) -> str:
    if file.kind in _OUR_ANSWERS | _OUR_QUESTIONS and file.state != "made":
        return "taken"
    if claims["sent_back"]:
        return "sent_back"
    if not claims or claims["open"]:
        return "new" if file.state == "made" else "fetched"
    if claims["received"]:
        return "received"
    return "accepted" if claims["accepted"] else "answered"


def _answer(row: ExchangeFile) -> Answer:
    said = json.loads(row.outcome) if row.outcome else {}
    return Answer(
        row.id, row.name, row.kind, row.state, row.at, row.size, said.get("message", ""),
        tuple(said.get("problems", ())), said.get("counts", {}), said.get("cents", {}), row.duplicate_of,
    )  # fmt: skip
