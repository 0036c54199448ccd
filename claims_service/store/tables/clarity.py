"""What patients say of their bills."""

from peewee import CharField, IntegerField

from claims_service.store.connection import InstantField
from claims_service.store.tables.bills import Statement
from claims_service.store.tables.parties import Owned, Patient
from claims_service.store.tables.row import link
from claims_service.store.tables.visits import EncounterRow


class BillClarity(Owned):
    """Was this bill clear: yes, partly, no. after: payment, dispute. Once a bill; never changed.

    encounter, line, reason: what was not clear, where the patient said so. line_type: of that line; line_types: of every line of
    the bill, each once, with spaces between (domain.patient.clarity).
    """

    patient = link(Patient)
    statement = link(Statement)
    after = CharField(8)
    answer = CharField(6)
    encounter = link(EncounterRow, null=True)
    line = IntegerField(null=True)
    reason = CharField(10, default="")
    line_type = CharField(12, default="")
    line_types = CharField(100, default="")
    at = InstantField()

    class Meta:
        table_name = "bill_clarity"
        indexes = ((("statement",), True), (("practice", "at"), False))
