"""A patient with a card at Stripe, and the days that pass: what the stories of autopay are told with."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from claims_service.domain.ledger.accounts import CARD_CLEARING, PATIENT_OWES
from claims_service.gateways.cards.stripe_checkout import StripeCheckout
from claims_service.gateways.messages.outbox import Outbox
from claims_service.store import autopay, journal
from claims_service.workflow.bill_patient import bill_patients
from claims_service.workflow.run_autopay import Ran, announce_charges, make_charges
from claims_service.workflow.save_method import (
    Agreement,
    SaveWish,
    agree_autopay,
    keep_saved,
    start_saving,
)
from claims_service.workflow.tell_of_autopay import tell_of_autopay
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.gateways.stripe_stand_in import StandIn, signed
from tests.patient.test_paying import mails

DAY = timedelta(days=1)


@dataclass
class Home:
    """Alma, who gets e-mail, at a clinic with Stripe behind it. day: how many days after TODAY it is."""

    clinic: Clinic
    company: StandIn
    stripe: StripeCheckout
    outbox: Outbox
    folder: Path
    day: int = 0
    keys: Iterator[int] = field(default_factory=lambda: iter(range(1000)))

    @property
    def about(self) -> dict[str, object]:
        return {"by": BILLER, "now": NOW + self.day * DAY}

    @property
    def today(self) -> date:
        return TODAY + self.day * DAY

    def save(self, *, kind: str = "card", declines: bool = False) -> int:
        key = f"save-{next(self.keys)}"
        wish = SaveWish(self.clinic.alma, key, "Save a card", "/portal/autopay", "/portal/autopay")
        start_saving(self.clinic.practice, wish, processor=self.stripe, **self.about)  # type: ignore[arg-type]
        found = autopay.method_by_key(self.clinic.practice, key)
        assert found is not None
        body = self.company.save(found.reference, kind=kind, declines=declines)
        kept = {
            keep_saved(self.clinic.practice, self.stripe.read_event(body, signed(body), now=NOW), **self.about)  # type: ignore[arg-type]
            for _ in range(3)
        }
        assert kept == {found.id}
        return found.id

    def agree(self, method: int, *, most: int = 500_00, plan: int | None = None) -> int:
        wish = Agreement(
            self.clinic.alma, method, plan, most, f"agree-{next(self.keys)}", "Alma Testpatient", "10.0.0.1", "en"
        )
        return agree_autopay(self.clinic.practice, wish, today=self.today, **self.about)  # type: ignore[arg-type]

    def bill(self) -> int:
        made = bill_patients(self.clinic.practice, None, today=self.today, **self.about)  # type: ignore[arg-type]
        return made.statements[0]

    def round(self) -> Ran:
        """What the clock does each hour."""
        announce_charges(self.clinic.practice, today=self.today, **self.about)  # type: ignore[arg-type]
        tell_of_autopay(self.clinic.practice, outbox=self.outbox, site_url="https://b.example", **self.about)  # type: ignore[arg-type]
        return make_charges(self.clinic.practice, processor=self.stripe, today=self.today, **self.about)  # type: ignore[arg-type]

    def live(self, until: int) -> list[Ran]:
        """Each day up to one, with two rounds a day."""
        ran = []
        while self.day < until:
            self.day += 1
            ran += [self.round(), self.round()]
        return ran

    def charge(self) -> autopay.Charge:
        return autopay.charges_of(self.clinic.practice, self.clinic.alma)[0]

    def owed(self) -> int:
        return journal.balance(self.clinic.practice, PATIENT_OWES, patient=self.clinic.alma)

    def taken(self) -> int:
        return journal.balance(self.clinic.practice, CARD_CLEARING)

    def mails(self) -> list[str]:
        return mails(self.folder)
