"""The tables in mappings/fhir: what they may say, and that they say nothing that is never used."""

from typing import Any

import pytest

from claims_service.config import data_folder
from claims_service.formats.fhir import table
from claims_service.formats.fhir.converters import CPT, HCPCS, named
from claims_service.formats.fhir.table import TableFault, compiled

FOLDER = data_folder("mappings") / "fhir"
NAMES = sorted(file.relative_to(FOLDER).with_suffix("").as_posix() for file in FOLDER.rglob("*.toml"))


@pytest.mark.parametrize("name", NAMES)
def test_every_table_can_be_understood(name: str) -> None:
    assert table.table(name).settings


def of(fields: dict[str, Any], source: dict[str, Any], **more: Any) -> dict[str, Any]:
    return compiled("test", {"fields": fields, **more}).of(source)


def test_a_row_repeats_for_each_value_it_finds() -> None:
    fields = {"item[lines].net": "cents as money", "item[lines].modifier[modifiers].code": "."}
    lines = [{"cents": 1250, "modifiers": ["25", "59"]}, {"cents": -5, "modifiers": []}]

    made = of(fields, {"lines": lines})

    assert made["item"][0]["modifier"] == [{"code": "25"}, {"code": "59"}]
    assert [str(item["net"]["value"]) for item in made["item"]] == ["12.50", "-0.05"]
    assert "modifier" not in made["item"][1]


def test_an_object_without_a_value_is_left_out_with_its_constants() -> None:
    fields = {"id": "id", "telecom[0].system": "=phone", "telecom[0].value": "phone", "status": "=active"}

    assert of(fields, {"id": "1", "phone": ""}) == {"id": "1", "status": "active"}


def test_nothing_owed_is_written_as_zero_dollars() -> None:
    assert str(of({"total": "cents as money"}, {"cents": 0})["total"]["value"]) == "0.00"


def test_the_first_place_that_holds_something_is_read() -> None:
    source = {"name": [{"use": "old", "family": "A"}, {"use": "official", "family": "B"}]}

    assert of({"last": "name[use=official].family | name[0].family"}, source) == {"last": "B"}
    assert of({"last": "name[use=nickname].family | name[0].family"}, source) == {"last": "A"}


def test_a_code_that_is_not_in_the_table_is_never_guessed() -> None:
    assert of({"sex": "g as code sex"}, {"g": "x"}, codes={"sex": {"F": "female"}}) == {}


def test_procedures_name_the_owner_of_their_code() -> None:
    convert = named("procedure_system", "")

    assert (convert("99213"), convert("0001U"), convert("G0008")) == (CPT, CPT, HCPCS)


@pytest.mark.parametrize(
    ("place", "source"),
    [("a", "b as guess"), ("a", "b as reference Spaceship"), ("a", "b as code missing"), ("a[0", "b"), ("a..b", "c")],
)
def test_a_row_that_cannot_be_understood_is_named(place: str, source: str) -> None:
    with pytest.raises(TableFault, match=r"mappings/fhir/test.toml, a"):
        of({place: source}, {})


def test_a_place_is_filled_once() -> None:
    with pytest.raises(TableFault, match=r"a\.b"):
        of({"a": "x", "a.b": "y"}, {})
