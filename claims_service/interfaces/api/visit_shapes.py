"""Bodies of visits in the JSON API: what every visit says, and what stays, teeth and drugs say beside it."""

from decimal import Decimal
from typing import Any

from marshmallow import Schema, fields, validate

from claims_service.domain.claim.claim import INTERIM
from claims_service.domain.encounter import DENTAL, INSTITUTIONAL, NO_VISIT, PROFESSIONAL
from claims_service.domain.line_detail import AREAS, DAYS, FIRST, MINUTES, NDC_UNITS, REPLACEMENT, UNITS
from claims_service.domain.stay import PRESENT
from claims_service.interfaces.api.shapes import ID, MOST, Body, Money

_DAY: dict[str, Any] = {"load_default": None, "allow_none": True}
_CODE = validate.Length(max=8)
_LISTED: dict[str, Any] = {"load_default": list, "validate": validate.Length(max=50)}


def _said(text: str, **more: Any) -> dict[str, Any]:
    return {"metadata": {"description": text, **more}}


def _text(name: str, most: int, description: str) -> fields.String:
    """What a line's detail says in a few letters."""
    where = f"detail.{name}"
    return fields.String(attribute=where, load_default="", validate=validate.Length(max=most), **_said(description))


class LineParts(Body):
    """What only some services say: a drug, a tooth, a revenue code, minutes."""

    ndc = fields.String(load_default="", validate=validate.Length(max=15), **_said("Number of a drug, eleven digits."))
    ndc_quantity = fields.Decimal(
        attribute="detail.ndc_quantity", as_string=True, **_DAY, **_said("How much of the drug.")
    )
    ndc_unit = _text("ndc_unit", 2, f"Of the drug: {', '.join(NDC_UNITS)}.")
    basis = fields.String(
        attribute="detail.basis", load_default=UNITS,
        **_said(f"What `units` count: {UNITS} units, {MINUTES} minutes of an anesthesia, {DAYS} days of a stay."),
    )  # fmt: skip
    tooth = _text("tooth", 2, "1 to 32, A to T.")
    surfaces = _text("surfaces", 5, "Letters of BDFILMO.")
    area = _text("area", 2, f"Of the mouth: {', '.join(AREAS)}.")
    prosthesis = _text("prosthesis", 1, f"{FIRST} the first, {REPLACEMENT} in place of another.")
    replaces_on = fields.Date(attribute="detail.replaces_on", **_DAY, **_said("When the one before was placed."))
    revenue_code = _text("revenue_code", 4, "Of a facility's service, like 0450.")
    rendering = fields.Integer(
        attribute="detail.rendering_id", **_DAY, **ID, **_said("Who gave this service, where it is another.")
    )


class LineIn(LineParts):
    """One service of a visit."""

    procedure = fields.String(load_default="", validate=validate.Length(max=20))
    pointers = fields.List(fields.Integer(strict=True), load_default=list, validate=validate.Length(max=4))
    modifiers = fields.List(fields.String(), load_default=list, validate=validate.Length(max=4))
    units = fields.Decimal(as_string=True, load_default=Decimal(1), **_said('Text, like "1" or "0.5".'))
    charge = Money(data_key="charge", **_DAY)
    served_on = fields.Date(**_DAY)
    place_of_service = fields.String(load_default="", validate=validate.Length(max=2))
    description = fields.String(load_default="", validate=validate.Length(max=80))


class SurgeryBody(Body):
    """A procedure of a stay: ICD-10-PCS code and day."""

    code = fields.String(required=True, validate=_CODE)
    on = fields.Date(**_DAY)


class OccurrenceBody(Body):
    """A coded event and its day."""

    code = fields.String(required=True, validate=_CODE)
    on = fields.Date(required=True)


class SpanBody(OccurrenceBody):
    """A coded event and its first and last day."""

    until = fields.Date(required=True)


class ValueBody(Body):
    """A coded number: dollars, days or what the code counts."""

    code = fields.String(required=True, validate=_CODE)
    value = fields.Decimal(required=True, as_string=True, validate=validate.Range(min=-10_000_000, max=10_000_000))


class StayBody(Body):
    """What a facility's bill says beside its services (837I, UB-04)."""

    type_of_bill = fields.String(required=True, validate=validate.Length(max=2), **_said("Facility and care, like 11."))
    interim = fields.String(
        load_default="",
        validate=validate.OneOf(("", *INTERIM)),
        **_said("Of a bill of a part of the stay: 2 the first, 3 a further, 4 the last."),
    )
    statement_until = fields.Date(required=True, **_said("Last day billed; the first is served_on."))
    admission_type = fields.String(load_default="9", validate=validate.Length(max=1))
    admission_source = fields.String(load_default="", validate=validate.Length(max=1))
    patient_status = fields.String(load_default="01", validate=validate.Length(max=2))
    admitted_on = fields.Date(**_DAY)
    admitted_time = fields.String(load_default="", validate=validate.Length(max=4), **_said("HHMM."))
    discharged_time = fields.String(load_default="", validate=validate.Length(max=4), **_said("HHMM."))
    admitting_diagnosis = fields.String(
        load_default="", validate=_CODE, **_said("Of an outpatient: the reason for the visit.")
    )
    drg = fields.String(load_default="", validate=validate.Length(max=4))
    operating = fields.Integer(attribute="operating_id", **_DAY, **ID)
    present = fields.List(
        fields.String(validate=validate.OneOf(PRESENT)),
        **_LISTED,
        **_said("By diagnosis: there on admission, Y, N, U, W or empty."),
    )
    surgeries = fields.List(fields.Nested(SurgeryBody), **_LISTED)
    occurrences = fields.List(fields.Nested(OccurrenceBody), **_LISTED)
    spans = fields.List(fields.Nested(SpanBody), **_LISTED)
    values = fields.List(fields.Nested(ValueBody), **_LISTED)
    conditions = fields.List(fields.String(validate=_CODE), **_LISTED)


class DentitionBody(Body):
    """What a dentist's claim says of the mouth beside its services (837D DN1, DN2)."""

    missing_teeth = fields.List(fields.String(validate=validate.Length(max=2)), **_LISTED)
    teeth_to_extract = fields.List(fields.String(validate=validate.Length(max=2)), **_LISTED)
    orthodontic_months = fields.Integer(**_DAY, **_said("Of the whole treatment."))
    orthodontic_months_left = fields.Integer(**_DAY)
    appliance_on = fields.Date(**_DAY)


class VisitIn(Body):
    """A visit; ids of patient and providers are ours."""

    reference = fields.String(required=True, validate=validate.Length(min=1, max=80))
    kind = fields.String(
        load_default=PROFESSIONAL, validate=validate.OneOf((PROFESSIONAL, INSTITUTIONAL, DENTAL, NO_VISIT)),
        **_said("P a visit, I a facility's bill with its stay, D a visit to the dentist, N a charge the patient pays."),
    )  # fmt: skip
    patient = fields.Integer(required=True, **ID)
    rendering = fields.Integer(required=True, **ID, **_said("Who gave the care; of a stay, who attended."))
    referring = fields.Integer(**_DAY, **ID)
    served_on = fields.Date(required=True)
    place_of_service = fields.String(required=True, validate=validate.Length(max=2))
    diagnoses = fields.List(fields.String(validate=validate.Length(max=20)), required=True)
    lines = fields.List(fields.Nested(LineIn), required=True)
    stay = fields.Nested(StayBody, load_default=None, allow_none=True)
    dentition = fields.Nested(DentitionBody, load_default=None, allow_none=True)
    prior_authorization = fields.String(load_default="", validate=validate.Length(max=50))
    note = fields.String(load_default="", validate=validate.Length(max=2000))


class EncountersIn(Body):
    """A batch of visits."""

    encounters = fields.List(fields.Nested(VisitIn), required=True, validate=validate.Length(min=1, max=MOST))


class LineOut(LineParts):
    """A service as it was recorded."""

    procedure = fields.String()
    pointers = fields.List(fields.Integer())
    modifiers = fields.List(fields.String())
    units = fields.String()
    charge = Money(attribute="charge_cents", allow_none=True)
    served_on = fields.Date(allow_none=True)
    place_of_service = fields.String()
    description = fields.String()


class EncounterDetail(Schema):
    """One visit."""

    id = fields.Integer()
    state = fields.String()
    version = fields.Integer()
    claim = fields.Integer(allow_none=True)
    reference = fields.String(attribute="encounter.reference")
    kind = fields.String(attribute="encounter.kind")
    patient = fields.Integer(attribute="encounter.patient_id")
    rendering = fields.Integer(attribute="encounter.rendering_id")
    referring = fields.Integer(attribute="encounter.referring_id", allow_none=True)
    served_on = fields.Date(attribute="encounter.served_on")
    place_of_service = fields.String(attribute="encounter.place_of_service")
    diagnoses = fields.List(fields.String(), attribute="encounter.diagnoses")
    lines = fields.List(fields.Nested(LineOut), attribute="encounter.lines")
    stay = fields.Nested(StayBody, attribute="encounter.stay", allow_none=True)
    dentition = fields.Nested(DentitionBody, attribute="encounter.dentition", allow_none=True)
    prior_authorization = fields.String(attribute="encounter.prior_authorization")
    note = fields.String(attribute="encounter.note")
