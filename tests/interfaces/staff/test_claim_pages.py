"""The claims list and one claim: what waits, what was sent, where the money went, to the cent."""

import re

from flask import Flask

from claims_service.config import Config
from claims_service.queries import claim_list
from claims_service.queries.claim_list import Wanted
from claims_service.store import journal
from tests.clinic import NOW
from tests.interfaces.staff.billing_desk import BillingDesk, person, plain
from tests.workflow.billed_clinic import billed
from tests.workflow.cycle import ready


def test_the_selected_claims_are_sent_and_pressed_again_nothing_goes_out_twice(billing: BillingDesk) -> None:
    """Two of three ready claims of $150.00 go out in one file."""
    first, second, third = (head.id for head in ready(billing.clinic, 3))
    press = {"pick": [str(first), str(second)], "view": "ready"}

    page = billing.answered("/staff/claims/send", press)
    again = billing.answered("/staff/claims/send", press)

    assert "Sent 2 claims to Quillhaven Health: $300.00." in page
    assert "Nothing was sent" in again
    left = claim_list.page_of(billing.clinic.practice, Wanted("ready"), now=NOW)
    assert [claim.id for claim in left.claims] == [third]


def test_saved_views_count_what_they_list(billing: BillingDesk) -> None:
    """Three answered, one stopped, one ready: every view lists as many as its tab says."""
    billed(billing.clinic)
    billing.coded(**{"lines-1-code": "11102", "once": "s"})
    billing.coded(once="r", served_on="10/29/2026")

    counts = claim_list.view_counts(billing.clinic.practice, now=NOW)

    listed = {
        view: len(claim_list.page_of(billing.clinic.practice, Wanted(view), now=NOW).claims)
        for view in claim_list.VIEWS
    }
    assert counts == listed
    assert (counts["needs"], counts["ready"], counts["patient"], counts["all"]) == (1, 1, 3, 5)


def test_filters_narrow_the_list_and_each_can_be_taken_off(billing: BillingDesk) -> None:
    heads = ready(billing.clinic, 2)

    page = billing.get(
        f"/staff/claims?view=all&number={heads[0].control_number}&from=2026-11-01&payer={billing.clinic.quillhaven}"
    )
    nothing = billing.get(f"/staff/claims?view=all&payer={billing.clinic.northfold}")

    assert heads[0].control_number in page
    assert heads[1].control_number not in page
    assert "Insurer Quillhaven Health ×" in page
    assert "No claim fits" in nothing


def test_a_date_that_cant_be_read_is_said_and_the_rest_is_shown(billing: BillingDesk) -> None:
    ready(billing.clinic)

    page = billing.get("/staff/claims?view=all&from=yesterday")

    assert "Not a date" in page
    assert "1 claim here" in page


def test_a_claim_says_where_every_cent_went(billing: BillingDesk) -> None:
    """$150.00 = $37.50 discount + $92.50 plan + $20.00 patient, on the page and in the books."""
    claim = billed(billing.clinic, 1).claims[0]

    page = billing.get(f"/staff/claims/{claim}")

    assert "Charge $150.00 Discount −$37.50 Quillhaven Health paid −$92.50 Patient owes $20.00" in page
    assert "2 services $150.00 $37.50 $92.50 $20.00" in page
    assert "$112.50 agreed for these services; the answer allows $112.50. As agreed." in page
    assert "CO 45:" in page
    assert "PR 3: copayment" in page
    balances = journal.claim_balances(billing.clinic.practice, [claim])[claim]
    assert sum(balances.values()) == 0


def test_the_story_names_each_step_the_file_and_who_did_it(billing: BillingDesk) -> None:
    claim = billing.coded(do="send")

    page = billing.get(f"/staff/claims/{claim}")

    story = page[page.index("Story") :]
    assert (
        story.index("Sent Sent to Quillhaven Health in file")
        < story.index("Checked Passed")
        < story.index("Claim built")
    )
    assert "Priya Castellane" in story
    assert "Nov 20, 9:00 am" in story


def test_the_837_is_shown_a_segment_a_line_and_comes_down_as_it_was_sent(billing: BillingDesk) -> None:
    claim = billing.coded(do="send")
    page = billing.browser.get(f"/staff/claims/{claim}").get_data(as_text=True)
    link = re.search(r'href="(/staff/files/\d+)"', page)
    assert link

    shown = billing.get(link[1])
    sent = billing.browser.get(f"{link[1]}?download=1")

    assert "CLM*" in shown
    assert sent.data.startswith(b"ISA*")
    assert sent.headers["Content-Disposition"].startswith("attachment")


def test_the_front_desk_sees_claims_but_neither_sends_nor_opens_files(
    billing: BillingDesk, app: Flask, settings: Config
) -> None:
    """Minimum necessary, 45 CFR 164.502(b)."""
    claim = billing.coded(do="send")
    file = re.search(r"/staff/files/\d+", billing.browser.get(f"/staff/claims/{claim}").get_data(as_text=True))
    assert file
    desk, _ = person(app, settings, billing.clinic, "front_desk")

    page = desk.get(f"/staff/claims/{claim}").get_data(as_text=True)

    assert "/staff/files/" not in page
    assert desk.get(file[0]).status_code == 403
    assert desk.post("/staff/claims/send", {"pick": str(claim)}).status_code == 403


def test_find_leads_to_the_one_claim_and_lists_several(billing: BillingDesk) -> None:
    """By number, by amount and by day of the visit."""
    one, two = ready(billing.clinic, 2)

    exact = billing.post("/staff/find", {"q": one.control_number})
    by_amount = plain(billing.post("/staff/find", {"q": "$150.00"}).get_data(as_text=True))
    by_day = billing.post("/staff/find", {"q": two.served_on.isoformat()})

    assert exact.headers["Location"] == f"/staff/claims/{one.id}"
    assert one.control_number in by_amount
    assert two.control_number in by_amount
    assert by_day.headers["Location"] == f"/staff/claims/{two.id}"
