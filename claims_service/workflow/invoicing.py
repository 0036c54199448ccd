"""The invoice of each visit that is billed: kept while its money is the same, else made anew in place of the one before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from claims_service.domain.patient import frozen
from claims_service.domain.patient.explanation import Sentences, explained
from claims_service.domain.patient.invoice import Invoice, PlanAnswer, invoice_lines, line_money
from claims_service.formats.tables import codes
from claims_service.store import bills, counters
from claims_service.store.bills import VisitFacts
from claims_service.words import LANGUAGES

SELF_PAY = "N"
_FIRST_NUMBER = 1000


@dataclass(frozen=True, slots=True)
class Issued:
    """current: (id, invoice) by visit. before: the invoices that were replaced now, by visit. made: ids of the new ones."""

    current: Mapping[int, tuple[int, Invoice]]
    before: Mapping[int, Invoice]
    made: Sequence[int]


def issue_invoices(practice: int, ready: Sequence[VisitFacts], today: date) -> Issued:
    """Inside write()."""
    sentences = _sentences()
    current = bills.current_invoices(practice, [visit.encounter for visit in ready])
    kept: dict[int, tuple[int, Invoice]] = {}
    before: dict[int, Invoice] = {}
    fresh: list[tuple[VisitFacts, Invoice]] = []
    for visit in ready:
        draft = _invoice(visit, today, sentences)
        if visit.encounter in current:
            key, text = current[visit.encounter]
            known = frozen.invoice(text)
            if known.same_money(draft):
                kept[visit.encounter] = (key, known)
                continue
            before[visit.encounter] = known
        fresh.append((visit, draft))
    numbers = counters.next_values(practice, "invoice", len(fresh)) if fresh else ()
    numbered = [
        (v, _numbered(invoice, f"I{practice}-{_FIRST_NUMBER + n}"))
        for (v, invoice), n in zip(fresh, numbers, strict=True)
    ]
    made = bills.add_invoices(
        practice,
        [
            (
                v.patient,
                v.encounter,
                i.number,
                today,
                i.share_cents,
                frozen.freeze(i),
                current.get(v.encounter, (None,))[0],
            )
            for v, i in numbered
        ],
    )
    kept.update({v.encounter: (key, i) for (v, i), key in zip(numbered, made, strict=True)})
    return Issued(kept, before, made)


def _invoice(visit: VisitFacts, today: date, sentences: Sentences) -> Invoice:
    claims = [claim for claim in visit.claims if claim.sequence != SELF_PAY]
    plans = _plans(visit)
    lines = invoice_lines(line_money(visit.movements), visit.services, visit.served_on)
    told = [explained(line, insured=bool(claims), plans=len(plans), sentences=sentences) for line in lines]
    ids = tuple(claim.id for claim in visit.claims)
    return Invoice("", today, visit.encounter, visit.served_on, visit.provider, ids, plans, tuple(told))


def _plans(visit: VisitFacts) -> tuple[PlanAnswer, ...]:
    """One answer a plan: a corrected claim and the one it replaced are the same plan's."""
    found: dict[str, PlanAnswer] = {}
    for claim in visit.claims:
        if claim.sequence == SELF_PAY:
            continue
        before = found.get(claim.payer, PlanAnswer(claim.payer, 0))
        found[claim.payer] = PlanAnswer(
            claim.payer,
            before.paid_cents + claim.paid_cents,
            claim.decided_on or before.answered_on,
            claim.payer_claim_number or before.claim_number,
        )
    return tuple(found.values())


def _numbered(i: Invoice, number: str) -> Invoice:
    return Invoice(number, i.issued_on, i.encounter, i.served_on, i.provider, i.claims, i.plans, i.lines)


def _sentences() -> Sentences:
    """Plain words for each adjustment reason (mappings/codes/carc.tsv)."""
    rows = codes.table("carc").items()
    return {(str(code), language): row[f"patient_sentence_{language}"] for code, row in rows for language in LANGUAGES}
