"""Who answers for a patient's bills. A patient does so alone unless somebody else is named: the parent of a child, a guardian, an agent."""

from dataclasses import dataclass
from datetime import date, timedelta

from claims_service.domain.codes import STATES, is_zip
from claims_service.domain.errors import Problem
from claims_service.domain.party import Address

OF_AGE = 18  # in all states but Alabama, Nebraska (19) and Mississippi (21): the last day can be set by hand
LONGEST_NAME = 100
# how they stand to the patient; FHIR RelatedPerson.relationship
RELATIONSHIPS = {
    "parent": "Parent",
    "guardian": "Legal guardian",
    "spouse": "Spouse",
    "child": "Grown child",
    "agent": "Agent under a power of attorney",
}
_OF_MINORS = "parent"
_ZIP = "Type five digits, or nine."


@dataclass(frozen=True, slots=True)
class Guarantor:
    """Bills go to this name and address. until: the last day, None without an end."""

    name: str
    relationship: str
    address: Address
    until: date | None = None

    def answers_on(self, day: date) -> bool:
        return self.until is None or day <= self.until


def last_day_as_minor(birth_on: date) -> date:
    """The day before somebody is of age. Born on February 29: of age on March 1 of a common year."""
    year = birth_on.year + OF_AGE
    try:
        of_age = birth_on.replace(year=year)
    except ValueError:
        of_age = date(year, 3, 1)
    return of_age - timedelta(days=1)


def named(guarantor: Guarantor, birth_on: date, today: date) -> Guarantor:
    """As it is kept: whoever answers for a child without a last day does so until the child is of age."""
    minor_until = last_day_as_minor(birth_on)
    if guarantor.until is None and today <= minor_until:
        return Guarantor(guarantor.name, guarantor.relationship, guarantor.address, minor_until)
    return guarantor


def problems(guarantor: Guarantor, birth_on: date, today: date) -> list[Problem]:
    """What has to be mended before a bill can go there; `where` is the name of the field."""
    found = []
    a = guarantor.address
    if not guarantor.name.strip():
        found.append(Problem("name", "Type the name.", "", "First and last name, as on an envelope."))
    elif len(guarantor.name) > LONGEST_NAME:
        found.append(Problem("name", f"A name has at most {LONGEST_NAME} characters."))
    if guarantor.relationship not in RELATIONSHIPS:
        found.append(Problem("relationship", "Choose who this is to the patient."))
    elif guarantor.relationship == _OF_MINORS and today > last_day_as_minor(birth_on):
        said = "The patient is of age, and a parent no longer answers for the bills."
        found.append(Problem("relationship", said, "", "Choose guardian or agent if a court or the patient said so."))
    found += [
        Problem(field, "Type it: bills are mailed there.")
        for field, value in (("line1", a.line1), ("city", a.city))
        if not value.strip()
    ]
    if a.state not in STATES:
        found.append(Problem("state", "Type the two letters of a state."))
    if not is_zip(a.zip):
        found.append(Problem("zip", _ZIP))
    if guarantor.until and guarantor.until < today:
        found.append(Problem("until", "This day is over.", "", "Type a later day, or none."))
    return found
