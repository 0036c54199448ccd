"""An estimate on paper, folded into a window envelope."""

from functools import partial

from claims_service.domain.estimate import wording
from claims_service.domain.estimate.paper import INSURED, Estimate, Line
from claims_service.domain.money import spoken
from claims_service.domain.party import spoken_phone
from claims_service.domain.patient.wording import long_date, of_pair, short_date
from claims_service.formats.documents.press import address_lines, pdf, sender_of
from claims_service.words import say

_LONG = 12  # letters beyond which the sum is set smaller


def estimate_pdf(estimate: Estimate, language: str) -> bytes:
    """The estimate as it was issued; the same one always gives the same bytes."""
    e = estimate

    _ = partial(say, language)

    amount = wording.share(e, language)
    content = {
        "lang": language,
        "title": f"{wording.title(e, language)} {e.number}, {e.sender.name}",
        "page_words": _("Page {page} of {pages}") + f", {e.number}",
        "sender": sender_of(e.sender),
        "to": {"name": e.patient, "lines": address_lines(e.address)},
        "numbered": f"{e.number}, {long_date(e.issued_on, language)}",
        "heading": wording.title(e, language),
        "share": {
            "label": _("We expect you to pay"),
            "amount": amount,
            "long": len(amount) > _LONG,
            "what": wording.planned(e, language) + ".",
        },
        "facts": _facts(e, language),
        "head": _head(e, language),
        "rows": [_row(line, e, language) for line in e.lines],
        "total": _total(e, language),
        "why": [of_pair(sentence, language) for sentence in e.why],
        "notes": [
            *wording.notes(e, language),
            (
                _("Questions?"),
                _("Call us: %(phone)s. Large print is free.", phone=spoken_phone(e.sender.phone)),
            ),
        ],
    }
    return pdf("estimate.typ", content, e.issued_on)


def _facts(e: Estimate, language: str) -> list[tuple[str, str]]:
    _ = partial(say, language)

    day = short_date(e.planned_on, language) if e.planned_on else _("not scheduled yet")
    place = ", ".join((of_pair(e.place, language), e.sender.name, *address_lines(e.sender.address)))
    found = [
        (_("Patient:"), e.patient),
        (_("Date of birth:"), short_date(e.birth_on, language) if e.birth_on else "—"),
        (_("Planned day:"), day),
        (_("Where:"), place),
        (_("Who gives the care:"), f"{e.provider}, NPI {e.provider_npi}"),
        (_("Clinic:"), f"NPI {e.npi}, TIN {e.tax_id[:2]}-{e.tax_id[2:]}"),
    ]
    known = "; ".join(f"{code} {label}".strip() for code, label in e.diagnoses)
    found.append((_("Diagnosis:"), known or _("not known yet")))
    if e.kind == INSURED:
        told = short_date(e.told_on, language) if e.told_on else _("not asked yet")
        found.append(
            (
                _("Plan:"),
                _("%(payer)s (told us on %(day)s)", payer=e.payer, day=told) if e.told_on else e.payer,
            )
        )
    return found


def _head(e: Estimate, language: str) -> list[str]:
    _ = partial(say, language)
    head = [_("Service"), _("Code"), _("Units"), _("Price")]
    return [*head, _("Your plan’s price")] if e.kind == INSURED else head


def _row(line: Line, e: Estimate, language: str) -> list[str]:
    code = "-".join((line.procedure, *line.modifiers))
    cells = [line.words or line.procedure, code, f"{line.units.normalize():f}", spoken(line.charge_cents or 0)]
    return [*cells, wording.span(line.allowed_cents, line.allowed_cents, language)] if e.kind == INSURED else cells


def _total(e: Estimate, language: str) -> list[str]:
    cells = [say(language, "Together"), "", "", spoken(e.charge_cents or 0)]
    return [*cells, wording.span(e.allowed_cents, e.allowed_cents, language)] if e.kind == INSURED else cells
