"""Visits: recorded in batches, read one by one or in pages."""

from typing import Any

from flask import Response

from claims_service import clock
from claims_service.access import guard
from claims_service.domain import codes
from claims_service.domain.claim.institutional import CodedValue, Occurrence, Surgery
from claims_service.domain.dentition import Dentition
from claims_service.domain.encounter import Encounter, ServiceLine
from claims_service.domain.errors import Problem, Rejected
from claims_service.domain.line_detail import NO_DETAIL, LineDetail
from claims_service.domain.stay import Stay
from claims_service.interfaces.api import shapes, visit_shapes
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


@route("GET", "/encounters/<int:encounter>", "api.read", visit_shapes.EncounterDetail)
def read_encounter(encounter: int) -> visits.Recorded:
    """One visit."""
    found = visits.recorded(guard.current().practice, encounter)
    guard.saw([found.encounter.patient_id], "encounter.read", f"encounter:{encounter}")
    return found


@route("POST", "/encounters", "api.write", shapes.RecordedEncounters, body=visit_shapes.EncountersIn, status=201)
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
    return Encounter(
        one["patient"], one["served_on"], one["place_of_service"], one["rendering"],
        tuple(_diagnosis(code) for code in one["diagnoses"]), tuple(map(_line, one["lines"])), one["reference"],
        one["prior_authorization"], one["referring"], one["note"], kind=one["kind"], stay=_stay(one["stay"]) if one["stay"] else None,
        dentition=_dentition(one["dentition"]) if one["dentition"] else None,
    )  # fmt: skip


def _line(line: dict[str, Any]) -> ServiceLine:
    told: dict[str, Any] = {n: v.strip().upper() if isinstance(v, str) else v for n, v in line["detail"].items()}
    said = LineDetail(**told)
    return ServiceLine(
        line["procedure"].strip().upper(), tuple(line["pointers"]), tuple(line["modifiers"]), line["units"], line["charge"],
        line["served_on"], line["place_of_service"], line["ndc"].replace("-", ""), line["description"],
        NO_DETAIL if said == NO_DETAIL else said,
    )  # fmt: skip


def _stay(told: dict[str, Any]) -> Stay:
    listed = {
        "present": tuple(told["present"]), "conditions": tuple(told["conditions"]),
        "surgeries": tuple(Surgery(**one) for one in told["surgeries"]),
        "occurrences": tuple(Occurrence(**one) for one in told["occurrences"]),
        "spans": tuple(Occurrence(**one) for one in told["spans"]), "values": tuple(CodedValue(**one) for one in told["values"]),
        "admitting_diagnosis": _diagnosis(told["admitting_diagnosis"]) if told["admitting_diagnosis"] else "",
    }  # fmt: skip
    return Stay(**{**told, **listed})


def _dentition(told: dict[str, Any]) -> Dentition:
    teeth = {
        name: tuple(tooth.strip().upper() for tooth in told[name]) for name in ("missing_teeth", "teeth_to_extract")
    }
    return Dentition(**{**told, **teeth})


def _diagnosis(text: str) -> str:
    """Without its dot where it is a code; else as it came, for the visit to refuse with its place."""
    try:
        return codes.diagnosis(text)
    except ValueError:
        return text
