"""What the layouts, parts and error pages send to a browser."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from structlog.testing import capture_logs

from claims_service.interfaces.ui.error_pages import PROBLEMS
from claims_service.interfaces.ui.register import register_ui

PAGES = [
    "/staff/parts",
    "/staff/entry",
    "/portal/bill",
    "/portal/paid",
    "/insurer/mailbox",
    "/sign-in",
    "/staff/error/404",
    "/staff/broken",
]
REFERENCE = re.compile(r"E-\d{8}-[2-9A-Z]{4}")


def parsed(text: str) -> Any:
    return html.fromstring(text)


@pytest.mark.parametrize("address", PAGES)
def test_no_page_needs_inline_styles_or_scripts_or_another_host(client: FlaskClient, address: str) -> None:
    page = parsed(client.get(address).text)
    for element in page.iter():
        assert "style" not in element.attrib, html.tostring(element)
        assert not [name for name in element.attrib if name.startswith("on")], html.tostring(element)
        for name in ("src", "href", "action"):
            assert not element.get(name, "").startswith(("http", "//", "javascript:")), html.tostring(element)
    assert page.xpath("//style") == []
    assert [script for script in page.xpath("//script") if (script.text or "").strip()] == []


@pytest.mark.parametrize("address", PAGES)
def test_every_page_has_one_title_one_main_part_and_no_id_twice(client: FlaskClient, address: str) -> None:
    page = parsed(client.get(address).text)
    assert page.get("lang") == "en"
    assert page.findtext(".//title")
    assert len(page.xpath("//h1")) == len(page.xpath("//main")) == 1
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    for names in page.xpath("//@aria-labelledby | //@aria-describedby | //label/@for"):
        assert set(names.split()) <= set(ids)


def test_an_amount_is_read_out_plainly_and_an_unknown_one_is_named(client: FlaskClient) -> None:
    bill = parsed(client.get("/portal/bill").text)
    figure = bill.xpath("//*[contains(@class, 'giant')]")[0]
    assert figure.xpath("string(span[@class='sr'])") == "$70.60"
    assert figure.xpath("string(span[@aria-hidden])") == "$70.60"
    parts = parsed(client.get("/staff/parts").text)
    assert "not known yet" in parts.xpath("string(//section[@id='send-this'])")


def test_a_problem_stands_in_the_title_the_summary_and_at_its_field_and_what_was_typed_stays(
    client: FlaskClient,
) -> None:
    page = parsed(client.get("/sign-in").text)
    assert page.findtext(".//title").startswith("Error: ")
    assert (
        page.xpath("string(//*[@class='summary-error']//a[@href='#password'])") == "E-mail and password do not match."
    )
    field = page.get_element_by_id("password")
    assert field.get("aria-invalid") == "true"
    assert field.get("aria-describedby") == "password-error"
    assert field.get("value") is None
    assert page.get_element_by_id("email").get("value") == "priya@larkspur.example"


def test_a_name_with_markup_in_it_is_shown_and_not_run() -> None:
    app = Flask(__name__, static_folder=None)
    register_ui(app)
    with app.test_request_context():
        text = app.jinja_env.from_string(
            "{% import 'ui/parts/forms.html' as form %}{% from 'ui/parts/tables.html' import row_head %}"
            "{{ form.text_field('name', 'Name', {'name': bad}, {'name': bad}) }}{{ row_head(bad, '#', bad) }}"
        ).render(bad='"><script>alert(1)</script>')
    assert "<script" not in text
    assert text.count("&lt;script&gt;") == 4


@pytest.mark.parametrize("site", ["staff", "portal", "insurer"])
@pytest.mark.parametrize("status", [code for code in PROBLEMS if code != 500])
def test_an_error_says_what_happened_that_nothing_is_lost_and_how_to_get_out(
    client: FlaskClient, site: str, status: int
) -> None:
    with capture_logs() as logs:
        answer = client.get(f"/{site}/error/{status}")
    assert answer.status_code == status
    page = parsed(answer.text)
    layout = {"staff": "staff", "portal": "portal", "insurer": "payer"}[site]
    assert page.find("body").get("class") == layout
    assert page.xpath("string(//h1)") == PROBLEMS[status].title
    assert page.xpath("//main//a[@href]")
    reference = REFERENCE.search(answer.text)
    assert reference is not None
    assert [log["reference"] for log in logs] == [reference[0]]


def test_an_address_nobody_knows_is_a_page_in_the_site_it_points_to(client: FlaskClient) -> None:
    assert 'class="staff"' in client.get("/staff/nothing").text
    assert 'class="portal door"' in client.get("/nothing").text


def test_a_program_gets_no_page(client: FlaskClient) -> None:
    answer = client.get("/api/v1/claims")
    assert answer.status_code == 404
    assert "ui/" not in answer.text
    assert "stylesheet" not in answer.text


def test_a_fault_of_ours_shows_a_number_and_neither_page_nor_log_tells_the_patient(client: FlaskClient) -> None:
    with capture_logs() as logs:
        answer = client.get("/staff/broken?patient=Nadia")
    assert answer.status_code == 500
    page = parsed(answer.text)
    assert "Nadia" not in page.text_content()
    assert "Nadia" not in repr(logs)
    assert logs[0]["reference"] in answer.text
    assert logs[0]["error_type"] == "RuntimeError"


def test_files_of_the_look_are_kept_a_year_under_their_fingerprint(client: FlaskClient) -> None:
    page = parsed(client.get("/sign-in").text)
    sheet = page.xpath("//link[@rel='stylesheet']/@href")[0]
    with client.get(sheet) as answer:
        assert "max-age=31536000" in answer.headers["Cache-Control"]
    with client.get("/static/base.css") as answer:
        assert "max-age=3600" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["fonts/hanken-grotesk.woff2", "fonts/OFL.txt", "vendor/htmx/LICENSE"])
def test_what_others_made_is_served_with_its_licence(client: FlaskClient, path: str) -> None:
    with client.get(f"/static/{path}") as answer:
        assert answer.status_code == 200


def test_an_app_that_serves_static_files_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="static_folder=None"):
        register_ui(Flask(__name__))
