"""What an insurer refused: in which family it falls, until when it can be appealed, and what may be done about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

CORRECT, APPEAL, PATIENT, WRITE_OFF, REVIEW = "correct", "appeal", "patient", "write_off", "review"
OTHER = "other"
TAKEN_BACK = "WO"  # PLB03-1: an overpayment recovered on a claim


@dataclass(frozen=True, slots=True)
class Family:
    """Denials of one kind. first_step: correct, appeal or review; what_to_do: for the person who works it."""

    name: str
    label: str
    first_step: str
    what_to_do: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Part of a claim in review for one reason. code: group and reason ("CO50"), or "WO"; remarks: RARCs beside it."""

    code: str
    cents: int
    remarks: tuple[str, ...] = ()

    @property
    def group(self) -> str:
        return "" if self.code == TAKEN_BACK else self.code[:2]

    @property
    def reason(self) -> str:
        return self.code if self.code == TAKEN_BACK else self.code[2:]


@dataclass(frozen=True, slots=True)
class Families:
    """by_reason: name of a family by CARC; named: all of them."""

    by_reason: Mapping[str, str]
    named: Mapping[str, Family]

    def of(self, refusals: Sequence[Refusal]) -> Family:
        """The family of the largest part; an unknown reason is other, never a guess."""
        worst = max(refusals, key=lambda r: (r.cents, r.code), default=None)
        return self.named[self.by_reason.get(worst.reason, OTHER) if worst else OTHER]

    def name_of(self, reason: str) -> str:
        return self.by_reason.get(reason, OTHER)


def due_on(denied_on: date, level: int, appeal_days: Sequence[int]) -> date:
    """The last day of an appeal. appeal_days: by level, the last one for all that follow; level 1 is the first."""
    return denied_on + timedelta(appeal_days[min(level, len(appeal_days)) - 1])


def patient_cents(refusals: Sequence[Refusal]) -> int:
    """What may be left to the patient: only what the insurer put into group PR. CO, PI and OA never."""
    return sum(r.cents for r in refusals if r.group == "PR" and r.cents > 0)


def steps(family: Family, refusals: Sequence[Refusal]) -> tuple[str, ...]:
    """What may be done, the first thing first."""
    ways = [family.first_step] if family.first_step != REVIEW else []
    ways += [way for way in (CORRECT, APPEAL) if way not in ways]
    if patient_cents(refusals):
        ways.append(PATIENT)
    return (*ways, WRITE_OFF)
