"""An estimate on paper, folded into a window envelope."""

from claims_service.domain.estimate import wording
from claims_service.domain.estimate.paper import INSURED, Estimate, Line
from claims_service.domain.money import spoken
from claims_service.domain.party import spoken_phone
from claims_service.domain.patient.wording import choose, long_date, short_date
from claims_service.formats.documents.press import address_lines, pdf, sender_of

_LONG = 12  # letters beyond which the sum is set smaller


def estimate_pdf(estimate: Estimate, language: str) -> bytes:
    """The estimate as it was issued; the same one always gives the same bytes."""
    e = estimate

    def words(english: str, spanish: str) -> str:
        return choose(language, english, spanish)

    amount = wording.share(e, language)
    content = {
        "lang": language,
        "title": f"{wording.title(e, language)} {e.number}, {e.sender.name}",
        "page_words": words("Page {page} of {pages}", "Página {page} de {pages}") + f", {e.number}",
        "sender": sender_of(e.sender),
        "to": {"name": e.patient, "lines": address_lines(e.address)},
        "numbered": f"{e.number}, {long_date(e.issued_on, language)}",
        "heading": wording.title(e, language),
        "share": {
            "label": words("We expect you to pay", "Esperamos que usted pague"),
            "amount": amount,
            "long": len(amount) > _LONG,
            "what": wording.planned(e, language) + ".",
        },
        "facts": _facts(e, language),
        "head": _head(e, language),
        "rows": [_row(line, e, language) for line in e.lines],
        "total": _total(e, language),
        "why": [words(*sentence) for sentence in e.why],
        "notes": [
            *wording.notes(e, language),
            (
                words("Questions?", "¿Preguntas?"),
                words(
                    f"Call us: {spoken_phone(e.sender.phone)}. Large print is free.",
                    f"Llámenos: {spoken_phone(e.sender.phone)}. Letra grande es gratis.",
                ),
            ),
        ],
    }
    return pdf("estimate.typ", content, e.issued_on)


def _facts(e: Estimate, language: str) -> list[tuple[str, str]]:
    def words(english: str, spanish: str) -> str:
        return choose(language, english, spanish)

    day = short_date(e.planned_on, language) if e.planned_on else words("not scheduled yet", "todavía sin fecha")
    place = ", ".join((words(*e.place), e.sender.name, *address_lines(e.sender.address)))
    found = [
        (words("Patient:", "Paciente:"), e.patient),
        (words("Date of birth:", "Fecha de nacimiento:"), short_date(e.birth_on, language) if e.birth_on else "—"),
        (words("Planned day:", "Día previsto:"), day),
        (words("Where:", "Dónde:"), place),
        (words("Who gives the care:", "Quién le atiende:"), f"{e.provider}, NPI {e.provider_npi}"),
        (words("Clinic:", "Clínica:"), f"NPI {e.npi}, TIN {e.tax_id[:2]}-{e.tax_id[2:]}"),
    ]
    known = "; ".join(f"{code} {label}".strip() for code, label in e.diagnoses)
    found.append((words("Diagnosis:", "Diagnóstico:"), known or words("not known yet", "todavía no se sabe")))
    if e.kind == INSURED:
        told = short_date(e.told_on, language) if e.told_on else words("not asked yet", "todavía sin respuesta")
        found.append(
            (
                words("Plan:", "Plan:"),
                f"{e.payer} ({words('told us on', 'nos respondió el')} {told})" if e.told_on else e.payer,
            )
        )
    return found


def _head(e: Estimate, language: str) -> list[str]:
    english = ["Service", "Code", "Units", "Price"]
    spanish = ["Servicio", "Código", "Unidades", "Precio"]
    if e.kind == INSURED:
        english.append("Your plan’s price")
        spanish.append("Precio de su plan")
    return spanish if language == "es" else english


def _row(line: Line, e: Estimate, language: str) -> list[str]:
    code = "-".join((line.procedure, *line.modifiers))
    cells = [line.words or line.procedure, code, f"{line.units.normalize():f}", spoken(line.charge_cents or 0)]
    return [*cells, wording.span(line.allowed_cents, line.allowed_cents, language)] if e.kind == INSURED else cells


def _total(e: Estimate, language: str) -> list[str]:
    cells = [choose(language, "Together", "En total"), "", "", spoken(e.charge_cents or 0)]
    return [*cells, wording.span(e.allowed_cents, e.allowed_cents, language)] if e.kind == INSURED else cells
