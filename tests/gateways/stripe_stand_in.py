"""A server that speaks the part of Stripe's API that we use, as its reference describes it, and sends signed messages."""

import hashlib
import hmac
import itertools
import json
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

WEBHOOK_SECRET = "whsec_stand_in"
KEY = "sk_test_stand_in"


class Declined(Exception):
    """The card says no."""


class StandIn:
    """What the company knows. Money only moves by `pay`, `fail`, `dispute` and the API's refunds."""

    def __init__(self) -> None:
        self.sessions: dict[str, dict[str, Any]] = {}
        self.charges: dict[str, dict[str, Any]] = {}  # by payment intent
        self.balance: dict[str, list[dict[str, Any]]] = {}  # by payout
        self.payouts: list[dict[str, Any]] = []
        self.answered: dict[str, tuple[bytes, int, dict[str, Any]]] = {}
        self.calls: list[tuple[str, str]] = []
        self.methods: dict[str, dict[str, Any]] = {}  # by token; "declines": charges to it are refused
        self.intents: dict[str, dict[str, Any]] = {}
        self.down = False
        self._numbers = itertools.count(1)

    def create(self, form: dict[str, str]) -> dict[str, Any]:
        """POST /v1/checkout/sessions."""
        n = next(self._numbers)
        if form["mode"] == "setup":
            return self._setup(n, form)
        made: dict[str, Any] = {
            "id": f"cs_test_{n}", "object": "checkout.session", "url": f"https://checkout.stripe.com/c/pay/cs_test_{n}",
            "mode": form["mode"], "currency": form["line_items[0][price_data][currency]"], "payment_status": "unpaid",
            "amount_total": int(form["line_items[0][price_data][unit_amount]"]), "payment_intent": None, "status": "open",
            "client_reference_id": form["client_reference_id"], "metadata": _inside(form, "metadata"),
            "success_url": form["success_url"], "cancel_url": form["cancel_url"],
        }  # fmt: skip
        self.sessions[made["id"]] = made
        return dict(made)  # a call made again gets this answer, whatever happened since

    def _setup(self, n: int, form: dict[str, str]) -> dict[str, Any]:
        made: dict[str, Any] = {
            "id": f"cs_test_{n}", "object": "checkout.session", "url": f"https://checkout.stripe.com/c/setup/cs_test_{n}",
            "mode": "setup", "currency": form["currency"], "payment_status": "no_payment_required", "amount_total": None,
            "setup_intent": f"seti_{n}", "customer": None, "metadata": _inside(form, "metadata"), "status": "open",
            "success_url": form["success_url"], "cancel_url": form["cancel_url"],
        }  # fmt: skip
        self.sessions[made["id"]] = made
        return dict(made)

    def save(self, reference: str, *, kind: str = "card", declines: bool = False) -> bytes:
        """The patient saves a card or account on the company's page; gives the message."""
        session = self.sessions[reference]
        token = f"pm_{session['setup_intent']}"
        about = {
            "card": {"brand": "visa", "last4": "4242"},
            "us_bank_account": {"bank_name": "TEST BANK", "last4": "6789"},
        }
        self.methods[token] = {
            "id": token,
            "object": "payment_method",
            "type": kind,
            kind: about[kind],
            "declines": declines,
        }
        session |= {"customer": f"cus_{session['setup_intent']}", "status": "complete", "method": token}
        return self.message("checkout.session.completed", session)

    def charge(self, form: dict[str, str]) -> dict[str, Any]:
        """POST /v1/payment_intents, off session and confirmed at once."""
        method = self.methods[form["payment_method"]]
        if method["declines"]:
            raise Declined
        intent = f"pi_{next(self._numbers)}"
        by_bank = method["type"] == "us_bank_account"
        named = _inside(form, "metadata")
        self.intents[intent] = {
            "id": intent, "object": "payment_intent", "status": "processing" if by_bank else "succeeded", "metadata": named,
            "amount_received": 0 if by_bank else int(form["amount"]), "currency": form["currency"],
        }  # fmt: skip
        if not by_bank:
            self._capture({"payment_intent": intent, "amount_total": int(form["amount"]), "metadata": named})
        return self.intents[intent]

    def charged(self, intent: str) -> bytes:
        """What is told of a charge to a saved method that went through."""
        return self.message("payment_intent.succeeded", self.intents[intent])

    def pay(self, reference: str, *, by_bank: bool = False) -> bytes:
        """The patient pays on the company's page; gives the message. A bank debit is unpaid until `cleared`."""
        session = self.sessions[reference]
        n = next(self._numbers)
        session |= {
            "payment_intent": f"pi_{n}",
            "status": "complete",
            "payment_status": "unpaid" if by_bank else "paid",
        }
        if not by_bank:
            self._capture(session)
        return self.message("checkout.session.completed", session)

    def cleared(self, reference: str) -> bytes:
        """A bank debit arrives."""
        session = self.sessions[reference] | {"payment_status": "paid"}
        self.sessions[reference] = session
        self._capture(session)
        return self.message("checkout.session.async_payment_succeeded", session)

    def bounced(self, reference: str) -> bytes:
        """A bank debit comes back unpaid."""
        return self.message("checkout.session.async_payment_failed", self.sessions[reference])

    def declined(self, reference: str) -> bytes:
        """A card is refused; the page stays open for another."""
        session = self.sessions[reference]
        intent = {"id": "pi_declined", "object": "payment_intent", "metadata": session["metadata"]}
        return self.message("payment_intent.payment_failed", intent)

    def expired(self, reference: str) -> bytes:
        """Nobody paid for a day."""
        return self.message("checkout.session.expired", self.sessions[reference] | {"status": "expired"})

    def refund(self, form: dict[str, str]) -> dict[str, Any]:
        """POST /v1/refunds."""
        charge = self.charges[form["payment_intent"]]
        cents = int(form["amount"])
        if cents > charge["amount"] - charge["amount_refunded"]:
            raise ValueError("greater than unrefunded amount")
        charge["amount_refunded"] += cents
        return {"id": f"re_{next(self._numbers)}", "object": "refund", "amount": cents, "status": "succeeded"}

    def refunded(self, reference: str) -> bytes:
        """What is told of a payment's refunds so far."""
        return self.message("charge.refunded", self.charge_of(reference))

    def dispute(self, reference: str, status: str, cents: int) -> bytes:
        """What is told of a chargeback. status as Stripe's: needs_response, under_review, won, lost, warning_..."""
        charge = self.charge_of(reference)
        about = {
            "id": f"dp_{charge['id']}", "object": "dispute", "amount": cents, "currency": "usd", "status": status,
            "charge": charge["id"], "payment_intent": charge["payment_intent"], "metadata": {},
        }  # fmt: skip
        return self.message(f"charge.dispute.{'closed' if status in ('won', 'lost') else 'created'}", about)

    def pay_out(self, arrives_at: int, lines: list[tuple[str, int, int, dict[str, Any] | None]]) -> bytes:
        """Money goes to the bank. lines: type, amount, fee, source."""
        net = sum(amount - fee for _, amount, fee, _ in lines)
        payout: dict[str, Any] = {
            "id": f"po_{next(self._numbers)}",
            "object": "payout",
            "amount": net,
            "status": "paid",
            "arrival_date": arrives_at,
        }
        rows = [("payout", -net, 0, payout), *lines]
        self.balance[payout["id"]] = [
            {"id": f"txn_{next(self._numbers)}", "object": "balance_transaction", "type": kind, "amount": amount, "fee": fee,
             "net": amount - fee, "source": source}
            for kind, amount, fee, source in rows
        ]  # fmt: skip
        self.payouts.append(payout)
        return self.message("payout.paid", payout)

    def charge_of(self, reference: str) -> dict[str, Any]:
        return self.charges[self.sessions[reference]["payment_intent"]]

    def message(self, kind: str, about: dict[str, Any]) -> bytes:
        """The body of a webhook request."""
        told = {
            "id": f"evt_{next(self._numbers)}",
            "object": "event",
            "type": kind,
            "created": int(time.time()),
            "data": {"object": about},
        }
        return json.dumps(told).encode()

    def answer(self, method: str, path: str, asked: dict[str, str]) -> dict[str, Any]:
        """What the API answers.

        Raises:
            KeyError, ValueError: it does not do that.
        """
        if (method, path) == ("POST", "/v1/checkout/sessions"):
            return self.create(asked)
        if (method, path) == ("POST", "/v1/refunds"):
            return self.refund(asked)
        if (method, path) == ("POST", "/v1/payment_intents"):
            return self.charge(asked)
        if path.startswith("/v1/payment_methods/"):
            return self.methods.pop(path.split("/")[3])
        if path.startswith("/v1/setup_intents/"):
            session = next(one for one in self.sessions.values() if one.get("setup_intent") == path.rpartition("/")[2])
            return {
                "id": session["setup_intent"],
                "object": "setup_intent",
                "payment_method": self.methods[session["method"]],
            }
        if path.startswith("/v1/checkout/sessions/"):
            return self.sessions[path.rpartition("/")[2]]
        if path.startswith("/v1/payment_intents/"):
            intent = path.rpartition("/")[2]
            return {"id": intent, "object": "payment_intent", "latest_charge": self.charges[intent]}
        if path == "/v1/payouts":
            inside = int(asked["arrival_date[gte]"]), int(asked["arrival_date[lt]"])
            return _listed([p for p in self.payouts if inside[0] <= p["arrival_date"] < inside[1]], path)
        assert path == "/v1/balance_transactions", path
        return _listed(self.balance[asked["payout"]], path)

    def _capture(self, session: dict[str, Any]) -> None:
        intent = session["payment_intent"]
        self.charges[intent] = {
            "id": f"ch_{intent}", "object": "charge", "amount": session["amount_total"], "amount_refunded": 0, "currency": "usd",
            "payment_intent": intent, "metadata": session["metadata"],
        }  # fmt: skip


def signed(body: bytes, *, secret: str = WEBHOOK_SECRET, at: int | None = None) -> str:
    """The Stripe-Signature header of a message."""
    stamp = str(int(time.time()) if at is None else at)
    return f"t={stamp},v1={hmac.new(secret.encode(), stamp.encode() + b'.' + body, hashlib.sha256).hexdigest()}"


def _inside(form: Mapping[str, str], name: str) -> dict[str, str]:
    return {found[1]: value for key, value in form.items() if (found := re.fullmatch(rf"{name}\[(\w+)\]", key))}


def _listed(rows: list[dict[str, Any]], url: str) -> dict[str, Any]:
    return {"object": "list", "data": rows, "has_more": False, "url": url}


class _Handler(BaseHTTPRequestHandler):
    stand_in: StandIn

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self._send(*self._answered("GET", parts.path, dict(parse_qsl(parts.query))))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        key, known = self.headers.get("Idempotency-Key", ""), self.stand_in.answered
        if key in known:
            same = known[key][0] == body
            told = {"error": {"type": "idempotency_error", "message": "keys can only be used with the same parameters"}}
            self._send(*known[key][1:] if same else (400, told))
            return
        status, answer = self._answered("POST", self.path, dict(parse_qsl(body.decode())))
        if status not in (401, 503):  # what was never carried out is not kept under its key
            known[key] = (body, status, answer)
        self._send(status, answer)

    def _answered(self, method: str, path: str, asked: dict[str, str]) -> tuple[int, dict[str, Any]]:
        self.stand_in.calls.append((method, path))
        if self.stand_in.down:
            return 503, {"error": {"type": "api_error", "message": "down"}}
        if self.headers["Authorization"] != f"Bearer {KEY}":
            return 401, {"error": {"type": "invalid_request_error", "message": "no such key"}}
        try:
            return 200, self.stand_in.answer(method, path, asked)
        except Declined:
            return 402, {"error": {"type": "card_error", "code": "card_declined", "message": "declined"}}
        except (KeyError, ValueError):
            return 400, {"error": {"type": "invalid_request_error", "message": "no"}}

    def _send(self, status: int, answer: dict[str, Any]) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name the library calls it by
        """Nothing: tests read what was asked from `calls`."""


@contextmanager
def standing_in() -> Iterator[tuple[StandIn, str]]:
    """The stand-in and the address of its server."""
    stand_in = StandIn()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"stand_in": stand_in}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield stand_in, f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
