"""Checks on what: diagnoses, procedures, modifiers, units, charges, authorizations."""

from collections import Counter
from collections.abc import Iterator

from claims_service.domain import codes
from claims_service.domain.claim.claim import REPLACEMENT, VOID, Claim
from claims_service.domain.claim.edits.finding import LOOK, MUST, Facts, Finding

# Says that a service stands apart from another of the same day (NCCI policy manual, chapter 1).
_SEPARATE = frozenset({"25", "57", "59", "76", "77", "91", "XE", "XP", "XS", "XU", "LT", "RT"})

# Numbered among the procedures, yet drawn beside any visit without a modifier (NCCI has no edit between them).
_BLOOD_DRAWS = frozenset({"36415", "36416"})


def diagnoses(claim: Claim, facts: Facts) -> Iterator[Finding]:
    """837P 2300 HI; existence only where the ICD-10-CM list is loaded."""
    for i, code in enumerate(claim.diagnoses):
        if facts.known_diagnoses and code not in facts.known_diagnoses:
            yield Finding(
                "diagnosis_unknown", MUST, f"diagnoses[{i}]", f"{codes.dotted(code)} is not on the ICD-10-CM list.",
                "It may be missing its last characters: look it up.", "ICD-10-CM",
            )  # fmt: skip
    if len(claim.diagnoses) > 1 and any(code.startswith("Z") for code in claim.diagnoses[:1]):
        first = {line.pointers[0] for line in claim.lines if line.pointers}
        if 1 not in first:
            yield Finding(
                "principal_unused",
                LOOK,
                "diagnoses[0]",
                "No service points to the first diagnosis.",
                "Put the main reason for the visit first.",
                "837P SV107",
            )


def prices(claim: Claim, facts: Facts) -> Iterator[Finding]:
    """A line without a price can't be billed; CLM02 > 0 for a chargeable claim (X12 RFI 1294)."""
    for line in claim.lines:
        if line.number not in facts.priced:
            yield Finding(
                "no_price", MUST, f"lines[{line.number - 1}].procedure", f"{line.procedure} is not on the clinic's fee schedule of that day.",
                "Add the code to the fee schedule, correct the code, or type the charge.", "clinic",
            )  # fmt: skip
    if claim.lines and all(line.number in facts.priced for line in claim.lines) and claim.charge_cents <= 0:
        yield Finding(
            "zero_charge",
            MUST,
            "lines",
            "A claim over $0.00 is refused by insurers.",
            "Add the service that was charged.",
            "837P CLM02",
        )


def modifiers(claim: Claim, facts: Facts) -> Iterator[Finding]:
    """837P SV101-3 to -6."""
    for line in claim.lines:
        for modifier in line.modifiers:
            if facts.known_modifiers and modifier not in facts.known_modifiers:
                yield Finding(
                    "modifier_unknown", MUST, f"lines[{line.number - 1}].modifiers", f"Modifier {modifier} is not on the list.",
                    "Look it up, or take it away.", "837P SV101-3",
                )  # fmt: skip
        if len(set(line.modifiers)) < len(line.modifiers):
            yield Finding(
                "modifier_twice",
                MUST,
                f"lines[{line.number - 1}].modifiers",
                "The same modifier stands twice.",
                "Remove one.",
                "837P SV101-3",
            )


def visit_with_procedure(claim: Claim, _: Facts) -> Iterator[Finding]:
    """An office visit beside a procedure of the same day needs modifier 25 (NCCI policy manual, chapter 1)."""
    visits = [line for line in claim.lines if line.procedure.startswith("992") and line.procedure[:5] <= "99215"]
    minor = [
        line for line in claim.lines if "10000" <= line.procedure <= "69999" and line.procedure not in _BLOOD_DRAWS
    ]
    for line in visits:
        if minor and not {"25", "57"} & set(line.modifiers):
            yield Finding(
                "visit_and_procedure", MUST, f"lines[{line.number - 1}].modifiers",
                f"An office visit with {minor[0].procedure} on the same day needs modifier 25.",
                "Add 25 if the visit went beyond the procedure; else remove the visit.", "NCCI policy manual 1.D",
            )  # fmt: skip


def repeated_service(claim: Claim, facts: Facts) -> Iterator[Finding]:
    """The same service twice on one day is denied as a duplicate unless a modifier says otherwise (CARC 18)."""
    seen = Counter((line.procedure, line.modifiers, line.served_on) for line in claim.lines)
    for line in claim.lines:
        where = f"lines[{line.number - 1}].procedure"
        if seen[(line.procedure, line.modifiers, line.served_on)] > 1 and not _SEPARATE & set(line.modifiers):
            yield Finding(
                "service_twice",
                LOOK,
                where,
                f"{line.procedure} stands twice on this visit.",
                "Use units, or a modifier like 76 or 59.",
                "CARC 18",
            )
        elif (line.procedure, line.modifiers) in facts.same_day and claim.sequence == "P" and claim.frequency == "1":
            yield Finding(
                "billed_before",
                MUST,
                where,
                f"{line.procedure} was already billed for this day.",
                "Remove it, or add a modifier like 76.",
                "CARC 18",
            )


def authorization(claim: Claim, facts: Facts) -> Iterator[Finding]:
    """837P 2300 REF*G1, where the insurer asks for one (CARC 197 otherwise)."""
    for line in claim.lines:
        if line.procedure in facts.payer.authorization and not claim.prior_authorization:
            yield Finding(
                "authorization", MUST, "prior_authorization", f"{claim.coverage.payer.name} asks for an approval before {line.procedure}.",
                "Add the approval number, or ask the insurer for one.", "CARC 197",
            )  # fmt: skip


def replaced_claim(claim: Claim, _: Facts) -> Iterator[Finding]:
    """Frequency 7 and 8 name the insurer's number of the first claim (837P 2300 REF*F8)."""
    if claim.frequency in {REPLACEMENT, VOID} and not claim.payer_claim_number:
        yield Finding(
            "original_number",
            MUST,
            "payer_claim_number",
            "The insurer's number of the first claim is missing.",
            "Take it from the remittance.",
            "837P REF*F8",
        )


CHECKS = (diagnoses, prices, modifiers, visit_with_procedure, repeated_service, authorization, replaced_claim)
