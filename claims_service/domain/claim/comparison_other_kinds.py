"""What a facility's and a dentist's claim say beside every other, in a biller's words, for two versions side by side."""

from collections.abc import Iterable
from datetime import date

from claims_service.domain import codes
from claims_service.domain.claim.claim import ClaimLine
from claims_service.domain.claim.dental import MISSING, TO_EXTRACT, DentalClaim, DentalLine, Orthodontics
from claims_service.domain.claim.institutional import FoundDiagnosis, InstitutionalClaim, Occurrence, RevenueLine
from claims_service.domain.line_detail import DAYS, FIRST, MINUTES, REPLACEMENT

PROSTHESES = {FIRST: "first", REPLACEMENT: "replacement"}
BASES = {DAYS: "days", MINUTES: "minutes"}


def stay(claim: InstitutionalClaim) -> dict[str, str]:
    """A stay by the labels of the visit form; lists with commas between."""
    return {
        "Type of bill": claim.type_of_bill,
        "First day billed": claim.statement_from.isoformat(),
        "Last day billed": claim.statement_until.isoformat(),
        "Admitted on": _day(claim.admitted_on),
        "Admitted at": claim.admitted_time,
        "Discharged at": claim.discharge_time,
        "Type of admission": claim.admission_type,
        "Came from": claim.admission_source,
        "Left how": claim.patient_status,
        "Admitting diagnosis": codes.dotted(claim.admitting_diagnosis),
        "Reason for the visit": _listed(map(codes.dotted, claim.visit_reasons)),
        "DRG": claim.drg,
        "Attending": claim.attending.full_name if claim.attending else "",
        "Surgeon": claim.operating.full_name if claim.operating else "",
        "Referred by": claim.referring.full_name if claim.referring else "",
        "Procedures of the stay": _listed(f"{one.code} {_day(one.on)}" for one in claim.surgeries),
        "Occurrence codes": _listed(map(_occurrence, claim.occurrences)),
        "Occurrence spans": _listed(map(_occurrence, claim.spans)),
        "Value codes": _listed(f"{one.code} {one.value:f}" for one in claim.values),
        "Condition codes": _listed(claim.conditions),
    }


def diagnosis(found: FoundDiagnosis) -> str:
    """The code with its dot, and whether it was there on admission."""
    mark = found.present_on_admission
    return f"{codes.dotted(found.code)} ({mark} on admission)" if mark else codes.dotted(found.code)


def mouth(claim: DentalClaim) -> dict[str, str]:
    """Teeth that are gone or going, and orthodontics, by the labels of the visit form."""
    straightened = claim.orthodontics or Orthodontics()
    return {
        "Missing teeth": _listed(one.number for one in claim.tooth_status if one.status == MISSING),
        "Teeth to be extracted": _listed(one.number for one in claim.tooth_status if one.status == TO_EXTRACT),
        "Months of orthodontics": str(straightened.months or ""),
        "Months yet to come": "" if straightened.months_left is None else str(straightened.months_left),
        "Braces placed on": _day(claim.appliance_on),
    }


def teeth(line: DentalLine) -> dict[str, str]:
    """Where in the mouth."""
    return {
        "tooth": _listed(tooth.number for tooth in line.teeth),
        "surfaces": _listed("".join(tooth.surfaces) for tooth in line.teeth),
        "area of the mouth": _listed(line.oral_cavity),
        "first or replacement": PROSTHESES.get(line.prosthesis, ""),
        "placed before on": _day(line.replaces_on),
    }


def drug(line: ClaimLine | RevenueLine) -> str:
    """How much of a drug: "1.5 ML"; "" where its units are the line's."""
    return "" if line.ndc_quantity is None else f"{line.ndc_quantity.normalize():f} {line.ndc_unit}"


def _occurrence(one: Occurrence) -> str:
    return f"{one.code} {_day(one.on)}" + (f" to {_day(one.until)}" if one.until else "")


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(text.strip() for text in texts)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
