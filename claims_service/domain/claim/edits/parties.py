"""Checks on who: billing and rendering provider, patient, subscriber, plan."""

import re
from collections.abc import Iterator

from claims_service.domain import codes
from claims_service.domain.claim.claim import Claim
from claims_service.domain.claim.edits.finding import LOOK, MUST, Facts, Finding
from claims_service.domain.coverage import RELATIONSHIPS, SELF
from claims_service.domain.party import Address


def billing_provider(claim: Claim, _: Facts) -> Iterator[Finding]:
    """837P 2010AA: NPI with check digit, nine-digit ZIP, street address, tax id."""
    billing = claim.billing
    if not codes.is_npi(billing.npi):
        yield Finding(
            "billing_npi",
            MUST,
            "practice.npi",
            "The clinic's NPI is not valid.",
            "An administrator corrects it in the clinic’s record.",
            "837P 2010AA NM109",
        )
    if not codes.is_zip(billing.address.zip, nine=True):
        mend = "An administrator adds the last four digits in the clinic’s record."
        yield Finding(
            "billing_zip", MUST, "practice.zip", "The clinic's ZIP needs nine digits.", mend, "837P 2010AA N403"
        )
    if re.match(r"\s*(P\.?\s*O\.?\s*BOX|LOCK\s*BOX)\b", billing.address.line1, re.IGNORECASE):
        yield Finding(
            "billing_street", MUST, "practice.line1", "The clinic's address must be a street, not a box.",
            "Put the box under pay-to address and the street here.", "837P 2010AA N301",
        )  # fmt: skip
    if not (billing.tax_id.isdigit() and len(billing.tax_id) == 9):
        mend = "An administrator corrects it in the clinic’s record."
        yield Finding(
            "billing_tax_id",
            MUST,
            "practice.tax_id",
            "The clinic's tax number needs nine digits.",
            mend,
            "837P 2010AA REF*EI",
        )


def rendering_provider(claim: Claim, _: Facts) -> Iterator[Finding]:
    """837P 2310B: NPI and taxonomy of who gave the care."""
    person = claim.rendering
    if person is None:
        return
    if not codes.is_npi(person.npi):
        yield Finding(
            "rendering_npi",
            MUST,
            "rendering",
            "The provider's NPI is not valid.",
            "An administrator corrects it in the provider’s record.",
            "837P 2310B NM109",
        )
    if person.taxonomy and not codes.is_taxonomy(person.taxonomy):
        yield Finding(
            "rendering_taxonomy",
            MUST,
            "rendering",
            "The provider's taxonomy code is not valid.",
            "Ten characters ending in X, like 207Q00000X.",
            "837P 2310B PRV03",
        )


def referring_provider(claim: Claim, _: Facts) -> Iterator[Finding]:
    """837P 2310A."""
    if claim.referring and not codes.is_npi(claim.referring.npi):
        yield Finding(
            "referring_npi",
            MUST,
            "referring",
            "The referring provider's NPI is not valid.",
            "Ask for it, or leave the referral out.",
            "837P 2310A NM109",
        )


def member_number(claim: Claim, facts: Facts) -> Iterator[Finding]:
    """837P 2010BA NM109."""
    member = claim.coverage.member_id.strip()
    if not member:
        yield Finding(
            "member_id",
            MUST,
            "coverage.member_id",
            "The member number is missing.",
            "Copy it from the insurance card.",
            "837P 2010BA NM109",
        )
    elif facts.payer.member_id and not re.fullmatch(facts.payer.member_id, member):
        yield Finding(
            "member_id_shape", MUST, "coverage.member_id", f"{claim.coverage.payer.name} does not use member numbers of this form.",
            "Compare it with the insurance card, letter by letter.", "payer",
        )  # fmt: skip


def relationship(claim: Claim, _: Facts) -> Iterator[Finding]:
    """837P 2000B SBR02 and 2000C PAT01."""
    if claim.coverage.relationship not in RELATIONSHIPS:
        yield Finding(
            "relationship",
            MUST,
            "coverage.relationship",
            "How the patient is related to the insured person is missing.",
            "Choose it in the plan.",
            "837P 2000C PAT01",
        )
    subscriber = claim.coverage.subscriber
    if claim.coverage.relationship != SELF and not (subscriber.last and subscriber.first):
        yield Finding(
            "subscriber",
            MUST,
            "coverage.subscriber",
            "The name of the insured person is missing.",
            "Copy it from the insurance card.",
            "837P 2010BA NM103",
        )


def patient(claim: Claim, _: Facts) -> Iterator[Finding]:
    """837P 2010BA or 2010CA: name, address, birth date, sex."""
    person = claim.patient
    if not person.last or not person.first:
        yield Finding(
            "patient_name",
            MUST,
            "patient.name",
            "The patient's name is missing.",
            "Complete the patient's record.",
            "837P 2010CA NM103",
        )
    if person.birth_on is None:
        yield Finding(
            "patient_birth",
            MUST,
            "patient.birth_on",
            "The date of birth is missing.",
            "Ask the patient.",
            "837P 2010CA DMG02",
        )
    yield from _address("patient.address", person.address)


def _address(place: str, address: Address) -> Iterator[Finding]:
    source = "837P N3 and N4"
    if not address.complete:
        yield Finding(
            "patient_address",
            MUST,
            place,
            "The patient's address is not complete.",
            "Street, city, state and ZIP are needed.",
            source,
        )
        return
    if address.state not in codes.STATES:
        yield Finding(
            "patient_state",
            MUST,
            place,
            "The state in the patient's address is not a US state.",
            "Use the two-letter code.",
            source,
        )
    if not codes.is_zip(address.zip):
        yield Finding(
            "patient_zip",
            MUST,
            place,
            "The ZIP in the patient's address needs five or nine digits.",
            "Correct it.",
            source,
        )


def other_plans(claim: Claim, _: Facts) -> Iterator[Finding]:
    """A second plan is billed with what the first one decided (837P 2320)."""
    if claim.sequence in {"S", "T"} and not any(other.paid_cents is not None for other in claim.other_payers):
        yield Finding(
            "first_decision",
            MUST,
            "coverage",
            "The first plan has not decided yet.",
            "Wait for its answer; the claim builds itself then.",
            "837P 2320 AMT*D",
        )
    sequences = [claim.sequence, *(other.sequence for other in claim.other_payers)]
    if len(sequences) != len(set(sequences)):
        yield Finding(
            "plan_order",
            MUST,
            "coverage",
            "Two plans stand in the same place.",
            "Say which plan pays first in the patient's record.",
            "837P SBR01",
        )


def sex(claim: Claim, _: Facts) -> Iterator[Finding]:
    """837P DMG03."""
    if claim.patient.sex not in {"F", "M"}:
        yield Finding(
            "patient_sex",
            LOOK,
            "patient.sex",
            "The patient's sex is sent as unknown.",
            "Some insurers refuse that: compare with the card.",
            "837P DMG03",
        )


CHECKS = (
    billing_provider,
    rendering_provider,
    referring_provider,
    member_number,
    relationship,
    patient,
    sex,
    other_plans,
)
