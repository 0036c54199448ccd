"""What the service tells its operators: one log line an event and numbers for /metrics, never patients' data.

Only the keys in `SAFE_KEYS` show their values: a new key shows as removed until someone places it there on purpose.
"""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any, Literal

import structlog
from prometheus_client import (
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

Event = MutableMapping[str, Any]

REMOVED = "[removed]"
LONGEST_VALUE = 200
SAFE_KEYS = frozenset(
    """
    timestamp level event logger request_id
    method endpoint status duration_ms bytes
    practice_id user_id patient_id encounter_id claim_id file_id remittance_id statement_id payment_id deposit_id
    payer_id entry_id message_id session_id key_id
    interface step job attempt count posted skipped refused waiting control_number transaction rule
    error_type error_at reference version mode engine
    """.split()
)
EVENT_NAME = re.compile(r"[a-z][a-z0-9]*(?:[._ ][a-z0-9]+)*")

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)
GCCollector(registry=REGISTRY)

REQUESTS = Counter(
    "claims_http_requests",
    "Requests answered, by route and status.",
    ["endpoint", "method", "status"],
    registry=REGISTRY,
)
REQUEST_SECONDS = Histogram(
    "claims_http_request_seconds", "Time to answer a request, by route.", ["endpoint"], registry=REGISTRY
)


def count_request(*, endpoint: str, method: str, status: int, seconds: float) -> None:
    """Count one answered request. `endpoint` is the route's name, never the path: paths carry ids."""
    REQUESTS.labels(endpoint, method, str(status)).inc()
    REQUEST_SECONDS.labels(endpoint).observe(seconds)


def metrics_text() -> bytes:
    """All numbers in Prometheus' text format."""
    return generate_latest(REGISTRY)


def configure_logging(log_format: Literal["json", "console"], level: int = logging.INFO) -> None:
    """Send every event, ours and the libraries', to standard error, one line each; a later call replaces this one."""
    stamped: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    shown: list[Any] = [name_the_error, keep_safe_keys, escape_controls, _renderer(log_format)]
    structlog.configure(
        processors=[*stamped, *shown],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*stamped, hide_library_message],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *shown],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)


def hide_library_message(_logger: object, _name: str, event: Event) -> Event:
    """A library's message may quote what it was given: only where it was written is told."""
    record: logging.LogRecord = event["_record"]
    event.update(event="library message", logger=record.name, error_at=f"{record.module}:{record.lineno}")
    return event


def name_the_error(_logger: object, _name: str, event: Event) -> Event:
    """Tell an exception's type and place; its message and values stay out, for they may be a patient's."""
    problem = event.pop("exc_info", None)
    if isinstance(problem, tuple):
        problem = problem[1]
    elif problem is True:
        problem = sys.exc_info()[1]
    if isinstance(problem, BaseException):
        event["error_type"] = type(problem).__name__
        frames = traceback.extract_tb(problem.__traceback__)
        if frames:
            last = frames[-1]
            event["error_at"] = f"{last.filename.rpartition('/')[2]}:{last.lineno} in {last.name}"
    return event


def keep_safe_keys(_logger: object, _name: str, event: Event) -> Event:
    """Show the values of `SAFE_KEYS` alone, and of those only plain short ones; the event is a fixed phrase."""
    shown = {key: _plain(value) if key in SAFE_KEYS else REMOVED for key, value in event.items()}
    if not EVENT_NAME.fullmatch(str(event.get("event", ""))):
        shown["event"] = REMOVED
    return shown


def escape_controls(_logger: object, _name: str, event: Event) -> Event:
    """Line ends, terminal codes and text-direction marks become visible escapes, so that one event stays one line."""
    return {_visible(key): _visible(value) if isinstance(value, str) else value for key, value in event.items()}


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return value if len(value) <= LONGEST_VALUE else value[:LONGEST_VALUE] + "..."
    return REMOVED


def _visible(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _renderer(log_format: str) -> Any:
    if log_format == "json":
        return structlog.processors.JSONRenderer(sort_keys=True)
    return structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"], sort_keys=True)
