"""A letter of appeal out of a claim's own facts, and the text it starts from."""

from datetime import date

from claims_service.domain.appeal import USUAL_TEXT, Letter, RefusedLine, filled, paragraphs
from claims_service.domain.claim.claim import Claim
from claims_service.domain.codes import dotted
from claims_service.domain.denial import TAKEN_BACK
from claims_service.domain.errors import NotFound
from claims_service.domain.money import spoken
from claims_service.domain.patient.wording import short_date
from claims_service.formats.tables import codes
from claims_service.queries.denials import Cause, DenialPage, next_level
from claims_service.store import appeals, claim_values, parties


def text_for(practice: int, family: str) -> tuple[str, int]:
    """(the clinic's text for a family of denials, its version); the usual one with version 0 where it has none."""
    own = appeals.template(practice, family)
    return (own[2], own[1]) if own else (USUAL_TEXT, 0)


def letter(practice: int, page: DenialPage, text: str, *, signer: str, today: date) -> Letter:
    """The letter of the next level about what is denied now. text: with names in braces.

    Raises:
        NotFound: the claim went to no insurer.
    """
    denial = page.denial
    found = claim_values.assemble(practice, [denial.claim])
    if not found:
        raise NotFound("claim")
    claim, clinic = found[0].claim, parties.billing_provider(practice)
    payer = parties.payers(practice)[denial.payer]
    values = _values(page, claim)
    return Letter(
        next_level(page.appeals), today.isoformat(), (denial.due_on or today).isoformat(), clinic.name, clinic.phone, clinic.address,
        payer.name, payer.address, _facts(page, claim, clinic.npi, clinic.tax_id), _lines(page, claim),
        paragraphs(filled(text, values)), denial.cents, signer,
    )  # fmt: skip


def reason_words(code: str, remarks: tuple[str, ...] = ()) -> str:
    """ "CO 50 Payer says not medically necessary; N115 …"."""
    if code == TAKEN_BACK:
        return codes.label("plb_reason", code)
    told = [f"{code[:2]} {code[2:]} {codes.label('carc', code[2:])}"]
    return "; ".join([*told, *(f"{remark} {codes.label('rarc', remark)}" for remark in remarks)])


def _values(page: DenialPage, claim: Claim) -> dict[str, str]:
    denial = page.denial
    codes_of = dict.fromkeys(reason_words(c.refusal.code, c.refusal.remarks) for c in page.causes)
    return {
        "amount": spoken(denial.cents), "claim": denial.payer_claim_number or claim.control_number, "denied_on": _day(denial.denied_on),
        "insurer": denial.payer_name,
        "member": claim.coverage.member_id, "patient": f"{claim.patient.first} {claim.patient.last}".strip(), "provider": _provider(claim),
        "reason": " and ".join(codes_of), "service_dates": _days(claim),
    }  # fmt: skip


def _facts(page: DenialPage, claim: Claim, npi: str, tax_id: str) -> tuple[tuple[str, str], ...]:
    patient, born = claim.patient, claim.patient.birth_on
    facts = (
        ("Patient", f"{patient.first} {patient.last}".strip()), ("Born", _day(born)), ("Member number", claim.coverage.member_id),
        ("Group", claim.coverage.group_number), ("Your claim number", page.denial.payer_claim_number), ("Our claim number", claim.control_number),
        ("Seen on", _days(claim)), ("Provider", _provider(claim)), ("Diagnoses", ", ".join(dotted(code) for code in claim.diagnoses)),
        ("Approval number", claim.prior_authorization), ("Clinic", f"NPI {npi}, tax number {tax_id}"),
        ("Refused on", _day(page.denial.denied_on)),
    )  # fmt: skip
    return tuple((words, value) for words, value in facts if value and value != "unknown")


def _provider(claim: Claim) -> str:
    who = claim.rendering
    return f"{who.first} {who.last}".strip() + f" (NPI {who.npi})" if who else claim.billing.name


def _days(claim: Claim) -> str:
    return ", ".join(_day(day) for day in sorted({line.served_on for line in claim.lines}))


def _day(day: date | None) -> str:
    return short_date(day, "en") if day else "unknown"


def _lines(page: DenialPage, claim: Claim) -> tuple[RefusedLine, ...]:
    return tuple(_line(cause, claim) for cause in page.causes)


def _line(cause: Cause, claim: Claim) -> RefusedLine:
    reason = reason_words(cause.refusal.code, cause.refusal.remarks)
    own = next((line for line in claim.lines if line.number == cause.line), None)
    if own is None:
        return RefusedLine("", "The claim as a whole", None, cause.refusal.cents, reason)
    name = "-".join((own.procedure, *own.modifiers))
    return RefusedLine(
        own.served_on.isoformat(), f"{name} {own.description}".strip(), own.charge_cents, cause.refusal.cents, reason
    )
