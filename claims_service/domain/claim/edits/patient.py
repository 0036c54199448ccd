"""Edits on the patient (837P 2010BA or 2010CA)."""

from claims_service.domain import codes
from claims_service.domain.claim.edits.edit import ClaimEdit, Edit
from claims_service.domain.claim.edits.finding import LOOK, MUST

OLDEST = 120
_GUIDE = "X12 005010X222A1"
_RECORD = "Complete the patient's record."

EDITS = (
    ClaimEdit(
        Edit("patient_name", MUST, "The patient's name is missing.", _RECORD, "2010CA NM103", "Claim.patient", _GUIDE, "patient.name"),
        lambda c, f: not c.patient.last or not c.patient.first,
    ),
    ClaimEdit(
        Edit("patient_name_digits", LOOK, "The patient's name holds a digit.", "Compare it with the insurance card.", "2010CA NM103",
             "Claim.patient", "clinic", "patient.name"),
        lambda c, f: any(letter.isdigit() for letter in c.patient.full_name),
    ),
    ClaimEdit(
        Edit("patient_birth", MUST, "The date of birth is missing.", "Ask the patient.", "2010CA DMG02", "Claim.patient", _GUIDE,
             "patient.birth_on"),
        lambda c, f: c.patient.birth_on is None,
    ),
    ClaimEdit(
        Edit("patient_age", MUST, "By the date of birth the patient is more than 120 years old.", "Correct the date of birth.",
             "2010CA DMG02", "Claim.patient", "clinic", "patient.birth_on"),
        lambda c, f: c.patient.birth_on is not None and f.today.year - c.patient.birth_on.year > OLDEST,
    ),
    ClaimEdit(
        Edit("before_birth", MUST, "The visit lies before the patient's birth.", "Correct the visit or the date of birth.",
             "2010CA DMG02", "Claim.patient", "CARC 14", "served_on"),
        lambda c, f: bool(c.lines) and c.patient.birth_on is not None and c.served_on < c.patient.birth_on,
    ),
    ClaimEdit(
        Edit("patient_sex", LOOK, "The patient's sex is sent as unknown.", "Some insurers refuse that: compare with the card.",
             "2010CA DMG03", "Claim.patient", _GUIDE, "patient.sex"),
        lambda c, f: c.patient.sex not in {"F", "M"},
    ),
    ClaimEdit(
        Edit("patient_address", MUST, "The patient's address is not complete.", "Street, city, state and ZIP are needed.",
             "2010CA N3 and N4", "Claim.patient", _GUIDE, "patient.address"),
        lambda c, f: not c.patient.address.complete,
    ),
    ClaimEdit(
        Edit("patient_state", MUST, "The state in the patient's address is not a US state.", "Use the two-letter code.", "2010CA N402",
             "Claim.patient", _GUIDE, "patient.address"),
        lambda c, f: c.patient.address.complete and c.patient.address.state not in codes.STATES,
    ),
    ClaimEdit(
        Edit("patient_zip", MUST, "The ZIP in the patient's address needs five or nine digits.", "Correct it.", "2010CA N403",
             "Claim.patient", _GUIDE, "patient.address"),
        lambda c, f: c.patient.address.complete and not codes.is_zip(c.patient.address.zip),
    ),
)  # fmt: skip
