"""What an estimate says besides its figures: whose it is, what it is not, and the right to dispute (45 CFR 149.610(c)(1))."""

from claims_service.domain.estimate.paper import SELF_PAY, Estimate
from claims_service.domain.money import spoken
from claims_service.domain.patient.statement import AboveEstimate
from claims_service.domain.patient.wording import choose, short_date

AGENCY_SITE, AGENCY_PHONE = "www.cms.gov/nosurprises", "1-800-985-3059"


def title(e: Estimate, language: str) -> str:
    """Good faith estimate for a self-payer, an estimate for somebody with a plan."""
    if e.kind == SELF_PAY:
        return choose(language, "Good faith estimate", "Estimación de buena fe")
    return choose(language, "Estimate of your share", "Estimación de su parte")


def planned(e: Estimate, language: str) -> str:
    """What it is for: "Office visit on December 4, 2026 with Imani Voss"."""
    main = e.lines[0].words or e.lines[0].procedure
    day = (
        choose(language, f" on {short_date(e.planned_on, 'en')}", f" el {short_date(e.planned_on, 'es')}")
        if e.planned_on
        else ""
    )
    more = len(e.lines) - 1
    besides = choose(language, f" and {more} more", f" y {more} más") if more else ""
    return f"{main}{besides}{day}{choose(language, ' with ', ' con ')}{e.provider}"


def share(e: Estimate, language: str) -> str:
    """ "$30.00", "$30.00 to $80.00" or "not known"."""
    if e.kind == SELF_PAY:
        return spoken(e.charge_cents or 0)
    return span(e.low_cents, e.high_cents, language)


def span(low: int | None, high: int | None, language: str) -> str:
    """One sum, from one to another, or that nobody knows."""
    if low is None or high is None:
        return choose(language, "not known", "no se sabe")
    return spoken(low) if low == high else f"{spoken(low)} {choose(language, 'to', 'a')} {spoken(high)}"


def notes(e: Estimate, language: str) -> list[tuple[str, str]]:
    """(heading, sentences): what the law wants said, in plain words."""

    def words(english: str, spanish: str) -> str:
        return choose(language, english, spanish)

    found = [
        (
            words("This is an estimate.", "Esto es una estimación."),
            words(
                "It is what we expect now. The real cost can be different. It is not a contract. You do not have to get care"
                " from us.",
                "Es lo que esperamos ahora. El costo real puede ser distinto. No es un contrato. Usted no tiene que"
                " atenderse con nosotros.",
            ),
        ),
        (
            words("Something may be added.", "Puede agregarse algo."),
            words(
                "We may find that you need more care. It is not in this estimate. It is booked and priced on its own.",
                "Podemos ver que usted necesita más atención. No está en esta estimación. Se agenda y se calcula aparte.",
            ),
        ),
    ]
    if e.separate:
        found.append(
            (
                words("You book this on your own:", "Esto se agenda aparte:"),
                words(
                    f"{e.separate}. You get a separate estimate for it when you book it or ask for it.",
                    f"{e.separate}. Recibe otra estimación cuando lo agende o la pida.",
                ),
            )
        )
    if e.kind == SELF_PAY:
        found.append((words("Your right to dispute.", "Su derecho a reclamar."), right_to_dispute(language)))
    return found


def right_to_dispute(language: str) -> str:
    """For a self-payer, on the estimate."""
    return choose(
        language,
        "If your bill is $400 or more above this estimate, you can dispute it. First you can ask us to change the bill. Or"
        " you can ask the government to look at it within 120 days of the day on your first bill. Go to"
        f" {AGENCY_SITE} or call {AGENCY_PHONE}. Your care stays the same if you do this. Keep this paper.",
        "Si su factura pasa de esta estimación por $400 o más, puede reclamar. Primero puede pedirnos que la cambiemos. O"
        " puede pedir al gobierno que la revise, dentro de los 120 días de la fecha de su primera factura. Vaya a"
        f" {AGENCY_SITE} o llame al {AGENCY_PHONE}. Su atención no cambia si lo hace. Guarde este papel.",
    )


def above(told: AboveEstimate, language: str) -> str:
    """For a bill that is far above."""
    return choose(
        language,
        f"We told you {spoken(told.expected_cents)} in estimate {told.number}. We now bill {spoken(told.billed_cents)}. That is $400"
        " or more above it, so you can dispute it. Call us first: we can change the bill or find a way. Or ask the"
        f" government to look at it by {short_date(told.until, 'en')}: {AGENCY_SITE} or {AGENCY_PHONE}. Your care stays the same.",
        f"Le dijimos {spoken(told.expected_cents)} en la estimación {told.number}. Ahora cobramos {spoken(told.billed_cents)}. Eso es"
        " $400 o más por encima, así que puede reclamar. Llámenos primero: podemos cambiar la factura o buscar una forma. O"
        f" pida al gobierno que la revise a más tardar el {short_date(told.until, 'es')}: {AGENCY_SITE} o {AGENCY_PHONE}."
        " Su atención no cambia.",
    )


ABOVE_TITLE = ("This is more than we told you.", "Esto es más de lo que le dijimos.")
