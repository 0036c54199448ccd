"""Prices, code lists and encounters."""

from peewee import BigIntegerField, BlobField, CharField, DateField, IntegerField, TextField

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
    """A visit. diagnoses: codes with blanks between. state: recorded, billed, together, void.

    kind: P professional, I institutional (then a Stay), D dental, N no visit. billed_with: of a visit that is billed together
    with others, the visit made of all of them.
    """

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
    kind = CharField(1, default="P")
    billed_with = BigIntegerField(null=True)

    class Meta:
        table_name = "encounter"
        indexes = (
            (("practice", "reference"), True),
            (("practice", "state"), False),
            (("practice", "served_on"), False),
            (("billed_with",), False),
        )


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
    detail = text()  # JSON of a domain.line_detail.LineDetail, as few services have one


class Stay(Owned):
    """What a facility's bill says beside its services. coded: JSON of the coded facts, see store.stays."""

    encounter = link(EncounterRow)
    type_of_bill = CharField(2)
    interim = CharField(1, default="")
    statement_until = DateField()
    admission_type = CharField(1)
    admission_source = text()
    patient_status = CharField(2)
    admitted_on = DateField(null=True)
    admitted_time = text()
    discharge_time = text()
    admitting_diagnosis = text()
    drg = text()
    operating = link(Provider, null=True)
    coded = text()

    class Meta:
        indexes = ((("encounter",), True),)


class Dentition(Owned):
    """What a dentist's claim says of the mouth beside its services. Teeth by number, blanks between."""

    encounter = link(EncounterRow)
    missing_teeth = text()
    teeth_to_extract = text()
    months = IntegerField(null=True)
    months_left = IntegerField(null=True)
    appliance_on = DateField(null=True)

    class Meta:
        indexes = ((("encounter",), True),)


class Superbill(Owned):
    """A clinic's own list of codes by groups. specialty: the published one it began as."""

    name = TextField()
    specialty = text()
    by = TextField()
    at = InstantField()

    class Meta:
        indexes = ((("practice", "name"), True),)


class SuperbillCode(Owned):
    """One code of a superbill. code_set: icd10 or procedure; words: the clinic's own."""

    superbill = link(Superbill, index=True)
    number = IntegerField()
    section = TextField()
    code_set = CharField(12)
    code = CharField(12)
    modifiers = text()
    words = TextField()

    class Meta:
        table_name = "superbill_code"


class VisitImport(Owned):
    """A file of visits that was looked at and waits to be taken. its bytes go when it ends.

    kind: csv, fhir. state: checked, running, done, dropped. report: JSON of what is wrong with which line.
    """

    name = TextField()
    kind = CharField(4)
    content = BlobField()
    state = CharField(8)
    found = IntegerField(default=0)
    done = IntegerField(default=0)
    added = IntegerField(default=0)
    known = IntegerField(default=0)
    report = text()
    by = TextField()
    at = InstantField()

    class Meta:
        table_name = "visit_import"
