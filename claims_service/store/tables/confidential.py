"""Visits that patients keep to themselves."""

from peewee import CharField, DateField, TextField

from claims_service.store.connection import InstantField
from claims_service.store.tables.parties import Owned, Patient
from claims_service.store.tables.row import link, text
from claims_service.store.tables.visits import EncounterRow


class ConfidentialRequest(Owned):
    """encounter: empty for every visit since a day. how: portal, email, mail. lifted_at: empty while it holds."""

    patient = link(Patient)
    encounter = link(EncounterRow, null=True)
    since = DateField()
    how = CharField(6)
    email = text()
    line1 = text()
    line2 = text()
    city = text()
    state = text()
    zip = text()
    by = TextField()
    at = InstantField()
    lifted_at = InstantField(null=True)
    lifted_by = text()

    class Meta:
        table_name = "confidential_request"
        indexes = ((("practice", "patient"), False),)
