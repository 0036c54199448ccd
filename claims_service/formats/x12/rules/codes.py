"""Codes are of their set: shape and check digit, and existence where the list is shipped (SNIP level 5)."""

import re
from collections.abc import Callable, Iterator, Mapping

from claims_service.domain.codes import STATES, is_diagnosis, is_modifier, is_npi, is_procedure, is_taxonomy, is_zip
from claims_service.formats.tables.codes import row
from claims_service.formats.x12.node import Segment
from claims_service.formats.x12.rules.rule import Closed, Fault, element, reasons

_ICD_10_PCS = re.compile(r"[0-9A-HJ-NP-Z]{7}", re.ASCII)
_ICD_9 = re.compile(r"(?:[0-9]{3}|V[0-9]{2}|E[0-9]{3})[0-9]{0,2}", re.ASCII)
_DENTAL = re.compile(r"D[0-9]{4}", re.ASCII)
_BILL_CODE = re.compile(r"[0-9A-Z]{2}", re.ASCII)
_REVENUE = re.compile(r"[0-3]?[0-9]{3}", re.ASCII)
_ADMISSION = re.compile(r"[1-5 9]", re.ASCII)
_STATE_OF_PATIENT = re.compile(r"[0-9]{2}", re.ASCII)
_BILL_TYPE = re.compile(r"[1-9][1-9]", re.ASCII)
_NDC = re.compile(r"[0-9]{11}", re.ASCII)
_PROVINCES = frozenset("AB BC MB NB NL NS NT NU ON PE QC SK YT".split())

Shape = Callable[[str], object]
DIAGNOSES: Mapping[str, tuple[str, Shape]] = {
    **dict.fromkeys(("ABK", "ABF", "ABJ", "APR", "ABN"), ("diagnosis-shape", is_diagnosis)),
    **dict.fromkeys(("BK", "BF", "BJ", "PR", "BN"), ("diagnosis-shape", _ICD_9.fullmatch)),
    **dict.fromkeys(("BBR", "BBQ"), ("procedure-pcs-shape", _ICD_10_PCS.fullmatch)),
    **dict.fromkeys(("BH", "BI", "BE", "BG"), ("bill-code-shape", _BILL_CODE.fullmatch)),
}
SERVICES: Mapping[str, Shape] = {"HC": is_procedure, "AD": _DENTAL.fullmatch}
PROCEDURES = {"SV1": (1,), "SV2": (2,), "SV3": (1,), "SV5": (1,), "SVC": (1, 6), "SVD": (3,)}
ENTITY_PLACES = {"NM1": (8, 9), "N1": (3, 4)}
REMARKS = {"MOA": (3, 4, 5, 6, 7), "MIA": (5, 20, 21, 22, 23)}
NINE_DIGITS = {"2010AA": "billing-zip", "2310C": "facility-zip", "2420C": "facility-zip"}


def party(_: Closed, name: Segment) -> Iterator[Fault]:
    """NM109 and N104 under XX are NPIs."""
    kind_at, id_at = ENTITY_PLACES[name[0]]
    if element(name, kind_at) == "XX" and element(name, id_at) and not is_npi(name[id_at]):
        yield Fault("npi", name, f"{id_at:02}")


def specialty(_: Closed, provider: Segment) -> Iterator[Fault]:
    """PRV03 under PXC is a taxonomy code."""
    if element(provider, 2) == "PXC" and element(provider, 3) and not is_taxonomy(provider[3]):
        yield Fault("taxonomy-shape", provider, "03")


def address(closed: Closed, city: Segment) -> Iterator[Fault]:
    """State and ZIP of the United States, provinces of Canada; other countries are taken as they are."""
    state, post_code, country = element(city, 2), element(city, 3), element(city, 4) or "US"
    known = {"US": STATES, "CA": _PROVINCES}.get(country)
    if known and state and state not in known:
        yield Fault("state", city, "02")
    if country != "US":
        return
    rule = NINE_DIGITS.get(closed.node.loop.id)
    nine = rule == "billing-zip" and closed.envelope.guide in ("837p", "837i", "837d")
    if post_code and not is_zip(post_code):
        yield Fault("zip-shape", city, "03")
    elif rule and post_code and not is_zip(post_code, nine=True) and (nine or closed.envelope.guide == "837p"):
        yield Fault(rule, city, "03")


def health_codes(closed: Closed, codes: Segment) -> Iterator[Fault]:
    """HI: diagnoses, procedures and the codes of a bill, each by its qualifier."""
    for position in range(1, len(codes)):
        qualifier, code = [*closed.parts(codes, position), ""][:2]
        known = DIAGNOSES.get(qualifier)
        if known and code and not known[1](code):
            yield Fault(known[0], codes, f"{position:02}-2")


def procedure(closed: Closed, service: Segment) -> Iterator[Fault]:
    """The procedure and its modifiers in SV1, SV2, SV3, SV5, SVC and SVD."""
    for position in PROCEDURES[service[0]]:
        qualifier, code, *rest = [*closed.parts(service, position), ""]
        shape = SERVICES.get(qualifier)
        if shape and code and not shape(code):
            yield Fault("procedure-shape", service, f"{position:02}-2")
        for n, modifier in enumerate(rest[:4], 3):
            if modifier and not is_modifier(modifier):
                yield Fault("modifier-shape", service, f"{position:02}-{n}")


def professional_service(closed: Closed, service: Segment) -> Iterator[Fault]:
    """SV1: its procedure, and a place of service that there is."""
    yield from procedure(closed, service)
    if element(service, 5) and row("place_of_service", service[5]) is None:
        yield Fault("place-of-service", service, "05")


def hospital_service(closed: Closed, service: Segment) -> Iterator[Fault]:
    """SV2: its procedure, and a revenue code."""
    yield from procedure(closed, service)
    if element(service, 1) and not (_REVENUE.fullmatch(service[1]) and len(service[1]) == 4):
        yield Fault("revenue-code", service, "01")


def remitted_service(closed: Closed, service: Segment) -> Iterator[Fault]:
    """SVC: its procedures, and in an 835 a revenue code."""
    yield from procedure(closed, service)
    if closed.envelope.guide == "835" and element(service, 4) and not _REVENUE.fullmatch(service[4]):
        yield Fault("revenue-code", service, "04")


def claim(closed: Closed, claim: Segment) -> Iterator[Fault]:
    """CLM05: a place of service, or a hospital's type of bill; and a frequency that there is."""
    place, qualifier, frequency = [*closed.parts(claim, 5), "", ""][:3]
    if qualifier == "A" and not _BILL_TYPE.fullmatch(place):
        yield Fault("type-of-bill", claim, "05-1")
    if qualifier == "B" and row("place_of_service", place) is None:
        yield Fault("place-of-service", claim, "05-1")
    known = row("claim_frequency", frequency)
    if known is None or (qualifier == "B" and known["professional_use"] == "no"):
        yield Fault("frequency", claim, "05-3")
    state = [*closed.parts(claim, 11), "", "", "", ""][3] if qualifier == "B" else ""
    if state and state not in STATES:
        yield Fault("state", claim, "11-4")


def stay(_: Closed, state: Segment) -> Iterator[Fault]:
    """CL1: type of admission and patient status (NUBC)."""
    if element(state, 1) and not _ADMISSION.fullmatch(state[1]):
        yield Fault("admission-type", state, "01")
    if element(state, 3) and not _STATE_OF_PATIENT.fullmatch(state[3]):
        yield Fault("patient-status", state, "03")


def drug(_: Closed, product: Segment) -> Iterator[Fault]:
    """LIN03 under N4 is a national drug code."""
    if element(product, 2) == "N4" and not _NDC.fullmatch(element(product, 3)):
        yield Fault("drug-code", product, "03")


def adjustment(closed: Closed, reduction: Segment) -> Iterator[Fault]:
    """CAS: reasons that there are, under a group they may stand in."""
    for position, reason, _cents in reasons(reduction):
        known = row("carc", reason)
        if known is None:
            yield Fault("reason-unknown", reduction, f"{position:02}")
        elif known["deactivated"] not in ("", "no"):
            yield Fault("reason-withdrawn", reduction, f"{position:02}")
        if closed.envelope.guide == "835" and element(reduction, 1) not in _GROUPS.get(
            reason, ("CO", "OA", "PI", "PR")
        ):
            yield Fault("reason-group", reduction, "01")


_GROUPS = {
    "1": ("PR",), "2": ("PR",), "3": ("PR",), "23": ("OA",), "45": ("CO", "PR"), "133": ("OA",),
    "136": ("OA",), "209": ("OA",), "85": ("PR",), "18": ("OA", "CO"),
}  # fmt: skip


def remark(_: Closed, line: Segment) -> Iterator[Fault]:
    """LQ02 under HE is a remark code."""
    if element(line, 1) == "HE" and element(line, 2) and row("rarc", line[2]) is None:
        yield Fault("remark-unknown", line, "02")


def claim_remarks(_: Closed, remarks: Segment) -> Iterator[Fault]:
    """The remark codes among the elements of MOA and MIA."""
    for position in REMARKS[remarks[0]]:
        if element(remarks, position) and row("rarc", remarks[position]) is None:
            yield Fault("remark-unknown", remarks, f"{position:02}")


def status(closed: Closed, told: Segment) -> Iterator[Fault]:
    """STC01, 10 and 11: category, status and entity."""
    lists = (("status-category", "claim_status_category"), ("status-code", "claim_status"),
             ("status-entity", "entity_identifier"))  # fmt: skip
    for position in (1, 10, 11):
        for n, (code, (rule, name)) in enumerate(zip(closed.parts(told, position), lists, strict=False), 1):
            if code and row(name, code) is None:
                yield Fault(rule, told, f"{position:02}-{n}")


def bank(_: Closed, payment: Segment) -> Iterator[Fault]:
    """BPR07 and BPR13 under 01 are routing numbers of American banks, with their check digit."""
    for position in (6, 12):
        if element(payment, position) == "01" and not _is_routing(element(payment, position + 1)):
            yield Fault("routing-number", payment, f"{position + 1:02}")


def _is_routing(text: str) -> bool:
    if not (text.isascii() and text.isdigit() and len(text) == 9):
        return False
    return sum(int(digit) * weight for digit, weight in zip(text, (3, 7, 1) * 3, strict=True)) % 10 == 0


def contact(_: Closed, person: Segment) -> Iterator[Fault]:
    """Telephone and fax numbers of ten digits, neither area nor exchange beginning with 0 or 1."""
    for position in (3, 5, 7):
        if element(person, position) in ("TE", "FX") and not _PHONE.fullmatch(element(person, position + 1)):
            yield Fault("phone-shape", person, f"{position + 1:02}")


_PHONE = re.compile(r"[2-9][0-9]{2}[2-9][0-9]{6}", re.ASCII)

BY_SEGMENT: dict[str, Callable[[Closed, Segment], Iterator[Fault]]] = {
    "NM1": party, "N1": party, "PRV": specialty, "N4": address, "HI": health_codes, "SV1": professional_service,
    "SV2": hospital_service, "SV3": procedure, "SV5": procedure, "SVC": remitted_service, "SVD": procedure,
    "CLM": claim, "CL1": stay, "LIN": drug, "CAS": adjustment, "LQ": remark, "MOA": claim_remarks,
    "MIA": claim_remarks, "STC": status, "BPR": bank, "PER": contact,
}  # fmt: skip


def code_sets(closed: Closed) -> Iterator[Fault]:
    """Each of the loop's own segments, by the codes that its kind carries."""
    for item in closed.own:
        look = BY_SEGMENT.get(item[0])
        if look:
            yield from look(closed, item)


def letters(closed: Closed) -> Iterator[Fault]:
    """Capital letters: many payers refuse others, though the extended set has them."""
    for item in closed.own:
        text = "*".join(item)
        if text != text.upper():
            yield Fault("small-letters", item, next(f"{n:02}" for n, one in enumerate(item) if one != one.upper()))
            return
