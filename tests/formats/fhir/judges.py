"""The outside judges of the FHIR resources we keep: two models, the official schema, and whether references lead anywhere."""

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

from claims_service.formats.fhir import wire
from claims_service.store.connection import opened, run


def kept(practice: int) -> list[dict[str, Any]]:
    """Every version of every resource of a practice, in the order they were written."""
    with opened():
        rows = run("select body from fhir_resource where practice_id = ? order by id", (practice,)).fetchall()
    return [json.loads(bytes(row[0]), parse_float=Decimal) for row in rows]


def models_accept(resources: Sequence[dict[str, Any]]) -> None:
    """fhir.resources R4B and fhirclient; raises what the first of them says."""
    from fhir.resources.R4B import get_fhir_model_class
    from fhirclient.models.fhirelementfactory import FHIRElementFactory

    for resource in resources:
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)
        FHIRElementFactory.instantiate(resource["resourceType"], json.loads(wire.write_json(resource)))


def schema_faults(resources: Sequence[dict[str, Any]], shared_data: Path) -> list[str]:
    """What the official XSD says against each resource written as XML."""
    schema = etree.XMLSchema(etree.parse(shared_data / "fhir" / "r4-schema" / "fhir-single.xsd"))
    return [
        f"{resource['resourceType']}/{resource['id']}: {schema.error_log}"
        for resource in resources
        if not schema.validate(etree.fromstring(wire.write_xml(resource)))
    ]


def dangling(resources: Sequence[dict[str, Any]]) -> set[str]:
    """References to resources that are not among these."""
    known = {f"{resource['resourceType']}/{resource['id']}" for resource in resources}
    return {found for resource in resources for found in references(resource)} - known


def references(value: Any) -> Iterator[str]:
    """Every Reference.reference below a value."""
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for found in value.values():
            yield from references(found)
    elif isinstance(value, list):
        for found in value:
            yield from references(found)
