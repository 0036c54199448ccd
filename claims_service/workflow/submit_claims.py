"""Sends claims that passed the checks: one file an insurer or clearinghouse, for its mailbox or on its way to its folder.

The file is an 837P, 837I or 837D by the kind of its claims, or what mappings/payers says of the insurer.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import NamedTuple
from zoneinfo import ZoneInfo

from claims_service.domain import encounter
from claims_service.domain.actor import Actor
from claims_service.domain.claim import lifecycle
from claims_service.domain.claim.dental import DentalClaim
from claims_service.domain.claim.institutional import InstitutionalClaim
from claims_service.domain.party import Payer
from claims_service.domain.quick import bulk
from claims_service.domain.receiver import MAILBOX, Receiver, remote_name
from claims_service.formats.insurer.canonical import Sending
from claims_service.formats.insurer.insurer_format import insurer_format
from claims_service.formats.insurer.write_claims import write_claims
from claims_service.formats.payers import X12, format_of
from claims_service.formats.x12.interchange import Interchange
from claims_service.formats.x12.write_837d import write_837d
from claims_service.formats.x12.write_837i import write_837i
from claims_service.formats.x12.write_837p import write_837p
from claims_service.store import (
    audit,
    claim_values,
    claims,
    counters,
    deliveries,
    files,
    parties,
    plan_restrictions,
    receivers,
)
from claims_service.store.connection import in_parts, opened, write

PROFESSIONAL, INSTITUTIONAL, DENTAL = "837P", "837I", "837D"
OWN = "own"  # kind of a file in an insurer's own format
MOST_CLAIMS = 5000  # CLM loops an ST may hold (837P 2300, recommended limit)


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file for an insurer, or through a clearinghouse for several (payer None), and the claims in it. to: who gets it."""

    file: int
    name: str
    to: str
    payer: int | None
    claims: tuple[int, ...]
    charge_cents: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """files: one an insurer or clearinghouse, more where there are more than 5,000 claims."""

    files: tuple[SentFile, ...]

    @property
    def claim_count(self) -> int:
        return sum(len(sent.claims) for sent in self.files)


class _Address(NamedTuple):
    """What claims of one file have in common. receiver: of a route, else "" and the insurer's id."""

    receiver: str
    payer: int
    wire: str


def submit_claims(
    practice: int, wanted: Sequence[int] | None = None, *, by: Actor, now: datetime, test: bool = False
) -> Outcome:
    """Send the ready claims among these (None: all that are ready). A claim goes out once, however often this is asked.

    Each file is whole by itself, with its claims' states: of a run that was cut off the other files are still to be made.
    """
    sent: list[SentFile] = []
    with opened():
        chosen = claims.in_states(practice, [lifecycle.READY])
        if wanted is not None:
            ready = set(chosen)
            chosen = [claim for claim in wanted if claim in ready]
        # The last wall: such a claim is taken out when the patient asks, so none should stand here.
        held = plan_restrictions.claims_held(practice, chosen)
        chosen = [claim for claim in chosen if claim not in held]
        routes = {route.identifier: route for route in receivers.every(practice) if route.route != MAILBOX}
        batches = list(_batches(practice, chosen, set(routes)))
    for address, listed in batches:
        with write(practice), bulk():
            # Meanwhile others may have sent, stopped or readdressed some of them.
            ready_still = (
                c
                for c in claim_values.assembled(practice, listed)
                if c.state == lifecycle.READY and _address(c.claim.coverage.payer, c.payer, c.kind, routes) == address
            )
            if first := next(ready_still, None):
                route = routes.get(address.receiver)
                sent.append(_send(practice, route, first, ready_still, address.wire, by=by, now=now, test=test))
    return Outcome(tuple(sent))


def _batches(practice: int, chosen: Sequence[int], routed: Collection[str]) -> Iterator[tuple[_Address, list[int]]]:
    """The claims of each file: one an insurer, or a clearinghouse, and format."""
    payers = parties.payers(practice)
    found: dict[_Address, list[int]] = defaultdict(list)
    for claim, payer, kind in claim_values.addressed(practice, chosen):
        found[_address(payers[payer], payer, kind, routed)].append(claim)
    places = {claim: place for place, claim in enumerate(chosen)}
    for address, listed in found.items():
        # Claims built together lie together: a file of them reads and writes a part of the database, not all of it.
        for part in in_parts(sorted(listed), MOST_CLAIMS):
            yield address, sorted(part, key=places.__getitem__)


def _address(payer: Payer, key: int, kind: str, routed: Collection[str]) -> _Address:
    """Where a claim goes. key: of the insurer; kind: of the visit."""
    receiver, wire = _receiver_id(payer), _wire(payer, kind)
    return _Address(receiver, 0, wire) if receiver in routed else _Address("", key, wire)


def _receiver_id(payer: Payer) -> str:
    return payer.receiver_id or payer.identifier


class _Told(NamedTuple):
    """What is kept of a claim that was written."""

    claim: int
    patient: int
    payer: int
    charge_cents: int


def _send(
    practice: int,
    route: Receiver | None,
    first: claim_values.Assembled,
    rest: Iterable[claim_values.Assembled],
    wire: str,
    *,
    by: Actor,
    now: datetime,
    test: bool,
) -> SentFile:
    """One file. Its control number comes and goes with this transaction, so that none is missing and none is given twice."""
    control = counters.next_values(practice, "interchange")[0]
    billing, insurer = first.claim.billing, first.claim.coverage.payer
    envelope = Interchange(
        sender=billing.submitter_id, receiver=_receiver_id(insurer), control=control, group_control=control,
        written_at=now.astimezone(ZoneInfo(parties.zone(practice))), test=test, reference=f"B{practice}{control:07}",
        receiver_name=route.name if route else "",
    )  # fmt: skip
    told: list[_Told] = []
    kind, ending, content = _written(wire, envelope, _noted(chain((first,), rest), told))
    total = sum(c.charge_cents for c in told)
    payer = told[0].payer if len({c.payer for c in told}) == 1 else None
    name = f"{insurer.identifier if payer else _receiver_id(insurer)}-{now:%Y%m%d}-{control:09}.{ending}"
    new = files.NewFile("out", kind, name, content, payer, f"{control:09}", str(control), len(told), total)
    file = files.add(practice, new, by=by.name, at=now)
    files.add_claims(practice, file, [(c.claim, "0001", position) for position, c in enumerate(told, 1)])
    if route:
        deliveries.add(practice, file, route.id, remote_name(billing.submitter_id, f"{control}", file, ending), at=now)
    to = route.name if route else insurer.name
    _tell(practice, told, file, f"Sent to {to} in file {name}.", by=by, now=now)
    return SentFile(file, name, to, payer, tuple(c.claim for c in told), total)


def _noted(listed: Iterable[claim_values.Assembled], told: list[_Told]) -> Iterator[claim_values.Assembled]:
    """The same, each noted as it passes: a file of thousands is written without holding them all."""
    for c in listed:
        told.append(_Told(c.id, c.patient, c.payer, c.claim.charge_cents))
        yield c


def _wire(payer: Payer, kind: str) -> str:
    """837P, 837I or 837D by the kind of the visit, or the name of the insurer's own format."""
    wire = format_of(payer.identifier)
    return (
        {encounter.INSTITUTIONAL: INSTITUTIONAL, encounter.DENTAL: DENTAL}.get(kind, PROFESSIONAL)
        if wire == X12
        else wire
    )


def _written(wire: str, envelope: Interchange, listed: Iterable[claim_values.Assembled]) -> tuple[str, str, bytes]:
    """Kind of the file, ending of its name, and its bytes."""
    if wire == PROFESSIONAL:
        return wire, "837", write_837p(envelope, (c.claim for c in listed))
    if wire == INSTITUTIONAL:
        return wire, "837", write_837i(envelope, (c.other for c in listed if isinstance(c.other, InstitutionalClaim)))
    if wire == DENTAL:
        return wire, "837", write_837d(envelope, (c.other for c in listed if isinstance(c.other, DentalClaim)))
    told = insurer_format(wire)
    sending = Sending(
        envelope.sender, envelope.receiver, envelope.written_at, control=envelope.control, test=envelope.test
    )
    return OWN, told.extension, write_claims(told, sending, [c.claim for c in listed])


def _tell(practice: int, listed: Sequence[_Told], file: int, story: str, *, by: Actor, now: datetime) -> None:
    to = lifecycle.moved(lifecycle.READY, lifecycle.SENT)
    claims.set_states(practice, [(c.claim, to) for c in listed], at=now, sent=True)
    claims.add_events(practice, [claims.Event(c.claim, "sent", story, file) for c in listed], by=by.name, at=now)
    audit.record(practice, [audit.Event("claim.submit", c.patient, f"claim:{c.claim}") for c in listed], by=by, at=now)
