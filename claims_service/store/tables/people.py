"""People who sign in, their sessions and keys, and the audit chain."""

from peewee import BigIntegerField, BooleanField, CharField, IntegerField, TextField

from claims_service.store.connection import InstantField
from claims_service.store.tables.parties import Owned, Patient, Payer
from claims_service.store.tables.row import Row, link, text


class User(Owned):
    """Staff, insurer people; role decides what they may do. payer is set for insurer users only."""

    email = CharField(254)
    name = TextField()
    role = CharField(20)
    password_hash = TextField()
    payer = link(Payer, null=True)
    active = BooleanField(default=True)
    created_at = InstantField()

    class Meta:
        table_name = "app_user"
        indexes = ((("email",), True),)


class Session(Owned):
    """A server-side session; the cookie holds a secret whose hash is token_hash."""

    token_hash = CharField(64, unique=True)
    user = link(User, null=True, index=True)
    patient = link(Patient, null=True)
    created_at = InstantField()
    seen_at = InstantField()
    ended_at = InstantField(null=True)
    address = text()


class SignInAttempt(Row):
    """A try to sign in, by hashed name and address: counted for the limit."""

    subject_hash = CharField(64)
    address = CharField(64)
    at = InstantField()
    succeeded = BooleanField()

    class Meta:
        indexes = ((("subject_hash", "at"), False), (("address", "at"), False))


class ApiKey(Owned):
    """A key of a program; only its hash is kept, the prefix tells keys apart."""

    name = TextField()
    role = CharField(20)
    prefix = CharField(12)
    key_hash = CharField(64, unique=True)
    created_at = InstantField()
    revoked_at = InstantField(null=True)


class PortalLink(Owned):
    """A one-time way into the portal; opened with the date of birth."""

    patient = link(Patient)
    token_hash = CharField(64, unique=True)
    made_at = InstantField()
    expires_at = InstantField()
    used_at = InstantField(null=True)
    failures = IntegerField(default=0)


class Audit(Owned):
    """Who did or saw what of which patient, when, from where and why; each row hashes the one before."""

    seq = BigIntegerField()
    at = InstantField()
    who = TextField()
    role = text()
    address = text()
    action = CharField(60)
    patient = BigIntegerField(null=True)
    subject = text()
    why = text()
    previous = CharField(64)
    hash = CharField(64)

    class Meta:
        indexes = ((("practice", "seq"), True), (("practice", "patient"), False))


class AuditHead(Row):
    """The last row of each practice's chain: catches a cut tail, and orders the writers."""

    practice = IntegerField(unique=True)
    seq = BigIntegerField()
    hash = CharField(64)


class Idempotency(Owned):
    """The answer to a request with an Idempotency-Key, kept to answer the same again."""

    who = CharField(80)
    key = CharField(200)
    request_hash = CharField(64)
    status = IntegerField(null=True)
    body = text()
    at = InstantField()

    class Meta:
        indexes = ((("practice", "who", "key"), True),)
