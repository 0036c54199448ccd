"""A visit as the clinic records it. Holding an Encounter means that a claim can be built from it."""

from dataclasses import InitVar, dataclass
from datetime import date
from decimal import Decimal

from claims_service.domain import codes
from claims_service.domain.dentition import Dentition
from claims_service.domain.errors import Problem, Rejected
from claims_service.domain.line_detail import NO_DETAIL, LineDetail
from claims_service.domain.stay import Stay

PROFESSIONAL, INSTITUTIONAL, DENTAL, NO_VISIT = "P", "I", "D", "N"
MOST_DIAGNOSES = 12  # 837P 2300 HI: HI01..HI12
MOST_LINES = 50  # 837P 2400 repeats 50 times
MOST_OF_A_VISIT = 500  # services; beyond it something else is wrong
MOST_REASONS = 48
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
    detail: LineDetail = NO_DETAIL


@dataclass(frozen=True, slots=True)
class Encounter:
    """A visit ready to be billed, by one claim or, where it is too large or of several providers, by more (domain.visit_parts).

    diagnoses: ICD-10-CM without dots, the principal first. kept: it was looked at when it was recorded.
    kind: P professional, I a facility's bill with its stay, D dental, N a charge without a visit, which the patient pays.

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
    kind: str = PROFESSIONAL
    stay: Stay | None = None
    dentition: Dentition | None = None

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
    if not visit.diagnoses and visit.kind in (PROFESSIONAL, INSTITUTIONAL):
        problems.append(Problem("diagnoses", "Add at least one diagnosis.", "837P 2300 HI"))
    if len(visit.diagnoses) > MOST_REASONS:
        problems.append(
            Problem("diagnoses", f"At most {MOST_REASONS} diagnoses. Remove the least important.", "837P 2300 HI")
        )
    problems += _stay_problems(visit)
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
    if len(visit.lines) > MOST_OF_A_VISIT:
        problems.append(Problem("lines", f"A visit has at most {MOST_OF_A_VISIT} services.", "837P 2400"))
    return problems


def _stay_problems(visit: Encounter) -> list[Problem]:
    problems = []
    if (visit.kind == INSTITUTIONAL) != (visit.stay is not None):
        problems.append(Problem("kind", "A facility's bill, and no other, says what stay it is of.", "837I 2300"))
    if visit.stay:
        problems += visit.stay.problems(visit.served_on)
        if len(visit.stay.present) > len(visit.diagnoses):
            problems.append(Problem("stay.present", "There are more marks than diagnoses.", "837I 2300 HI"))
    if visit.dentition and visit.kind != DENTAL:
        problems.append(Problem("kind", "Only a visit to the dentist says which teeth are missing.", "837D 2300 DN2"))
    elif visit.dentition:
        problems += visit.dentition.problems(visit.served_on)
    return problems


def _line_problems(visit: Encounter, line: ServiceLine, where: str) -> list[Problem]:
    problems = []
    try:
        if line.procedure or not (visit.kind == INSTITUTIONAL and line.detail.revenue_code):
            codes.procedure(line.procedure)
    except ValueError as wrong:
        problems.append(Problem(f"{where}.procedure", f"{str(wrong).capitalize()}.", "837P 2400 SV101-2"))
    if len(line.modifiers) > 4 or not all(codes.is_modifier(m) for m in line.modifiers):
        problems.append(
            Problem(f"{where}.modifiers", "Up to four modifiers of two characters each, like 25.", "837P 2400 SV101-3")
        )
    if not line.units.is_finite() or not 0 < line.units <= 9999 or line.units.as_tuple().exponent < -3:  # type: ignore[operator]
        problems.append(Problem(f"{where}.units", "Units must be more than 0, at most 9999.", "837P 2400 SV104"))
    if visit.kind == INSTITUTIONAL and not line.detail.revenue_code:
        problems.append(
            Problem(f"{where}.revenue_code", "A facility's service needs its revenue code.", "837I 2400 SV201")
        )
    if line.detail is not NO_DETAIL:
        problems += line.detail.problems(where)
    if visit.kind != PROFESSIONAL and not line.pointers:
        pass
    elif not 1 <= len(line.pointers) <= 4:
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
