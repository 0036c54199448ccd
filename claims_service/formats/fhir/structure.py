"""What may stand where in a FHIR R4 resource, read off the R4B models: order, repetition and kind of each element.

The models of `fhir.resources` load in about half a second: only XML and full validation need them.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, get_args

RESOURCE = "Resource"


@dataclass(frozen=True, slots=True)
class Element:
    """kind: name of a complex type, "Resource", or a primitive: "text", "boolean", "integer", "decimal", "xhtml"."""

    many: bool
    kind: str

    @property
    def is_primitive(self) -> bool:
        return self.kind[0].islower()


@dataclass(frozen=True, slots=True)
class Shape:
    """The elements of one type by their name on the wire, in the order XML wants them."""

    order: tuple[str, ...]
    elements: dict[str, Element]


@cache
def shape(kind: str) -> Shape | None:
    """None for a type that R4 does not have."""
    from fhir.resources.R4B import get_fhir_model_class

    try:
        model = get_fhir_model_class(kind)
    except (KeyError, LookupError, ValueError):
        return None
    elements = {}
    for field in model.model_fields.values():
        if (field.json_schema_extra or {}).get("element_property"):  # type: ignore[union-attr]
            elements[str(field.alias)] = _element(field.annotation)
    order = tuple(name for name in model.elements_sequence() if name in elements)
    return Shape(order, elements)


def _element(annotation: Any) -> Element:
    many = False
    while args := get_args(annotation):
        many = many or getattr(annotation, "__origin__", None) is list
        kept = [arg for arg in args if arg is not type(None)]
        if hasattr(annotation, "__metadata__"):
            return Element(many, _primitive(annotation.__metadata__[0], annotation.__origin__))
        annotation = kept[0]
    name = str(getattr(annotation, "__name__", annotation))
    if name.endswith("Type") and hasattr(annotation, "get_model_klass"):
        model = getattr(annotation, "_model_klass", "")
        short = model.rpartition(".")[2] if isinstance(model, str) and model else name.removesuffix("Type")
        return Element(many, RESOURCE if name == "ResourceType" else short)
    return Element(many, _primitive(None, annotation))


def _primitive(meta: object, base: object) -> str:
    name = type(meta).__name__ if meta is not None else getattr(base, "__name__", "str")
    if name in ("Boolean", "bool"):
        return "boolean"
    if name in ("Integer", "PositiveInt", "UnsignedInt", "Integer64", "int"):
        return "integer"
    if name in ("Decimal", "float"):
        return "decimal"
    return "xhtml" if name == "Xhtml" else "text"
