"""Why insurers refuse, in families, and which edit looks at it."""

import pytest

from claims_service.domain.claim.edits.checks import CHECKS
from claims_service.domain.denial import REVIEW, Refusal, steps
from claims_service.formats.payers import appeal_days
from claims_service.formats.tables import codes
from claims_service.formats.tables.denials import edits_for, families


@pytest.mark.parametrize(
    ("reason", "family"),
    [
        ("27", "eligibility"), ("197", "authorization"), ("11", "coding"), ("97", "coding"), ("29", "timely_filing"),
        ("18", "duplicate"), ("50", "medical_necessity"), ("22", "other_payer"), ("16", "missing_information"),
        ("WO", "taken_back"), ("999", "other"),
    ],
)  # fmt: skip
def test_each_denial_falls_into_the_family_a_biller_expects(reason: str, family: str) -> None:
    assert families().name_of(reason) == family


def test_every_published_reason_has_a_family_and_every_family_a_first_step() -> None:
    found = families()

    assert {found.name_of(str(code)) for code in codes.table("carc")} <= set(found.named)
    assert {family.first_step for family in found.named.values()} <= {"correct", "appeal", REVIEW}
    assert all(family.what_to_do.endswith(".") for family in found.named.values())


def test_the_root_causes_name_edits_that_exist_and_codes_that_are_published() -> None:
    known = {check.edit.id for check in CHECKS}
    for row in codes.table("denial_edit").values():
        reason, remark = row["reason"], row["remark"]
        assert set(row["edits"].split()) <= known, (reason, row["edits"])
        assert reason == "WO" or codes.row("carc", reason), reason
        assert remark == "*" or codes.row("rarc", remark), remark


def test_the_remark_says_which_edit_would_have_caught_a_missing_item() -> None:
    """CO 16 alone says nothing; with N290 it is the provider's NPI."""
    assert edits_for("16", ("MA130", "N290")) == ("rendering_npi",)
    assert edits_for("16", ()) == ()
    assert edits_for("29", ()) == ("too_late", "deadline_near")
    assert edits_for("50", ("N115",)) == ()


def test_what_a_plan_refused_under_contract_is_never_the_patients() -> None:
    family = families().named["not_covered"]

    assert "patient" not in steps(family, [Refusal("CO204", 80_00), Refusal("PI204", 1_00), Refusal("OA204", 1_00)])
    assert "patient" in steps(family, [Refusal("PR204", 80_00)])


def test_an_insurer_without_a_rule_of_its_own_leaves_180_days() -> None:
    assert appeal_days("NOBODY") == (180,)
