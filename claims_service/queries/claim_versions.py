"""All that a claim has been: every version that replaced another, and every try of each, as its file said it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from claims_service.domain.claim import lifecycle
from claims_service.domain.claim.comparison import AnyClaim, Compared, compared
from claims_service.domain.errors import NotFound
from claims_service.formats.x12.read_837d import read_837d
from claims_service.formats.x12.read_837i import read_837i
from claims_service.formats.x12.read_837p import read_837p
from claims_service.queries.rows import Record, known_instant, marks, rows
from claims_service.store import claim_values, claims, files
from claims_service.store.connection import opened

_READ: Mapping[str, Callable[[bytes], Iterable[AnyClaim]]] = {"837P": read_837p, "837I": read_837i, "837D": read_837d}


@dataclass(frozen=True, slots=True)
class Version:
    """A try of a claim in a file, or a claim as it stands (file None). key: names it in addresses."""

    claim: int
    control_number: str
    frequency: str
    state: str
    file: int | None
    file_name: str
    at: datetime | None
    kind: str = ""

    @property
    def key(self) -> str:
        return f"{self.claim}-{self.file or 0}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions and every field of both."""

    left: Version
    right: Version
    fields: tuple[Compared, ...]

    @property
    def differing(self) -> tuple[Compared, ...]:
        return tuple(field for field in self.fields if field.mark != "same")


def versions(practice: int, claim: int) -> tuple[Version, ...]:
    """The oldest first, in three SELECTs.

    Raises:
        NotFound: no such claim of this practice.
    """
    with opened():
        head = claims.heads(practice, [claim]).get(claim)
        if head is None:
            raise NotFound("claim")
        chain = claims.versions(practice, [head])[claim]
        sent = _tries(practice, [one.id for one in chain])
    found: list[Version] = []
    for one in chain:
        tries = [record for record in sent if record[0] == one.id]
        about = (one.id, one.control_number, one.frequency, one.state)
        found += [Version(*about, file, name, known_instant(at), kind) for _, file, name, at, kind in tries]
        if not tries or one.state in lifecycle.OPEN:
            found.append(Version(*about, None, "", None))
    return tuple(found)


def _tries(practice: int, listed: Sequence[int]) -> list[Record]:
    return rows(
        "select fc.claim_id, f.id, f.name, f.at, f.kind from file_claim fc join exchange_file f on f.id = fc.file_id"
        f" where fc.practice_id = ? and f.direction = 'out' and fc.claim_id in ({marks(listed)}) order by f.id",
        practice, *listed,
    )  # fmt: skip


def compare(practice: int, left: Version, right: Version) -> Comparison:
    """Both versions as their files said them; one that is not in a file yet as it would be sent now."""
    with opened():
        return Comparison(left, right, compared(_content(practice, left), _content(practice, right)))


def _content(practice: int, version: Version) -> AnyClaim:
    if version.file is not None and version.kind in _READ:
        for claim in _READ[version.kind](files.content_of(practice, version.file)):
            if claim.control_number == version.control_number:
                return claim
    found = claim_values.assemble(practice, [version.claim])
    if not found:
        raise NotFound("claim")  # the patient pays: no insurer has a version of it
    return found[0].other or found[0].claim
