"""Part 7, answers, as staff see them: the coverage check, the insurer's word on a claim, approvals, and which edit looks at a rejection."""

from datetime import timedelta

import pytest

from claims_service import clock
from claims_service.domain.claim.edits.caught import BY_STATUS, caught_by, place_rule
from claims_service.domain.claim.edits.checks import CHECKS
from claims_service.domain.eligibility.question import EligibilityQuestion
from claims_service.domain.party import Payer, Person, Provider
from claims_service.formats.x12.write_eligibility import write_271
from claims_service.gateways.inquiry import InquiryLine
from claims_service.interfaces.staff import cover
from claims_service.store import claims
from claims_service.store.connection import run
from claims_service.workflow.ask_eligibility import CoverQuestion, ask_eligibility
from claims_service.workflow.incoming import FileOutcome, IncomingFile
from claims_service.workflow.read_eligibility_answer import read_eligibility_answer
from claims_service.workflow.submit_claims import submit_claims
from tests.clinic import BILLER, NOW
from tests.interfaces.staff.billing_desk import BillingDesk
from tests.workflow.insurer_line import Line, covered, envelope


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Line:
    """Insurers that answer at once."""
    answers = Line()

    def line_for(_: object) -> InquiryLine:
        return answers

    monkeypatch.setattr(cover, "line_for", line_for)
    return answers


def account(billing: BillingDesk) -> str:
    return f"/staff/patients/{billing.clinic.alma}"


def sent(billing: BillingDesk) -> int:
    claim = billing.coded()
    submit_claims(billing.clinic.practice, [claim], by=BILLER, now=NOW)
    return claim


def test_the_front_desk_sees_what_to_collect(billing: BillingDesk, line: Line) -> None:
    """Not asked yet; one press; then $30.00 to collect and $60.00 of $500.00 left."""
    before = billing.get(account(billing))
    after = billing.answered(f"{account(billing)}/cover", {"do": "ask"})

    assert "Nobody has asked Quillhaven Health yet" in before
    assert "Quillhaven Health Active" in after
    assert "Copay, office visit $30.00" in after
    assert "$60.00 left of $500.00" in after
    assert "Coinsurance 20%" in after
    assert "Check again" in after


def test_no_answer_is_said_and_no_cover_is_claimed(billing: BillingDesk, line: Line) -> None:
    line.silent = "The clearinghouse did not answer within 20 seconds."

    page = billing.answered(f"{account(billing)}/cover", {"do": "ask"})

    assert "No answer to the last question The clearinghouse did not answer within 20 seconds." in page
    assert "Copay" not in page


def test_without_a_line_the_question_goes_by_file(billing: BillingDesk, line: Line) -> None:
    line.known = ()

    page = billing.answered(f"{account(billing)}/cover", {"do": "ask"})

    assert "The question is in a file for Quillhaven Health" in page
    assert "by file. Insurers answer files within a day" in page


def test_the_insurer_is_asked_about_a_claim_and_its_word_is_shown(billing: BillingDesk, line: Line) -> None:
    claim = sent(billing)

    page = billing.answered(f"/staff/claims/{claim}/ask", {"do": "ask"})

    assert "Accepted for processing" in page
    assert "It may still change." in page
    assert "Plan’s number ICN0001" in page


def test_an_approval_is_recorded_used_and_corrected(billing: BillingDesk) -> None:
    """Two visits approved, one held; the insurer gives two more."""
    new = {"payer": str(billing.clinic.quillhaven), "number": "AP-100", "procedures": "85025", "visits": "2",
           "valid_from": "09/01/2026", "valid_until": "12/31/2026"}  # fmt: skip
    recorded = billing.answered(f"{account(billing)}/approvals", new)
    billing.coded(prior_authorization="AP-100")
    used = billing.get(account(billing))
    approval = run("select id from approval").fetchone()[0]
    form = billing.get(f"{account(billing)}/approvals/{approval}")
    more = billing.answered(f"{account(billing)}/approvals/{approval}", {**new, "visits": "4"})

    assert "AP-100 Quillhaven Health 85025 0 visits 2 of 2 visits" in recorded
    assert "1 visit 1 of 2 visits" in used
    assert "Runs out" in used
    assert "Correct an approval" in form
    assert "1 visit 3 of 4 visits" in more


def test_what_was_mistyped_on_an_approval_is_said_at_its_field(billing: BillingDesk) -> None:
    answer = billing.post(
        f"{account(billing)}/approvals", {"payer": "999", "number": "", "visits": "many", "valid_from": "soon"}
    )

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Choose the insurer that approved it" in page
    assert "Visits are a whole number" in page
    assert run("select count(*) from approval").fetchone()[0] == 0


def test_the_visit_form_stops_a_used_up_approval(billing: BillingDesk) -> None:
    new = {"payer": str(billing.clinic.quillhaven), "number": "AP-100", "visits": "1"}
    billing.post(f"{account(billing)}/approvals", new)
    billing.coded(prior_authorization="AP-100")

    typed = billing.visit_form("once-2", prior_authorization="AP-100", served_on="11/12/2026")
    outlook = billing.post(f"/staff/visits/outlook/{billing.clinic.alma}", typed).get_data(as_text=True)

    assert "The approval is used up" in outlook


@pytest.mark.parametrize(
    ("rule", "said"),
    [("277CA_A7:164", "The rest only the insurer can tell: a coverage check before the visit would have."),
     ("277CA_A7:477", "pointer_missing"), (place_rule("2010", "NM1", "9"), "member_id"),
     ("277CA_A7:999", "No check of ours looks at this yet.")],
)  # fmt: skip
def test_a_rejection_names_the_edit_that_looks_at_it(billing: BillingDesk, rule: str, said: str) -> None:
    claim = billing.coded()
    claims.set_states(billing.clinic.practice, [(claim, "sent_back")], at=NOW)
    run(
        "insert into claim_problem (practice_id, claim_id, rule, severity, place, message, mend, found_at)"
        " values (?, ?, ?, 'must', 'claim', 'Sent back.', 'Mend it.', ?)",
        (billing.clinic.practice, claim, rule, NOW),
    )

    assert said in billing.get(f"/staff/claims/{claim}")


def test_every_edit_named_for_a_rejection_is_one_of_ours() -> None:
    ours = {check.edit.id for check in CHECKS}

    assert {name for names in BY_STATUS.values() for name in names.split()} <= ours
    assert all(caught_by(f"277CA_A7:{status}").edits for status in BY_STATUS)
    assert place_rule("2010BA", "NM1", "x") == "999_2010BA_NM1_"
    assert caught_by("TA1_025").edits == ()


def test_the_visit_form_shows_what_is_left_of_approvals(billing: BillingDesk) -> None:
    new = {"payer": str(billing.clinic.quillhaven), "number": "AP-100", "visits": "3", "valid_until": "12/31/2026"}
    billing.post(f"{account(billing)}/approvals", new)
    billing.coded(prior_authorization="AP-100")

    form = billing.get(f"/staff/visits/new/{billing.clinic.alma}")

    assert "On file: AP-100, 2 visits left until 12/31/2026" in form


def test_an_answer_to_no_question_waits_for_a_person(billing: BillingDesk) -> None:
    """Uploaded by staff: taken with questions, named on the held page, and closed there."""
    asked = EligibilityQuestion(
        Payer("QH001", "Quillhaven"),
        Provider("1990000014", "Lakeside"),
        Person("Nobody", "Ned"),
        "QX1",
        "E9-1",
        "1990000001",
    )

    page = billing.upload(write_271(envelope(5), [covered(asked)]), "answers.271")
    held = billing.get("/staff/held")

    assert "It answers no question that we asked this insurer." in page
    assert "Answer to no question of ours" in held
    assert "Nobody" not in held


def test_part_7_who_comes_tomorrow_stands_on_todays_page_and_by_name_behind_it(
    billing: BillingDesk, line: Line
) -> None:
    """Alma's insurer was asked about tomorrow: one person on Today, without a name; her name, copay and deductible behind it."""
    day = clock.today("America/Los_Angeles") + timedelta(days=1)
    wanted = [CoverQuestion(billing.clinic.alma, day)]

    def take(file: IncomingFile) -> FileOutcome:
        return read_eligibility_answer(billing.clinic.practice, [file], by=BILLER, now=clock.now())[0]

    ask_eligibility(billing.clinic.practice, wanted, by=BILLER, now=clock.now(), line=line, take=take)

    today, page = billing.get("/staff"), billing.get("/staff/coming")

    assert "Tomorrow: 1 person 1 Active" in today
    assert "Alma" not in today
    assert "Alma Testpatient Collect the copay. Active $30.00 $60.00 left of $500.00 Quillhaven Health" in page
    assert "Nobody is expected today" in billing.get("/staff/coming?day=today")
    assert run("select count(*) from audit where action = 'cover.list'").fetchone()[0] >= 1
