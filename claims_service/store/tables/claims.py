"""Claims, what checks found on them and their story."""

from peewee import BigIntegerField, BooleanField, CharField, DateField, IntegerField, TextField

from claims_service.store.connection import InstantField
from claims_service.store.tables.parties import CoverageRow, Owned, Patient, Payer
from claims_service.store.tables.row import link, text
from claims_service.store.tables.visits import EncounterRow


class ClaimRow(Owned):
    """One visit billed to one payer; no payer and sequence N when the patient pays. state: see domain.claim.lifecycle."""

    encounter = link(EncounterRow, index=True)
    patient = link(Patient)
    coverage = link(CoverageRow, null=True)
    payer = link(Payer, null=True)
    sequence = CharField(1)
    control_number = CharField(20, unique=True)
    frequency = CharField(1, default="1")
    replaces = BigIntegerField(null=True)
    state = CharField(16)
    charge_cents = BigIntegerField()
    expected_cents = BigIntegerField(null=True)
    served_on = DateField()
    payer_claim_number = text()
    other_payers = text()
    built_at = InstantField()
    changed_at = InstantField()
    sent_at = InstantField(null=True)
    version = IntegerField(default=1)

    class Meta:
        table_name = "claim"
        indexes = (
            (("practice", "state", "served_on", "id"), False),
            (("practice", "payer", "served_on", "id"), False),
            (("practice", "payer", "state", "served_on", "id"), False),
            (("practice", "served_on", "id"), False),
            (("practice", "charge_cents", "id"), False),
            (("patient", "served_on", "id"), False),
            (("practice", "payer_claim_number"), False),
        )


class ClaimLineRow(Owned):
    """One billed service. expected_cents: what the contract allows, empty when it does not say."""

    claim = link(ClaimRow, index=True)
    number = IntegerField()
    reference = CharField(30)
    procedure = CharField(5)
    modifiers = text()
    units = CharField(12)
    pointers = text()
    charge_cents = BigIntegerField()
    priced = BooleanField(default=True)
    expected_cents = BigIntegerField(null=True)
    served_on = DateField()
    place_of_service = text()
    ndc = text()
    description = text()
    detail = text()

    class Meta:
        table_name = "claim_line"


class ClaimProblem(Owned):
    """What a check found on a claim. severity: must, look."""

    claim = link(ClaimRow, index=True)
    rule = CharField(40)
    severity = CharField(8)
    place = text()
    message = TextField()
    mend = text()
    found_at = InstantField()
    settled_at = InstantField(null=True)


class ClaimEvent(Owned):
    """One step in the story of a claim. kind: built checked sent fetched accepted rejected paid denied ..."""

    claim = link(ClaimRow, index=True)
    at = InstantField()
    kind = CharField(24)
    text = TextField()
    by = TextField()
    file = BigIntegerField(null=True)
    remittance = BigIntegerField(null=True)


class Counter(Owned):
    """Numbers that are never given twice: interchange, group, claim, statement, receipt."""

    name = CharField(24)
    value = BigIntegerField()

    class Meta:
        indexes = ((("practice", "name"), True),)
