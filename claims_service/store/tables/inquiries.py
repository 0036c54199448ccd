"""What the clinic asked insurers (270, 276), what they answered (271, 277), and approvals of care given in advance."""

from peewee import BigIntegerField, BooleanField, CharField, DateField, IntegerField, TextField

from claims_service.store.connection import InstantField
from claims_service.store.tables.claims import ClaimRow
from claims_service.store.tables.files import ExchangeFile
from claims_service.store.tables.parties import CoverageRow, Owned, Patient, Payer
from claims_service.store.tables.row import link, text


class EligibilityCheck(Owned):
    """One question about a patient's cover on a day. state: asked, answered, failed.

    route: live or file. trace: TRN02, which the answer repeats. member_id: as it was asked with. problem: why there is no
    answer. answer: the EligibilityAnswer as JSON, never changed once it stands.
    """

    patient = link(Patient, index=True)
    coverage = link(CoverageRow, index=True)
    payer = link(Payer)
    served_on = DateField()
    trace = CharField(30)
    member_id = TextField()
    route = CharField(4)
    state = CharField(8)
    asked_at = InstantField()
    asked_by = TextField()
    file = link(ExchangeFile, null=True, index=True)
    problem = text()
    answered_at = InstantField(null=True)
    answer_file = link(ExchangeFile, null=True)
    is_active = BooleanField(null=True)
    answer = text()

    class Meta:
        table_name = "eligibility_check"
        indexes = (
            (("practice", "trace"), True),
            (("practice", "state"), False),
            (("practice", "served_on"), False),
        )


class StatusInquiry(Owned):
    """One question about a claim that is with its insurer. state, route, trace, problem: as in EligibilityCheck.

    category, status, entity: of the latest step (STC01). words: what they say in plain words. answer: StatusAnswer as JSON.
    """

    claim = link(ClaimRow, index=True)
    payer = link(Payer)
    trace = CharField(30)
    route = CharField(4)
    state = CharField(8)
    asked_at = InstantField()
    asked_by = TextField()
    file = link(ExchangeFile, null=True, index=True)
    problem = text()
    answered_at = InstantField(null=True)
    answer_file = link(ExchangeFile, null=True)
    category = text()
    status = text()
    entity = text()
    words = text()
    is_finished = BooleanField(null=True)
    as_of_on = DateField(null=True)
    payer_claim_number = text()
    paid_cents = BigIntegerField(null=True)
    paid_on = DateField(null=True)
    payment = text()
    answer = text()

    class Meta:
        table_name = "status_inquiry"
        indexes = ((("practice", "trace"), True), (("practice", "state"), False))


class AuthorizationRow(Owned):
    """An approval of care in advance. procedures: codes with blanks between, empty = any. units, visits: allowed, empty = no limit.

    valid_until: the last day it holds. What of it is used is counted from the visits that carry its number, never kept here.
    """

    patient = link(Patient, index=True)
    payer = link(Payer)
    number = CharField(50)
    procedures = text()
    units = CharField(12, default="")
    visits = IntegerField(null=True)
    valid_from = DateField(null=True)
    valid_until = DateField(null=True)
    note = text()
    recorded_at = InstantField()
    recorded_by = TextField()

    class Meta:
        table_name = "approval"
        indexes = ((("practice", "patient", "payer", "number"), True),)
