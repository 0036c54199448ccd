"""Edits on the claim as a whole: its numbers, its codes of consent, authorizations and corrections (837P 2300)."""

import re

from claims_service.domain.claim.claim import ORIGINAL, REPLACEMENT, VOID
from claims_service.domain.claim.edits.edit import ClaimEdit, Edit, LineEdit
from claims_service.domain.claim.edits.finding import LOOK, MUST

DELAYS = frozenset("1 2 3 4 5 6 7 8 9 10 11 15".split())
PROGRAMS = frozenset({"02", "03", "05", "09"})
LONGEST_NUMBER = 50
_CONTROL = re.compile(r"[A-Z0-9][A-Z0-9\-]{0,19}", re.ASCII)
_GUIDE = "X12 005010X222A1"
_AGAIN = "Open the claim and save it again."


def _code(name: str, sentence: str, element: str, allowed: str) -> Edit:
    return Edit(name, MUST, sentence, f"One of {allowed}.", f"2300 {element}", "Claim.insurance", _GUIDE, "claim")


EDITS = (
    ClaimEdit(
        Edit("control_number", MUST, "The claim's number is not one to twenty capitals and digits.", _AGAIN, "2300 CLM01",
             "Claim.identifier", "X12 005010X222A1 CLM01", "claim"),
        lambda c, f: not _CONTROL.fullmatch(c.control_number),
    ),
    ClaimEdit(
        Edit("frequency", MUST, "The claim is neither new, nor a replacement, nor a void.", "1, 7 or 8.", "2300 CLM05-3", "Claim.related",
             "NUBC", "claim"),
        lambda c, f: c.frequency not in {ORIGINAL, REPLACEMENT, VOID},
    ),
    ClaimEdit(
        Edit("original_number", MUST, "The insurer's number of the first claim is missing.", "Take it from the remittance.", "2300 REF*F8",
             "Claim.related", _GUIDE, "payer_claim_number"),
        lambda c, f: c.frequency in {REPLACEMENT, VOID} and not c.payer_claim_number,
    ),
    ClaimEdit(
        Edit("original_number_unasked", LOOK, "A new claim names an insurer's number, as a replacement would.",
             "Make it a replacement (7), or take the number away.", "2300 REF*F8", "Claim.related", "X12 RFI 2110", "payer_claim_number"),
        lambda c, f: c.frequency == ORIGINAL and bool(c.payer_claim_number),
    ),
    ClaimEdit(_code("assignment", "Whether the clinic takes the plan's price is not said.", "CLM07", "A, B or C"),
              lambda c, f: c.accept_assignment not in {"A", "B", "C"}),
    ClaimEdit(_code("benefits", "Whether the plan pays the clinic is not said.", "CLM08", "Y, N or W"),
              lambda c, f: c.benefits_assigned not in {"Y", "N", "W"}),
    ClaimEdit(_code("release", "Whether the patient lets the clinic tell the plan is not said.", "CLM09", "Y or I"),
              lambda c, f: c.release_of_information not in {"Y", "I"}),
    ClaimEdit(_code("signature", "Whether the provider signed is not said.", "CLM06", "Y or N"),
              lambda c, f: c.signature not in {"Y", "N"}),
    ClaimEdit(_code("patient_signature", "How the patient's signature was made is not one that claims know.", "CLM10", "P or nothing"),
              lambda c, f: c.patient_signature not in {"", "P"}),
    ClaimEdit(_code("delay_reason", "Why the claim comes late is not one of the reasons there are.", "CLM20", "1 to 11 or 15"),
              lambda c, f: bool(c.delay_reason) and c.delay_reason not in DELAYS),
    ClaimEdit(_code("program", "The special program is not one of the list.", "CLM12", "02, 03, 05 or 09"),
              lambda c, f: bool(c.program) and c.program not in PROGRAMS),
    ClaimEdit(
        Edit("patient_paid_negative", MUST, "What the patient paid is below zero.", "Correct the payment.", "2300 AMT*F5", "Claim.supportingInfo",
             _GUIDE, "claim"),
        lambda c, f: c.patient_paid_cents < 0,
    ),
    ClaimEdit(
        Edit("patient_paid_more", LOOK, "The patient paid more than the claim charges.", "Give the rest back, or correct the payment.",
             "2300 AMT*F5", "Claim.supportingInfo", "clinic", "claim"),
        lambda c, f: c.patient_paid_cents > max(c.charge_cents, 0),
    ),
    ClaimEdit(
        Edit("authorization_long", MUST, "The approval number is longer than fifty characters.", "Copy the number alone.", "2300 REF*G1",
             "Claim.insurance.preAuthRef", _GUIDE, "prior_authorization"),
        lambda c, f: len(c.prior_authorization) > LONGEST_NUMBER or len(c.referral_number) > LONGEST_NUMBER,
    ),
    ClaimEdit(
        Edit("authorization_is_referral", LOOK, "Approval number and referral number are the same.", "Keep the one that it is.", "2300 REF*9F",
             "Claim.insurance.preAuthRef", _GUIDE, "prior_authorization"),
        lambda c, f: bool(c.prior_authorization) and c.prior_authorization == c.referral_number,
    ),
    LineEdit(
        Edit("authorization", MUST, "{claim.coverage.payer.name} asks for an approval before {line.procedure}.",
             "Add the approval number, or ask the insurer for one.", "2300 REF*G1", "Claim.insurance.preAuthRef", "CARC 197", "procedure"),
        lambda c, line, f: line.procedure in f.payer.authorization and not (c.prior_authorization or line.prior_authorization),
    ),
)  # fmt: skip
