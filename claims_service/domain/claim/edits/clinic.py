"""Edits on the clinic as it bills, and on the providers it names (837P 2010AA, 2310 and 2420)."""

import re

from claims_service.domain import codes
from claims_service.domain.claim.claim import ClaimLine
from claims_service.domain.claim.edits.edit import ClaimEdit, Edit, LineEdit
from claims_service.domain.claim.edits.finding import LOOK, MUST
from claims_service.domain.party import Provider

_BOX = re.compile(r"\s*(P\.?\s*O\.?\s*BOX|LOCK\s*BOX)\b", re.IGNORECASE)
_PHONE = re.compile(r"[2-9][0-9]{2}[2-9][0-9]{6}", re.ASCII)
_ADMINISTRATOR = "An administrator corrects it in the clinic’s record."
_PROVIDER = "An administrator corrects it in the provider’s record."
_GUIDE = "X12 005010X222A1"


def _npi(provider: Provider | None) -> bool:
    return provider is not None and not codes.is_npi(provider.npi)


def _line_npi(name: str) -> "LineEdit":
    label, loops = _SEATS[name]
    edit = Edit(
        f"line_{name}_npi", MUST, f"The NPI of the {label} of a service is not valid.", f"Correct it, or name no {label} for the service.",
        f"{loops} NM109", "Claim.item.careTeamSequence", "45 CFR 162.406", name,
    )  # fmt: skip

    def broken(_claim: object, line: ClaimLine, _facts: object) -> bool:
        return _npi(getattr(line, name))

    return LineEdit(edit, broken)


_SEATS = {
    "rendering": ("rendering provider", "2420A"),
    "facility": ("service place", "2420C"),
    "supervising": ("supervising provider", "2420D"),
    "ordering": ("ordering provider", "2420E"),
    "referring": ("referring provider", "2420F"),
}

EDITS: tuple[ClaimEdit | LineEdit, ...] = (
    ClaimEdit(
        Edit("billing_name", MUST, "The clinic's name is missing.", _ADMINISTRATOR, "2010AA NM103", "Claim.provider", _GUIDE,
             "practice.name"),
        lambda c, f: not c.billing.name.strip(),
    ),
    ClaimEdit(
        Edit("billing_npi", MUST, "The clinic's NPI is not valid.", _ADMINISTRATOR, "2010AA NM109", "Claim.provider",
             "45 CFR 162.406", "practice.npi"),
        lambda c, f: not codes.is_npi(c.billing.npi),
    ),
    ClaimEdit(
        Edit("billing_tax_id", MUST, "The clinic's tax number needs nine digits.", _ADMINISTRATOR, "2010AA REF*EI", "Claim.provider",
             _GUIDE, "practice.tax_id"),
        lambda c, f: not (c.billing.tax_id.isascii() and c.billing.tax_id.isdigit() and len(c.billing.tax_id) == 9),
    ),
    ClaimEdit(
        Edit("billing_taxonomy", MUST, "The clinic's taxonomy code is not valid.", "Ten characters ending in X, like 261QP2300X.",
             "2000A PRV03", "Claim.provider", "NUCC taxonomy", "practice.taxonomy"),
        lambda c, f: bool(c.billing.taxonomy) and not codes.is_taxonomy(c.billing.taxonomy),
    ),
    ClaimEdit(
        Edit("billing_street", MUST, "The clinic's address must be a street, not a box.",
             "Put the box under pay-to address and the street here.", "2010AA N301", "Claim.provider", _GUIDE, "practice.line1"),
        lambda c, f: bool(_BOX.match(c.billing.address.line1)),
    ),
    ClaimEdit(
        Edit("billing_address", MUST, "The clinic's address is not complete.", _ADMINISTRATOR, "2010AA N3 and N4", "Claim.provider",
             _GUIDE, "practice.line1"),
        lambda c, f: not c.billing.address.complete,
    ),
    ClaimEdit(
        Edit("billing_state", MUST, "The state in the clinic's address is not a US state.", _ADMINISTRATOR, "2010AA N402",
             "Claim.provider", _GUIDE, "practice.state"),
        lambda c, f: bool(c.billing.address.state) and c.billing.address.state not in codes.STATES,
    ),
    ClaimEdit(
        Edit("billing_zip", MUST, "The clinic's ZIP needs nine digits.", "An administrator adds the last four digits in the clinic’s record.",
             "2010AA N403", "Claim.provider", _GUIDE, "practice.zip"),
        lambda c, f: not codes.is_zip(c.billing.address.zip, nine=True),
    ),
    ClaimEdit(
        Edit("billing_phone", MUST, "The clinic's phone number is not one of ten digits.",
             "Area code and number without an extension; neither part begins with 0 or 1.", "2010AA PER04", "Claim.provider",
             "North American Numbering Plan", "practice.phone"),
        lambda c, f: bool(c.billing.phone) and not _PHONE.fullmatch(c.billing.phone),
    ),
    ClaimEdit(
        Edit("pay_to_address", MUST, "The address for payments is not complete.", _ADMINISTRATOR, "2010AB N3 and N4", "Claim.provider",
             _GUIDE, "practice.pay_to"),
        lambda c, f: c.billing.pay_to is not None and not c.billing.pay_to.complete,
    ),
    ClaimEdit(
        Edit("rendering_npi", MUST, "The provider's NPI is not valid.", _PROVIDER, "2310B NM109", "Claim.careTeam.provider",
             "45 CFR 162.406", "rendering"),
        lambda c, f: _npi(c.rendering),
    ),
    ClaimEdit(
        Edit("rendering_name", MUST, "The provider's last name is missing.", _PROVIDER, "2310B NM103", "Claim.careTeam.provider", _GUIDE,
             "rendering"),
        lambda c, f: c.rendering is not None and not c.rendering.last.strip(),
    ),
    ClaimEdit(
        Edit("rendering_taxonomy", MUST, "The provider's taxonomy code is not valid.", "Ten characters ending in X, like 207Q00000X.",
             "2310B PRV03", "Claim.careTeam.qualification", "NUCC taxonomy", "rendering"),
        lambda c, f: c.rendering is not None and bool(c.rendering.taxonomy) and not codes.is_taxonomy(c.rendering.taxonomy),
    ),
    ClaimEdit(
        Edit("referring_npi", MUST, "The referring provider's NPI is not valid.", "Ask for it, or leave the referral out.", "2310A NM109",
             "Claim.referral", "45 CFR 162.406", "referring"),
        lambda c, f: _npi(c.referring),
    ),
    ClaimEdit(
        Edit("referring_name", MUST, "The referring provider's last name is missing.", "Ask for it, or leave the referral out.",
             "2310A NM103", "Claim.referral", _GUIDE, "referring"),
        lambda c, f: c.referring is not None and not c.referring.last.strip(),
    ),
    ClaimEdit(
        Edit("second_referring_alone", MUST, "A second referring provider stands without a first one.", "Name who referred first.",
             "2310A NM101 = P3", "Claim.referral", _GUIDE, "referring"),
        lambda c, f: c.second_referring is not None and c.referring is None,
    ),
    ClaimEdit(
        Edit("facility_npi", MUST, "The NPI of the place of service is not valid.", "Correct it, or leave it empty.", "2310C NM109",
             "Claim.facility", "45 CFR 162.406", "facility"),
        lambda c, f: c.facility is not None and bool(c.facility.npi) and not codes.is_npi(c.facility.npi),
    ),
    ClaimEdit(
        Edit("facility_address", MUST, "The address of the place of service is not complete.", "Add street, city, state and ZIP.",
             "2310C N3 and N4", "Claim.facility", _GUIDE, "facility"),
        lambda c, f: c.facility is not None and not c.facility.address.complete,
    ),
    ClaimEdit(
        Edit("facility_is_clinic", MUST, "The place of service carries the clinic's own NPI.",
             "Name a place only where it is another one than the clinic.", "2310C NM109", "Claim.facility", _GUIDE, "facility"),
        lambda c, f: c.facility is not None and bool(c.facility.npi) and c.facility.npi == c.billing.npi,
    ),
    ClaimEdit(
        Edit("supervising_npi", MUST, "The supervising provider's NPI is not valid.", _PROVIDER, "2310D NM109", "Claim.careTeam.provider",
             "45 CFR 162.406", "supervising"),
        lambda c, f: _npi(c.supervising),
    ),
    ClaimEdit(
        Edit("supervising_is_rendering", LOOK, "The supervising provider is who gave the care.", "Name a supervisor only where there was one.",
             "2310D NM109", "Claim.careTeam.provider", "clinic", "supervising"),
        lambda c, f: c.supervising is not None and c.rendering is not None and c.supervising.npi == c.rendering.npi,
    ),
    *(_line_npi(name) for name in _SEATS),
    LineEdit(
        Edit("line_referring_alone", MUST, "A service names a referring provider, and the claim names none.",
             "Name the referring provider of the claim as well.", "2420F NM1*DN", "Claim.referral", _GUIDE, "referring"),
        lambda c, line, f: line.referring is not None and c.referring is None,
    ),
)  # fmt: skip
