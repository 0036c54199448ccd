"""Who gets in, and who does not."""

from flask import Flask

from tests.access.world import Browser, Clinic


def test_an_insurers_person_signs_in_and_sees_the_mailbox(app: Flask, ours: Clinic) -> None:
    browser = Browser(app)

    answer = browser.sign_in("insurer", "insurer@larkspur.example")

    assert (answer.status_code, answer.location) == (303, "/insurer")
    page = browser.get("/insurer")
    assert page.status_code == 200
    assert "Larkspur1_837P.x12" in page.text


def test_a_page_asked_for_before_signing_in_comes_after_it(app: Flask, ours: Clinic) -> None:
    browser = Browser(app)

    asked = browser.get("/insurer/answers")

    assert asked.location == "/insurer/sign-in?next=/insurer/answers"
    form = {"email": "insurer@larkspur.example", "password": "quiet-otter-paints-violins"}
    assert browser.post(asked.location, form).location == "/insurer/answers"
