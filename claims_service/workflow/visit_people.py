"""Whether everybody a visit names is of this practice. Not a step itself."""

from collections.abc import Sequence

from claims_service.domain.encounter import Encounter
from claims_service.domain.errors import Problem, Rejected
from claims_service.domain.visit_parts import is_whole
from claims_service.store import parties, patients


def check_people(practice: int, visits: Sequence[Encounter]) -> None:
    """Raises:
    Rejected: a patient or provider is not of this practice, or a reference is missing; with every problem.
    """
    known = patients.people(practice, list({visit.patient_id for visit in visits}))
    staff = parties.providers(practice)
    problems = []
    for i, visit in enumerate(visits):
        if visit.patient_id not in known:
            problems.append(Problem(f"[{i}].patient", "There is no such patient.", "", "Search for the patient again."))
        if visit.rendering_id not in staff:
            problems.append(Problem(f"[{i}].rendering", "There is no such provider.", "", "Choose who gave the care."))
        if visit.referring_id is not None and visit.referring_id not in staff:
            problems.append(
                Problem(f"[{i}].referring", "There is no such referring provider.", "", "Choose one from the list.")
            )
        for n, line in enumerate(visit.lines):
            if line.detail.rendering_id is not None and line.detail.rendering_id not in staff:
                problems.append(
                    Problem(
                        f"[{i}].lines[{n}].rendering", "There is no such provider.", "", "Choose who gave the care."
                    )
                )
        if visit.stay and visit.stay.operating_id is not None and visit.stay.operating_id not in staff:
            problems.append(
                Problem(f"[{i}].stay.operating", "There is no such surgeon.", "", "Choose one from the list.")
            )
        if not visit.reference:
            problems.append(
                Problem(f"[{i}].reference", "The visit has no reference.", "", "Give each visit a number of its own.")
            )
    if problems:
        raise Rejected(problems)


def check_whole(visits: Sequence[Encounter]) -> None:
    """A visit that has a claim stays one claim's.

    Raises:
        Rejected: it would take more than one.
    """
    for visit in visits:
        if not is_whole(visit):
            message = "One claim holds at most 50 services, 12 diagnoses and one provider."
            raise Rejected([Problem("lines", message, "837P 2400", "Record the rest as a second visit.")])
