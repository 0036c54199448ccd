"""The built-in card company for trials: checkout page, signed messages, declines, refunds, chargebacks, payouts.

It keeps what happened in a file of its own, one JSON line each, as a real company keeps it in its own database.
"""

import fcntl
import hashlib
import hmac
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TextIO
from zoneinfo import ZoneInfo

from claims_service.domain.patient.autopay import CARD, SavedMethod
from claims_service.gateways.cards.processor import (
    CHARGED_BACK,
    FAILED,
    PAID,
    REFUNDED,
    SAVED,
    BadSignature,
    CardEvent,
    CardRefused,
    Checkout,
    Order,
    Payout,
)

_GOOD, _BAD = "pm_good_", "pm_declined_"
PAGE = "/test-processor/checkout"
TOLERANCE = timedelta(minutes=5)  # as Stripe: an older message may be a recording
PAYOUT_DAYS = 2
FEE_TENTHS_OF_PERCENT, FEE_CENTS = 29, 30
CHARGEBACK_FEE_CENTS = 15_00  # kept whoever wins
OPEN, WON, LOST = "open", "won", "lost"


@dataclass(slots=True)
class Charge:
    """An order and what became of it; one of 0 cents saves a card. saved: it works, None = nothing saved yet.

    chargeback: open, won, lost; "" where the bank took nothing back. chargeback_days: when each of them came.
    """

    reference: str
    order: dict[str, Any]
    declines: int = 0
    paid_on: date | None = None
    refunds: dict[str, tuple[int, date]] = field(default_factory=dict)
    saved: bool | None = None
    chargeback: str = ""
    chargeback_cents: int = 0
    chargeback_days: dict[str, date] = field(default_factory=dict)

    @property
    def cents(self) -> int:
        return int(self.order["cents"])

    @property
    def refunded_cents(self) -> int:
        return sum(cents for cents, _ in self.refunds.values())


@dataclass(frozen=True, slots=True)
class Message:
    """A webhook request as the card company sends it."""

    body: bytes
    signature: str


def fee_cents(cents: int) -> int:
    """2.9% and 30 cents of one charge; a part of a cent is rounded up, in the card company's favour."""
    return -(-cents * FEE_TENTHS_OF_PERCENT // 1000) + FEE_CENTS


class TestProcessor:
    """A CardProcessor on this machine. folder: where its file lies; zone: its calendar of payouts."""

    signature_header = "Card-Signature"
    __test__ = False  # its name begins with Test

    def __init__(self, folder: Path, secret: str, zone: str = "UTC") -> None:
        self._file = folder / "test-processor.jsonl"
        self._secret = hashlib.sha256(f"test-processor:{secret}".encode()).digest()
        self._zone = ZoneInfo(zone)

    def create_checkout(self, order: Order, *, now: datetime) -> Checkout:
        """See CardProcessor."""
        reference = "co_" + self._digest(f"{order.account}:{order.key}")[:32]
        with self._ledger() as ledger:
            known = ledger.charges.get(reference)
            if known is None:
                asked = {name: getattr(order, name) for name in Order.__slots__}
                ledger.write({"what": "order", "reference": reference, "order": asked})
            elif known.cents != order.cents:
                raise CardRefused("this payment was started with another amount")
        return Checkout(reference, f"{PAGE}/{reference}")

    def create_setup(self, order: Order, *, now: datetime) -> Checkout:
        """See CardProcessor."""
        return self.create_checkout(order, now=now)

    def charge_saved(self, order: Order, method: SavedMethod, *, now: datetime) -> CardEvent:
        """See CardProcessor. A card saved as one that is declined, or forgotten since, is declined."""
        reference = self.create_checkout(order, now=now).reference
        good = method.token.startswith(_GOOD) and not self._forgotten(method)
        message = self.pay(reference, good=good, now=now)
        return self.read_event(message.body, message.signature, now=now)

    def forget(self, method: SavedMethod) -> None:
        """See CardProcessor."""
        with self._ledger() as ledger:
            ledger.write({"what": "forget", "reference": method.token})

    def _forgotten(self, method: SavedMethod) -> bool:
        with self._ledger() as ledger:
            return method.token in ledger.forgotten

    def save(self, reference: str, *, good: bool, now: datetime) -> Message:
        """What the buttons of a saving page do. good: charges to it will go through."""
        with self._ledger() as ledger:
            if ledger.charges[reference].saved is None:
                ledger.write({"what": "saved", "reference": reference, "good": good})
            charge = ledger.charges[reference]
        return self._message(charge, SAVED, f"{reference}:saved", now)

    def find(self, reference: str) -> Charge | None:
        """An order by the reference in its page's address."""
        with self._ledger() as ledger:
            return ledger.charges.get(reference)

    def pay(self, reference: str, *, good: bool, now: datetime) -> Message:
        """What the page's buttons do; paying twice captures once and tells it again."""
        with self._ledger() as ledger:
            charge = ledger.charges[reference]
            if good and charge.paid_on is None:
                ledger.write(
                    {"what": "paid", "reference": reference, "on": now.astimezone(self._zone).date().isoformat()}
                )
            elif not good and charge.paid_on is None:
                ledger.write({"what": "declined", "reference": reference})
            charge = ledger.charges[reference]
        if charge.paid_on is None:
            return self._message(charge, FAILED, f"{reference}:failed:{charge.declines}", now)
        return self._message(charge, PAID, f"{reference}:paid", now)

    def refund(self, account: str, key: str, cents: int, *, reference: str, refund_key: str, now: datetime) -> int:
        """See CardProcessor."""
        with self._ledger() as ledger:
            charge = ledger.charges.get(reference)
            if (
                charge is None
                or charge.paid_on is None
                or (charge.order["account"], charge.order["key"]) != (account, key)
            ):
                raise CardRefused("there is no such payment")
            if refund_key not in charge.refunds:
                if charge.chargeback in {OPEN, LOST} or not 0 < cents <= charge.cents - charge.refunded_cents:
                    raise CardRefused("more than is left of the payment")
                day = now.astimezone(self._zone).date().isoformat()
                ledger.write({"what": "refund", "reference": reference, "key": refund_key, "cents": cents, "on": day})
            return ledger.charges[reference].refunded_cents

    def refund_message(self, reference: str, *, now: datetime) -> Message:
        """The message about the refunds of a payment so far."""
        charge = self.find(reference)
        assert charge is not None
        return self._message(charge, REFUNDED, f"{reference}:refunded:{charge.refunded_cents}", now)

    def charge_back(self, reference: str, *, now: datetime) -> Message:
        """The patient's bank takes back what is left of a payment; told again it is the same chargeback.

        Raises:
            CardRefused: nothing of it is left to take back.
        """
        with self._ledger() as ledger:
            charge = ledger.charges[reference]
            cents = charge.cents - charge.refunded_cents if charge.paid_on else 0
            if not charge.chargeback and cents <= 0:
                raise CardRefused("there is nothing to take back")
            if not charge.chargeback:
                ledger.write(self._chargeback(reference, OPEN, now, cents))
        return self.chargeback_message(reference, OPEN, now=now)

    def end_chargeback(self, reference: str, *, won: bool, now: datetime) -> Message:
        """The bank decides, for the clinic or for its customer; decided once it stays.

        Raises:
            CardRefused: there is no chargeback.
        """
        with self._ledger() as ledger:
            charge = ledger.charges[reference]
            if not charge.chargeback:
                raise CardRefused("there is no chargeback")
            if charge.chargeback == OPEN:
                ledger.write(self._chargeback(reference, WON if won else LOST, now, charge.chargeback_cents))
            state = ledger.charges[reference].chargeback
        return self.chargeback_message(reference, state, now=now)

    def _chargeback(self, reference: str, state: str, now: datetime, cents: int) -> dict[str, Any]:
        day = now.astimezone(self._zone).date().isoformat()
        return {"what": "chargeback", "reference": reference, "state": state, "cents": cents, "on": day}

    def chargeback_message(self, reference: str, state: str, *, now: datetime) -> Message:
        """The message about a chargeback in one of its states, as it was told then."""
        charge = self.find(reference)
        assert charge is not None
        name = f"cb_{self._digest(f'{reference}:chargeback')[:24]}"
        told = {"chargeback": name, "chargeback_cents": charge.chargeback_cents, "chargeback_state": state}
        return self._message(charge, CHARGED_BACK, f"{reference}:chargeback:{state}", now, told)

    def read_event(self, body: bytes, signature: str, *, now: datetime) -> CardEvent:
        """See CardProcessor. signature: "t=<seconds>,v1=<HMAC-SHA256 of t.body>"."""
        parts = dict(part.partition("=")[::2] for part in signature.split(","))
        at = parts.get("t", "")
        if not (at.isascii() and at.isdigit()) or not hmac.compare_digest(
            parts.get("v1", "").encode(), self._sign(at, body).encode()
        ):
            raise BadSignature("the signature does not fit the message")
        if abs(now.timestamp() - int(at)) > TOLERANCE.total_seconds():
            raise BadSignature("the message is too old")
        told = json.loads(body)
        if told.get("saved"):
            told["saved"] = SavedMethod(**told["saved"])
        return CardEvent(**{name: told[name] for name in CardEvent.__slots__ if name in told})

    def payouts(self, account: str, *, until: date) -> Sequence[Payout]:
        """See CardProcessor. One a day with charges, two days later; where refunds outweigh them the rest waits for the next."""
        days: dict[date, list[int]] = {}
        with self._ledger() as ledger:
            charges = [c for c in ledger.charges.values() if c.paid_on and c.order["account"] == account]
        for charge in charges:
            assert charge.paid_on is not None
            sums = days.setdefault(charge.paid_on, [0, 0])
            sums[0] += charge.cents
            sums[1] += fee_cents(charge.cents)
            for cents, on in charge.refunds.values():
                days.setdefault(on, [0, 0])[0] -= cents
            for state, on in charge.chargeback_days.items():
                back = days.setdefault(on, [0, 0])
                back[0] += {OPEN: -charge.chargeback_cents, WON: charge.chargeback_cents, LOST: 0}[state]
                back[1] += CHARGEBACK_FEE_CENTS if state == OPEN else 0
        found, gross, fee = [], 0, 0
        for day in sorted(days):
            gross, fee = gross + days[day][0], fee + days[day][1]
            if day + timedelta(days=PAYOUT_DAYS) <= until and gross > fee:
                found.append(Payout(f"po_{account}_{day:%Y%m%d}", day + timedelta(days=PAYOUT_DAYS), gross, fee))
                gross = fee = 0
        return found

    def _message(
        self, charge: Charge, kind: str, event_id: str, now: datetime, more: dict[str, Any] | None = None
    ) -> Message:
        told: dict[str, Any] = {
            "id": f"evt_{self._digest(event_id)[:32]}", "kind": kind, "account": charge.order["account"], "key": charge.order["key"],
            "reference": charge.reference, "cents": charge.cents if charge.paid_on else 0, "refunded_cents": charge.refunded_cents,
            **(more or {}),
        }  # fmt: skip
        if kind == SAVED:
            name = self._digest(f"{charge.reference}:method")[:24]
            token = (_GOOD if charge.saved else _BAD) + name
            told["saved"] = asdict(SavedMethod(f"cus_{name}", token, CARD, "visa", "4242" if charge.saved else "0341"))
        body = json.dumps(told, sort_keys=True).encode()
        at = str(int(now.timestamp()))
        return Message(body, f"t={at},v1={self._sign(at, body)}")

    def _sign(self, at: str, body: bytes) -> str:
        return hmac.new(self._secret, at.encode() + b"." + body, hashlib.sha256).hexdigest()

    def _digest(self, text: str) -> str:
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()

    @contextmanager
    def _ledger(self) -> Iterator["_Ledger"]:
        """The file, locked against other threads and processes while it is read and written."""
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file.touch(mode=0o600)
        with self._file.open("a+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield _Ledger(file)


class _Ledger:
    """The orders in the file, and a way to add what happened."""

    def __init__(self, file: TextIO) -> None:
        self._out = file
        self.charges: dict[str, Charge] = {}
        self.forgotten: set[str] = set()
        file.seek(0)
        for line in file:
            self._apply(json.loads(line))

    def write(self, event: dict[str, Any]) -> None:
        self._out.write(json.dumps(event) + "\n")
        self._out.flush()
        self._apply(event)

    def _apply(self, event: dict[str, Any]) -> None:
        reference = event["reference"]
        if event["what"] == "order":
            self.charges[reference] = Charge(reference, event["order"])
            return
        if event["what"] == "forget":
            self.forgotten.add(reference)
            return
        charge = self.charges[reference]
        if event["what"] == "paid":
            charge.paid_on = date.fromisoformat(event["on"])
        elif event["what"] == "declined":
            charge.declines += 1
        elif event["what"] == "saved":
            charge.saved = event["good"]
        elif event["what"] == "chargeback":
            charge.chargeback, charge.chargeback_cents = event["state"], event["cents"]
            charge.chargeback_days[event["state"]] = date.fromisoformat(event["on"])
        else:
            charge.refunds[event["key"]] = (event["cents"], date.fromisoformat(event["on"]))
