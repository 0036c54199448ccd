"""Everything an estimate is worked out of: the people, the clinic's prices, the contract and what the insurer told of the cover."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from claims_service.domain.coverage import in_order
from claims_service.domain.eligibility.summary import summary
from claims_service.domain.errors import NotFound
from claims_service.domain.estimate.wish import Wish
from claims_service.domain.estimate.working_out import Facts
from claims_service.domain.pricing.contract import Service
from claims_service.store import eligibility, fees, parties, patients
from claims_service.store.connection import day_of, marks, opened, run


def facts(practice: int, patient: int, wish: Wish, *, today: date, place_name: str = "") -> Facts:
    """What is known for one patient and what is planned; a dozen SELECTs.

    Raises:
        NotFound: no such patient or provider of this practice.
    """
    day = wish.planned_on or today
    with opened():
        person = patients.people(practice, [patient]).get(patient)
        provider = parties.providers(practice).get(wish.provider)
        if person is None or provider is None:
            raise NotFound("patient" if person is None else "provider")
        book = fees.book(practice, {line.procedure for line in wish.lines})
        charges = tuple(
            line.charge_cents
            if line.charge_cents is not None
            else book.charge_cents(line.procedure, line.modifiers, line.units, day)
            for line in wish.lines
        )
        found = Facts(
            person, parties.billing_provider(practice), provider, charges, (None,) * len(charges),
            _words(practice, "procedure", [line.procedure for line in wish.lines]),
            _words(practice, "icd10", wish.diagnoses), place_name,
        )  # fmt: skip
        plans = () if wish.self_pay else in_order(patients.coverages(practice, [patient])[patient], day)
        if not plans:
            return found
        services = [
            Service(
                line.procedure, day, line.modifiers, line.units, wish.place, book.classes.get(wish.provider, ""), charge
            )
            for line, charge in zip(wish.lines, charges, strict=True)
        ]
        allowed = tuple(price.cents for price in book.contracts.prices(plans[0].payer_id, services))
        kept = eligibility.of_patient(practice, patient).get(plans[0].id)
    found = replace(found, allowed=allowed, plan=plans[0], more_plans=len(plans) > 1)
    if kept is None or kept.answer is None:
        return found
    told_on = day_of(kept.answered_at[:10]) if kept.answered_at else None
    return replace(found, told=summary(kept.answer), told_for=kept.answered_for, told_on=told_on)


def _words(practice: int, code_set: str, codes: Sequence[str]) -> dict[str, str]:
    """What codes mean: in the clinic's words, else in those of the published sets."""
    listed = sorted(set(codes))
    if not listed:
        return {}
    kinds = {"procedure": ("cpt", "hcpcs"), "icd10": ("icd10cm",)}[code_set]
    published = (
        f"select code, long from listed_code where code_set in ({marks(kinds)}) and code in ({marks(listed)})"
        " order by code, valid_from"
    )
    own = f"select code, label from code where practice_id = ? and code_set = ? and code in ({marks(listed)})"
    found = {str(code): str(words) for code, words in run(published, (*kinds, *listed)).fetchall()}
    return found | {str(code): str(words) for code, words in run(own, (practice, code_set, *listed)).fetchall()}
