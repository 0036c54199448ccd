"""A patient says that something is wrong, the amount waits, the staff answers: both sides, page by page, without JavaScript."""

import io
import re

import pytest

from claims_service.access import guard, people, sessions
from claims_service.domain.actor import COMMAND
from claims_service.domain.ledger.accounts import PATIENT_OWES, WRITE_OFF
from claims_service.domain.patient import dispute as rules
from claims_service.domain.patient.dispute import REASONS
from claims_service.store import connection, journal, tables
from claims_service.words import say
from tests.access.world import Browser
from tests.clinic import NOW
from tests.interfaces.portal.conftest import Portal
from tests.interfaces.portal.test_portal import plain

PHOTO = b"\xff\xd8\xff\xe0" + b"0" * 50
TRACING = 2  # the line of the heart tracing, $42.00


def alma(portal: Portal) -> Browser:
    return portal.signed_in(portal.clinic.alma)


def staff(portal: Portal, role: str) -> Browser:
    """Somebody of the clinic in this role."""
    with connection.opened():
        newcomer = people.Newcomer(f"{role}@example.org", f"A {role}", role, "quiet-otter-paints-violins", None)
        user = people.add(
            portal.clinic.practice, newcomer, passwords=guard.access_of(portal.app).passwords, by=COMMAND, now=NOW
        )
        secret = sessions.start(portal.clinic.practice, user=user, address="127.0.0.1", now=NOW)
    return Browser(portal.app).hold(secret)


def place(portal: Portal, line: int = TRACING) -> str:
    with connection.opened():
        visit = tables.EncounterRow.get(tables.EncounterRow.patient == portal.clinic.alma)
    return f"{visit.id}-{line}"


def form_of(portal: Portal, **changes: object) -> dict[str, object]:
    form = {"line": [place(portal)], "reason": "wrong_amount", "words": "Too much.", "idempotency_key": "once-1"}
    return {**form, **changes}


def opened(portal: Portal, **changes: object) -> str:
    """The address of a new dispute about the tracing."""
    sent = alma(portal).post(f"/portal/bills/{portal.alma_statement}/question", form_of(portal, **changes))
    assert sent.status_code == 303, plain(sent.text)
    return sent.location.partition("?")[0]


def key_of(address: str) -> int:
    return int(address.rpartition("/")[2])


def test_from_a_line_of_the_bill_to_a_held_amount_and_a_promised_day(portal: Portal) -> None:
    """The line leads to the form with itself chosen; sent, $42.00 is on hold until Monday, December 7, and $58.60 is asked."""
    browser = alma(portal)
    bill = browser.get(f"/portal/bills/{portal.alma_statement}").text
    asking = f"/portal/bills/{portal.alma_statement}/question?line={place(portal)}"
    assert asking in bill
    assert re.search(rf'value="{place(portal)}" checked', browser.get(asking).text)
    page = plain(browser.get(opened(portal) + "?sent=1").text)
    for words in ("We got it. Thank you.", "$42.00 is on hold. You need not pay it now.", "Monday, December 7, 2026"):
        assert words in page
    after = plain(browser.get(f"/portal/bills/{portal.alma_statement}").text)
    for words in ("Pay $58.60", "We are looking into $42.00. You need not pay it now.", "On hold"):
        assert words in after
    home = plain(browser.get("/portal").text)
    assert "We are looking into $42.00" in home
    with connection.opened():
        assert journal.balance(portal.clinic.practice, PATIENT_OWES, patient=portal.clinic.alma) == 100_60


def test_paying_everything_leaves_out_what_is_disputed(portal: Portal) -> None:
    opened(portal)
    browser = alma(portal)
    checked = plain(browser.post(f"/portal/bills/{portal.alma_statement}/pay", {"amount": "all"}).text)
    assert "Pay $58.60 now" in checked
    refused = browser.post(f"/portal/bills/{portal.alma_statement}/pay", {"amount": "other", "other": "58.61"})
    assert (refused.status_code, "and $58.60" in plain(refused.text)) == (422, True)


def test_a_bill_that_is_disputed_whole_asks_for_nothing(portal: Portal) -> None:
    opened(portal, line=[place(portal, n) for n in range(1, 6)])
    page = plain(alma(portal).get(f"/portal/bills/{portal.alma_statement}").text)
    assert "Pay $" not in page
    assert "We are looking into $100.60" in page
    assert "Nothing to pay right now." in plain(alma(portal).get("/portal").text)


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_reason_is_offered_in_the_patients_words(portal: Portal, language: str) -> None:
    page = plain(alma(portal).get(f"/portal/bills/{portal.alma_statement}/question?lang={language}").text)
    told = [say(language, text) for reason in REASONS.values() for text in (reason.words, reason.promise)]
    assert [text for text in told if text not in page] == []


@pytest.mark.parametrize(
    ("changes", "english"),
    [
        ({"line": []}, "Choose at least one service."),
        ({"reason": ""}, "Choose what is wrong."),
        ({"reason": "question", "words": ""}, "Tell us in a few words."),
        ({"words": "x" * 4001}, "Write 4,000 letters at most."),
    ],
)
def test_a_form_that_lacks_something_says_so_in_the_patients_language(
    portal: Portal, changes: dict[str, object], english: str
) -> None:
    browser = alma(portal)
    address = f"/portal/bills/{portal.alma_statement}/question"
    for language, message in (("en", english), ("es", say("es", english))):
        answer = browser.post(f"{address}?lang={language}", form_of(portal, **changes))
        assert (answer.status_code, message in plain(answer.text)) == (422, True)
    with connection.opened():
        assert tables.DisputeRow.select().count() == 0


def test_a_line_in_question_is_not_taken_twice(portal: Portal) -> None:
    opened(portal)
    again = alma(portal).post(
        f"/portal/bills/{portal.alma_statement}/question?lang=es", form_of(portal, idempotency_key="once-2")
    )
    assert (again.status_code, "Ya estamos revisando" in plain(again.text)) == (422, True)


def test_the_form_pressed_twice_opens_one(portal: Portal) -> None:
    assert opened(portal) == opened(portal)


def test_a_photo_comes_back_as_a_download_and_to_nobody_else(portal: Portal) -> None:
    """Never shown inside a page: attachment, nosniff, and the content policy of every answer."""
    address = opened(portal, file=(io.BytesIO(PHOTO), "<script>.html"))
    page = alma(portal).get(address).text
    found = re.search(rf'"({address}/files/\d+)"', page)
    assert found
    photo = alma(portal).get(found[1])
    assert (photo.data, photo.mimetype) == (PHOTO, "image/jpeg")
    assert photo.headers["Content-Disposition"] == "attachment; filename=script.jpg"
    assert photo.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in photo.headers["Content-Security-Policy"]
    assert portal.signed_in(portal.clinic.bruno).get(found[1]).status_code == 404
    desk = staff(portal, "front_desk").get(found[1].replace("/portal/questions/", "/staff/disputes/"))
    assert (desk.data, desk.headers["Content-Disposition"]) == (PHOTO, "attachment; filename=script.jpg")


def test_a_program_named_like_a_photo_is_refused(portal: Portal) -> None:
    sent = alma(portal).post(
        f"/portal/bills/{portal.alma_statement}/question", form_of(portal, file=(io.BytesIO(b"MZ..."), "photo.jpg"))
    )
    assert (sent.status_code, "Send a photo" in plain(sent.text)) == (422, True)


def test_another_patients_dispute_is_a_404_at_every_door(portal: Portal) -> None:
    address = opened(portal)
    bruno = portal.signed_in(portal.clinic.bruno)
    assert bruno.get(address).status_code == 404
    assert bruno.get(f"{address}/letter").status_code == 404
    for move in ("reply", "withdraw", "reopen"):
        assert bruno.post(address, {"move": move, "words": "mine"}).status_code == 404
    assert bruno.post(f"/portal/bills/{portal.alma_statement}/question", form_of(portal)).status_code == 404
    own = bruno.post(f"/portal/bills/{portal.bruno_statement}/question", form_of(portal))
    assert own.status_code == 404, "a line of Alma's visit on Bruno's bill"


def test_a_patient_can_not_do_what_the_staff_does(portal: Portal) -> None:
    address = opened(portal)
    for move in ("tell", "ask", "to_plan", "propose", "answer", "nonsense"):
        assert alma(portal).post(address, {"move": move, "words": "x"}).status_code == 409
    with connection.opened():
        assert tables.DisputeRow.get().state == rules.OPENED


def test_staff_answers_with_a_credit_and_the_new_bill_says_what_changed(portal: Portal) -> None:
    """$42.00 is taken off: letter, write-off, and a new bill of $58.60 that tells why."""
    key = key_of(opened(portal))
    biller = staff(portal, "biller")
    assert "My plan should have paid" not in plain(biller.get("/staff/disputes").text)
    assert "The amount is wrong" in plain(biller.get("/staff/disputes").text)
    answer = {"outcome": "credited", f"credit-{place(portal)}": "42.00", "answer": "You were right."}
    assert biller.post(f"/staff/disputes/{key}/answer", answer).status_code == 303
    page = plain(alma(portal).get(f"/portal/questions/{key}").text)
    for words in ("We took $42.00 off your bill.", "You were right.", "You do not agree?"):
        assert words in page
    letter = alma(portal).get(f"/portal/questions/{key}/letter?lang=es")
    assert (letter.mimetype, letter.data[:5]) == ("application/pdf", b"%PDF-")
    with connection.opened():
        newest = tables.Statement.select().order_by(tables.Statement.id.desc()).first()
        assert (newest.owed_cents, journal.balance(portal.clinic.practice, WRITE_OFF)) == (58_60, 42_00)
    bill = plain(alma(portal).get(f"/portal/bills/{newest.id}").text)
    assert "You asked about Heart tracing (ECG). We took $42.00 off." in bill
    assert "This bill has changed" in plain(alma(portal).get(f"/portal/bills/{portal.alma_statement}").text)


def test_what_the_staff_says_among_itself_stays_there(portal: Portal) -> None:
    """A credit of $42.00 above a limit of $10.00 is proposed: Alma sees no word and no amount of it until it is agreed."""
    key = key_of(opened(portal))
    manager, biller = staff(portal, "manager"), staff(portal, "biller")
    saved = manager.post("/staff/disputes/report", {"answer_days": "5", "approve_above": "10.00"})
    assert saved.status_code == 303
    answer = {"outcome": "credited", f"credit-{place(portal)}": "42.00", "answer": "Not yet agreed."}
    biller.post(f"/staff/disputes/{key}/answer", answer)
    page = plain(alma(portal).get(f"/portal/questions/{key}").text)
    assert ("Not yet agreed." in page, "We are looking" in page, "$42.00 is on hold" in page) == (False, True, True)
    assert biller.post(f"/staff/disputes/{key}/approval", {"agreed": "yes"}).status_code == 403
    assert manager.post(f"/staff/disputes/{key}/approval", {"agreed": "yes"}).status_code == 303
    assert "Not yet agreed." in plain(alma(portal).get(f"/portal/questions/{key}").text)


def test_a_manager_can_not_agree_to_a_credit_of_their_own(portal: Portal) -> None:
    key = key_of(opened(portal))
    manager = staff(portal, "manager")
    manager.post("/staff/disputes/report", {"answer_days": "5", "approve_above": "0"})
    answer = {"outcome": "credited", f"credit-{place(portal)}": "1.00", "answer": "I give it."}
    manager.post(f"/staff/disputes/{key}/answer", answer)
    own = manager.post(f"/staff/disputes/{key}/approval", {"agreed": "yes"})
    assert (own.status_code, "needs a second person" in plain(own.text)) == (409, True)


def test_the_thread_goes_back_and_forth_and_the_clock_rests_while_the_patient_is_asked(portal: Portal) -> None:
    address = opened(portal)
    desk = staff(portal, "front_desk")
    asked = {"move": "ask", "words": "Which card did you show?"}
    assert desk.post(f"/staff/disputes/{key_of(address)}/messages", asked).status_code == 303
    page = plain(alma(portal).get(address).text)
    assert "Which card did you show?" in page
    assert "We need an answer from you." in page
    assert alma(portal).post(address, {"move": "reply", "words": "The blue one."}).status_code == 303
    page = plain(desk.get(f"/staff/disputes/{key_of(address)}").text)
    assert "The blue one." in page
    assert "Dec 7" in page


def test_staff_opens_one_for_a_patient_who_calls(portal: Portal) -> None:
    """The same hold, the same day; the page says how it came."""
    desk = staff(portal, "front_desk")
    form = form_of(portal, via="phone", reason="paid_already", words="Paid in cash in October.")
    made = desk.post(f"/staff/statements/{portal.alma_statement}/dispute", form)
    assert made.status_code == 303, plain(made.text)
    assert "By phone" in plain(desk.get(made.location).text)
    assert "We are looking into $42.00" in plain(alma(portal).get("/portal").text)
    empty = desk.post(f"/staff/statements/{portal.alma_statement}/dispute", {"via": "fax"})
    assert empty.status_code == 422


def test_the_manager_sees_how_many_how_long_and_why_and_takes_it_along(portal: Portal) -> None:
    """The table names no patient; the clinic's own promise is set on the same page, within the law."""
    key = key_of(opened(portal))
    manager = staff(portal, "manager")
    answer = {"outcome": "credited", f"credit-{place(portal)}": "42.00", "answer": "You were right."}
    manager.post(f"/staff/disputes/{key}/answer", answer)
    page = plain(manager.get("/staff/disputes/report").text)
    for words in ("The amount is wrong", "Quillhaven Health", "Imani Voss", "93000 Heart tracing (ECG)", "100.0%"):
        assert words in page
    table = manager.get("/staff/disputes/report.csv").text.splitlines()
    assert table[1].endswith("credited,Heart tracing (ECG),93000,Imani Voss,Quillhaven Health,42.00,42.00")
    assert "Alma" not in "".join(table)
    late = manager.post("/staff/disputes/report", {"answer_days": "45", "approve_above": "x"})
    assert late.status_code == 422
    assert "No disputes in these days" in plain(manager.get("/staff/disputes/report?from=1/1/2020&until=1/2/2020").text)
    assert manager.get("/staff/disputes/report?from=nonsense").status_code == 422


def test_every_look_at_a_dispute_is_in_the_audit_trail(portal: Portal) -> None:
    address = opened(portal)
    staff(portal, "biller").get(f"/staff/disputes/{key_of(address)}")
    with connection.opened():
        seen = {row.action for row in tables.Audit.select() if row.patient == portal.clinic.alma}
        assert {"dispute.open", "dispute.read"} <= seen
