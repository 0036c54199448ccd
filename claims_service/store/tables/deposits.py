"""Bank lines, card payouts and what they were matched to."""

from peewee import BigIntegerField, CharField, DateField, IntegerField, TextField

from claims_service.store.connection import InstantField
from claims_service.store.tables.files import ExchangeFile
from claims_service.store.tables.parties import Owned
from claims_service.store.tables.row import link, text


class CardPayout(Owned):
    """What the card company sends to the bank for a batch of payments: gross less fee."""

    reference = CharField(80)
    paid_on = DateField()
    gross_cents = BigIntegerField()
    fee_cents = BigIntegerField()
    net_cents = BigIntegerField()
    at = InstantField()

    class Meta:
        indexes = ((("practice", "reference"), True),)


class BankLine(Owned):
    """One booked line of the clinic's bank account. state: open, partly, matched. key: same line in two exports is one.

    trace and originator: TRN02 and TRN03, or a number of the bank without originator; reference: the bank's own for the line.
    """

    file = link(ExchangeFile, index=True)
    key = CharField(160)
    account = CharField(40)
    booked_on = DateField()
    cents = BigIntegerField()
    description = text()
    trace = text()
    originator = text()
    counterparty = text()
    reference = text()
    position = IntegerField()
    state = CharField(10)
    at = InstantField()

    class Meta:
        indexes = ((("practice", "key"), True), (("practice", "state"), False))


class DepositMatch(Owned):
    """A bank line tied to what it pays. kind: remittance, card_payout, desk, refund or return; subject: its id.

    return ties a deposit and the bank line that took it back, each way round; no entry, as the two come to zero.
    basis: what told it ("payment number", "by hand"). Undone ones stay, with who did it.
    """

    bank_line = link(BankLine, index=True)
    kind = CharField(12)
    subject = BigIntegerField()
    cents = BigIntegerField()
    at = InstantField()
    basis = text()
    by = TextField()
    undone_at = InstantField(null=True)
    undone_by = text()

    class Meta:
        indexes = ((("practice", "kind", "subject"), False),)
