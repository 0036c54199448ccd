"""What the clinic's own rules may look at: fields of a claim and its services, each with its kind and its plain name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from claims_service.domain.claim.claim import Claim, ClaimLine
from claims_service.domain.claim.edits.plan import FILING, age
from claims_service.domain.claim.edits.visits import place_of

CODES, TEXT, NUMBER, MONEY, DATE, CHOICE = "codes", "text", "number", "money", "date", "choice"
Value = str | int | Decimal | date | tuple[str, ...] | None
Read = Callable[[Claim, ClaimLine, date], Value]


@dataclass(frozen=True, slots=True)
class Field:
    """name: as stored with rules, so once given it stays. label: within a sentence, "the patient's age".

    place: on the visit form. of_line: of one service.
    read: (claim, line, today) -> the value; of a claim's field the line is not looked at. A tuple has several values.
    choices: value -> words, of kind choice; insurers are the clinic's own and come from outside.
    """

    name: str
    label: str
    kind: str
    place: str
    read: Read
    of_line: bool = False
    choices: Mapping[str, str] | None = None


def _days_waiting(claim: Claim, today: date) -> int:
    return (today - claim.served_on).days


SEXES = {"F": "female", "M": "male", "U": "unknown"}
ORDERS = {"P": "first", "S": "second", "T": "third"}
PLANS = {
    "11": "other", "12": "PPO", "13": "POS", "14": "EPO", "15": "indemnity", "16": "Medicare HMO", "17": "dental", "AM": "car insurance",
    "BL": "Blue Cross", "CH": "Champus", "CI": "commercial", "DS": "disability", "FI": "federal employees", "HM": "HMO",
    "LM": "liability", "MA": "Medicare A", "MB": "Medicare B", "MC": "Medicaid", "OF": "other federal", "TV": "title V",
    "VA": "veterans", "WC": "workers' compensation", "ZZ": "mutually agreed",
}  # fmt: skip
assert set(PLANS) == FILING, "every kind of plan has a word"

INSURER = Field("insurer", "the insurer", CHOICE, "coverage", lambda c, n, today: c.coverage.payer.identifier)
FIELDS: Sequence[Field] = (
    INSURER,
    Field("plan_kind", "the kind of plan", CHOICE, "coverage", lambda c, n, today: c.coverage.payer.filing, choices=PLANS),
    Field("plan_order", "the plan's place", CHOICE, "coverage", lambda c, n, today: c.sequence, choices=ORDERS),
    Field("member_number", "the member number", TEXT, "coverage.member_id", lambda c, n, today: c.coverage.member_id),
    Field("group_number", "the group number", TEXT, "coverage.group_number", lambda c, n, today: c.coverage.group_number),
    Field("age", "the patient's age", NUMBER, "patient.birth_on", lambda c, n, today: years if (years := age(c)) >= 0 else None),
    Field("sex", "the patient's sex", CHOICE, "patient.sex", lambda c, n, today: c.patient.sex, choices=SEXES),
    Field("state", "the patient's state", CODES, "patient.address", lambda c, n, today: c.patient.address.state),
    Field("diagnosis", "a diagnosis", CODES, "diagnoses", lambda c, n, today: c.diagnoses),
    Field("first_diagnosis", "the first diagnosis", CODES, "diagnoses[0]", lambda c, n, today: c.diagnoses[0] if c.diagnoses else ""),
    Field("provider", "the provider's NPI", CODES, "rendering", lambda c, n, today: c.rendering.npi if c.rendering else ""),
    Field("specialty", "the provider's specialty (taxonomy)", CODES, "rendering",
          lambda c, n, today: c.rendering.taxonomy if c.rendering else ""),
    Field("referred_by", "the referring provider's NPI", CODES, "referring", lambda c, n, today: c.referring.npi if c.referring else ""),
    Field("approval", "the approval number", TEXT, "prior_authorization", lambda c, n, today: c.prior_authorization),
    Field("services", "the number of services", NUMBER, "lines", lambda c, n, today: len(c.lines)),
    Field("total", "the claim's charge", MONEY, "lines", lambda c, n, today: c.charge_cents),
    Field("visit_day", "the day of the visit", DATE, "served_on", lambda c, n, today: c.served_on),
    Field("days_waiting", "the days since the visit", NUMBER, "served_on", lambda c, n, today: _days_waiting(c, today)),
    Field("code", "the code", CODES, "procedure", lambda c, n, today: n.procedure, of_line=True),
    Field("modifier", "a modifier", CODES, "modifiers", lambda c, n, today: n.modifiers, of_line=True),
    Field("units", "its units", NUMBER, "units", lambda c, n, today: n.units, of_line=True),
    Field("charge", "its charge", MONEY, "charge", lambda c, n, today: n.charge_cents, of_line=True),
    Field("place", "its place of service", CODES, "place_of_service", lambda c, n, today: place_of(c, n), of_line=True),
    Field("reasons", "a diagnosis it points to", CODES, "pointers",
          lambda c, n, today: tuple(c.diagnoses[p - 1] for p in n.pointers if 1 <= p <= len(c.diagnoses)), of_line=True),
    Field("drug", "its drug number (NDC)", TEXT, "ndc", lambda c, n, today: n.ndc, of_line=True),
    Field("description", "its description", TEXT, "description", lambda c, n, today: n.description, of_line=True),
)  # fmt: skip
BY_NAME: Mapping[str, Field] = {field.name: field for field in FIELDS}
