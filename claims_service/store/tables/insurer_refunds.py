"""Money given back to insurers. No row is ever changed; what became of it is in the journal."""

from peewee import BigIntegerField, CharField, DateField, TextField

from claims_service.store.connection import InstantField
from claims_service.store.tables.claims import ClaimRow
from claims_service.store.tables.parties import Owned, Payer
from claims_service.store.tables.remittances import HeldItem
from claims_service.store.tables.row import link, text
from claims_service.store.tables.second_person import MoneyRequest


class InsurerRefund(Owned):
    """What an insurer paid too much on a claim, or a held payment that belongs to nobody here.

    way: check, transfer or offset; found_by: own or letter; identified_on: the clock's first day. request: of the second
    person, where it asked for one. held, payee: of a held payment and whom it goes back to; claim is then null, and payer
    where the sender is none of our insurers.
    """

    number = CharField(24)
    claim = link(ClaimRow, null=True)
    payer = link(Payer, null=True)
    cents = BigIntegerField()
    way = CharField(8)
    reason = CharField(16)
    found_by = CharField(8)
    letter = text()
    identified_on = DateField()
    check_number = text()
    why = TextField()
    request = link(MoneyRequest, null=True)
    by = TextField()
    at = InstantField()
    held = link(HeldItem, null=True)
    payee = text()

    class Meta:
        table_name = "insurer_refund"
        indexes = (
            (("practice", "number"), True),
            (("practice", "claim"), False),
            (("request",), True),
            (("practice", "held"), False),
        )
