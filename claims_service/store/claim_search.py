"""Claims looked for by what a remittance says of the visit, where its numbers name none of ours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from claims_service.store import claims
from claims_service.store.connection import in_parts, marks, opened, run


@dataclass(frozen=True, slots=True)
class Billed:
    """A claim with the member number it was billed under and the patient's last name."""

    head: claims.Head
    member_id: str
    last: str


def of_days(practice: int, payer: int, days: Sequence[date]) -> list[Billed]:
    """Claims to an insurer whose visits were on these days."""
    facts: dict[int, tuple[str, str]] = {}
    with opened():
        for part in in_parts(days):
            sql = (
                "select c.id, v.member_id, p.last from claim c join coverage v on v.id = c.coverage_id"
                " join patient p on p.id = c.patient_id where c.practice_id = ? and c.payer_id = ?"
                f" and c.served_on in ({marks(part)})"
            )
            facts |= {key: (member, last) for key, member, last in run(sql, (practice, payer, *part)).fetchall()}
        return [Billed(head, *facts[key]) for key, head in claims.heads(practice, list(facts)).items()]
