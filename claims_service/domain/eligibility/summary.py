"""What the front desk needs of an eligibility answer: is the patient covered, and what is to be collected."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from claims_service.domain.eligibility.answer import ACTIVE, Benefit, EligibilityAnswer, Refusal

INACTIVE = frozenset({"6", "7", "8"})  # EB01
COVERED, NOT_COVERED, UNKNOWN = "active", "not_active", "unknown"
COPAY, COINSURANCE, DEDUCTIBLE, OUT_OF_POCKET, NOT_PAID, OTHER_PAYER = "B", "A", "C", "G", "I", "R"  # EB01
OFFICE_VISIT, PLAN = "98", "30"  # EB03: a professional visit at the office; the plan as a whole
REMAINING, YEARS = "29", frozenset({"22", "23", "25", ""})  # EB06: what is left; service, calendar, contract year
OUT_OF_NETWORK = "N"  # EB12
_BEGINS, _ENDS = ("346", "356", "348", "307", "291"), ("347", "357", "349")  # DTP01
_PAYERS = {"PRP": "pays first", "SEP": "pays second", "TTP": "pays third"}  # NM101 of 2120


@dataclass(frozen=True, slots=True)
class Amount:
    """Cents or a share of the allowed amount (0.2 = 20 percent), with what the insurer wrote beside it."""

    cents: int | None = None
    share: Decimal | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class OtherPlan:
    """Another insurer that this one knows of. order: "pays first" and so on, empty when it is not said."""

    name: str
    order: str = ""
    identifier: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """Each amount as told in network for one person; several where the insurer tells several, since none is to be guessed.

    standing: active, not_active or unknown. not_paid, to_authorize: kinds of service (EB03) or procedures.
    """

    standing: str
    plan: str = ""
    copay: tuple[Amount, ...] = ()
    coinsurance: tuple[Amount, ...] = ()
    deductible: tuple[Amount, ...] = ()
    deductible_left: tuple[Amount, ...] = ()
    out_of_pocket: tuple[Amount, ...] = ()
    out_of_pocket_left: tuple[Amount, ...] = ()
    family_deductible: tuple[Amount, ...] = ()
    family_deductible_left: tuple[Amount, ...] = ()
    others: tuple[OtherPlan, ...] = ()
    not_paid: tuple[str, ...] = ()
    to_authorize: tuple[str, ...] = ()
    begins_on: date | None = None
    ends_on: date | None = None
    refusals: tuple[Refusal, ...] = ()


def summary(answer: EligibilityAnswer) -> Summary:
    """An answer for an office visit; what is told for that kind of visit goes before what is told for the plan."""
    inside = [one for one in answer.benefits if one.network != OUT_OF_NETWORK]
    one_person = [one for one in inside if one.level in ("", "IND")]
    family = [one for one in inside if one.level == "FAM"]
    return Summary(
        standing=_standing(answer),
        plan=next((one.plan_name for one in answer.benefits if one.kind in ACTIVE | INACTIVE and one.plan_name), ""),
        copay=_amounts(one_person, COPAY, {*YEARS, "27"}),
        coinsurance=_amounts(one_person, COINSURANCE, {*YEARS, "27"}),
        deductible=_amounts(one_person, DEDUCTIBLE, YEARS),
        deductible_left=_amounts(one_person, DEDUCTIBLE, {REMAINING}),
        out_of_pocket=_amounts(one_person, OUT_OF_POCKET, YEARS),
        out_of_pocket_left=_amounts(one_person, OUT_OF_POCKET, {REMAINING}),
        family_deductible=_amounts(family, DEDUCTIBLE, YEARS),
        family_deductible_left=_amounts(family, DEDUCTIBLE, {REMAINING}),
        others=tuple(dict.fromkeys(_others(answer.benefits))),
        not_paid=_named(one for one in inside if one.kind == NOT_PAID),
        to_authorize=_named(one for one in inside if one.authorization == "Y"),
        begins_on=_day(answer, _BEGINS, last=False),
        ends_on=_day(answer, _ENDS, last=True),
        refusals=(*answer.refusals, *(refusal for one in answer.benefits for refusal in one.refusals)),
    )


def _standing(answer: EligibilityAnswer) -> str:
    """Covered for the plan or an office visit; a plan that is active for eyeglasses alone covers no visit."""
    found = {one.kind for one in answer.benefits if not one.services or {OFFICE_VISIT, PLAN} & set(one.services)}
    if found & INACTIVE:
        return UNKNOWN if found & ACTIVE else NOT_COVERED
    return COVERED if found & ACTIVE else UNKNOWN


def _amounts(benefits: Iterable[Benefit], kind: str, periods: Iterable[str]) -> tuple[Amount, ...]:
    """The best told for an office visit; of several equally good ones, each."""
    told = [
        (_fits(one), one)
        for one in benefits
        if one.kind == kind and one.period in set(periods) and (one.cents is not None or one.share is not None)
    ]
    best = min((rank for rank, _ in told), default=None)
    found = [
        Amount(one.cents, one.share, " ".join(one.messages)) for rank, one in told if rank == best and best[0] < _NEVER
    ]
    return tuple(dict.fromkeys(found))


_NEVER = 9


def _fits(benefit: Benefit) -> tuple[int, int]:
    """How close it comes to an office visit in network; the lower, the closer."""
    network = 0 if benefit.network == "Y" else 1
    if benefit.procedure:
        return _NEVER, network
    if OFFICE_VISIT in benefit.services:
        return 0, network
    if PLAN in benefit.services:
        return 1, network
    return (2, network) if not benefit.services else (_NEVER, network)


def _others(benefits: Iterable[Benefit]) -> Iterable[OtherPlan]:
    for one in benefits:
        if one.kind == OTHER_PAYER:
            for party in one.others:
                yield OtherPlan(f"{party.first} {party.name}".strip(), _PAYERS.get(party.entity, ""), party.identifier)
            if not one.others:
                yield OtherPlan(one.plan_name)


def _named(benefits: Iterable[Benefit]) -> tuple[str, ...]:
    """Kinds of service, or the procedure where one is named."""
    return tuple(
        dict.fromkeys(code for one in benefits for code in ((one.procedure,) if one.procedure else one.services))
    )


def _day(answer: EligibilityAnswer, kinds: Iterable[str], *, last: bool) -> date | None:
    """The first kind of day that is told wins; a range tells both ends."""
    days = [*answer.dates, *(day for one in answer.benefits if one.kind in ACTIVE | INACTIVE for day in one.dates)]
    for kind in kinds:
        for day in days:
            if day.kind == kind:
                return day.on
    spans = [day for day in days if day.until and day.kind in _BEGINS]
    return spans[0].until if last and spans else None
