"""Visits that no plan is told of."""

from peewee import CharField, DateField, IntegerField, TextField

from claims_service.store.connection import InstantField
from claims_service.store.tables.parties import Owned, Patient
from claims_service.store.tables.row import link, text
from claims_service.store.tables.visits import EncounterRow


class PlanRestriction(Owned):
    """told_on: when the patient was told that it will end. lifted_at: empty while it holds; lifted_why: asked, unpaid."""

    patient = link(Patient)
    encounter = link(EncounterRow, index=True)
    asked_on = DateField()
    by = TextField()
    at = InstantField()
    told_on = DateField(null=True)
    told_by = text()
    lifted_at = InstantField(null=True)
    lifted_by = text()
    lifted_why = CharField(8, default="")

    class Meta:
        table_name = "plan_restriction"
        indexes = ((("practice", "patient"), False),)


class PlanRestrictionPolicy(Owned):
    """The newest row of a practice holds. Never changed."""

    days = IntegerField()
    grace_days = IntegerField()
    by = TextField()
    at = InstantField()

    class Meta:
        table_name = "plan_restriction_policy"
        indexes = ((("practice",), False),)
