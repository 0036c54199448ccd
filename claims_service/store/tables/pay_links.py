"""Ways to one bill without signing in, and what the card company took back of a payment."""

from peewee import BigIntegerField, CharField, IntegerField

from claims_service.store.connection import InstantField
from claims_service.store.tables.bills import Payment, Statement
from claims_service.store.tables.parties import Owned, Patient
from claims_service.store.tables.people import Session
from claims_service.store.tables.row import link


class PayLink(Owned):
    """A way to one statement; opened with the date of birth. Its address is signed and kept nowhere."""

    statement = link(Statement)
    patient = link(Patient)
    made_at = InstantField()
    expires_at = InstantField()
    revoked_at = InstantField(null=True)
    failures = IntegerField(default=0)

    class Meta:
        table_name = "pay_link"
        indexes = ((("practice", "statement"), False),)


class PayVisit(Owned):
    """A session that came by a pay link and sees its statement alone."""

    session = link(Session)
    pay_link = link(PayLink)

    class Meta:
        table_name = "pay_visit"
        indexes = ((("session",), True),)


class CardReturn(Owned):
    """What went back of a card payment. reference: "refunds", or a chargeback's id. state: refunded, open, won, lost."""

    payment = link(Payment)
    reference = CharField(80)
    cents = BigIntegerField()
    state = CharField(8)
    at = InstantField()

    class Meta:
        table_name = "card_return"
        indexes = ((("payment", "reference"), True),)
