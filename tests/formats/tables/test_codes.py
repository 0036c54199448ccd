"""The code lists that travel with the product."""

import pytest

from claims_service.config import data_folder
from claims_service.domain import codes as shapes
from claims_service.formats.tables import codes

LISTS = sorted(file.stem for file in (data_folder("mappings") / "codes").glob("*.tsv"))


@pytest.mark.parametrize("name", LISTS)
def test_every_list_can_be_looked_up(name: str) -> None:
    table = codes.table(name)

    assert len(table) >= 4
    for key, row in table.items():
        parts = key if isinstance(key, tuple) else (key,)
        assert codes.row(name, *parts) is row


def test_a_code_that_is_not_listed_is_shown_bare() -> None:
    assert codes.label("carc", "45") != "45"
    assert codes.label("carc", "9999") == "9999"
    assert codes.label("place_of_service", "11") == "Office"


def test_demo_billing_names_real_shapes_and_priced_procedures() -> None:
    for row in codes.table("snomed_to_billing").values():
        if row["billable"] == "yes":
            assert row["procedure_code"] in codes.table("demo_procedures")
            assert shapes.diagnosis(row["icd10cm_code"])


def test_names_of_other_code_systems_are_not_shipped() -> None:
    """SNOMED's own names need a licence."""
    assert "source_display" not in next(iter(codes.table("snomed_to_billing").values()))
