"""Prices, code lists and encounters."""

from peewee import BigIntegerField, CharField, DateField, IntegerField, TextField

from claims_service.store.connection import InstantField
from claims_service.store.tables.parties import Owned, Patient, Payer, Provider
from claims_service.store.tables.row import link, text


class FeeSchedule(Owned):
    """The clinic's prices (payer empty) or one payer's contract."""

    name = TextField()
    payer = link(Payer, null=True)
    valid_from = DateField()
    valid_until = DateField(null=True)

    class Meta:
        indexes = ((("practice", "name", "valid_from"), True),)


class Fee(Owned):
    """A price for one unit of a procedure, with the modifier it holds for (empty: without one)."""

    schedule = link(FeeSchedule)
    procedure = CharField(5)
    modifier = CharField(2, default="")
    cents = BigIntegerField()

    class Meta:
        indexes = ((("schedule", "procedure", "modifier"), True),)


class Code(Owned):
    """A code the practice can look up: code_set is "icd10", "procedure", "modifier" or "pos"."""

    code_set = CharField(12)
    code = CharField(12)
    label = TextField()
    search = TextField()

    class Meta:
        indexes = ((("practice", "code_set", "code"), True),)


class EncounterRow(Owned):
    """A visit. diagnoses: codes with blanks between. state: recorded, billed, needs_mending, void."""

    patient = link(Patient, index=True)
    reference = TextField()
    served_on = DateField()
    place_of_service = CharField(2)
    rendering = link(Provider)
    referring = link(Provider, null=True)
    diagnoses = TextField()
    prior_authorization = text()
    note = text()
    state = CharField(16, default="recorded")
    source = text()
    recorded_by = TextField()
    recorded_at = InstantField()
    version = IntegerField(default=1)

    class Meta:
        table_name = "encounter"
        indexes = ((("practice", "reference"), True), (("practice", "state"), False))


class EncounterLine(Owned):
    """A service of a visit. pointers: 1-based, with blanks between; charge_cents empty: from the fee schedule."""

    encounter = link(EncounterRow, index=True)
    number = IntegerField()
    procedure = CharField(5)
    modifiers = text()
    units = CharField(12, default="1")
    pointers = text()
    charge_cents = BigIntegerField(null=True)
    served_on = DateField(null=True)
    place_of_service = text()
    ndc = text()
    description = text()
