"""What the visit form needs: the patient with plans, who gives care, the visit that is mended, and what a claim of it would be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from claims_service.domain.claim.building import PricedLine, priced_lines
from claims_service.domain.claim.claim import Claim, ClaimLine
from claims_service.domain.claim.dental import DentalClaim
from claims_service.domain.claim.edits.checks import CHECKS, problems_in
from claims_service.domain.claim.edits.finding import Finding
from claims_service.domain.claim.edits.other_kinds import findings_of
from claims_service.domain.claim.institutional import InstitutionalClaim
from claims_service.domain.claim.other_kinds import dental, institutional
from claims_service.domain.coverage import Coverage, in_order
from claims_service.domain.encounter import DENTAL, NO_VISIT, Encounter
from claims_service.domain.errors import NotFound
from claims_service.domain.line_detail import MINUTES, UNITS
from claims_service.formats.payers import rules_for
from claims_service.queries.rows import known_day, row, rows
from claims_service.store import claim_facts, encounters, fees, parties, patients
from claims_service.store.claim_values import Assembled
from claims_service.store.connection import opened


@dataclass(frozen=True, slots=True)
class PatientLine:
    """The patient a visit is coded for. plans: by rank, those that ended included. recent: diagnoses of earlier visits."""

    id: int
    name: str
    birth_on: date
    reference: str
    plans: tuple[Coverage, ...]
    owes_cents: int
    recent: tuple[str, ...]

    def plan_on(self, day: date) -> Coverage | None:
        """Who is billed first for a visit of that day."""
        active = in_order(self.plans, day)
        return active[0] if active else (min(self.plans, key=lambda p: (p.rank, p.id)) if self.plans else None)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A visit with its first claim, if one was built."""

    id: int
    encounter: Encounter
    state: str
    version: int
    claim: int | None
    claim_number: str
    claim_state: str
    claim_frequency: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a claim of the visit would be. expected_cents: by contract; None where it does not say."""

    lines: tuple[PricedLine, ...]
    plan: Coverage | None
    findings: tuple[Finding, ...]
    checks: int
    file_by: date | None

    @property
    def charge_cents(self) -> int:
        return sum(line.charge_cents for line in self.lines)

    @property
    def expected_cents(self) -> int | None:
        known = [line.expected_cents for line in self.lines if line.expected_cents is not None]
        return sum(known) if known and len(known) == len(self.lines) else None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A visit no claim was built from, or whose claim is stopped."""

    id: int
    patient: int
    patient_name: str
    provider: str
    served_on: date
    state: str
    claim: int | None
    claim_number: str
    claim_state: str
    charge_cents: int | None


def patient_line(practice: int, patient: int) -> PatientLine:
    """One patient for the top of the form.

    Raises:
        NotFound: no such patient of this practice.
    """
    with opened():
        found = row(
            "select id, first, last, birth_on, reference, (select coalesce(sum(b.cents), 0) from balance b where b.practice_id = p.practice_id"
            " and b.account = 'patient_owes' and b.patient = p.id) from patient p where p.practice_id = ? and p.id = ?",
            practice, patient,
        )  # fmt: skip
        if found is None:
            raise NotFound("patient")
        plans = patients.coverages(practice, [patient])[patient]
        before = rows(
            "select diagnoses from encounter where practice_id = ? and patient_id = ? order by served_on desc, id desc limit 4",
            practice, patient,
        )  # fmt: skip
    key, first, last, birth_on, reference, owes = found
    recent = list(dict.fromkeys(code for (codes,) in before for code in codes.split()))
    return PatientLine(
        key, f"{first} {last}".strip(), known_day(birth_on), reference, plans, int(owes), tuple(recent[:6])
    )


def providers(practice: int) -> list[tuple[int, str]]:
    """(id, name) of who gives care here."""
    return [(key, f"{found.first} {found.last}".strip()) for key, found in parties.providers(practice).items()]


def recorded(practice: int, encounter: int) -> Recorded:
    """One visit with the claim to its first plan.

    Raises:
        NotFound: no such visit of this practice.
    """
    with opened():
        found = encounters.load(practice, [encounter]).get(encounter)
        if found is None:
            raise NotFound("encounter")
        claim = row(
            "select id, control_number, state, frequency from claim where practice_id = ? and encounter_id = ? and sequence in ('P', 'N')"
            " and state not in ('void', 'replaced') order by id desc limit 1",
            practice, encounter,
        )  # fmt: skip
    return Recorded(found.id, found.encounter, found.state, found.version, *(claim or (None, "", "", "")))


def by_reference(practice: int, reference: str) -> int | None:
    """The visit that a form saved before, by its once-key."""
    return encounters.by_reference(practice, [reference]).get(reference)


def waiting(practice: int, most: int = 100) -> list[Waiting]:
    """The newest visits, those that wait first, in one SELECT."""
    sql = (
        "select e.id, e.patient_id, p.first, p.last, d.first, d.last, e.served_on, e.state, c.id, c.control_number, c.state, c.charge_cents"
        " from encounter e join patient p on p.id = e.patient_id join provider d on d.id = e.rendering_id"
        " left join claim c on c.encounter_id = e.id and c.sequence in ('P', 'N') and c.state not in ('void', 'replaced')"
        " where e.practice_id = ? and e.state <> 'void' order by case when e.state = 'recorded' then 0"
        " when c.state in ('needs_mending', 'sent_back') then 1"
        " else 2 end, e.served_on desc, e.id desc limit ?"
    )
    with opened():
        found = rows(sql, practice, most)
    return [
        Waiting(
            key, patient, f"{first} {last}".strip(), f"{doctor_first} {doctor_last}".strip(), known_day(on), state, claim,
            number or "", claim_state or "", charge,
        )
        for key, patient, first, last, doctor_first, doctor_last, on, state, claim, number, claim_state, charge in found
    ]  # fmt: skip


def preview(practice: int, visit: Encounter, *, today: date, check: bool = True, mends: int = 0) -> Preview:
    """Prices and checks of a visit that is still in the form; nothing is written.

    check: False while it is unfinished. mends: the recorded visit it would be written over.
    """
    with opened():
        line = patient_line(practice, visit.patient_id)
        plan = line.plan_on(visit.served_on) if visit.kind != NO_VISIT else None
        book = fees.book(practice, {line.procedure for line in visit.lines})
        priced = priced_lines(visit, book, plan.payer_id if plan else None)
        findings = _findings(practice, visit, plan, priced, today, mends) if plan and check else ()
    rules = rules_for(plan.payer.identifier) if plan else None
    file_by = visit.served_on + timedelta(days=rules.filing_days) if rules else None
    return Preview(priced, plan, findings, len(CHECKS) if plan and check else 0, file_by)


def _findings(
    practice: int, visit: Encounter, plan: Coverage, priced: Sequence[PricedLine], today: date, mends: int
) -> tuple[Finding, ...]:
    person = patients.people(practice, [visit.patient_id])[visit.patient_id]
    staff = parties.providers(practice)
    lines = tuple(
        ClaimLine(
            p.number, f"L{p.number}", p.procedure, p.charge_cents, p.served_on, p.pointers, p.modifiers, p.units,
            p.detail.basis if p.detail.basis == MINUTES else UNITS, place_of_service=p.place_of_service, ndc=p.ndc,
            description=p.description, ndc_quantity=p.detail.ndc_quantity, ndc_unit=p.detail.ndc_unit or "UN",
        )
        for p in priced
    )  # fmt: skip
    claim = Claim(
        "PREVIEW", parties.billing_provider(practice), person, plan, visit.place_of_service, visit.diagnoses, lines,
        rendering=staff.get(visit.rendering_id), referring=staff.get(visit.referring_id or 0),
        prior_authorization=visit.prior_authorization,
    )  # fmt: skip
    known = frozenset(p.number for p in priced if p.priced)
    draft = Assembled(0, mends, visit.patient_id, plan.payer_id, "ready", 1, claim, known, visit.kind)
    rules = {plan.payer.identifier: rules_for(plan.payer.identifier)}
    facts = claim_facts.facts(practice, [draft], today=today, rules=rules)[0]
    details = {p.number: p.detail for p in priced}
    other: InstitutionalClaim | DentalClaim | None = (
        dental(claim, details, visit.dentition) if visit.kind == DENTAL else None
    )
    if visit.stay:
        other = institutional(claim, visit.stay, details, staff.get(visit.stay.operating_id or 0))
    return findings_of(problems_in(claim, facts), other, facts)
