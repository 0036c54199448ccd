"""Whether a resource is what R4 says it is, by the R4B models, whose resources here are those of 4.0.1 element by element."""

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from claims_service.domain.errors import Problem
from claims_service.formats.fhir.wire import Tree

_MESSAGES = {
    "missing": "This element is required.",
    "extra_forbidden": "R4 has no such element here.",
    "model_type": "An object of another kind is expected here.",
    "list_type": "A list is expected here.",
}


def problems_in(resource: Tree, where: str = "") -> list[Problem]:
    """Every fault with its FHIRPath; never a value, which could be a patient's."""
    from fhir.resources.R4B import get_fhir_model_class

    kind = str(resource.get("resourceType", ""))
    prefix = f"{where} " if where else ""
    try:
        model = get_fhir_model_class(kind)
    except (KeyError, LookupError, ValueError):
        return [Problem(f"{prefix}resourceType", "R4 has no such resource.", "FHIR R4")]
    try:
        model.model_validate(resource)
    except ValidationError as wrong:
        return list(_problems(kind, prefix, wrong))
    return []


def _problems(kind: str, prefix: str, wrong: ValidationError) -> Iterator[Problem]:
    for error in wrong.errors(include_url=False, include_context=False, include_input=False):
        message = _MESSAGES.get(error["type"], "The value is not of the kind that R4 asks for.")
        yield Problem(f"{prefix}{_path(kind, error['loc'])}", message, "FHIR R4")


def _path(kind: str, location: tuple[Any, ...]) -> str:
    path = kind
    for step in location:
        if isinstance(step, int):
            path += f"[{step}]"
        elif step != "root" and not str(step)[:1].isupper():
            path += f".{step}"
    return path
