"""Who does what: to whom a claim or visit is given, until when it sleeps, and what people noted. What waits is never stored."""

from peewee import DateField, TextField

from claims_service.store.connection import InstantField
from claims_service.store.tables.claims import ClaimRow
from claims_service.store.tables.parties import Owned
from claims_service.store.tables.people import User
from claims_service.store.tables.row import link
from claims_service.store.tables.visits import EncounterRow


class WorkTask(Owned):
    """To whom a claim, or a visit without one, is given; on snoozed_until it comes back by itself."""

    claim = link(ClaimRow, null=True)
    encounter = link(EncounterRow, null=True)
    assignee = link(User, null=True)
    snoozed_until = DateField(null=True)
    by = TextField()
    at = InstantField()

    class Meta:
        table_name = "work_task"
        indexes = (
            (("claim",), True),
            (("encounter",), True),
            (("practice", "assignee"), False),
        )


class WorkNote(Owned):
    """What a person noted about a claim or visit; kept as it is."""

    claim = link(ClaimRow, null=True, index=True)
    encounter = link(EncounterRow, null=True, index=True)
    text = TextField()
    by = TextField()
    at = InstantField()

    class Meta:
        table_name = "work_note"
