"""Cards and accounts that the card company keeps for patients, what patients agreed to have charged, and each charge."""

from peewee import BigIntegerField, CharField, DateField, IntegerField, TextField

from claims_service.store.connection import InstantField
from claims_service.store.tables.bills import Payment, Statement
from claims_service.store.tables.parties import Owned, Patient
from claims_service.store.tables.payment_plans import PaymentPlanRow
from claims_service.store.tables.row import link, text


class SavedMethodRow(Owned):
    """customer, token: the company's names for it; no number is ever seen by us. state: started, ready, removed.

    kind: card, bank. last_digits: four at most.
    """

    patient = link(Patient, index=True)
    key = CharField(80)
    reference = text()
    state = CharField(8)
    customer = text()
    token = text()
    kind = CharField(8, default="")
    brand = text()
    last_digits = CharField(4, default="")
    started_at = InstantField()
    ready_at = InstantField(null=True)
    removed_at = InstantField(null=True)

    class Meta:
        table_name = "saved_method"
        indexes = ((("practice", "key"), True),)


class Autopay(Owned):
    """What a patient agreed to. what: statements, plan. words: as they were read, with their version. Only its end is added.

    most_cents: no charge above it.
    """

    patient = link(Patient, index=True)
    method = link(SavedMethodRow)
    what = CharField(10)
    plan = link(PaymentPlanRow, null=True)
    most_cents = BigIntegerField()
    key = CharField(80)
    words = TextField()
    version = CharField(12)
    language = CharField(2)
    address = text()
    accepted_by = TextField()
    agreed_on = DateField()
    agreed_at = InstantField()
    ended_at = InstantField(null=True)
    ended_why = text()

    class Meta:
        indexes = ((("practice", "key"), True),)


class AutopayCharge(Owned):
    """One charge, announced before it is made. key: what it pays. state: announced, charging, retry, paid, failed, stopped.

    cents: as announced; never more is taken. payment: of the last try.
    """

    autopay = link(Autopay, index=True)
    patient = link(Patient)
    statement = link(Statement)
    key = CharField(60)
    cents = BigIntegerField()
    charge_on = DateField()
    state = CharField(10)
    tries = IntegerField(default=0)
    payment = link(Payment, null=True)
    why = text()
    at = InstantField()

    class Meta:
        table_name = "autopay_charge"
        indexes = ((("practice", "key"), True), (("practice", "state"), False))
