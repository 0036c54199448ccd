"""Questions the insurer answers at once: is a member covered (270, 271), and what became of a claim (276, 277)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from claims_service.domain.claim.acknowledgement import StatusReason
from claims_service.domain.claim.status import StatusAnswer, StatusQuestion, StatusStep
from claims_service.domain.eligibility.answer import Benefit, CoverDate, EligibilityAnswer, OtherParty, Refusal
from claims_service.domain.eligibility.question import EligibilityQuestion
from claims_service.domain.party import Payer, Person
from claims_service.formats.x12.interchange import Interchange
from claims_service.formats.x12.own_answers import first_isa
from claims_service.formats.x12.read_eligibility import read_270
from claims_service.formats.x12.read_status import read_276
from claims_service.formats.x12.write_eligibility import write_271
from claims_service.formats.x12.write_status import write_277
from claims_service.gateways.sandbox_insurer.plan import Member, Plan
from claims_service.gateways.sandbox_insurer.state import Case, State

PLAN, OFFICE_VISIT = "30", "98"  # EB03
WRONG_PAYER, NOT_FOUND, WRONG_BIRTH = "79", "75", "71"  # AAA03
NEEDS_APPROVAL = "197"


def answer(plan: Plan, state: State, question: bytes, at: datetime) -> tuple[str, bytes]:
    """(kind, file) of the answer to a 270 or 276.

    Raises:
        ValueError: neither.
    """
    isa = first_isa(question)
    if len(isa) < 16:
        raise ValueError("the file holds no question")
    control = state.next("interchange")
    back = Interchange(plan.sender_id, isa[6].strip(), control, control, at, test=isa[15] == "T", acknowledge=False)
    if asked := list(read_270(question)):
        return "271", write_271(back, [_eligibility(plan, state, one, at.date()) for one in asked])
    if inquired := list(read_276(question)):
        return "277", write_277(back, [_status(plan, state, one, at.date()) for one in inquired])
    raise ValueError("the file holds no question about a member or a claim")


def _eligibility(plan: Plan, state: State, asked: EligibilityQuestion, today: date) -> EligibilityAnswer:
    """What the plan says of one member; who is insured through a member has the member's benefits."""
    told = EligibilityAnswer(
        Payer(plan.identifier, plan.name), asked.provider, asked.subscriber, asked.member_id, asked.trace, asked.originator,
        asked.dependent, asked.relationship,
    )  # fmt: skip
    member = plan.members.get(asked.member_id)
    if asked.payer.identifier != plan.identifier:
        return replace(told, refusals=(Refusal("payer", WRONG_PAYER, "C"),))
    if member is None:
        return replace(told, refusals=(Refusal("subscriber", NOT_FOUND, "C"),))
    known = Person(member.last, member.first, birth_on=member.birth_on)
    if asked.dependent is None and _strangers(asked.subscriber, known):
        return replace(told, refusals=(Refusal("subscriber", WRONG_BIRTH, "C"),))
    person = replace(known, sex=asked.subscriber.sex) if asked.dependent is None else Person(member.last, member.first)
    day = asked.asked_on or today
    covered = member.valid_from <= day and (member.valid_until is None or day < member.valid_until)
    dates = [CoverDate("346", member.valid_from)]
    if member.valid_until:
        dates.append(CoverDate("347", member.valid_until - timedelta(1)))
    benefits = (*_benefits(plan, state, member, day),) if covered else (_of("6", plan, member),)
    return replace(told, subscriber=person, dates=tuple(dates), benefits=(*benefits, *_other_insurers(member)))


def _strangers(asked: Person, known: Person) -> bool:
    return (
        asked.birth_on is not None
        and asked.birth_on != known.birth_on
        and asked.last.casefold() != known.last.casefold()
    )


def _of(kind: str, plan: Plan, member: Member) -> Benefit:
    name = f"{plan.name} {member.plan}".upper()
    return Benefit(kind, "IND", (PLAN,), "MB" if plan.filing == "MB" else "C1", name[:50])


def _benefits(plan: Plan, state: State, member: Member, day: date) -> Iterator[Benefit]:
    """Active, then amounts: those of the year and what is left of them are two benefits."""
    benefit = plan.benefits[member.plan]
    used = state.deductible.get(member.member_id, member.deductible_used_cents)
    yield _of("1", plan, member)
    if benefit.copay_cents and not benefit.visits_have_deductible:
        yield Benefit("B", "IND", (OFFICE_VISIT,), period="27", cents=benefit.copay_cents, network="Y")
    if benefit.coinsurance_percent:
        yield Benefit("A", "IND", (PLAN,), period="27", share=Decimal(benefit.coinsurance_percent) / 100, network="Y")
    if benefit.deductible_cents:
        left = max(0, benefit.deductible_cents - used)
        yield Benefit("C", "IND", (PLAN,), period="23", cents=benefit.deductible_cents, network="Y")
        yield Benefit("C", "IND", (PLAN,), period="29", cents=left, network="Y")
    if benefit.out_of_pocket_cents:
        left = max(0, benefit.out_of_pocket_cents - _paid_by(state, member, day))
        yield Benefit("G", "IND", (PLAN,), period="23", cents=benefit.out_of_pocket_cents, network="Y")
        yield Benefit("G", "IND", (PLAN,), period="29", cents=left, network="Y")
    for rule in plan.denials:
        for procedure in (
            sorted(rule.procedures) if rule.reason == NEEDS_APPROVAL and rule.without_authorization else ()
        ):
            yield Benefit("1", "IND", procedure_kind="HC", procedure=procedure, authorization="Y", network="W")
        for procedure in sorted(rule.procedures) if rule.group == "PR" else ():
            yield Benefit("I", "IND", procedure_kind="HC", procedure=procedure, network="W")


def _paid_by(state: State, member: Member, day: date) -> int:
    """What a member has borne this year: before our time by the deductible alone, then by each decision that stands."""
    cases = [case for case in state.cases.values() if case.claim.member_id == member.member_id and not case.closed]
    decided = [case for case in cases if case.decision and case.claim.served_on[:4] == str(day.year)]
    return member.deductible_used_cents + sum(case.decision.patient_cents for case in decided if case.decision)


def _other_insurers(member: Member) -> Iterator[Benefit]:
    for identifier, name, order in member.others:
        yield Benefit("R", "IND", (PLAN,), others=(OtherParty(order, name.upper(), "", "PI", identifier),))


def _status(plan: Plan, state: State, asked: StatusQuestion, today: date) -> StatusAnswer:
    case = _case(state, asked)
    told = StatusAnswer(
        Payer(plan.identifier, plan.name), asked.billing, replace(asked.subscriber, birth_on=None, sex="U"), asked.member_id,
        asked.trace, (), asked.control_number, asked.payer_claim_number, asked.served_on, asked.served_until,
        asked.dependent and replace(asked.dependent, birth_on=None, sex="U"),
    )  # fmt: skip
    if case is None or asked.payer.identifier != plan.identifier:
        return replace(told, steps=(StatusStep((StatusReason("A4", "35"),), today),))
    return replace(told, steps=(_step(plan, case, today),), payer_claim_number=case.number)


def _case(state: State, asked: StatusQuestion) -> Case | None:
    """By our number, else by its own; the newest of several."""
    found = [case for case in state.cases.values() if case.claim.control_number == asked.control_number]
    return found[-1] if found else state.cases.get(asked.payer_claim_number)


def _step(plan: Plan, case: Case, today: date) -> StatusStep:
    charge = case.claim.charge_cents
    if case.closed:
        return StatusStep((StatusReason("F3", "101"),), case.paid_on or today, charge, 0)
    if case.decision is None:
        due = case.received_on + timedelta(plan.pays_after_days)
        status = "38" if today >= due - timedelta(3) else "20"
        return StatusStep((StatusReason("P1", status),), today, charge, 0)
    paid = case.decision.paid_cents
    reason = StatusReason("F1", "65") if paid else StatusReason("F2", "585")
    return StatusStep(
        (reason,),
        case.paid_on or today,
        charge,
        paid,
        case.paid_on,
        case.paid_on if paid else None,
        case.trace if paid else "",
    )
