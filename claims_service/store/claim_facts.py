"""What the checks need to know beside the claims themselves, for many claims at once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from claims_service.domain.authorization import Authorization
from claims_service.domain.claim.edits.finding import Facts, PayerRules
from claims_service.domain.claim.edits.own_rules import ready
from claims_service.domain.code_sets import CodeSet, Standing, procedure_set
from claims_service.domain.quick import Known, quick
from claims_service.store import authorizations, clinic_rules, code_sets
from claims_service.store.claim_values import Assembled
from claims_service.store.connection import opened, run
from claims_service.store.ncci import load as load_ncci
from claims_service.store.visit_history import history


def facts(
    practice: int, claims: Sequence[Assembled], *, today: date, rules: Mapping[str, PayerRules]
) -> dict[int, Facts]:
    """Facts by claim id. rules: by payer identifier."""
    with opened():
        sets = _sets(claims)
        modifiers = _codes(practice, "modifier", sets["hcpcs"], sets["cpt"])
        diagnoses = _codes(practice, "icd10", sets["icd10cm"])
        before = history(practice, claims)
        invalid = _invalid(claims, sets)
        approved = authorizations.of_patients(practice, [c.patient for c in claims])
        ncci = load_ncci("P", [{line.procedure for line in c.claim.lines} for c in claims])
        own = ready(clinic_rules.active(practice))
        released = clinic_rules.released(practice, [c.id for c in claims]) if own else {}
    return {
        c.id: _FACTS(
            today, rules[c.claim.coverage.payer.identifier], c.priced, before[c.id].same_day, diagnoses, modifiers,
            invalid[c.id], ncci.ptp, ncci.mue, ncci.add_ons, _approvals(c, approved), before[c.id].earlier,
            before[c.id].follow_ups, own, released.get(c.id, frozenset()),
        )
        for c in claims
    }  # fmt: skip


def _approvals(claim: Assembled, approved: Mapping[int, tuple[Authorization, ...]]) -> tuple[Authorization, ...]:
    """Those of the claim's insurer, each with the other visits under it."""
    return tuple(
        replace(one, uses=tuple(use for use in one.uses if use.encounter != claim.encounter))
        for one in approved.get(claim.patient, ())
        if one.payer_id == claim.payer
    )


def _sets(claims: Sequence[Assembled]) -> dict[str, CodeSet]:
    wanted: dict[str, set[str]] = {"icd10cm": set(), "cpt": set(), "hcpcs": set()}
    for c in claims:
        wanted["icd10cm"].update(c.claim.diagnoses)
        for line in c.claim.lines:
            wanted[procedure_set(line.procedure)].add(line.procedure)
            wanted["cpt"].update(line.modifiers)
            wanted["hcpcs"].update(line.modifiers)
    return code_sets.load(wanted)


def _invalid(claims: Sequence[Assembled], sets: Mapping[str, CodeSet]) -> dict[int, frozenset[str]]:
    """The codes of each claim that the loaded lists know and that can't bill its day: retired, not yet valid, or headings."""
    bad = Known(lambda asked: sets[asked[0]].standing(asked[1], asked[2]) in _NOT_TO_BILL)
    found: dict[int, frozenset[str]] = {}
    for c in claims:
        day = c.claim.served_on if c.claim.lines else None
        codes = [code for code in c.claim.diagnoses if day and bad["icd10cm", code, day]]
        asked = ((line.procedure, line.served_on) for line in c.claim.lines)
        codes += [code for code, on in asked if bad[procedure_set(code), code, on]]
        found[c.id] = frozenset(codes)
    return found


_FACTS = quick(Facts)
_NOT_TO_BILL = frozenset({Standing.HEADING, Standing.RETIRED, Standing.NOT_YET, Standing.UNKNOWN})


def _codes(practice: int, code_set: str, *published: CodeSet) -> frozenset[str]:
    """The clinic's own list with what published sets know of the claims' codes; empty where it has none, which asks nothing."""
    rows = run("select code from code where practice_id = ? and code_set = ?", (practice, code_set)).fetchall()
    return frozenset(row[0] for row in rows).union(*(one.listed() for one in published)) if rows else frozenset()
