"""A bill's page reads what is the patient's: it takes no longer the more bills, plans and disputes the clinic has."""

import re
from typing import Any

import pytest

from claims_service.store import connection
from tests.interfaces.portal.conftest import Portal

# Few rows however long the clinic works: its settings, and the charges of autopay that are announced for these days.
FEW = re.compile(r"paymentplanpolicy_|autopaycharge_")
JUST_FOUND = re.compile(r"SCAN (x|q\d+|CONSTANT ROW)")  # the disputed lines; the rows of a read that is asked again
OF_THE_CLINIC = re.compile(r"\((practice_id=\?)( AND state=\?)?\)")


def test_nothing_on_a_bill_is_found_by_looking_through_all_rows_of_the_clinic(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = getattr(connection.database, "obj")  # noqa: B009 - the proxy says nothing of what it holds
    send = database.execute_sql
    steps: set[str] = set()

    def planned(sql: str, values: Any = None) -> Any:
        if sql.startswith(("select", "with")):
            plan = database.cursor().execute(f"explain query plan {sql}", values or ())
            steps.update(row[3] for row in plan.fetchall())
        return send(sql, values)

    browser = portal.signed_in(portal.clinic.alma)
    with monkeypatch.context() as patched:
        patched.setattr(database, "execute_sql", planned)
        assert browser.get(f"/portal/bills/{portal.alma_statement}").status_code == 200

    assert any("invoice_encounter_id" in step for step in steps), "the invoices of a visit"
    assert [step for step in sorted(steps) if OF_THE_CLINIC.search(step) and not FEW.search(step)] == []
    assert [step for step in steps if step.startswith("SCAN") and not JUST_FOUND.fullmatch(step)] == []
