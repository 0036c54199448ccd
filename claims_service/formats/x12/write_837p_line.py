"""Service lines of an 837P (loops 2400 to 2430)."""

from claims_service.domain import codes
from claims_service.domain.claim.circumstances import Note
from claims_service.domain.claim.claim import Claim, ClaimLine
from claims_service.formats.x12.claim_parts import (
    MODIFIERS,
    DrugForms,
    NumberForms,
    OtherPayerForms,
    Seats,
    attachment_form,
    write_attachments,
    write_days,
)
from claims_service.formats.x12.claim_transport import AmbulanceForms
from claims_service.formats.x12.plain import amount_text, quantity_text
from claims_service.formats.x12.writer import MARKS, MOST_KNOWN, Form, Writer, form


def _form(segment: str, fields: str) -> Form:
    return form("837p", "2400", segment, fields)


NUMBER = _form("LX", "number")
_SERVICE = (
    f"procedure{{qualifier code {MODIFIERS} description}}"
    " charge unit quantity place pointers{first second third fourth}"
)
SERVICE = _form("SV1", _SERVICE)
SERVICE_MARKED = _form("SV1", f"{_SERVICE} emergency epsdt family_planning")
ATTACHED = attachment_form("837p", "2400")
SERVED = _form("DTP", "qualifier=472 format date")
RIDERS = _form("QTY", "qualifier=PT quantity")
OBSTETRIC = _form("QTY", "qualifier=FL quantity")
NUMBERS = NumberForms(
    "837p",
    "2400",
    ("G1", "prior_authorization"),
    ("6R", "reference"),
    ("EW", "mammography"),
    ("X4", "clia"),
    ("F4", "referring_clia"),
    ("9F", "referral_number"),
)
REFERENCE = NUMBERS.forms["reference"]
NOTES = {"TPO": _form("NTE", "kind=TPO text"), "": _form("NTE", "kind text")}
DRUG = DrugForms("837p")
PROVIDERS = Seats(
    "837p",
    ("2420A", "82", "PE", "rendering"),
    ("2420C", "77", "", "facility"),
    ("2420D", "DQ", "", "supervising"),
    ("2420E", "DK", "", "ordering"),
    ("2420F", "DN", "", "referring"),
)
AMBULANCE = AmbulanceForms("2400", "2420G", "2420H")
COUNTS = tuple(str(number) for number in range(100))
_BEFORE_REFERENCE = MARKS.terminator + REFERENCE.template.removesuffix("%s")
_known: dict[tuple[object, ...], str] = {}


def write_lines(out: Writer, claim: Claim, others: OtherPayerForms) -> None:
    """Loops 2400 with what earlier payers decided on each (2430).

    A clinic's few services come again and again: what is written of a line that says no more than nearly every line says
    (LX, SV1, DTP*472 and its reference) is kept as one text, the reference apart.
    """
    place, known, follows_guide, add = claim.place_of_service, _known.get, REFERENCE.fits, out.lines.append
    for line in claim.lines:
        if (
            line.decisions or line.ndc or line.rendering or line.facility or line.supervising or line.ordering
            or line.referring or line.prior_authorization or line.referral_number or line.clia or line.referring_clia
            or line.mammography or line.notes or line.attachments or line.ambulance or line.emergency or line.epsdt
            or line.family_planning or line.obstetric_units is not None
        ):  # fmt: skip
            _write_whole(out, line, claim, others)
            continue
        said = (
            line.number, line.procedure, line.charge_cents, line.served_on, line.pointers, line.modifiers, line.units,
            line.place_of_service == place or line.place_of_service, line.served_until, line.unit_basis,
            line.qualifier, line.description,
        )  # fmt: skip
        text, reference = known(said), line.reference
        if text is not None and follows_guide(reference):
            add(f"{text}{_BEFORE_REFERENCE}{reference}")
        else:
            _write_plain(out, line, claim, said)


def _write_plain(out: Writer, line: ClaimLine, claim: Claim, said: tuple[object, ...]) -> None:
    findings, first = len(out.findings), len(out.lines)
    _head(out, line, claim)
    write_days(out, SERVED, line.served_on, line.served_until)
    if len(out.findings) == findings:
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        _known[said] = MARKS.terminator.join(out.lines[first:])
    if line.reference:
        out.add(REFERENCE, line.reference)


def _head(out: Writer, line: ClaimLine, claim: Claim) -> None:
    out.add(NUMBER, COUNTS[line.number] if line.number < 100 else str(line.number))
    _service(out, line, claim)


def _write_whole(out: Writer, line: ClaimLine, claim: Claim, others: OtherPayerForms) -> None:
    ride = line.ambulance
    _head(out, line, claim)
    write_attachments(out, ATTACHED, line.attachments)
    if ride:
        AMBULANCE.write_ride(out, ride)
        AMBULANCE.write_conditions(out, ride)
    write_days(out, SERVED, line.served_on, line.served_until)
    if ride and ride.patients is not None:
        out.add(RIDERS, str(ride.patients))
    if line.obstetric_units is not None:
        out.add(OBSTETRIC, str(line.obstetric_units))
    NUMBERS.write(out, line)
    for note in line.notes:
        _note(out, note)
    if line.ndc:
        DRUG.write(out, line.ndc, line.units if line.ndc_quantity is None else line.ndc_quantity, line.ndc_unit,
                   line.prescription)  # fmt: skip
    PROVIDERS.write(out, line)
    if ride:
        AMBULANCE.write_places(out, ride)
    for decision in line.decisions:
        others.write_decision(out, decision, "HC")


def _note(out: Writer, note: Note) -> None:
    if note.kind == "TPO":
        out.add(NOTES["TPO"], note.text)
    else:
        out.add(NOTES[""], note.kind, note.text)


def _service(out: Writer, line: ClaimLine, claim: Claim) -> None:
    place = line.place_of_service if line.place_of_service != claim.place_of_service else ""
    described = line.description if codes.is_unlisted(line.procedure) and not line.ndc else ""
    modifiers = line.modifiers
    padded = modifiers if len(modifiers) == 4 else (*modifiers, "", "", "", "")[:4]
    pointers = tuple(COUNTS[pointer] for pointer in line.pointers)
    values = (
        line.qualifier, line.procedure, *padded, described, amount_text(line.charge_cents), line.unit_basis,
        quantity_text(line.units), place, *(*pointers, "", "", "", "")[:4],
    )  # fmt: skip
    if line.emergency or line.epsdt or line.family_planning:
        out.add(
            SERVICE_MARKED,
            *values,
            *("Y" if mark else "" for mark in (line.emergency, line.epsdt, line.family_planning)),
        )
    else:
        out.add(SERVICE, *values)
