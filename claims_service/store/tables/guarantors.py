"""Who answers for a patient's bills."""

from peewee import CharField, DateField, TextField

from claims_service.store.connection import InstantField
from claims_service.store.tables.parties import Owned, Patient
from claims_service.store.tables.row import link, text


class GuarantorRow(Owned):
    """The newest row of a patient holds; an empty name says that the patient answers alone. Never changed."""

    patient = link(Patient)
    name = CharField(100)
    relationship = CharField(10)
    line1 = text()
    line2 = text()
    city = text()
    state = text()
    zip = text()
    until = DateField(null=True)
    by = TextField()
    at = InstantField()

    class Meta:
        table_name = "guarantor"
        indexes = ((("practice", "patient"), False), (("practice", "name"), False))
