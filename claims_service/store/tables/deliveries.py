"""Receivers of files, how each file got to one, and what was found in their folders."""

from peewee import BigIntegerField, CharField, IntegerField, TextField

from claims_service.store.connection import InstantField
from claims_service.store.tables.files import ExchangeFile
from claims_service.store.tables.parties import Owned
from claims_service.store.tables.row import link, text


class ReceiverRow(Owned):
    """An insurer or clearinghouse that takes files. identifier: ISA08. password, private_key: names of secrets, never secrets.

    answer_hours: null is the limit of the mapping.
    """

    identifier = CharField(15)
    name = TextField()
    route = CharField(8)
    host = text()
    port = IntegerField(default=22)
    username = text()
    host_key = text()
    password = text()
    private_key = text()
    outbound = text()
    inbound = text()
    archive = text()
    answer_hours = IntegerField(null=True)
    changed_at = InstantField()
    alarm = text()
    alarm_at = InstantField(null=True)

    class Meta:
        table_name = "receiver"
        indexes = ((("practice", "identifier"), True),)


class Delivery(Owned):
    """One outgoing file on its way to its receiver. stage: waiting, sending, uploaded, delivered. failures: in a row.

    alarm: why a person has to look; empty while it goes on by itself.
    """

    file = link(ExchangeFile)
    receiver = link(ReceiverRow)
    name = TextField()
    stage = CharField(10, default="waiting")
    attempts = IntegerField(default=0)
    failures = IntegerField(default=0)
    next_at = InstantField()
    alarm = text()
    delivered_at = InstantField(null=True)

    class Meta:
        indexes = ((("file",), True), (("practice", "stage"), False))


class DeliveryEvent(Owned):
    """One thing that happened to a delivery: begun, sending, uploaded, delivered, failed, again. Never changed."""

    delivery = link(Delivery, index=True)
    attempt = IntegerField()
    kind = CharField(10)
    text = text()
    by = TextField()
    at = InstantField()


class FetchedFile(Owned):
    """A file seen in a receiver's folder. state: seen, partial, and what the reading step said: read, held, duplicate, refused.

    modified: seconds since 1970 by the receiver's clock. sha256: empty until it was read.
    """

    receiver = link(ReceiverRow)
    name = TextField()
    size = BigIntegerField()
    modified = BigIntegerField()
    sha256 = CharField(64, default="")
    state = CharField(10)
    file = link(ExchangeFile, null=True)
    first_seen_at = InstantField()
    at = InstantField()

    class Meta:
        indexes = ((("receiver", "name"), True), (("receiver", "sha256"), False))
