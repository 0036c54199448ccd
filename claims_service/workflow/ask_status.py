"""Asks insurers what became of claims they have (276): at once on a line, or by file."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from claims_service.domain.actor import Actor
from claims_service.domain.claim import lifecycle
from claims_service.domain.claim.status import StatusQuestion
from claims_service.domain.coverage import SELF
from claims_service.domain.errors import NotFound, Problem
from claims_service.domain.party import Address
from claims_service.formats.x12.write_status import write_276
from claims_service.gateways.inquiry import InquiryLine
from claims_service.store import audit, claim_status, claim_values, claims, counters
from claims_service.store.claim_values import Assembled
from claims_service.store.connection import in_parts, write
from claims_service.workflow.inquiring import (
    BY_FILE,
    LIVE,
    LIVE_LOST_AFTER,
    Asked,
    LiveQuestion,
    SentQuestions,
    Take,
    Written,
    ask_live,
    keep_file,
    receiver_of,
    routes_of,
    told,
    unwritable,
)

AGAIN_AFTER = timedelta(hours=4)
MOST_IN_FILE = 5000
ASKABLE = frozenset({*lifecycle.WITH_INSURER, lifecycle.DECIDED})


def ask_status(
    practice: int,
    wanted: Sequence[int],
    *,
    by: Actor,
    now: datetime,
    line: InquiryLine | None = None,
    take: Take | None = None,
    again_after: timedelta = AGAIN_AFTER,
    force: bool = False,
) -> Asked:
    """Ask about claims that went out; the others are told as problems. The rest as in ask_eligibility.

    Raises:
        NotFound: a claim is not of this practice.
    """
    live: list[LiveQuestion] = []
    with write(practice):
        heads = claims.heads(practice, wanted)
        problems = _problems(wanted, heads)
        out = [claim for claim in dict.fromkeys(wanted) if heads[claim].payer and heads[claim].state in ASKABLE]
        times = {"since": now - again_after, "live_since": now - LIVE_LOST_AFTER}
        standing = {} if force else claim_status.standing(practice, out, **times)
        fresh = claim_values.assemble(practice, [claim for claim in out if claim not in standing])
        faults = {found.id: _unwritable(found, now) for found in fresh}
        problems += [problem for found in faults.values() for problem in found]
        good = [found for found in fresh if not faults[found.id]]
        by_line = [found for found in good if line and take and line.reaches(receiver_of(found.claim.coverage.payer))]
        for found in by_line:
            written, (key,) = _keep(practice, [found], live=True, by=by, now=now)
            live.append(
                LiveQuestion(key, found.payer, receiver_of(found.claim.coverage.payer), f"claim {found.id}", written)
            )
        sent = _send(practice, [found for found in good if found not in by_line], by=by, now=now)
    failed = ask_live(line, take, "276", live, now=now) if line and take else {}
    claim_status.fail(practice, failed)
    asked = (*(question.id for question in live), *(key for file in sent for key in file.questions))
    return Asked(
        asked, tuple(standing.values()), tuple(sent), len(live) - len(failed), (*problems, *told(failed, live))
    )


def _send(practice: int, listed: Sequence[Assembled], *, by: Actor, now: datetime) -> list[SentQuestions]:
    """One file an insurer or clearinghouse, more where there are more than 5,000 claims."""
    routes, batches = routes_of(practice), defaultdict[tuple[str, int], list[Assembled]](list)
    for found in listed:
        receiver = receiver_of(found.claim.coverage.payer)
        batches[(receiver, 0) if receiver in routes else ("", found.payer)].append(found)
    sent = []
    for batch in batches.values():
        for part in in_parts(batch, MOST_IN_FILE):
            written, keys = _keep(practice, part, live=False, by=by, now=now)
            sent.append(SentQuestions(written.file, written.name, written.to, written.payer, tuple(keys)))
    return sent


def _unwritable(found: Assembled, now: datetime) -> list[Problem]:
    """Why a claim can't be asked about."""
    asked = _question(found, "", "T1")
    return unwritable(lambda envelope: write_276(envelope, [asked]), f"claim {found.id}", now=now)


def _problems(wanted: Sequence[int], heads: dict[int, claims.Head]) -> list[Problem]:
    """Which claims nobody can be asked about."""
    found = []
    for claim in wanted:
        if claim not in heads:
            raise NotFound("claim")
        if heads[claim].payer is None:
            found.append(Problem(f"claim {claim}", "The patient pays this visit: there is no insurer to ask."))
        elif heads[claim].state not in ASKABLE:
            state = lifecycle.LABELS[heads[claim].state]
            found.append(
                Problem(
                    f"claim {claim}", f"This claim is “{state}”: the insurer does not have it.", "", "Send it first."
                )
            )
    return found


def _keep(
    practice: int, listed: Sequence[Assembled], *, live: bool, by: Actor, now: datetime
) -> tuple[Written, list[int]]:
    """A file of questions, written down before anyone is asked; each claim tells so."""
    numbers = counters.next_values(practice, "inquiry", len(listed))
    ordered = sorted(listed, key=lambda found: found.payer)
    traces = [f"S{practice}-{number:07}" for number in numbers]
    heads = claims.heads(practice, [found.id for found in ordered])
    asked = [
        _question(found, heads[found.id].payer_claim_number, trace)
        for found, trace in zip(ordered, traces, strict=True)
    ]
    payers = {found.payer for found in ordered}
    to = ordered[0].claim.coverage.payer
    written = keep_file(
        practice, "276", to, payers.pop() if len(payers) == 1 else None, lambda envelope: write_276(envelope, asked),
        route=routes_of(practice).get(receiver_of(to)), live=live, by=by, now=now,
    )  # fmt: skip
    new = [(found.id, found.payer, trace) for found, trace in zip(ordered, traces, strict=True)]
    keys = claim_status.add(practice, new, route=LIVE if live else BY_FILE, file=written.file, by=by.name, at=now)
    story = [
        claims.Event(found.id, "asked", f"We asked {written.to} what became of it.", written.file) for found in ordered
    ]
    claims.add_events(practice, story, by=by.name, at=now)
    events = [audit.Event("claim.ask", found.patient, f"claim:{found.id}") for found in ordered]
    audit.record(practice, events, by=by, at=now)
    return written, keys


def _question(found: Assembled, payer_claim_number: str, trace: str) -> StatusQuestion:
    claim = found.claim
    days = [line.served_on for line in claim.lines]
    last = max(days)
    return StatusQuestion(
        claim.coverage.payer, claim.billing, replace(claim.coverage.subscriber, address=Address()), claim.coverage.member_id, trace,
        claim.control_number, payer_claim_number, claim.charge_cents, min(days), last if last != min(days) else None,
        replace(claim.patient, address=Address()) if claim.coverage.relationship != SELF else None,
    )  # fmt: skip
