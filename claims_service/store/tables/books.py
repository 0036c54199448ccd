"""The journal, its running balances and closed months."""

from peewee import BigIntegerField, CharField, DateField, ForeignKeyField, IntegerField, TextField

from claims_service.store.connection import InstantField
from claims_service.store.tables.parties import Owned
from claims_service.store.tables.row import text


class JournalEntry(Owned):
    """The head of an entry, written last: it seals the transfers above it (total_cents is checked by the database)."""

    posted_on = DateField()
    period = CharField(7)
    kind = CharField(24)
    key = CharField(160)
    source = CharField(24)
    source_id = BigIntegerField(null=True)
    memo = text()
    total_cents = BigIntegerField()
    reverses = BigIntegerField(null=True)
    by = TextField()
    at = InstantField()

    class Meta:
        indexes = (
            (("practice", "key"), True),
            (("practice", "source", "source_id"), False),
            (("practice", "posted_on"), False),
        )


class JournalTransfer(Owned):
    """One movement from an account to another; balanced by construction."""

    entry = ForeignKeyField(JournalEntry, deferrable="INITIALLY DEFERRED", index=False, backref="+")
    debit = CharField(24)
    credit = CharField(24)
    cents = BigIntegerField()
    claim = BigIntegerField(null=True)
    line = IntegerField(null=True)
    patient = BigIntegerField(null=True)
    payer = BigIntegerField(null=True)
    reason = text()

    class Meta:
        indexes = ((("entry",), False), (("claim",), False), (("patient",), False))


class Balance(Owned):
    """Running balance of an account for one claim, patient and payer (0 = none); debit-positive cents.

    Kept for speed; the journal is the truth and `claims ledger check` compares the two.
    """

    account = CharField(24)
    claim = BigIntegerField(default=0)
    patient = BigIntegerField(default=0)
    payer = BigIntegerField(default=0)
    cents = BigIntegerField()

    class Meta:
        indexes = (
            (("practice", "account", "claim", "patient", "payer"), True),
            (("claim",), False),
            (("patient",), False),
        )


class Owed(Owned):
    """What a claim's insurer (owner: its id, 0 the patients, -1 nobody named) owes in all, and the day of the first entry that moved it.

    Kept for speed like Balance. A row that came to zero stays: the debt is as old as before if it comes back.
    The index that aging reads is partial, on rows that are not zero.
    """

    claim = BigIntegerField(default=0)
    owner = BigIntegerField()
    patient = BigIntegerField(default=0)
    since = DateField()
    cents = BigIntegerField()

    class Meta:
        indexes = ((("practice", "claim", "owner"), True),)


class Period(Owned):
    """A closed month with the digest of its trial balance."""

    month = CharField(7)
    closed_at = InstantField()
    closed_by = TextField()
    digest = CharField(64)
    body = TextField()

    class Meta:
        indexes = ((("practice", "month"), True),)
