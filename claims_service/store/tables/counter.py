"""The counter: counts of the till, and deposit slips. No row is ever changed."""

from peewee import BigIntegerField, CharField, DateField, TextField

from claims_service.store.connection import InstantField
from claims_service.store.tables.bills import Payment
from claims_service.store.tables.parties import Owned
from claims_service.store.tables.row import link, text


class TillCount(Owned):
    """What was counted at the end of a day, beside what the journal said."""

    counted_on = DateField()
    cash_cents = BigIntegerField()
    cash_journal_cents = BigIntegerField()
    check_cents = BigIntegerField()
    check_journal_cents = BigIntegerField()
    why = text()
    by = TextField()
    at = InstantField()

    class Meta:
        table_name = "till_count"
        indexes = ((("practice", "counted_on"), True),)


class DepositSlip(Owned):
    """Cash and checks brought to the bank together."""

    number = CharField(24)
    made_on = DateField()
    cash_cents = BigIntegerField()
    check_cents = BigIntegerField()
    by = TextField()
    at = InstantField()

    class Meta:
        table_name = "deposit_slip"
        indexes = ((("practice", "number"), True),)


class DepositSlipPayment(Owned):
    """A payment on a slip, less what was given back of it before. A payment is on one slip only."""

    slip = link(DepositSlip)
    payment = link(Payment)
    cents = BigIntegerField()

    class Meta:
        table_name = "deposit_slip_payment"
        indexes = ((("payment",), True), (("slip",), False))
