"""The clinic's own rules: versions, what is switched on, and claims let through; rows are never changed."""

from peewee import CharField, DateField, IntegerField, TextField

from claims_service.store.connection import InstantField
from claims_service.store.tables.claims import ClaimRow
from claims_service.store.tables.parties import Owned
from claims_service.store.tables.row import link, text


class ClinicRule(Owned):
    """One version of a rule. joined: all, any; conditions: JSON; action: hold, warn, block, set. valid_until is the last day."""

    number = IntegerField()
    version = IntegerField()
    name = TextField()
    joined = CharField(3)
    conditions = TextField()
    action = CharField(5)
    message = TextField()
    filled_field = text()
    filled_value = text()
    valid_from = DateField(null=True)
    valid_until = DateField(null=True)
    by = TextField()
    at = InstantField()

    class Meta:
        table_name = "clinic_rule"
        indexes = ((("practice", "number", "version"), True),)


class ClinicRuleSwitch(Owned):
    """Which version of a rule holds from then on, none when it is empty; the latest row of a number counts."""

    number = IntegerField()
    rule = link(ClinicRule, null=True)
    by = TextField()
    at = InstantField()

    class Meta:
        table_name = "clinic_rule_switch"
        indexes = ((("practice", "number"), False),)


class ClinicRuleRelease(Owned):
    """A claim that a manager let through although a rule holds it."""

    claim = link(ClaimRow)
    rule = link(ClinicRule)
    why = TextField()
    by = TextField()
    at = InstantField()

    class Meta:
        table_name = "clinic_rule_release"
        indexes = ((("claim", "rule"), True),)
