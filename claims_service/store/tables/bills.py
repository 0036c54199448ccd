"""Invoices, statements and patient payments."""

from peewee import BigIntegerField, BooleanField, CharField, DateField, TextField

from claims_service.store.connection import InstantField
from claims_service.store.tables.claims import ClaimRow
from claims_service.store.tables.parties import Owned, Patient
from claims_service.store.tables.row import Row, link, text
from claims_service.store.tables.visits import EncounterRow


class Invoice(Owned):
    """The patient's share of one visit, frozen when issued. content: JSON of the domain Invoice."""

    patient = link(Patient, index=True)
    encounter = link(EncounterRow, index=True)
    number = CharField(20, unique=True)
    issued_on = DateField()
    share_cents = BigIntegerField()
    content = TextField()
    replaced_by = BigIntegerField(null=True)

    class Meta:
        indexes = ((("practice", "issued_on"), False),)


class Statement(Owned):
    """What a patient was told, frozen when issued. content: JSON of the domain Statement; key: patient, the one before, what is new.

    confidential: of the visits that the patient keeps to themselves, and of nothing else.
    """

    patient = link(Patient, index=True)
    number = CharField(20, unique=True)
    key = CharField(60)
    issued_on = DateField()
    due_on = DateField()
    owed_cents = BigIntegerField()
    content = TextField()
    at = InstantField()
    confidential = BooleanField(default=False)

    class Meta:
        indexes = ((("practice", "key"), True), (("practice", "issued_on"), False))


class Payment(Owned):
    """Money from or back to a patient. method: card, cash, check. state: started, pending, paid, failed, refunded.

    pending: a bank debit that takes days. processor_reference: the card company's id; no card number is ever seen by us.
    """

    patient = link(Patient, index=True)
    statement = link(Statement, null=True)
    method = CharField(8)
    cents = BigIntegerField()
    refunded_cents = BigIntegerField(default=0)
    state = CharField(10)
    key = CharField(80)
    receipt_number = CharField(20, null=True, unique=True)
    processor_reference = text()
    check_number = text()
    started_at = InstantField()
    settled_at = InstantField(null=True)
    by = TextField()

    class Meta:
        indexes = ((("practice", "key"), True), (("processor_reference",), False))


class Allocation(Owned):
    """Which claim a payment settled, in cents."""

    payment = link(Payment, index=True)
    claim = link(ClaimRow, index=True)
    cents = BigIntegerField()


class ProcessorEvent(Row):
    """A webhook event that was taken; the same id again is a repeat."""

    event_id = CharField(120, unique=True)
    kind = CharField(60)
    at = InstantField()
