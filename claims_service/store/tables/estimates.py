"""What a visit is expected to cost: wishes for an estimate, the estimates issued, and bills far above them."""

from peewee import BigIntegerField, CharField, DateField, TextField

from claims_service.store.connection import InstantField
from claims_service.store.tables.parties import Owned, Patient, Provider
from claims_service.store.tables.row import link, text
from claims_service.store.tables.visits import EncounterRow


class EstimateRow(Owned):
    """An estimate that is due or was given. reason: asked, scheduled. state: due, issued, dropped; only a due one changes.

    wish: JSON of a domain.estimate.wish.Wish, empty while only the patient's words are known. due_on empty: no law sets a day.
    """

    patient = link(Patient, index=True)
    number = CharField(20, unique=True)
    key = CharField(80)
    reason = CharField(10)
    asked_on = DateField()
    planned_on = DateField(null=True)
    due_on = DateField(null=True)
    state = CharField(8)
    wish = text()
    words = text()
    why = text()
    by = TextField()
    at = InstantField()

    class Meta:
        table_name = "estimate"
        indexes = ((("practice", "key"), True), (("practice", "state", "due_on"), False))


class EstimatePaper(Owned):
    """The estimate as it was issued, once and for all. kind: self_pay, insured. low_cents, high_cents: the patient's share."""

    estimate = link(EstimateRow)
    kind = CharField(8)
    provider = link(Provider)
    issued_on = DateField()
    charge_cents = BigIntegerField()
    low_cents = BigIntegerField(null=True)
    high_cents = BigIntegerField(null=True)
    content = TextField()
    by = TextField()
    at = InstantField()

    class Meta:
        table_name = "estimate_paper"
        indexes = ((("estimate",), True),)


class EstimateVisit(Owned):
    """A visit that an estimate spoke of."""

    estimate = link(EstimateRow, index=True)
    encounter = link(EncounterRow)
    by = TextField()
    at = InstantField()

    class Meta:
        table_name = "estimate_visit"
        indexes = ((("encounter",), True),)


class EstimateHold(Owned):
    """A bill that waits, since it is far above its estimate, until a person lets it go with a reason."""

    estimate = link(EstimateRow, index=True)
    encounter = link(EncounterRow)
    expected_cents = BigIntegerField()
    billed_cents = BigIntegerField()
    held_on = DateField()
    at = InstantField()
    released_by = text()
    released_at = InstantField(null=True)
    why = text()

    class Meta:
        table_name = "estimate_hold"
        indexes = ((("encounter", "billed_cents"), True),)
