"""Payment plans: what the practice offers, what a patient agreed to, each schedule it had, and what happened to it."""

from peewee import BigIntegerField, BlobField, CharField, DateField, IntegerField, TextField

from claims_service.store.connection import InstantField
from claims_service.store.tables.bills import Statement
from claims_service.store.tables.parties import Owned, Patient
from claims_service.store.tables.row import link, text
from claims_service.store.tables.visits import EncounterRow


class PaymentPlanPolicy(Owned):
    """least_cents: of one month; most_months 0: none is offered. The newest row of a practice holds. Never changed."""

    least_cents = BigIntegerField()
    most_months = IntegerField()
    grace_days = IntegerField()
    by = TextField()
    at = InstantField()

    class Meta:
        indexes = ((("practice", "id"), False),)


class PaymentPlanRow(Owned):
    """A promise about the open part of some visits; the journal holds the money. via: portal, desk.

    from_entry: the last entry of the journal when it was agreed; what came after counts. state: running, paid, stopped, of
    which running may be late or lapsed: that is told by the journal. Only the state ever changes.
    """

    patient = link(Patient, index=True)
    statement = link(Statement)
    number = CharField(20, unique=True)
    key = CharField(80)
    total_cents = BigIntegerField()
    from_entry = BigIntegerField()
    agreed_on = DateField()
    agreed_at = InstantField()
    accepted_by = TextField()
    via = CharField(8)
    address = text()
    language = CharField(2)
    by = TextField()
    state = CharField(8)

    class Meta:
        table_name = "payment_plan"
        indexes = ((("practice", "key"), True), (("practice", "state"), False))


class PaymentPlanVisit(Owned):
    """A visit the plan is about. cents: open on it when it was agreed."""

    plan = link(PaymentPlanRow, index=True)
    encounter = link(EncounterRow, index=True)
    cents = BigIntegerField()


class PaymentPlanVersion(Owned):
    """A schedule: "2026-12-05:2353 2027-01-05:2353 ...". number 1: as agreed. why: agreed, shortened, restored. Never changed."""

    plan = link(PaymentPlanRow)
    number = IntegerField()
    schedule = TextField()
    why = CharField(10)
    at = InstantField()

    class Meta:
        indexes = ((("plan", "number"), True),)


class PaymentPlanAgreement(Owned):
    """The paper that was accepted, byte for byte, in each language. Never changed."""

    plan = link(PaymentPlanRow)
    language = CharField(2)
    content = BlobField()
    sha256 = CharField(64)
    at = InstantField()

    class Meta:
        indexes = ((("plan", "language"), True),)


class PaymentPlanEvent(Owned):
    """What happened, each once: key names it. kind: agreed, reminded, failed, lapsed, resumed, paid, stopped. Never changed."""

    plan = link(PaymentPlanRow)
    kind = CharField(10)
    key = CharField(40)
    words = text()
    by = TextField()
    at = InstantField()

    class Meta:
        indexes = ((("plan", "key"), True),)
