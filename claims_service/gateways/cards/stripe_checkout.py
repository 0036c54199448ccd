"""Stripe: its Checkout page by redirect, its signed messages, refunds, chargebacks and payouts. No card number passes here."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import stripe

from claims_service.domain.patient.autopay import BANK, CARD, SavedMethod
from claims_service.gateways.cards.processor import (
    CHARGED_BACK,
    FAILED,
    OTHER,
    PAID,
    PAID_OUT,
    PENDING,
    REFUNDED,
    SAVED,
    BadSignature,
    CardEvent,
    CardRefused,
    Checkout,
    Order,
    Payout,
)

WAYS = ["card", "us_bank_account"]
CURRENCY = "usd"
PAYOUT_DAYS = 30  # how far back payouts are asked for; the rounds ask every night
_FEES = ("stripe_fee", "tax", "network_cost")
_CHARGED = {"succeeded": PAID, "processing": PENDING}
_SESSIONS = {
    "checkout.session.completed": PAID,
    "checkout.session.async_payment_succeeded": PAID,
    "checkout.session.async_payment_failed": FAILED,
}


class StripeCheckout:
    """A CardProcessor at Stripe. site_url: what the pages a patient comes back to begin with; base: another API server."""

    signature_header = "Stripe-Signature"

    def __init__(self, key: str, webhook_secret: str, site_url: str, *, base: str | None = None) -> None:
        addresses: Any = {"api": base} if base else {}
        self._api = stripe.StripeClient(key, base_addresses=addresses, max_network_retries=2).v1
        self._webhook_secret = webhook_secret
        self._site_url = site_url

    def create_checkout(self, order: Order, *, now: datetime) -> Checkout:
        """See CardProcessor."""
        named = {"practice": order.account, "key": order.key}
        price = {"currency": CURRENCY, "unit_amount": order.cents, "product_data": {"name": order.words}}
        asked: Any = {
            "mode": "payment", "payment_method_types": WAYS, "line_items": [{"quantity": 1, "price_data": price}],
            "client_reference_id": order.key, "metadata": named,
            "payment_intent_data": {"metadata": named, "description": order.words},
            "success_url": self._absolute(order.return_url), "cancel_url": self._absolute(order.back_url),
        }  # fmt: skip
        return self._opened(asked, order)

    def create_setup(self, order: Order, *, now: datetime) -> Checkout:
        """See CardProcessor."""
        named = {"practice": order.account, "key": order.key}
        asked: Any = {
            "mode": "setup", "payment_method_types": WAYS, "customer_creation": "always", "currency": CURRENCY,
            "client_reference_id": order.key, "metadata": named, "setup_intent_data": {"metadata": named},
            "success_url": self._absolute(order.return_url), "cancel_url": self._absolute(order.back_url),
        }  # fmt: skip
        return self._opened(asked, order)

    def charge_saved(self, order: Order, method: SavedMethod, *, now: datetime) -> CardEvent:
        """See CardProcessor. Off session: the patient agreed before and is not there."""
        named = {"practice": order.account, "key": order.key}
        asked: Any = {
            "amount": order.cents, "currency": CURRENCY, "customer": method.customer, "payment_method": method.token,
            "payment_method_types": WAYS, "off_session": True, "confirm": True, "metadata": named, "description": order.words,
        }  # fmt: skip
        try:
            made = self._api.payment_intents.create(asked, options={"idempotency_key": f"{order.account}:{order.key}"})
        except stripe.CardError:
            return _event(f"{order.account}:{order.key}:{FAILED}", FAILED, named, "")
        except stripe.StripeError as error:
            raise _refused(error) from None
        kind = _CHARGED.get(made.status, FAILED)
        cents = order.cents if kind == PAID else 0
        return _event(f"{order.account}:{order.key}:{kind}", kind, named, made.id, cents)

    def forget(self, method: SavedMethod) -> None:
        """See CardProcessor. What Stripe does not know any more is forgotten."""
        try:
            self._api.payment_methods.detach(method.token)
        except stripe.InvalidRequestError:
            return
        except stripe.StripeError as error:
            raise _refused(error) from None

    def _opened(self, asked: Any, order: Order) -> Checkout:
        try:
            made = self._api.checkout.sessions.create(
                asked, options={"idempotency_key": f"{order.account}:{order.key}"}
            )
        except stripe.IdempotencyError:
            raise CardRefused("this payment was started with another amount") from None
        except stripe.StripeError as error:
            raise _refused(error) from None
        if not made.url:
            raise CardRefused("this payment was started before and its page is closed")
        return Checkout(made.id, made.url)

    def read_event(self, body: bytes, signature: str, *, now: datetime) -> CardEvent:
        """See CardProcessor. The age of a message is held against Stripe's five minutes by this machine's own clock."""
        if not signature.isascii():
            raise BadSignature("the signature is no signature")
        try:
            stripe.Webhook.construct_event(body, signature, self._webhook_secret)
        except (ValueError, stripe.SignatureVerificationError):
            raise BadSignature("the signature does not fit the message, or the message is too old") from None
        told = json.loads(body)
        kind, about = told["type"], told["data"]["object"]
        if kind == "checkout.session.completed" and about["mode"] == "setup":
            return self._of_setup(told["id"], about)
        if kind.startswith("checkout.session."):
            return _of_session(told["id"], kind, about)
        if kind == "payment_intent.succeeded":
            meaning = PAID if about["currency"] == CURRENCY else OTHER
            return _event(told["id"], meaning, about["metadata"], about["id"], about["amount_received"])
        if kind == "payment_intent.payment_failed":
            return _event(told["id"], FAILED, about["metadata"], about["id"])
        if kind == "charge.refunded":
            return _of_refund(told["id"], about)
        if kind.startswith("charge.dispute."):
            return self._of_chargeback(told["id"], about)
        if kind == "payout.paid":
            return CardEvent(told["id"], PAID_OUT, self._payout(about)[0], "", about["id"])
        return CardEvent(told["id"], OTHER, "", "", "")

    def refund(self, account: str, key: str, cents: int, *, reference: str, refund_key: str, now: datetime) -> int:
        """See CardProcessor."""
        try:
            intent = self._intent(reference)
            if not isinstance(intent, str):
                raise CardRefused("there is no such payment")
            named = {"practice": account, "key": key}
            asked: Any = {"payment_intent": intent, "amount": cents, "metadata": named}
            self._api.refunds.create(asked, options={"idempotency_key": f"{account}:{refund_key}"})
            return int(self._charge(intent)["amount_refunded"])
        except stripe.StripeError as error:
            raise _refused(error) from None

    def payouts(self, account: str, *, until: date) -> Sequence[Payout]:
        """See CardProcessor. Those of the last thirty days: a payout older than that was noted long ago."""
        since = datetime.combine(until - timedelta(days=PAYOUT_DAYS), time(), UTC)
        end = datetime.combine(until + timedelta(days=1), time(), UTC)
        window = {"gte": int(since.timestamp()), "lt": int(end.timestamp())}
        asked: Any = {"status": "paid", "limit": 100, "arrival_date": window}
        try:
            listed = [_plain(one) for one in self._api.payouts.list(asked).auto_paging_iter()]
            found = [self._payout(one) for one in listed]
        except stripe.StripeError as error:
            raise _refused(error) from None
        return sorted((p for owner, p in found if owner == account), key=lambda p: (p.paid_on, p.reference))

    def _payout(self, told: Mapping[str, Any]) -> tuple[str, Payout]:
        """Whose it is, and its sums out of the balance transactions it consists of.

        Raises:
            CardRefused: they don't add up to what was sent.
        """
        asked: Any = {"payout": told["id"], "limit": 100, "expand": ["data.source"]}
        gross, fee, owner = 0, 0, ""
        for line in map(_plain, self._api.balance_transactions.list(asked).auto_paging_iter()):
            if line["type"] == "payout":
                continue
            if line["type"] in _FEES:
                fee -= line["amount"]
                continue
            gross, fee = gross + line["amount"], fee + line["fee"]
            source = line["source"]
            owner = owner or (source.get("metadata", {}).get("practice", "") if isinstance(source, dict) else "")
        if gross - fee != told["amount"]:
            raise CardRefused("the payments of a payout do not add up to it")
        return owner, Payout(told["id"], datetime.fromtimestamp(told["arrival_date"], UTC).date(), gross, fee)

    def _of_chargeback(self, event_id: str, dispute: Mapping[str, Any]) -> CardEvent:
        """A dispute names its charge alone, so the order behind it is asked for. An inquiry moves no money."""
        status = dispute["status"]
        if status.startswith("warning_") or dispute["currency"] != CURRENCY:
            return CardEvent(event_id, OTHER, "", "", "")
        charge = self._charge(dispute["payment_intent"])
        state = status if status in ("won", "lost") else "open"
        return _event(
            event_id, CHARGED_BACK, charge["metadata"], charge["payment_intent"], charge["amount"], charge["amount_refunded"],
            (dispute["id"], dispute["amount"], state),
        )  # fmt: skip

    def _of_setup(self, event_id: str, session: Mapping[str, Any]) -> CardEvent:
        """The page tells its SetupIntent; what was saved is asked for."""
        found = _plain(self._api.setup_intents.retrieve(session["setup_intent"], {"expand": ["payment_method"]}))
        method = found["payment_method"]
        about = method[method["type"]]
        kind, brand = (CARD, about["brand"]) if method["type"] == "card" else (BANK, about["bank_name"])
        saved = SavedMethod(session["customer"], method["id"], kind, brand, about["last4"])
        event = _event(event_id, SAVED, session["metadata"], session["id"])
        return replace(event, saved=saved) if event.kind == SAVED else event

    def _intent(self, reference: str) -> str | None:
        """A saved method is charged without a page: its reference is the intent itself."""
        if reference.startswith("pi_"):
            return reference
        found = self._api.checkout.sessions.retrieve(reference).payment_intent
        return found if isinstance(found, str) else None

    def _charge(self, intent: str) -> dict[str, Any]:
        found = _plain(self._api.payment_intents.retrieve(intent, {"expand": ["latest_charge"]}))
        charge: dict[str, Any] = found["latest_charge"]
        return charge

    def _absolute(self, path: str) -> str:
        return f"{self._site_url}{path}" if path.startswith("/") else path


def _of_session(event_id: str, kind: str, session: Mapping[str, Any]) -> CardEvent:
    """A bank debit completes unpaid: its money is on the way for days. An expired page moved nothing."""
    meaning = _SESSIONS.get(kind, OTHER)
    if meaning == PAID and session["payment_status"] != "paid":
        meaning = PENDING
    if session["currency"] != CURRENCY:
        meaning = OTHER
    return _event(event_id, meaning, session["metadata"], session["id"], session["amount_total"])


def _of_refund(event_id: str, charge: Mapping[str, Any]) -> CardEvent:
    meaning = REFUNDED if charge["currency"] == CURRENCY else OTHER
    return _event(
        event_id, meaning, charge["metadata"], charge["payment_intent"], charge["amount"], charge["amount_refunded"]
    )


def _event(
    event_id: str,
    kind: str,
    named: Mapping[str, str],
    reference: str,
    cents: int = 0,
    refunded_cents: int = 0,
    chargeback: tuple[str, int, str] = ("", 0, ""),
) -> CardEvent:
    """What does not name an order of ours was made elsewhere in the same account and does not concern us."""
    if not (named.get("practice", "").isdecimal() and named.get("key")):
        return CardEvent(event_id, OTHER, "", "", reference)
    return CardEvent(event_id, kind, named["practice"], named["key"], reference, cents, refunded_cents, *chargeback)


def _plain(found: Any) -> dict[str, Any]:
    """An answer of the client as plain values."""
    told: dict[str, Any] = found.to_dict()
    return told


def _refused(error: stripe.StripeError) -> CardRefused:
    """Stripe's own words may quote what was sent: only the kind of fault is told."""
    if isinstance(error, stripe.APIConnectionError | stripe.RateLimitError | stripe.APIError):
        return CardRefused("the card company does not answer; try again in some minutes")
    if isinstance(error, stripe.AuthenticationError | stripe.PermissionError):
        return CardRefused("the card company does not accept our key")
    return CardRefused("the card company does not do this")
