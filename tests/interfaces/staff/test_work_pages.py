"""Part 9, queues: what waits follows from the state; people share it, let it sleep and note what they did, and all is audited."""

from datetime import timedelta

import pytest

from claims_service.queries import work_queue
from claims_service.queries.work_queue import Wanted
from claims_service.store.connection import run
from claims_service.workflow.record_encounter import record_encounters
from tests.clinic import BILLER, NOW, TODAY, VISIT_DAY
from tests.factories835 import file_835, payment, remittance
from tests.interfaces.staff.billing_desk import BillingDesk
from tests.workflow.cycle import post, ready, sent
from tests.workflow.receipts import accepted, receipt, told

BIOPSY = {"lines-1-code": "11102"}  # without a diagnosis that explains it: stopped


def press(billing: BillingDesk, what: str, *ids: int, queue: str = "held", **more: str) -> str:
    form = {"pick": [str(key) for key in ids], "queue": queue, "whose": "everyone", "shown": "awake", **more}
    return billing.answered(f"/staff/queues/{what}", form)


def listed(billing: BillingDesk, queue: str, **more: str) -> list[str]:
    """The numbers of the claims or visits in a queue."""
    asked = "&".join(f"{name}={value}" for name, value in {"queue": queue, **more}.items())
    numbers = {
        str(n) for (n,) in run("select control_number from claim union select reference from encounter").fetchall()
    }
    return sorted(number for number in numbers if f"Select {number}" in raw(billing, f"/staff/queues?{asked}"))


def raw(billing: BillingDesk, path: str) -> str:
    answer = billing.browser.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def audited(what: str) -> int:
    return int(run("select count(*) from audit where action = ?", (what,)).fetchone()[0])


def number_of(claim: int) -> str:
    return str(run("select control_number from claim where id = ?", (claim,)).fetchone()[0])


def test_part_9_a_stopped_claim_is_given_snoozed_noted_and_comes_back_on_its_day(billing: BillingDesk) -> None:
    """Snoozed for a week it is gone, on the seventh day it is there again, given to Priya and with its note."""
    claim = billing.coded(**BIOPSY)
    me = int(run("select max(id) from app_user").fetchone()[0])

    press(billing, "assign", claim, to=str(me))
    press(billing, "note", claim, note="Asked the doctor")
    page = press(billing, "snooze", claim, until=f"{TODAY + timedelta(days=7):%m/%d/%Y}")

    assert "snoozed until" in page
    assert listed(billing, "held") == []
    assert listed(billing, "held", shown="asleep") == [number_of(claim)]
    for days, there in ((6, []), (7, [claim])):
        mine = Wanted("held", "mine")
        later = {"today": TODAY + timedelta(days=days), "now": NOW + timedelta(days=days)}
        page_then = work_queue.page_of(billing.clinic.practice, mine, user=me, **later)  # type: ignore[arg-type]
        assert [one.id for one in page_then.waiting] == there
        assert work_queue.counts(billing.clinic.practice, **later)["held"] == len(there)  # type: ignore[arg-type]
        assert [one.note for one in page_then.waiting] == ["Asked the doctor"][: len(there)]
    assert "Asked the doctor" in billing.get(f"/staff/claims/{claim}")
    assert [audited(f"work.{what}") for what in ("assign", "note", "snooze")] == [1, 1, 1]


def test_part_9_something_new_wakes_what_sleeps(billing: BillingDesk) -> None:
    """Snoozed while it waited for an answer, then sent back: it is on the list of the rejected at once."""
    (claim,) = accepted(billing.clinic)
    press(billing, "snooze", claim.id, queue="no_answer", until=f"{TODAY + timedelta(days=30):%m/%d/%Y}")

    run("update claim set state = 'sent_back', changed_at = ? where id = ?", (NOW + timedelta(minutes=30), claim.id))

    assert listed(billing, "rejected") == [claim.control_number]


def test_part_9_what_is_answered_leaves_its_queue_by_itself(billing: BillingDesk) -> None:
    """A claim silent for 31 days is in the queue until its $87.00 arrive."""
    (claim,) = sent(billing.clinic)
    run("update claim set sent_at = ? where id = ?", (NOW - timedelta(days=31), claim.id))
    before = listed(billing, "no_answer")

    post(billing.clinic, file_835(remittance([payment(claim.control_number)])))

    assert (before, listed(billing, "no_answer")) == ([claim.control_number], [])


def test_part_9_rejected_claims_are_checked_and_sent_again_together(billing: BillingDesk) -> None:
    """Two of 277CA A7: both go out in one new file as originals."""
    heads = sent(billing.clinic, 2)
    told(billing.clinic, receipt(billing.clinic, [], heads))
    assert len(listed(billing, "rejected")) == 2

    page = press(billing, "send", *(head.id for head in heads), queue="rejected")

    assert "Sent 2 claims; 0 did not pass the checks." in page
    assert listed(billing, "rejected") == []


def test_part_9_visits_without_a_claim_wait_to_be_coded_and_are_built_together(billing: BillingDesk) -> None:
    visits = [billing.clinic.visit(reference=f"W{n}", served_on=VISIT_DAY - timedelta(days=n)) for n in range(2)]
    ids = record_encounters(billing.clinic.practice, visits, by=BILLER, now=NOW).recorded
    assert listed(billing, "to_code") == ["W0", "W1"]
    press(billing, "note", ids[0], queue="to_code", note="Chart is missing")

    page = press(billing, "check", *ids, queue="to_code")

    assert "2 claims built." in page
    assert listed(billing, "to_code") == []


@pytest.mark.parametrize(("days", "there"), [(364, True), (351, True), (350, False)])
def test_part_9_a_claim_is_near_its_limit_two_weeks_before_until_it_is_accepted(
    billing: BillingDesk, days: int, there: bool
) -> None:
    """365 days at Quillhaven. The acceptance (277CA) takes it off the list and is kept as the proof with its day."""
    (claim,) = sent(billing.clinic)
    run("update claim set served_on = ? where id = ?", (TODAY - timedelta(days=days), claim.id))
    assert (listed(billing, "near_limit") == [claim.control_number]) is there
    assert "the proof" in billing.get(f"/staff/claims/{claim.id}")

    told(billing.clinic, receipt(billing.clinic, [claim], []))

    assert listed(billing, "near_limit") == []
    assert "Accepted by Quillhaven Health on Nov 20." in billing.get(f"/staff/claims/{claim.id}")


def test_part_9_a_claim_that_needs_an_approval_has_a_queue_of_its_own(billing: BillingDesk) -> None:
    """Northfold asks for one before an ultrasound (mappings/payers); the finding puts it there, mending takes it away."""
    (claim,) = ready(billing.clinic)
    run("update claim set state = 'needs_mending' where id = ?", (claim.id,))
    run(
        "insert into claim_problem (practice_id, claim_id, rule, severity, place, message, mend, found_at)"
        " values (?, ?, 'authorization', 'must', 'lines[0]', 'Needs an approval.', '', ?)",
        (billing.clinic.practice, claim.id, NOW),
    )
    assert listed(billing, "authorization") == [claim.control_number]

    press(billing, "check", claim.id, queue="authorization")

    assert listed(billing, "authorization") == []


def test_part_9_todays_page_counts_what_the_queues_hold_and_leads_there(billing: BillingDesk) -> None:
    (claim,) = sent(billing.clinic)
    run("update claim set served_on = ? where id = ?", (TODAY - timedelta(days=360), claim.id))
    billing.coded(**BIOPSY)

    page = raw(billing, "/staff")

    assert "Near the filing limit" in page
    for queue in ("near_limit", "held"):
        assert f"/staff/queues?queue={queue}" in page, queue


@pytest.mark.parametrize(
    ("what", "more", "told_so"),
    [
        ("snooze", {"until": "11/20/2026"}, "after today"),
        ("snooze", {"until": "soon"}, "Not a date"),
        ("note", {"note": "  "}, "Write a note"),
    ],
)
def test_part_9_what_cannot_be_done_is_said_and_nothing_happens(
    billing: BillingDesk, what: str, more: dict[str, str], told_so: str
) -> None:
    claim = billing.coded(**BIOPSY)

    assert told_so in press(billing, what, claim, **more)
    assert "Select something first." in press(billing, what, **more)
    assert run("select count(*) from work_task").fetchone()[0] == 0


def test_part_9_another_clinics_claim_or_person_is_nobody(billing: BillingDesk) -> None:
    claim = billing.coded(**BIOPSY)

    for form in ({"pick": "987654"}, {"pick": str(claim), "to": "987654"}):
        assert billing.post("/staff/queues/assign", {"queue": "held", **form}).status_code == 404


def test_part_9_insurers_that_stay_silent_are_asked_about_several_claims_at_once(billing: BillingDesk) -> None:
    """Two claims wait 40 days: one press puts both questions in a file for Quillhaven, a second asks nobody again."""
    claims = [claim.id for claim in sent(billing.clinic, 2)]
    run("update claim set sent_at = '2026-10-01T17:00:00.000000Z'")
    assert "Ask the insurers" in raw(billing, "/staff/queues?queue=no_answer")

    page = press(billing, "ask", *claims, queue="no_answer")
    again = press(billing, "ask", *claims, queue="no_answer")

    assert "In a file: 2 questions to Quillhaven Health. The answers show on the claims." in page
    assert run("select count(*) from exchange_file where kind = '276'").fetchone()[0] == 1
    assert "asked within hours already" in again
