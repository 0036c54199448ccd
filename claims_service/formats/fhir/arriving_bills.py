"""What a FHIR Claim of a stay or of a visit to the dentist says of it: facts of the stay, revenue lines, teeth, drugs.

Facts stand in supportingInfo, known by the category (CARIN Blue Button) or by the code system of the NUBC they are from.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from claims_service.domain import money
from claims_service.domain.claim.claim import INTERIM
from claims_service.domain.claim.institutional import CodedValue, Occurrence, Surgery
from claims_service.domain.encounter import DENTAL, INSTITUTIONAL, ServiceLine
from claims_service.domain.errors import Problem
from claims_service.domain.line_detail import AREAS, DAYS, MINUTES, NO_DETAIL, UNITS, LineDetail
from claims_service.domain.stay import Stay
from claims_service.formats.fhir.bundle import Group
from claims_service.formats.fhir.wire import Tree

KINDS = {"institutional": INSTITUTIONAL, "oral": DENTAL}
BILL, PERIOD, KIND_OF_ADMISSION, SOURCE, LEFT, DRG = (
    "typeofbill", "admissionperiod", "admtype", "pointoforigin", "discharge-status", "drg",
)  # fmt: skip
_NUBC = "https://www.nubc.org/CodeSystem/"
OCCURRENCE, SPAN, VALUE, CONDITION = "OccurrenceCodes", "OccurrenceSpanCodes", "ValueCodes", "ConditionCodes"
_NDC = "http://hl7.org/fhir/sid/ndc"
NO_DAY = date.min
_UCUM = {"d": DAYS, "min": MINUTES}
_NOT_MEASURED = frozenset({"", "1"})


@dataclass(frozen=True, slots=True)
class ArrivingBill:
    """kind: I or D. operating: the surgeon's Practitioner. stay: without its surgeon; None for a dentist."""

    kind: str
    served_on: date | None
    diagnoses: tuple[str, ...]
    lines: tuple[ServiceLine, ...]
    stay: Stay | None = None
    operating: Tree | None = None
    problems: tuple[Problem, ...] = ()


def bill_of(group: Group, visit: Tree) -> ArrivingBill | None:
    """The bill of a visit that its own kind of Claim describes; None where there is none, or it names no type of bill."""
    for claim in group.about(visit, "Claim"):
        kind = KINDS.get(_code(claim.get("type")))
        facts = list(_facts(claim))
        if kind == DENTAL or (kind == INSTITUTIONAL and any(category == BILL for category, _, _ in facts)):
            begun, until = _period(claim.get("billablePeriod"))
            listed = sorted(claim.get("diagnosis", ()), key=lambda one: one.get("sequence", 0))
            reasons = [one for one in listed if not _kinds_of(one) & {"admitting", "patientreasonforvisit"}]
            lines, problems = _lines(claim)
            found = tuple(_plain(_code(one.get("diagnosisCodeableConcept"))) for one in reasons)
            if kind == DENTAL:
                return ArrivingBill(kind, begun and begun.date(), found, lines, problems=problems)
            stay = _stay(claim, facts, listed, reasons, until)
            surgeon: Tree = next(
                (one for one in claim.get("careTeam", ()) if _code(one.get("role")) == "operating"), {}
            )
            operating = group.resolved(surgeon.get("provider"), claim)
            return ArrivingBill(INSTITUTIONAL, begun and begun.date(), found, lines, stay, operating, problems)
    return None


def _lines(claim: Tree) -> tuple[tuple[ServiceLine, ...], tuple[Problem, ...]]:
    """The services, and the amounts among them that can't be read."""
    made, problems = [], []
    for n, item in enumerate(claim.get("item", ())):
        try:
            made.append(_line(item))
        except ValueError as wrong:
            problems.append(Problem(f"Claim.item[{n}].net", f"{str(wrong).capitalize()}.", "FHIR Claim.item.net"))
    return tuple(made), tuple(problems)


def _facts(claim: Tree) -> Iterator[tuple[str, str, Tree]]:
    """(category or NUBC list, code, the whole entry) of each supportingInfo."""
    for one in claim.get("supportingInfo", ()):
        coding: Tree = next(iter(one.get("code", {}).get("coding", ())), {})
        system = str(coding.get("system", ""))
        category = system.removeprefix(_NUBC) if system.startswith(_NUBC) else _code(one.get("category"))
        named = {
            "TypeOfBill": BILL,
            "PointOfOrigin": SOURCE,
            "PriorityTypeOfAdmitOrVisit": KIND_OF_ADMISSION,
            "PatDischargeStatus": LEFT,
        }
        yield named.get(category, category), str(coding.get("code", "")), one


def _stay(
    claim: Tree, facts: list[tuple[str, str, Tree]], listed: list[Tree], reasons: list[Tree], until: datetime | None
) -> Stay:
    by = {category: (code, one) for category, code, one in facts}

    def code(category: str, other: str = "") -> str:
        return by.get(category, (other, {}))[0]

    admitted, left = _period(by[PERIOD][1].get("timingPeriod")) if PERIOD in by else (None, None)
    asked = [one for one in listed if _kinds_of(one) & {"admitting", "patientreasonforvisit"}]

    marks = tuple(_code(one.get("onAdmission")).upper() for one in reasons)
    bill = code(BILL).removeprefix("0")
    return Stay(
        bill[:2], until.date() if until else NO_DAY, code(KIND_OF_ADMISSION, "9"), code(LEFT, "01"),
        code(SOURCE), admitted and admitted.date(), _hour(admitted), _hour(left),
        _plain(_code(asked[0].get("diagnosisCodeableConcept"))) if asked else "", code(DRG),
        present=marks if any(marks) else (), interim=bill[2:] if bill[2:] in INTERIM else "",
        surgeries=tuple(
            Surgery(_plain(_code(one.get("procedureCodeableConcept"))), day.date() if (day := _time(one.get("date"))) else None)
            for one in sorted(claim.get("procedure", ()), key=lambda one: one.get("sequence", 0))
        ),
        occurrences=tuple(_occurrence(name, one) for category, name, one in facts if category == OCCURRENCE),
        spans=tuple(_occurrence(name, one) for category, name, one in facts if category == SPAN),
        values=tuple(
            CodedValue(name, Decimal(one.get("valueQuantity", {}).get("value", "NaN"))) for category, name, one in facts if category == VALUE
        ),
        conditions=tuple(name for category, name, _ in facts if category == CONDITION),
    )  # fmt: skip


def _occurrence(code: str, one: Tree) -> Occurrence:
    """A day that is missing becomes NO_DAY, which the stay refuses."""
    begun, until = _period(one.get("timingPeriod"))
    on = _time(one.get("timingDate")) or begun
    return Occurrence(code, on.date() if on else NO_DAY, until.date() if until else None)


def _line(item: Tree) -> ServiceLine:
    revenue = _code(item.get("revenue"))
    quantity, drug = item.get("quantity", {}), _drug(item)
    tooth, area = _tooth_or_area(item)
    basis = str(quantity.get("code", "")) or UNITS
    basis = _UCUM.get(basis, basis)
    amount = drug.get("quantity", {})
    surfaces = "".join(_code(one) for one in item.get("subSite", ()))
    unit = str(amount.get("code", "")) if amount else ""
    detail = LineDetail(
        basis=UNITS if basis in _NOT_MEASURED else basis, tooth=tooth, surfaces=surfaces,
        area=area, revenue_code=revenue.zfill(4) if revenue else "",
        ndc_quantity=Decimal(amount["value"]) if amount.get("value") is not None else None, ndc_unit=unit,
    )  # fmt: skip
    served = _time(item.get("servicedDate"))
    net = item.get("net", {}).get("value")
    return ServiceLine(
        _service(item), tuple(item.get("diagnosisSequence", ())), tuple(_code(one) for one in item.get("modifier", ())),
        Decimal(quantity.get("value", 1)), None if net is None else money.cents(net), served and served.date(),
        ndc=_code(drug.get("productOrService")).replace("-", ""), detail=NO_DETAIL if detail == NO_DETAIL else detail,
    )  # fmt: skip


def _tooth_or_area(item: Tree) -> tuple[str, str]:
    """10, 20 and 30 are teeth and quadrants both: the code system says which, or else the surfaces of a tooth."""
    coding: Tree = next(iter(item.get("bodySite", {}).get("coding", ())), {})
    code, system = str(coding.get("code", "")), str(coding.get("system", ""))
    named = "Tooth" in system or bool(item.get("subSite"))
    return (code, "") if code not in AREAS or (named and "AreaOralCavity" not in system) else ("", code)


def _service(item: Tree) -> str:
    """The CPT, HCPCS or CDT code; a revenue line may say that it has none."""
    codings = item.get("productOrService", {}).get("coding", ())
    return next(
        (str(one["code"]) for one in codings if one.get("code") and "data-absent" not in str(one.get("system"))), ""
    )


def _drug(item: Tree) -> Tree:
    """The part of a service that is a drug by its NDC."""
    return next(
        (
            one
            for one in item.get("detail", ())
            for c in one.get("productOrService", {}).get("coding", ())
            if c.get("system") == _NDC
        ),
        {},
    )


def _kinds_of(diagnosis: Tree) -> set[str]:
    return {_code(one) for one in diagnosis.get("type", ())}


def _code(concept: Any) -> str:
    return next((str(one["code"]) for one in (concept or {}).get("coding", ()) if one.get("code")), "")


def _plain(code: str) -> str:
    return code.replace(".", "").upper()


def _period(period: Any) -> tuple[datetime | None, datetime | None]:
    return _time((period or {}).get("start")), _time((period or {}).get("end"))


def _time(text: Any) -> datetime | None:
    """A day or an instant as it stands on the clock where it was written."""
    try:
        return datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _hour(at: datetime | None) -> str:
    return f"{at:%H%M}" if at and at.tzinfo else ""
