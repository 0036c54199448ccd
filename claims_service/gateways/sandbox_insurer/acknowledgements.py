"""The insurer's first answers: TA1 about the envelope, 999 about the structure, 277CA about each claim."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from claims_service.domain.money import dollars_text
from claims_service.formats.x12.findings import Finding
from claims_service.gateways.sandbox_insurer.intake import Interchange, Transaction
from claims_service.gateways.sandbox_insurer.outgoing import Segment, composite, segment
from claims_service.gateways.sandbox_insurer.plan import Plan
from claims_service.gateways.sandbox_insurer.submitted import Claim

DUPLICATE_INTERCHANGE = "025"  # TA105
_ELEMENT = re.compile(r"[A-Z][A-Z0-9]{1,2}(\d\d)(?:-(\d+))?")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a claim was taken in. number: the insurer's own, when it was; status: category, code and entity otherwise."""

    claim: Claim
    number: str = ""
    status: tuple[str, ...] = ()


def interchange_answer(came: Interchange, note: str = "") -> Segment:
    """TA1: A, or R with the reason."""
    isa = came.envelope.isa
    note = note or next((f.rule.removeprefix("TA105=") for f in came.faults if f.rule.startswith("TA105=")), "")
    return ("TA1", isa[13], isa[9], isa[10], "R" if note else "A", note or "000")


def structure_answer(came: Interchange) -> list[Segment]:
    """The body of a 999 for the group: every fault with its place, each transaction accepted or rejected."""
    gs = came.envelope.gs
    body: list[Segment] = [("AK1", gs[1], gs[6], gs[8])]
    accepted = 0
    group_faults = [f.rule.removeprefix("AK905=") for f in came.faults if f.rule.startswith("AK905=")]
    for transaction in came.transactions:
        st = transaction.envelope.st
        body.append(segment("AK2", st[1], st[2], st[3] if len(st) > 3 else ""))
        body += _faults(transaction.faults)
        body.append(_transaction_verdict(transaction.faults))
        accepted += not transaction.faults
    received = len(came.transactions)
    verdict = "A" if accepted == received and not group_faults else "P" if accepted and not group_faults else "R"
    counts = (str(received), str(received), str(accepted if not group_faults else 0))
    return [*body, segment("AK9", verdict, *counts, *group_faults[:5])]


def _transaction_verdict(faults: Sequence[Finding]) -> Segment:
    if not faults:
        return ("IK5", "A")
    codes = {f.rule.removeprefix("IK502=") if f.rule.startswith("IK502=") else "5" for f in faults}
    return ("IK5", "R", *sorted(codes)[:5])


def _faults(faults: Sequence[Finding]) -> Iterator[Segment]:
    """IK3 and IK4; loop ids are cut to the four characters IK303 holds."""
    for fault in faults:
        kind, _, code = fault.rule.partition("=")
        at = (str(max(fault.segment_index, 1)), fault.loop[:4])
        if kind == "IK304":
            yield segment("IK3", fault.segment or "CLM", *at, code)
        elif kind == "IK403":
            yield segment("IK3", fault.segment, *at, "8")
            place = _ELEMENT.fullmatch(fault.element)
            if place:
                yield segment("IK4", composite(str(int(place[1])), place[2] or ""), "", code)


def claim_answers(
    plan: Plan, transaction: Transaction, verdicts: Sequence[Verdict], at: datetime, number: int
) -> list[Segment]:
    """The body of a 277CA: the batch, each billing provider, each claim accepted or sent back with its reason."""
    day = f"{at:%Y%m%d}"
    good = [v for v in verdicts if v.number]
    bad = [v for v in verdicts if not v.number]
    total = sum(v.claim.charge_cents for v in verdicts)
    body: list[Segment] = [
        ("BHT", "0085", "08", f"{plan.identifier}{number:06d}", day, f"{at:%H%M}", "TH"),
        ("HL", "1", "", "20", "1"),
        ("NM1", "PR", "2", plan.name.upper(), "", "", "", "", "PI", plan.identifier),
        ("TRN", "1", f"{plan.identifier}{number:06d}"),
        ("DTP", "050", "D8", day),
        ("DTP", "009", "D8", day),
        ("HL", "2", "1", "21", "1"),
        ("NM1", "41", "2", transaction.submitter[0], "", "", "", "", "46", transaction.submitter[1]),
        ("TRN", "2", transaction.reference),
        ("STC", "A1:19:PR", day, "WQ", dollars_text(total)),
        *_totals("90", "AA", good, bad),
    ]
    level = 2
    for npi in dict.fromkeys(v.claim.billing_npi for v in verdicts):
        level += 1
        body += _provider(level, [v for v in verdicts if v.claim.billing_npi == npi])
        parent = level
        for verdict in verdicts:
            if verdict.claim.billing_npi == npi:
                level += 1
                body += _claim(level, parent, verdict, day)
    return body


def _totals(accepted: str, rejected: str, good: Sequence[Verdict], bad: Sequence[Verdict]) -> Iterator[Segment]:
    for code, some in ((accepted, good), (rejected, bad)):
        if some:
            yield ("QTY", code, str(len(some)))
    for code, some in (("YU", good), ("YY", bad)):
        if some:
            yield ("AMT", code, dollars_text(sum(v.claim.charge_cents for v in some)))


def _provider(level: int, verdicts: Sequence[Verdict]) -> list[Segment]:
    claim = verdicts[0].claim
    good, bad = [v for v in verdicts if v.number], [v for v in verdicts if not v.number]
    total = dollars_text(sum(v.claim.charge_cents for v in verdicts))
    return [
        ("HL", str(level), "2", "19", "1"),
        ("NM1", "85", "2", claim.billing_name, "", "", "", "", "XX", claim.billing_npi),
        ("TRN", "1", "0"),
        ("STC", "A1:19:PR", "", "WQ", total),
        *_totals("QA", "QC", good, bad),
    ]


def _claim(level: int, parent: int, verdict: Verdict, day: str) -> Iterator[Segment]:
    claim = verdict.claim
    status = ("A2", "20", "PR") if verdict.number else verdict.status
    served = claim.served_on if claim.served_on == claim.served_until else f"{claim.served_on}-{claim.served_until}"
    member = claim.member_id or "UNKNOWN"
    yield ("HL", str(level), str(parent), "PT")
    yield ("NM1", "QC", "1", claim.patient_last, claim.patient_first, "", "", "", "MI", member)
    yield ("TRN", "2", claim.control_number)
    yield ("STC", composite(*status), day, "WQ" if verdict.number else "U", dollars_text(claim.charge_cents))
    if verdict.number:
        yield ("REF", "1K", verdict.number)
    yield ("DTP", "472", "D8" if "-" not in served else "RD8", served)
