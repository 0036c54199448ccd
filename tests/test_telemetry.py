"""Operators see what happened, never to whom."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from claims_service import telemetry


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.splitlines()


def test_an_event_is_one_json_line_with_its_ids(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.configure_logging("json")

    structlog.get_logger().info("remittance posted", remittance_id=7, posted=12)

    (line,) = lines(capsys)
    event = json.loads(line)
    assert (event["event"], event["remittance_id"], event["posted"]) == ("remittance posted", 7, 12)
    assert event["level"] == "info"
    assert event["timestamp"].endswith("Z")


@pytest.mark.parametrize("log_format", ["json", "console"])
@pytest.mark.parametrize("value", ["Jane Roe", {"name": "Jane Roe"}, ["Jane Roe"], b"Jane Roe", "Jane Roe" * 99])
def test_a_value_under_an_unknown_key_is_removed(
    log_format: str, value: object, capsys: pytest.CaptureFixture[str]
) -> None:
    telemetry.configure_logging("json" if log_format == "json" else "console")

    structlog.get_logger().warning("patient merged", patient_name=value)

    (line,) = lines(capsys)
    assert "Jane" not in line
    assert "patient_name" in line
    assert "[removed]" in line


def test_a_structure_under_a_known_key_is_removed(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.configure_logging("json")

    structlog.get_logger().info("claim built", claim_id={"id": 7, "name": "Jane Roe"})

    assert json.loads(lines(capsys)[0])["claim_id"] == "[removed]"


def test_a_name_written_into_the_event_itself_is_removed(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.configure_logging("json")

    structlog.get_logger().info("statement sent to Jane Roe")

    assert json.loads(lines(capsys)[0])["event"] == "[removed]"


def test_an_exception_tells_its_type_and_place_but_not_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.configure_logging("json")

    try:
        raise LookupError("no coverage for Jane Roe")
    except LookupError:
        structlog.get_logger().exception("step failed", step="build_claim")

    (line,) = lines(capsys)
    assert "Jane" not in line
    assert json.loads(line)["error_type"] == "LookupError"
    assert "test_telemetry.py" in json.loads(line)["error_at"]


def test_a_library_that_quotes_its_input_is_not_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.configure_logging("json")

    logging.getLogger("some.library").error("cannot parse %s", "Jane Roe")

    event = json.loads(lines(capsys)[0])
    assert "Jane" not in str(event)
    assert event["logger"] == "some.library"


@pytest.mark.check(86)
@pytest.mark.parametrize("log_format", ["json", "console"])
@pytest.mark.parametrize(
    "hostile", ["a\r\nlevel=info event=fake", "a\x1b[2Jb", "a\x9b2Jb", "a\u2028b", "a\u202eb", "a\x00b", "a\x85b"]
)
def test_line_ends_and_terminal_codes_stay_one_visible_line(
    log_format: str, hostile: str, capsys: pytest.CaptureFixture[str]
) -> None:
    telemetry.configure_logging("json" if log_format == "json" else "console")

    structlog.get_logger().info("file refused", control_number=hostile, **{hostile: 1})

    output = capsys.readouterr().err
    assert output.endswith("\n")
    assert output[:-1].isprintable()


def test_requests_are_counted_by_route_not_by_path() -> None:
    telemetry.count_request(endpoint="claims.show", method="GET", status=200, seconds=0.01)

    text = telemetry.metrics_text().decode()

    assert 'claims_http_requests_total{endpoint="claims.show",method="GET",status="200"}' in text
    assert 'claims_http_request_seconds_count{endpoint="claims.show"}' in text
