"""A visit as the clinic records it. Holding an Encounter means that a claim can be built from it."""

from dataclasses import InitVar, dataclass
from datetime import date
from decimal import Decimal

from claims_service.domain import codes
from claims_service.domain.errors import Problem, Rejected

MOST_DIAGNOSES = 12  # 837P 2300 HI: HI01..HI12
MOST_LINES = 50  # 837P 2400 repeats 50 times
FIRST_ICD10_DAY = date(2015, 10, 1)


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One service of a visit. pointers: 1-based into the visit's diagnoses, the most important first.

    charge_cents: for all units together; None = price it from the fee schedule.
    """

    procedure: str
    pointers: tuple[int, ...]
    modifiers: tuple[str, ...] = ()
    units: Decimal = Decimal(1)
    charge_cents: int | None = None
    served_on: date | None = None
    place_of_service: str = ""
    ndc: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Encounter:
    """A visit ready to be billed.

    diagnoses: ICD-10-CM without dots, the principal first, 1 to 12. kept: it was looked at when it was recorded.

    Raises:
        Rejected: at construction, with every problem at once.
    """

    patient_id: int
    served_on: date
    place_of_service: str
    rendering_id: int
    diagnoses: tuple[str, ...]
    lines: tuple[ServiceLine, ...]
    reference: str = ""
    prior_authorization: str = ""
    referring_id: int | None = None
    note: str = ""
    kept: InitVar[bool] = False

    def __post_init__(self, kept: bool) -> None:
        if kept:
            return
        problems = [*_visit_problems(self)]
        for i, line in enumerate(self.lines):
            problems += _line_problems(self, line, f"lines[{i}]")
        if problems:
            raise Rejected(problems)


def _visit_problems(visit: Encounter) -> list[Problem]:
    problems = []
    if visit.served_on < FIRST_ICD10_DAY:
        problems.append(
            Problem(
                "served_on",
                "Visits before October 1, 2015 used ICD-9 codes, which this service does not bill.",
                "45 CFR 162.1002",
            )
        )
    if not (len(visit.place_of_service) == 2 and visit.place_of_service.isalnum()):
        problems.append(Problem("place_of_service", "Choose where the visit took place.", "837P 2300 CLM05-1"))
    if not visit.diagnoses:
        problems.append(Problem("diagnoses", "Add at least one diagnosis.", "837P 2300 HI"))
    if len(visit.diagnoses) > MOST_DIAGNOSES:
        problems.append(
            Problem("diagnoses", "A claim holds at most 12 diagnoses. Remove the least important.", "837P 2300 HI")
        )
    for i, code in enumerate(visit.diagnoses):
        try:
            codes.diagnosis(code)
        except ValueError as wrong:
            problems.append(Problem(f"diagnoses[{i}]", f"{chr(65 + i)}: {wrong}.", "ICD-10-CM"))
        if code in visit.diagnoses[:i]:
            problems.append(
                Problem(f"diagnoses[{i}]", f"{chr(65 + i)} repeats an earlier diagnosis. Remove it.", "X12 RFI 433")
            )
    if not visit.lines:
        problems.append(Problem("lines", "Add at least one service.", "837P 2400"))
    if len(visit.lines) > MOST_LINES:
        problems.append(
            Problem("lines", "A claim holds at most 50 services. Record the rest as a second visit.", "837P 2400")
        )
    return problems


def _line_problems(visit: Encounter, line: ServiceLine, where: str) -> list[Problem]:
    problems = []
    try:
        codes.procedure(line.procedure)
    except ValueError as wrong:
        problems.append(Problem(f"{where}.procedure", f"{str(wrong).capitalize()}.", "837P 2400 SV101-2"))
    if len(line.modifiers) > 4 or not all(codes.is_modifier(m) for m in line.modifiers):
        problems.append(
            Problem(f"{where}.modifiers", "Up to four modifiers of two characters each, like 25.", "837P 2400 SV101-3")
        )
    if not line.units.is_finite() or not 0 < line.units <= 9999 or line.units.as_tuple().exponent < -3:  # type: ignore[operator]
        problems.append(Problem(f"{where}.units", "Units must be more than 0, at most 9999.", "837P 2400 SV104"))
    if not 1 <= len(line.pointers) <= 4:
        problems.append(Problem(f"{where}.pointers", "Point to one to four diagnoses.", "837P 2400 SV107"))
    elif len(set(line.pointers)) < len(line.pointers):
        problems.append(Problem(f"{where}.pointers", "The same diagnosis is pointed to twice.", "837P 2400 SV107"))
    elif not all(1 <= p <= len(visit.diagnoses) for p in line.pointers):
        problems.append(
            Problem(
                f"{where}.pointers", "This service points to a diagnosis that is not on the visit.", "837P 2400 SV107"
            )
        )
    if line.charge_cents is not None and line.charge_cents < 0:
        problems.append(Problem(f"{where}.charge", "A charge can't be below zero.", "837P 2400 SV102"))
    return problems
