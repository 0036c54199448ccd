"""Bodies of the JSON API: what may come in and what goes out. Money is text like "12.50", never a float."""

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, validate

from claims_service.domain import money

AMOUNT = r"^-?[0-9]{1,8}\.[0-9]{2}$"
MOST = 500


class Money(fields.Field[int]):
    """Whole cents inside, text with two decimals outside."""

    def _serialize(self, value: int | None, attr: str | None, obj: Any, **_: Any) -> str | None:
        return None if value is None else money.plain_text(value)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> int:
        if not isinstance(value, str):
            raise ValidationError('Write the amount as text with two decimals, like "12.50".')
        try:
            return money.cents(value)
        except ValueError as wrong:
            raise ValidationError(f"{str(wrong).capitalize()}.") from None


def described(field: fields.Field[Any], **_: Any) -> dict[str, Any]:
    """The pattern of an amount, for the OpenAPI description."""
    return {"pattern": AMOUNT, "examples": ["12.50"]} if isinstance(field, Money) else {}


class Body(Schema):
    """What comes in; a field that is not known is refused, so that a typing mistake is not lost."""

    class Meta:
        unknown = RAISE


class Query(Schema):
    """What stands behind the question mark."""

    class Meta:
        unknown = EXCLUDE


ID: dict[str, Any] = {"strict": True, "validate": validate.Range(min=1, max=2**53)}


class ChosenEncounters(Body):
    """Visits to build claims of."""

    encounters = fields.List(
        fields.Integer(**ID), load_default=None, allow_none=True, validate=validate.Length(max=MOST),
        metadata={"description": "Ids; left out = every visit that waits."},
    )  # fmt: skip


class ChosenClaims(Body):
    """Claims to send."""

    claims = fields.List(
        fields.Integer(**ID), load_default=None, allow_none=True, validate=validate.Length(max=5000),
        metadata={"description": "Ids; left out = every claim that is ready."},
    )  # fmt: skip


class PageQuery(Query):
    """A page of a list."""

    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))
    cursor = fields.String(load_default="", metadata={"description": "From `next` of the page before."})


class StateQuery(PageQuery):
    """A page of what is in one state."""

    state = fields.String(load_default="", validate=validate.Length(max=16))


class ClaimQuery(StateQuery):
    """A page of claims, of one state or patient."""

    patient = fields.Integer(load_default=None, validate=validate.Range(min=1, max=2**53))


class PatientQuery(PageQuery):
    """A page of what belongs to one patient."""

    patient = fields.Integer(load_default=None, validate=validate.Range(min=1, max=2**53))


class BalanceQuery(Query):
    """Balances of the practice, or of one patient."""

    patient = fields.Integer(load_default=None, validate=validate.Range(min=1, max=2**53))


class ProblemOut(Schema):
    """What stops a record, where, and how to mend it."""

    where = fields.String()
    message = fields.String()
    mend = fields.String()


class ProblemDetails(Schema):
    """RFC 9457."""

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    detail = fields.String()
    problems = fields.List(fields.Nested(ProblemOut))
    request_id = fields.String()


class RecordedOut(Schema):
    """What became of one visit of a batch."""

    id = fields.Integer(allow_none=True)
    reference = fields.String()
    recorded = fields.Boolean(metadata={"description": "False: it was recorded before and is left as it was."})


class RecordedEncounters(Schema):
    """What became of a batch."""

    encounters = fields.List(fields.Nested(RecordedOut))


class EncounterOut(Schema):
    """A visit in a list."""

    id = fields.Integer()
    reference = fields.String()
    patient = fields.Integer()
    served_on = fields.Date()
    state = fields.String()
    claim = fields.Integer(allow_none=True)


class EncounterPage(Schema):
    """A page of visits."""

    encounters = fields.List(fields.Nested(EncounterOut), attribute="items")
    next = fields.String(allow_none=True)


class ClaimOut(Schema):
    """A claim in a list."""

    id = fields.Integer()
    control_number = fields.String()
    state = fields.String()
    sequence = fields.String()
    encounter = fields.Integer()
    patient = fields.Integer()
    payer = fields.Integer(allow_none=True)
    served_on = fields.Date()
    charge = Money(attribute="charge_cents")
    expected = Money(attribute="expected_cents", allow_none=True)
    sent_at = fields.AwareDateTime(allow_none=True)


class ClaimPageOut(Schema):
    """A page of claims."""

    claims = fields.List(fields.Nested(ClaimOut), attribute="items")
    next = fields.String(allow_none=True)


class ServiceOut(Schema):
    """A line of a claim."""

    number = fields.Integer()
    procedure = fields.String()
    modifiers = fields.List(fields.String())
    units = fields.String()
    pointers = fields.List(fields.Integer())
    charge = Money(attribute="charge_cents")
    expected = Money(attribute="expected_cents", allow_none=True)
    served_on = fields.Date()


class ClaimProblemOut(Schema):
    """What our checks say about a claim."""

    severity = fields.String()
    where = fields.String(attribute="place")
    message = fields.String()
    mend = fields.String()
    settled_at = fields.AwareDateTime(allow_none=True)


class StepOut(Schema):
    """A step in the story of a claim."""

    kind = fields.String()
    text = fields.String()
    at = fields.AwareDateTime()
    by = fields.String(attribute="who")
    file = fields.Integer(allow_none=True)
    remittance = fields.Integer(allow_none=True)


class ClaimDetail(Schema):
    """One claim with its story."""

    id = fields.Integer(attribute="head.id")
    control_number = fields.String(attribute="head.control_number")
    state = fields.String(attribute="head.state")
    sequence = fields.String(attribute="head.sequence")
    encounter = fields.Integer(attribute="head.encounter")
    patient = fields.Integer(attribute="head.patient")
    payer = fields.Integer(attribute="head.payer", allow_none=True)
    payer_claim_number = fields.String(attribute="head.payer_claim_number")
    charge = Money(attribute="head.charge_cents")
    expected = Money(attribute="head.expected_cents", allow_none=True)
    served_on = fields.Date(attribute="head.served_on")
    lines = fields.List(fields.Nested(ServiceOut), attribute="services")
    problems = fields.List(fields.Nested(ClaimProblemOut))
    timeline = fields.List(
        fields.Nested(StepOut), attribute="story", metadata={"description": "The newest step first."}
    )


class BuiltOut(Schema):
    """A claim that was built, with what the checks found."""

    claim = fields.Integer()
    encounter = fields.Integer()
    state = fields.String()
    problems = fields.List(fields.Nested(ClaimProblemOut), attribute="findings")


class BuiltClaims(Schema):
    """Claims that were built."""

    claims = fields.List(fields.Nested(BuiltOut))
    self_pay = fields.List(fields.Integer())
    charge = Money(attribute="charge_cents")


class SentOut(Schema):
    """A claim file that was written."""

    file = fields.Integer()
    name = fields.String()
    to = fields.String()
    payer = fields.Integer(allow_none=True)
    claims = fields.List(fields.Integer())
    charge = Money(attribute="charge_cents")


class SentFiles(Schema):
    """Claim files that were written."""

    files = fields.List(fields.Nested(SentOut))


class FileOut(Schema):
    """What became of a file."""

    file = fields.Integer(allow_none=True)
    name = fields.String()
    kind = fields.String()
    state = fields.String()
    message = fields.String()
    problems = fields.List(fields.Nested(ProblemOut))
    counts = fields.Dict(keys=fields.String(), values=fields.Integer())
    amounts = fields.Dict(keys=fields.String(), values=Money(), attribute="cents")


class TakenFiles(Schema):
    """What became of the files of a request."""

    files = fields.List(fields.Nested(FileOut))


class RemittanceOut(Schema):
    """A remittance in a list."""

    id = fields.Integer()
    payer = fields.String(attribute="payer_name")
    trace = fields.String()
    paid = Money(attribute="paid_cents")
    paid_on = fields.Date()
    claim_count = fields.Integer()
    state = fields.String()
    reasons = fields.String()


class RemittancePageOut(Schema):
    """A page of remittances."""

    remittances = fields.List(fields.Nested(RemittanceOut), attribute="items")
    next = fields.String(allow_none=True)


class StatementOut(Schema):
    """A statement in a list."""

    id = fields.Integer()
    number = fields.String()
    patient = fields.Integer()
    issued_on = fields.Date()
    due_on = fields.Date()
    owed = Money(attribute="owed_cents")
    issued_at = fields.AwareDateTime(attribute="at")


class StatementPageOut(Schema):
    """A page of statements."""

    statements = fields.List(fields.Nested(StatementOut), attribute="items")
    next = fields.String(allow_none=True)


class BalanceOut(Schema):
    """An account with its balance, positive on the debit side."""

    account = fields.String()
    label = fields.String()
    kind = fields.String()
    balance = Money(attribute="cents")


class Balances(Schema):
    """All accounts."""

    accounts = fields.List(fields.Nested(BalanceOut))
