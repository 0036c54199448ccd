"""What patients question on their bills: the lines, the thread, the files they sent, and how soon the clinic answers."""

from peewee import BigIntegerField, BlobField, BooleanField, CharField, DateField, IntegerField, TextField

from claims_service.store.connection import InstantField
from claims_service.store.tables.bills import Statement
from claims_service.store.tables.parties import Owned, Patient
from claims_service.store.tables.row import link, text
from claims_service.store.tables.visits import EncounterRow


class DisputeRow(Owned):
    """A dispute or question about lines of a bill. kind: dispute, question. via: portal, phone, letter, desk.

    state: of domain.patient.dispute; only state, clock and outcome ever change. days_left: business days left of the
    promise while the clinic waits for the patient.
    """

    patient = link(Patient, index=True)
    statement = link(Statement)
    number = CharField(20, unique=True)
    key = CharField(80)
    kind = CharField(8)
    reason = CharField(20)
    via = CharField(8)
    opened_at = InstantField()
    opened_on = DateField()
    by = TextField()
    state = CharField(16)
    answer_by = DateField()
    days_left = IntegerField(null=True)
    reopened = BooleanField(default=False)
    outcome = CharField(10, default="")
    answered_on = DateField(null=True)

    class Meta:
        table_name = "dispute"
        indexes = ((("practice", "key"), True), (("practice", "state", "answer_by"), False))


class DisputeLine(Owned):
    """A line of a visit in question. line 0: the whole visit. share_cents: the patient's share of it on that day."""

    dispute = link(DisputeRow, index=True)
    encounter = link(EncounterRow, index=True)
    line = IntegerField()
    words = TextField()
    share_cents = BigIntegerField()


class DisputeEvent(Owned):
    """A message or a move, kept as it is. side: patient, staff. content: JSON of a proposed answer or of the letter sent."""

    dispute = link(DisputeRow, index=True)
    kind = CharField(10)
    side = CharField(8)
    words = text()
    content = text()
    by = TextField()
    at = InstantField()


class DisputeFile(Owned):
    """A photo or PDF sent with an event, as its bytes. kind: its media type, told from the content."""

    dispute = link(DisputeRow, index=True)
    event = link(DisputeEvent)
    name = TextField()
    kind = CharField(20)
    size = IntegerField()
    sha256 = CharField(64)
    content = BlobField()
    by = TextField()
    at = InstantField()


class DisputePolicy(Owned):
    """How soon the clinic answers, and the credit above which a second person agrees; the newest row holds."""

    answer_days = IntegerField()
    approve_above_cents = BigIntegerField()
    by = TextField()
    at = InstantField()

    class Meta:
        indexes = ((("practice", "id"), False),)
