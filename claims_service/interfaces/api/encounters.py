"""Visits: recorded in batches, read one by one or in pages."""

from typing import Any

from flask import Response

from claims_service import clock
from claims_service.access import guard
from claims_service.domain import codes
from claims_service.domain.encounter import Encounter, ServiceLine
from claims_service.domain.errors import Problem, Rejected
from claims_service.interfaces.api import shapes
from claims_service.interfaces.api.site import once, paged, position, route
from claims_service.queries import listings, visits
from claims_service.workflow.record_encounter import record_encounters


@route("GET", "/encounters", "api.read", shapes.EncounterPage, query=shapes.StateQuery)
def list_encounters(query: dict[str, Any]) -> dict[str, Any]:
    """Visits, the oldest first."""
    found = listings.encounters(
        guard.current().practice,
        after=position("encounters", query["cursor"]),
        count=query["limit"],
        state=query["state"],
    )
    guard.saw([visit.patient for visit in found.items], "encounter.list")
    return paged("encounters", found)


@route("GET", "/encounters/<int:encounter>", "api.read", shapes.EncounterDetail)
def read_encounter(encounter: int) -> visits.Recorded:
    """One visit."""
    found = visits.recorded(guard.current().practice, encounter)
    guard.saw([found.encounter.patient_id], "encounter.read", f"encounter:{encounter}")
    return found


@route("POST", "/encounters", "api.write", shapes.RecordedEncounters, body=shapes.EncountersIn, status=201)
def add_encounters(body: dict[str, Any]) -> Response:
    """Record one visit or many: all of them or, with every problem told, none. A reference known before counts once."""
    recorded = _read(body["encounters"])
    who = guard.current()

    def work() -> dict[str, Any]:
        outcome = record_encounters(who.practice, recorded, by=who.actor, now=clock.now(), source="api")
        rows = [
            {"id": key or visits.by_reference(who.practice, visit.reference), "reference": visit.reference, "recorded": key is not None}
            for key, visit in zip(outcome.ids, recorded, strict=True)
        ]  # fmt: skip
        return {"encounters": rows}

    return once(shapes.RecordedEncounters, 201, work)


def _read(listed: list[dict[str, Any]]) -> list[Encounter]:
    made, problems = [], []
    for i, one in enumerate(listed):
        try:
            made.append(_visit(one))
        except Rejected as wrong:
            problems += [Problem(f"encounters[{i}].{p.where}", p.message, p.rule, p.mend) for p in wrong.problems]
    if problems:
        raise Rejected(problems)
    return made


def _visit(one: dict[str, Any]) -> Encounter:
    lines = tuple(
        ServiceLine(
            line["procedure"].strip().upper(), tuple(line["pointers"]), tuple(line["modifiers"]), line["units"], line["charge"],
            line["served_on"], "", line["ndc"], line["description"],
        )
        for line in one["lines"]
    )  # fmt: skip
    return Encounter(
        one["patient"], one["served_on"], one["place_of_service"], one["rendering"],
        tuple(_diagnosis(code) for code in one["diagnoses"]), lines, one["reference"], one["prior_authorization"],
        one["referring"], one["note"],
    )  # fmt: skip


def _diagnosis(text: str) -> str:
    """Without its dot where it is a code; else as it came, for the visit to refuse with its place."""
    try:
        return codes.diagnosis(text)
    except ValueError:
        return text
