"""What a payment was chosen for, what is taken off for paying early, and what patients were told of their money."""

from peewee import BigIntegerField, BooleanField, CharField, IntegerField, TextField

from claims_service.store.connection import InstantField
from claims_service.store.tables.bills import Payment
from claims_service.store.tables.parties import Owned, Patient
from claims_service.store.tables.row import link, text
from claims_service.store.tables.visits import EncounterRow


class PaymentVisit(Owned):
    """A visit that a payment was chosen for; a payment without any is for its whole statement, or for the oldest visits."""

    payment = link(Payment, index=True)
    encounter = link(EncounterRow)


class PromptPayPolicy(Owned):
    """percent 0: nothing is taken off. days: after the statement. insured: of what a plan left to the patient as well.

    The newest row of a practice holds. Never changed.
    """

    percent = IntegerField()
    days = IntegerField()
    insured = BooleanField()
    by = TextField()
    at = InstantField()

    class Meta:
        indexes = ((("practice", "id"), False),)


class PaymentNotice(Owned):
    """A message about a payment, each once: key names it. kind: receipt, refund. state: sending, sent, failed.

    cents: what it spoke of.
    """

    patient = link(Patient)
    payment = link(Payment, null=True, index=True)
    kind = CharField(16)
    key = CharField(80)
    cents = BigIntegerField()
    state = CharField(8)
    reason = text()
    at = InstantField()

    class Meta:
        indexes = ((("practice", "key"), True),)
