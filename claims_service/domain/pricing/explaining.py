"""How a price came about, in sentences that a biller can read to an insurer."""

from collections.abc import Mapping
from decimal import Decimal

from claims_service.domain import money
from claims_service.domain.pricing.contract import CHARGE, FLAT, MEDICARE, OFFICE, Contract, Service, Term
from claims_service.domain.pricing.contract_book import Price
from claims_service.domain.pricing.medicare import QPP, Fee
from claims_service.domain.pricing.provider_class import CLASSES

_WHOLE = 100
METHODS: Mapping[str, str] = {
    "flat": "Flat price",
    "medicare": "Percent of Medicare",
    "charge": "Percent of charge",
    "per_diem": "Per day",
}


def codes_text(term: Term) -> str:
    """ "99213", "99202 to 99215" or "any code"."""
    if not term.code_from:
        return "any code"
    return term.code_from if term.code_from == term.code_until else f"{term.code_from} to {term.code_until}"


def place_text(place: str) -> str:
    """ "in a facility", "outside of a facility", "at place of service 22" or nothing."""
    if len(place) == 2:
        return f"at place of service {place}"
    return {"": "", OFFICE: "outside of a facility"}.get(place, "in a facility")


def condition_text(term: Term) -> str:
    """What a term is about: "99202 to 99215 with modifier 25, in a facility, by physicians"."""
    modifier = f" with modifier {term.modifier}" if term.modifier else ""
    by = f"by {CLASSES.get(term.provider_class, term.provider_class)}" if term.provider_class else ""
    return ", ".join(part for part in (codes_text(term) + modifier, place_text(term.place), by) if part)


def amount_text(term: Term) -> str:
    """What a term pays: "$250.00 a unit", "120% of Medicare 2026A in locality 9990101"."""
    if term.method == MEDICARE:
        release = f" {term.release}" if term.release else ""
        track = ", qualifying APM," if term.program == QPP else ""
        told = f"{percent(term.percent)} of Medicare{release}{track} in locality {term.locality}"
    elif term.method == CHARGE:
        told = f"{percent(term.percent)} of the charge"
    else:
        told = f"{money.spoken(term.cents or 0)} {'a unit' if term.method == FLAT else 'a day'}"
    if term.lesser_of_charge:
        told += ", or the charge if that is less"
    if term.reductions:
        told += f"; several procedures a day at {'/'.join(map(_plain, term.reductions))}%"
    return told


def percent(value: Decimal | None) -> str:
    """Decimal("120.000") -> "120%"."""
    return f"{_plain(value or Decimal(0))}%"


def explanation(price: Price, service: Service, contract_payer: str = "") -> tuple[str, ...]:
    """Which contract, which term, the arithmetic; the last sentence says what is expected."""
    rate = price.rate
    if rate.contract is None or rate.term is None:
        named = [contract_text(rate.contract, contract_payer)] if rate.contract else []
        return (*named, rate.why)
    told = [contract_text(rate.contract, contract_payer), _term_text(rate.term)]
    others = [term for term in rate.contract.fitting(service) if term is not rate.term]
    if others:
        told.append(_others_text(others))
    told += [rate.why] if rate.why else _arithmetic(price, rate.term, service)
    return tuple(told)


def contract_text(contract: Contract, payer: str = "") -> str:
    """ "Quillhaven Health: contract “PPO 2026” from 01/01/2026 on."."""
    who = f"{payer}: contract" if payer else "Contract"
    until = f" until {contract.valid_until:%m/%d/%Y}" if contract.valid_until else " on"
    return f"{who} “{contract.name}” from {contract.valid_from:%m/%d/%Y}{until}."


def _term_text(term: Term) -> str:
    return f"Line {term.line} of it decides: {condition_text(term)}: {amount_text(term)}."


def _others_text(others: list[Term]) -> str:
    lines = ", ".join(str(term.line) for term in others[:3])
    more = f" and {len(others) - 3} more" if len(others) > 3 else ""
    if len(others) == 1:
        return f"Line {lines} speaks of this service too, but less exactly."
    return f"Lines {lines}{more} speak of this service too, but less exactly."


def _arithmetic(price: Price, term: Term, service: Service) -> list[str]:
    if price.cents is None or price.exact is None:
        return ["The charge is not known, so neither is a percent of it."]
    if price.included:
        return ["The day's rate stands on another service of that day, so this one adds nothing."]
    told = [_fee_text(price.rate.fee)] if price.rate.fee else []
    if product := _product(price, term, service):
        told.append(f"{product} = {_dollars(price.exact * price.percent / 100)}.")
    because = "The charge is less: " if price.capped else ""
    told.append(f"{because}{money.spoken(price.cents)} is expected.")
    return told


def _fee_text(fee: Fee) -> str:
    values, where = fee.rvu, fee.gpci
    expense = values.pe_facility if fee.facility else values.pe
    setting = "in a facility" if fee.facility else "outside of a facility"
    return (
        f"Medicare for {fee.code} in {where.name}, {setting}: (work {values.work} × {where.work} + practice expense {expense} ×"
        f" {where.pe} + malpractice {values.malpractice} × {where.malpractice}) × {values.factor} = {_dollars(fee.cents)}."
    )


def _product(price: Price, term: Term, service: Service) -> str:
    """What is multiplied with what; nothing where a price stands for one unit as it is."""
    if price.rate.fee:
        factors = [f"{percent(term.percent)} of {_dollars(price.rate.fee.cents)}"]
    elif term.method == CHARGE:
        factors = [f"{percent(term.percent)} of the charge of {money.spoken(service.charge_cents or 0)}"]
    else:
        factors = [money.spoken(term.cents or 0)]
    if term.method in (FLAT, MEDICARE) and service.units != 1:
        factors.append(f"{_plain(service.units)} units")
    if price.percent != _WHOLE:
        factors.append(f"{percent(price.percent)} as one of several procedures that day")
    plain = len(factors) == 1 and price.rate.fee is None and term.method != CHARGE
    return "" if plain else " × ".join(factors)


def _dollars(cents: Decimal) -> str:
    """Exact cents as dollars, with more than two decimals where there are some, at most four."""
    dollars = (cents / 100).quantize(Decimal("0.0001"))
    shown = f"{dollars:,}"
    return f"${shown[:-2]}" if shown.endswith("00") else f"${shown}"


def _plain(value: Decimal) -> str:
    shown = format(value, "f")
    return shown.rstrip("0").rstrip(".") if "." in shown else shown
