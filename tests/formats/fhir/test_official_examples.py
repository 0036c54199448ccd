"""The official R4 examples are read, written and read again without losing anything, and the official schema agrees."""

from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from claims_service.formats.fhir import wire

pytestmark = pytest.mark.corpus


@pytest.fixture(scope="module")
def schema(shared_data: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(shared_data / "fhir" / "r4-schema" / "fhir-single.xsd"))


@pytest.mark.thorough
def test_every_json_example_becomes_valid_xml_and_comes_back_equal(shared_data: Path, schema: etree.XMLSchema) -> None:
    files = sorted((shared_data / "fhir" / "r4-examples-json").glob("*.json"))

    for file in files:
        tree = wire.read(file.read_bytes())
        xml = wire.write_xml(tree)

        assert schema.validate(etree.fromstring(xml)), f"{file.name}: {schema.error_log}"
        assert _without_narrative(wire.read(xml)) == _without_narrative(tree), file.name
        assert wire.read(wire.write_json(tree)) == tree, file.name
    assert len(files) > 200


def test_every_xml_example_is_read(shared_data: Path) -> None:
    files = sorted((shared_data / "fhir" / "r4-examples-xml").glob("*.xml"))

    for file in files:
        assert wire.read(file.read_bytes())["resourceType"], file.name
    assert len(files) > 150


def _without_narrative(value: Any) -> Any:
    """XHTML may be spelled in several ways; everything else must be equal."""
    if isinstance(value, dict):
        return {key: _without_narrative(found) for key, found in value.items() if key != "div"}
    return [_without_narrative(one) for one in value] if isinstance(value, list) else value
