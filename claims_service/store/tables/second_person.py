"""Write-offs and refunds above a limit wait for a second person. No row is ever changed."""

from peewee import BigIntegerField, BooleanField, CharField, TextField

from claims_service.store.connection import InstantField
from claims_service.store.tables.bills import Payment
from claims_service.store.tables.claims import ClaimRow
from claims_service.store.tables.parties import Owned
from claims_service.store.tables.row import link, text


class MoneyLimit(Owned):
    """Above these cents a second person agrees. The newest row of a practice holds."""

    cents = BigIntegerField()
    by = TextField()
    at = InstantField()

    class Meta:
        table_name = "money_limit"
        indexes = ((("practice",), False),)


class MoneyRequest(Owned):
    """kind: write_off (claim, account), refund (payment) or insurer (claim). seen_cents: what was refunded of the payment when it was asked for."""

    kind = CharField(10)
    claim = link(ClaimRow, null=True)
    account = CharField(24, default="")
    payment = link(Payment, null=True)
    cents = BigIntegerField()
    seen_cents = BigIntegerField()
    reason = CharField(16)
    why = TextField()
    by = TextField()
    at = InstantField()

    class Meta:
        table_name = "money_request"
        indexes = ((("practice", "claim"), False),)


class MoneyAnswer(Owned):
    """What the second person said, once."""

    request = link(MoneyRequest)
    agreed = BooleanField()
    words = text()
    by = TextField()
    at = InstantField()

    class Meta:
        table_name = "money_answer"
        indexes = ((("request",), True),)
