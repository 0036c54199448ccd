"""How insurers' open items were settled by people, and appeals with what became of them; rows are never changed."""

from peewee import BigIntegerField, CharField, DateField, IntegerField, TextField

from claims_service.store.connection import InstantField
from claims_service.store.tables.claims import ClaimRow
from claims_service.store.tables.parties import Owned
from claims_service.store.tables.remittances import ProviderAdjustmentRow, Remittance
from claims_service.store.tables.row import link, text


class OpenItemSettlement(Owned):
    """Part of a provider-level adjustment that a person placed. cents: of its sign; way: claim, income, cost; entry: of the journal."""

    adjustment = link(ProviderAdjustmentRow)
    cents = BigIntegerField()
    way = CharField(8)
    claim = link(ClaimRow, null=True)
    entry = BigIntegerField()
    why = TextField()
    by = TextField()
    at = InstantField()

    class Meta:
        indexes = ((("practice", "adjustment"), False),)


class AppealTemplate(Owned):
    """The clinic's own text of appeal letters for one family of denials; the newest version holds."""

    family = CharField(24)
    version = IntegerField()
    text = TextField()
    by = TextField()
    at = InstantField()

    class Meta:
        indexes = ((("practice", "family", "version"), True),)


class AppealRow(Owned):
    """One letter about a denied claim. level: 1 is the first; cents: what is asked for; content: JSON of the letter, frozen."""

    claim = link(ClaimRow)
    level = IntegerField()
    cents = BigIntegerField()
    denied_on = DateField()
    due_on = DateField()
    template = link(AppealTemplate, null=True)
    content = TextField()
    by = TextField()
    at = InstantField()

    class Meta:
        table_name = "appeal"
        indexes = ((("claim", "level"), False),)


class AppealEvent(Owned):
    """What happened to an appeal. kind: sent, won, partly, lost, withdrawn; remittance: where the outcome was read."""

    appeal = link(AppealRow)
    kind = CharField(10)
    happened_on = DateField()
    cents = BigIntegerField(null=True)
    remittance = link(Remittance, null=True)
    note = text()
    by = TextField()
    at = InstantField()

    class Meta:
        indexes = ((("appeal", "id"), False),)
