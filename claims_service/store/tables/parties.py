"""Practices, providers, insurers, patients and their plans."""

from peewee import CharField, DateField, IntegerField, TextField

from claims_service.store.connection import InstantField
from claims_service.store.tables.row import Row, link, text


class Practice(Row):
    """A clinic as it bills, with its time zone. zip has nine digits."""

    name = TextField()
    npi = CharField(10, unique=True)
    tax_id = CharField(9)
    taxonomy = CharField(10)
    phone = CharField(20)
    email = text()
    contact = text()
    submitter_id = CharField(15)
    line1 = text()
    line2 = text()
    city = text()
    state = text()
    zip = text()
    zone = CharField(64, default="America/Los_Angeles")
    remit_bank_account = text()


class Owned(Row):
    """A row of one practice."""

    practice = link(Practice)


class Provider(Owned):
    """Who gives, refers or hosts care; first is empty for an organization."""

    npi = CharField(10)
    last = TextField()
    first = text()
    taxonomy = text()

    class Meta:
        indexes = ((("practice", "npi"), True),)


class Payer(Owned):
    """An insurer. identifier: NM109; receiver_id: ISA08; originator: TRN03 of its payments."""

    identifier = CharField(80)
    name = TextField()
    filing = CharField(2, default="CI")
    receiver_id = CharField(15)
    phone = text()
    line1 = text()
    city = text()
    state = text()
    zip = text()
    timely_filing_days = IntegerField(default=365)
    originator = text()

    class Meta:
        indexes = ((("practice", "identifier"), True),)


class Patient(Owned):
    """A patient. reference: the record number in the system the patient comes from."""

    reference = TextField()
    last = TextField()
    first = TextField()
    middle = text()
    birth_on = DateField()
    sex = CharField(1, default="U")
    line1 = text()
    line2 = text()
    city = text()
    state = text()
    zip = text()
    phone = text()
    email = text()
    language = CharField(2, default="en")
    created_at = InstantField()

    class Meta:
        indexes = ((("practice", "reference"), True), (("practice", "last", "first"), False))


class CoverageRow(Owned):
    """A patient's plan. Subscriber columns are empty when the patient is the subscriber (relationship 18)."""

    patient = link(Patient, index=True)
    payer = link(Payer)
    rank = IntegerField(default=1)
    member_id = TextField()
    group_number = text()
    plan_name = text()
    relationship = CharField(2, default="18")
    subscriber_last = text()
    subscriber_first = text()
    subscriber_birth_on = DateField(null=True)
    subscriber_sex = text()
    valid_from = DateField(null=True)
    valid_until = DateField(null=True)

    class Meta:
        table_name = "coverage"
