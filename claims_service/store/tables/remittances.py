"""What insurers decided and paid, and what waits for a person."""

from peewee import BigIntegerField, CharField, DateField, IntegerField, TextField

from claims_service.store.connection import InstantField
from claims_service.store.tables.claims import ClaimRow
from claims_service.store.tables.files import ExchangeFile
from claims_service.store.tables.parties import Owned, Payer
from claims_service.store.tables.row import link, text


class Remittance(Owned):
    """One 835 transaction. state: posted, held. key: originator, trace, amount and date, so twice in counts once.

    signature: hash of all it says, to tell a repeat from another remittance with the same trace.
    """

    payer = link(Payer, null=True)
    file = link(ExchangeFile, index=True)
    key = CharField(120)
    signature = CharField(64)
    transaction_control = CharField(9)
    trace = TextField()
    originator = text()
    payer_name = text()
    payee_npi = text()
    method = CharField(3)
    paid_cents = BigIntegerField()
    paid_on = DateField()
    produced_on = DateField(null=True)
    claim_count = IntegerField(default=0)
    state = CharField(12)
    reasons = text()
    at = InstantField()
    by = TextField()

    class Meta:
        indexes = ((("practice", "key"), False), (("practice", "trace"), False))


class ClaimPaymentRow(Owned):
    """One CLP of a remittance. state: posted, suspense, waiting, noted. body: the whole ClaimPayment as JSON."""

    remittance = link(Remittance, index=True)
    claim = link(ClaimRow, null=True, index=True)
    position = IntegerField()
    segment = IntegerField()
    control_number = TextField()
    status = CharField(2)
    charge_cents = BigIntegerField()
    paid_cents = BigIntegerField()
    payer_claim_number = text()
    state = CharField(12)
    body = TextField()

    class Meta:
        table_name = "claim_payment"


class ProviderAdjustmentRow(Owned):
    """One PLB pair of a remittance, with where it was posted."""

    remittance = link(Remittance, index=True)
    reason = CharField(2)
    reference = text()
    cents = BigIntegerField()
    claim = link(ClaimRow, null=True)
    account = text()

    class Meta:
        table_name = "provider_adjustment"


class PaperRemittance(Owned):
    """A remittance that was typed from paper. file: the 835 written from what was typed; scan: of the paper; paid_by: check, card."""

    file = link(ExchangeFile)
    scan = link(ExchangeFile, null=True)
    paid_by = CharField(12)
    by = TextField()
    at = InstantField()

    class Meta:
        table_name = "paper_remittance"
        indexes = ((("practice", "file"), True),)


class HeldItem(Owned):
    """Something a person must decide on. kind: unknown_claim, plan_not_on_file, early_next_plan, early_reversal, decided_twice,
    predetermination, unbalanced, wrong_payee, provider_adjustment, duplicate_trace, test_file, next_plan.

    place: where in the file ("transaction 0001, CLP 3, segment 41").
    """

    kind = CharField(24)
    file = link(ExchangeFile, null=True)
    remittance = link(Remittance, null=True)
    claim_payment = link(ClaimPaymentRow, null=True)
    place = text()
    cents = BigIntegerField(null=True)
    message = TextField()
    mend = text()
    opened_at = InstantField()
    closed_at = InstantField(null=True)
    closed_by = text()
    outcome = text()

    class Meta:
        indexes = ((("practice", "closed_at"), False),)
