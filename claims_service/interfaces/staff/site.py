"""The staff site as a blueprint, and what every page of it shows around the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, g, request, url_for

from claims_service import clock
from claims_service.access import guard
from claims_service.access.roles import LABELS
from claims_service.domain.actor import Actor
from claims_service.interfaces.staff import words
from claims_service.interfaces.ui import filters
from claims_service.queries import clinic, today

site = Blueprint("staff", __name__, url_prefix="/staff", template_folder="templates")


@dataclass(frozen=True, slots=True)
class Item:
    """A place in the menu. endpoints: the pages that count as being there; count: name of a number of queries.today.rail_counts."""

    label: str
    icon: str
    permission: str
    endpoints: tuple[str, ...]
    count: str = ""
    hot: bool = False
    key: str = ""


VISIT_PAGES = (
    "visits",
    "pick_patient",
    "new_visit",
    "visit",
    "superbills",
    "new_superbill",
    "own_superbill",
    "imports",
    "visit_import",
)
REMITTANCE_PAGES = ("remittances", "remittance", "paper_remittance", "type_paper", "file", "x12", "explain_x12")
DISPUTE_PAGES = ("disputes_list", "dispute", "new_dispute", "disputes_report")
ESTIMATE_PAGES = ("estimate_list", "new_estimate", "estimate")
ASSISTANCE_PAGES = ("assistance_list", "assistance_page", "new_assistance", "assistance_scale")
DENIAL_PAGES = ("denials", "denial", "denial_report", "appeals", "appeal_texts")
BOOKS_PAGES = ("books", "months", "month", "closing", "aging")
RAIL = (
    ("", (Item("Today", "home", "today.read", ("today", "coming"), key="t"),)),
    (
        "Work",
        (
            Item("Visits", "visit", "encounter.read", VISIT_PAGES, "visits", key="v"),
            Item("Work", "clock", "claim.read", ("work",), key="w"),
            Item("Claims", "claim", "claim.read", ("claims", "claim", "correct", "versions"), "claims", key="c"),
            Item("Denials", "denial", "claim.read", DENIAL_PAGES, "denials", hot=True, key="n"),
            Item("Files to insurers", "upload", "file.read", ("deliveries",)),
        ),
    ),
    (
        "Money",
        (
            Item("Remittances", "remittance", "remittance.read", REMITTANCE_PAGES, key="m"),
            Item("Held payments", "held", "remittance.read", ("held", "refund_held"), "held"),
            Item("Underpayments", "question", "remittance.read", ("underpayments",), key="u"),
            Item("What insurers hold", "link", "remittance.read", ("held_balances", "held_balance", "open_item")),
            Item("Credit balances", "card", "report.read", ("credit_balances", "insurer_refunds", "refund_insurer")),
            Item("Chargebacks", "card", "deposit.read", ("chargeback_list",), "chargebacks", hot=True),
            Item("The till", "card", "payment.take", ("counter",)),
            Item("Second person", "done", "write_off.make", ("approvals", "write_off_claim", "refund")),
            Item("Deposits", "bank", "deposit.read", ("deposits",), "deposits", key="d"),
        ),
    ),
    (
        "Patients",
        (
            Item("Accounts", "patient", "account.read", ("patients", "patient", "plan")),
            Item("Statements", "statement", "statement.read", ("statements", "statement")),
            Item("Estimates", "report", "encounter.read", ESTIMATE_PAGES, "estimates", hot=True),
            Item("Financial help", "patient", "assistance.read", ASSISTANCE_PAGES, "assistance", hot=True),
            Item("Disputes", "question", "dispute.read", DISPUTE_PAGES, "disputes", hot=True, key="i"),
            Item("Payment plans", "clock", "account.read", ("payment_plan_list", "payment_plan", "new_payment_plan")),
            Item("Reminders", "clock", "statement.read", ("reminder_board", "billing_policy")),
        ),
    ),
    (
        "Clinic",
        (
            Item("The books", "report", "report.read", BOOKS_PAGES, key="r"),
            Item("Measures", "report", "report.read", ("measures",)),
            Item("Contracts", "link", "report.read", ("contracts", "contract", "try_price", "add_contract")),
            Item("Rules", "settings", "rule.write", ("rules", "rule", "new_rule", "change_rule")),
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Here:
    """Where and when a request takes place, and who sends it."""

    practice: int
    actor: Actor
    name: str
    role: str
    zone: str
    today: date
    now: datetime


def here() -> Here:
    """The same for the whole request."""
    if "here" not in g:
        who = guard.current()
        zone = _clinic().zone
        now = clock.now()
        g.here = Here(who.practice, who.actor, who.name, who.role, zone, now.astimezone(ZoneInfo(zone)).date(), now)
    found: Here = g.here
    return found


def may(permission: str) -> bool:
    """Whether a page offers something to the visitor."""
    return guard.current().may(permission)


def local(at: datetime | None) -> str:
    """An instant as the clinic's clock shows it."""
    return filters.staff_time(at and at.astimezone(ZoneInfo(here().zone)), here().today)


def local_day(at: datetime | None) -> date | None:
    """The clinic's calendar day of an instant."""
    return at.astimezone(ZoneInfo(here().zone)).date() if at else None


def _clinic() -> clinic.Clinic:
    if "clinic" not in g:
        g.clinic = clinic.clinic(guard.current().practice)
    found: clinic.Clinic = g.clinic
    return found


@site.context_processor
def around() -> dict[str, Any]:
    """Clinic, person, menu and ways out; nothing for a stranger."""
    who = guard.visitor()
    if who is None or request.endpoint == "staff.sign_in":
        return {}
    return {
        "clinic": _clinic(),
        "person": {"name": who.name, "role": LABELS[who.role]},
        "links": _links(who),
        "rail": _rail(who),
        "here": here(),
        "may": who.may,
        "local": local,
        "local_day": local_day,
        "words": words,
    }


def _links(who: guard.Visitor) -> dict[str, str]:
    links = {"home": url_for("staff.today"), "sign_out": url_for("staff.sign_out"), "find": url_for("staff.find")}
    if who.may("encounter.write"):
        links["new_visit"] = url_for("staff.pick_patient")
    return links


def _rail(who: guard.Visitor) -> list[dict[str, Any]]:
    counts = today.rail_counts(who.practice)
    offered = [(title, [_entry(item, counts) for item in items if _offered(item, who)]) for title, items in RAIL]
    return [{"title": title, "items": items} for title, items in offered if items]


def _offered(item: Item, who: guard.Visitor) -> bool:
    return who.may(item.permission) and f"staff.{item.endpoints[0]}" in current_app.view_functions


def _entry(item: Item, counts: Mapping[str, int]) -> dict[str, Any]:
    at = (request.endpoint or "").removeprefix("staff.")
    return {
        "label": item.label,
        "icon": item.icon,
        "href": url_for(f"staff.{item.endpoints[0]}"),
        "current": at in item.endpoints,
        "count": counts.get(item.count, 0),
        "hot": item.hot,
        "key": item.key,
    }
