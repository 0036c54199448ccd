"""Every edit there is, by family, and what they find on a claim."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from operator import attrgetter

from claims_service.domain.claim.claim import Claim
from claims_service.domain.claim.edits import (
    authorizations,
    circumstances,
    clinic,
    diagnoses,
    form,
    history,
    lines,
    modifiers,
    other_plans,
    patient,
    plan,
    revenue,
    stays,
    teeth,
    timing,
    visits,
)
from claims_service.domain.claim.edits.edit import Check, ClaimEdit, DiagnosisEdit, LineEdit
from claims_service.domain.claim.edits.finding import MUST, Facts, Finding
from claims_service.domain.claim.edits.parts import (
    ALIKE,
    AROUND,
    ONLY_WITH_FACTS,
    ONLY_WITH_LINE,
    PARTS,
    PERSON,
    PROVIDERS,
    SERVICE,
    Asked,
    AskedAlike,
    Broken,
    Part,
)

FAMILIES: Mapping[str, Sequence[Check]] = {
    "Clinic and providers": clinic.EDITS,
    "Patient": patient.EDITS,
    "Plan and insured person": plan.EDITS,
    "Other plans": other_plans.EDITS,
    "Diagnoses": diagnoses.EDITS,
    "Services": lines.EDITS,
    "Modifiers": modifiers.EDITS,
    "Place, age, drugs and tests": visits.EDITS,
    "Circumstances": circumstances.EDITS,
    "The claim itself": form.EDITS,
    "Approvals in advance": authorizations.EDITS,
    "What came before": history.EDITS,
    "Dates and deadlines": timing.EDITS,
    "Stays and other bills of facilities": stays.EDITS,
    "Revenue lines of facilities": revenue.EDITS,
    "Teeth": teeth.EDITS,
}
CHECKS: tuple[Check, ...] = tuple(check for family in FAMILIES.values() for check in family)
_PLACES = {check.edit.id: place for place, check in enumerate(CHECKS)}
_LAST = len(CHECKS)
_OF_PARTS = frozenset().union(*(part.edits for part in PARTS))
_OF_CLAIM = [check for check in CHECKS if isinstance(check, ClaimEdit) and check.edit.id not in _OF_PARTS]
_SELDOM = frozenset().union(*(only.edits for only in (*ONLY_WITH_LINE, *ONLY_WITH_FACTS)))
_OF_LINE = [check for check in CHECKS if isinstance(check, LineEdit) and check.edit.id not in _OF_PARTS | _SELDOM]
_WITH_LINE, _WITH_FACTS = (
    [
        (attrgetter(only.field), [c for c in CHECKS if isinstance(c, LineEdit) and c.edit.id in only.edits])
        for only in seldom
    ]
    for seldom in (ONLY_WITH_LINE, ONLY_WITH_FACTS)
)
_OF_DIAGNOSIS = [check for check in CHECKS if isinstance(check, DiagnosisEdit) and check.edit.id not in _OF_PARTS]
_DATED = {check.edit.id: check.edit for check in CHECKS if check.edit.since or check.edit.until}
Found = list[tuple[date, Finding]]


def problems_in(claim: Claim, facts: Facts) -> tuple[Finding, ...]:
    """Everything the edits found, what must be mended first, in the order of the form."""
    return problems_of([(claim, facts)])[0]


def problems_of(claims: Iterable[tuple[Claim, Facts]]) -> list[tuple[Finding, ...]]:
    """What the edits found on each claim of a batch; what claims have in common is looked at once."""
    shared = [Asked(part, _checks_of(part)) for part in (PROVIDERS, AROUND, PERSON)]
    alike = AskedAlike(_checks_of(ALIKE), Asked(SERVICE, _checks_of(SERVICE)))
    made = []
    for claim, facts in claims:
        day = claim.served_on if claim.lines else facts.today
        broken = [check for asked in shared for check in asked.of_claim(claim, facts)]
        broken += [check for check in _OF_CLAIM if check.broken(claim, facts)]
        found = [(day, check.finding(claim, facts)) for check in broken]
        found += _said(alike.of_claim(claim, facts), claim, facts, day)
        found += _on_lines(claim, facts)
        found += [
            (day, check.finding(claim, at, facts))
            for at in range(len(claim.diagnoses))
            for check in _OF_DIAGNOSIS
            if check.broken(claim, at, facts)
        ]
        own = [finding for rule in facts.rules for finding in rule.findings(claim, facts)] if facts.rules else []
        made.append(_in_order([*_asked(found, facts), *own]))
    return made


def _checks_of(part: Part) -> list[Check]:
    return [check for check in CHECKS if check.edit.id in part.edits]


def _said(broken: Broken, claim: Claim, facts: Facts, day: date) -> Iterator[tuple[date, Finding]]:
    """What each edit says of this claim, or of its line or diagnosis."""
    for check, at in broken:
        if isinstance(check, LineEdit):
            yield claim.lines[at].served_on, check.finding(claim, claim.lines[at], facts)
        else:
            yield (
                day,
                check.finding(claim, at, facts) if isinstance(check, DiagnosisEdit) else check.finding(claim, facts),
            )


def _on_lines(claim: Claim, facts: Facts) -> Found:
    found: Found = []
    asked = _OF_LINE
    for has, checks in _WITH_FACTS:
        if has(facts):
            asked = [*asked, *checks]
    for line in claim.lines:
        broken = [check for check in asked if check.broken(claim, line, facts)]
        for has, checks in _WITH_LINE:
            if has(line):
                broken += [check for check in checks if check.broken(claim, line, facts)]
        found += [(line.served_on, check.finding(claim, line, facts)) for check in broken]
    return found


def _asked(found: Found, facts: Facts) -> list[Finding]:
    """Without what the insurer does not ask for, and what did not hold on the day."""
    off = facts.payer.off
    return [one for on, one in found if one.rule not in off and (one.rule not in _DATED or _DATED[one.rule].holds(on))]


def _in_order(found: Sequence[Finding]) -> tuple[Finding, ...]:
    if len(found) < 2:
        return tuple(found)
    return tuple(
        sorted(found, key=lambda one: (one.severity != MUST, _PLACES.get(one.rule, _LAST), _line_of(one.place)))
    )


def _line_of(place: str) -> int:
    """Findings of one edit stand in the order of the lines."""
    return int(place[place.index("[") + 1 : place.index("]")]) if place.endswith("]") or "]." in place else -1


def may_go(findings: tuple[Finding, ...]) -> bool:
    """True when nothing must be mended before the claim is sent."""
    return all(finding.severity != MUST for finding in findings)
