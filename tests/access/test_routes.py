"""Every route has a rule, and each role reaches what the checked-in table says and nothing else."""

import re

import pytest
from flask import Flask

from claims_service.access import guard
from claims_service.access.roles import PERMISSIONS, ROLES, TABLE
from claims_service.config import Config
from claims_service.store import tables
from tests.access import matrix
from tests.access.world import Clinic, visitor


@pytest.mark.thorough
@pytest.mark.check(60)
@pytest.mark.check(64)
def test_each_role_reaches_what_the_table_says(app: Flask, ours: Clinic) -> None:
    found = matrix.table(app, ours)

    assert found == matrix.FILE.read_text(), "run `python -m tests.access.matrix` and read the difference"


@pytest.mark.check(60)
def test_the_service_does_not_start_with_a_route_that_has_no_rule(app: Flask, config: Config) -> None:
    fresh = Flask("fresh", static_folder=None)
    guard.protect(fresh, config, now=lambda: pytest.fail("nobody asks"))
    fresh.add_url_rule("/claims", "claims", guard.requires("claim.read")(lambda: ""))
    guard.refuse_open_routes(fresh)

    fresh.add_url_rule("/exports/<int:export>", "export", lambda export: "", methods=["GET", "DELETE"])

    with pytest.raises(RuntimeError, match=re.escape("DELETE /exports/<int:export> (export)")):
        guard.refuse_open_routes(fresh)


def test_a_rule_names_a_permission_of_the_table() -> None:
    with pytest.raises(AssertionError, match=re.escape("claim.burn")):
        guard.requires("claim.burn")


@pytest.mark.check(64)
def test_a_wrong_role_is_refused_and_the_audit_trail_tells(app: Flask, ours: Clinic) -> None:
    """The front desk tries an insurer's mailbox: 403, and a row says who tried what."""
    answer = visitor(app, ours, "front_desk").get(f"/insurer/files/{ours.files[0]}")

    row = tables.Audit.select().order_by(tables.Audit.id.desc()).get()
    assert answer.status_code == 403
    assert (row.action, row.who, row.subject) == (
        "access.denied",
        f"user:{ours.users['front_desk']}",
        "GET insurer.claim_file",
    )


def test_who_gives_out_rights_moves_no_money() -> None:
    moving = ("remittance.post", "payment.take", "refund.make", "write_off.make", "write_off.approve", "deposit.match")

    assert all("administrator" not in PERMISSIONS[permission] for permission in moving)
    assert PERMISSIONS["user.manage"] == {"administrator"}


def test_every_permission_is_held_by_someone_and_insurers_and_patients_keep_to_their_site() -> None:
    assert TABLE.split()[1:10] == list(ROLES)
    assert all(PERMISSIONS.values())
    for role, own in (
        ("insurer", {"mailbox", "answer"}),
        ("patient", {"bill", "profile"}),
        ("bill_link", {"this_bill"}),
    ):
        held = {name.split(".")[0] for name, roles in PERMISSIONS.items() if role in roles}
        assert held - {"signed_in"} == own
