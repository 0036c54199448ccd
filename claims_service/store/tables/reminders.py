"""How patients are billed: the practice's policy, what each patient agreed to, what makes bills rest, and what was sent."""

from peewee import BigIntegerField, CharField, DateField, TextField

from claims_service.store.connection import InstantField
from claims_service.store.tables.bills import Statement
from claims_service.store.tables.parties import Owned, Patient
from claims_service.store.tables.row import link, text


class BillingPolicy(Owned):
    """steps: "ready:0 first:14 ..."; quiet_from, quiet_until: "21:00". The newest row of a practice holds. Never changed."""

    steps = TextField()
    small_balance_cents = BigIntegerField()
    quiet_from = CharField(5)
    quiet_until = CharField(5)
    by = TextField()
    at = InstantField()

    class Meta:
        table_name = "billing_policy"
        indexes = ((("practice",), False),)


class ContactChoice(Owned):
    """A patient said yes or stop to a channel (email, text). via: portal, desk, reply. The newest row holds. Never changed."""

    patient = link(Patient)
    channel = CharField(8)
    answer = CharField(4)
    via = CharField(8)
    by = TextField()
    at = InstantField()

    class Meta:
        table_name = "contact_choice"
        indexes = ((("practice", "patient"), False),)


class BillingHold(Owned):
    """Bills and reminders of a patient rest. kind: see domain.patient.reminder.HOLDS; lifted_at: empty while it holds."""

    patient = link(Patient)
    kind = CharField(12)
    note = text()
    since = DateField()
    by = TextField()
    at = InstantField()
    lifted_at = InstantField(null=True)
    lifted_by = text()

    class Meta:
        table_name = "billing_hold"
        indexes = ((("practice", "patient"), False),)


class Reminder(Owned):
    """A step of a statement: its letter, and how it left. state: sending, sent, failed, to_print, printed; each step once."""

    statement = link(Statement)
    patient = link(Patient)
    letter = CharField(8)
    channel = CharField(8)
    state = CharField(8)
    open_cents = BigIntegerField()
    reason = text()
    at = InstantField()

    class Meta:
        indexes = ((("statement", "letter"), True), (("practice", "state"), False), (("practice", "patient"), False))


class CollectionPrice(Owned):
    """What a letter and a text message cost the practice. The newest row holds. Never changed."""

    letter_cents = BigIntegerField()
    text_cents = BigIntegerField()
    by = TextField()
    at = InstantField()

    class Meta:
        table_name = "collection_price"
        indexes = ((("practice",), False),)
