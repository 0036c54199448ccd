"""Claims with their services, as a remittance on paper lists them, to type beside each what was decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from claims_service.queries.rows import known_day, marks, rows
from claims_service.store.connection import opened


@dataclass(frozen=True, slots=True)
class Service:
    """One line of a claim."""

    number: int
    procedure: str
    charge_cents: int
    served_on: date


@dataclass(frozen=True, slots=True)
class ClaimOnPaper:
    """A claim of ours to an insurer. payer: its id."""

    claim: int
    control_number: str
    patient: int
    patient_name: str
    payer: int
    services: tuple[Service, ...]


def by_numbers(practice: int, numbers: Sequence[str]) -> list[ClaimOnPaper]:
    """In the order of the numbers, in two SELECTs; those that are not ours are left out."""
    if not numbers:
        return []
    with opened():
        heads = rows(
            "select c.control_number, c.id, c.patient_id, p.first, p.last, c.payer_id from claim c"
            f" join patient p on p.id = c.patient_id where c.practice_id = ? and c.payer_id is not null"
            f" and c.control_number in ({marks(numbers)})",
            practice, *numbers,
        )  # fmt: skip
        ids = [head[1] for head in heads]
        lines = rows(
            "select claim_id, number, procedure, modifiers, charge_cents, served_on from claim_line where practice_id = ?"
            f" and claim_id in ({marks(ids) or 'null'}) order by claim_id, number",
            practice, *ids,
        )  # fmt: skip
    services: dict[int, list[Service]] = {}
    for claim, number, code, modifiers, charge, on in lines:
        words = " ".join((code, *modifiers.split()))
        services.setdefault(claim, []).append(Service(number, words, int(charge), known_day(on)))
    found = {
        control: ClaimOnPaper(claim, control, patient, f"{first} {last}", payer, tuple(services.get(claim, ())))
        for control, claim, patient, first, last, payer in heads
    }
    return [found[number] for number in dict.fromkeys(numbers) if number in found]
