"""Financial assistance: the practice's scale, applications with their papers, and what was decided."""

from peewee import BigIntegerField, BlobField, CharField, DateField, IntegerField, TextField

from claims_service.store.connection import InstantField
from claims_service.store.tables.parties import Owned, Patient
from claims_service.store.tables.row import link, text


class AssistancePolicy(Owned):
    """steps: "150:100 200:75", percent of the guideline and percent off. The newest row holds. Never changed."""

    steps = TextField()
    months = IntegerField()
    approve_above_cents = BigIntegerField()
    by = TextField()
    at = InstantField()

    class Meta:
        table_name = "assistance_policy"
        indexes = ((("practice", "id"), False),)


class AssistanceRow(Owned):
    """An application. state: open, granted, refused, withdrawn; only an open one changes. income_cents: of a year.

    guideline_percent: the income against the guideline on that day. percent: taken off from valid_from until valid_until.
    letter: JSON of a domain.patient.assistance_letter.Letter.
    """

    patient = link(Patient, index=True)
    number = CharField(20, unique=True)
    key = CharField(80)
    via = CharField(8)
    household = IntegerField()
    income_cents = BigIntegerField()
    guideline_percent = IntegerField()
    words = text()
    asked_on = DateField()
    state = CharField(10)
    percent = IntegerField(default=0)
    valid_from = DateField(null=True)
    valid_until = DateField(null=True)
    off_cents = BigIntegerField(default=0)
    decided_on = DateField(null=True)
    decided_by = text()
    why = text()
    letter = text()
    by = TextField()
    at = InstantField()

    class Meta:
        table_name = "assistance"
        indexes = ((("practice", "key"), True), (("practice", "state"), False))


class AssistanceFile(Owned):
    """A paper that proves income or household, as its bytes. kind: its media type, told from the content."""

    assistance = link(AssistanceRow, index=True)
    name = TextField()
    kind = CharField(20)
    size = IntegerField()
    sha256 = CharField(64)
    content = BlobField()
    by = TextField()
    at = InstantField()

    class Meta:
        table_name = "assistance_file"
