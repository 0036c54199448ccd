"""Sends claims that passed the checks: one 837P file an insurer, laid into its mailbox."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from claims_service.domain.actor import Actor
from claims_service.domain.claim import lifecycle
from claims_service.formats.x12.interchange import Interchange
from claims_service.formats.x12.write_837p import write_837p
from claims_service.store import audit, claim_values, claims, counters, files, parties
from claims_service.store.connection import write

MOST_CLAIMS = 5000  # CLM loops an ST may hold (837P 2300, recommended limit)


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file in an insurer's mailbox and the claims in it."""

    file: int
    name: str
    payer: int
    claims: tuple[int, ...]
    charge_cents: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """files: one an insurer, more where there are more than 5,000 claims."""

    files: tuple[SentFile, ...]

    @property
    def claim_count(self) -> int:
        return sum(len(sent.claims) for sent in self.files)


def submit_claims(
    practice: int, wanted: Sequence[int] | None = None, *, by: Actor, now: datetime, test: bool = False
) -> Outcome:
    """Send the ready claims among these (None: all that are ready). A claim goes out once, however often this is asked."""
    sent: list[SentFile] = []
    with write(practice):
        ready = claims.in_states(practice, [lifecycle.READY])
        chosen = ready if wanted is None else [claim for claim in wanted if claim in set(ready)]
        by_payer: dict[int, list[claim_values.Assembled]] = defaultdict(list)
        for start in range(0, len(chosen), MOST_CLAIMS):
            for assembled in claim_values.assemble(practice, chosen[start : start + MOST_CLAIMS]):
                by_payer[assembled.payer].append(assembled)
        for payer, listed in by_payer.items():
            parts = (listed[start : start + MOST_CLAIMS] for start in range(0, len(listed), MOST_CLAIMS))
            sent += [_send(practice, payer, part, by=by, now=now, test=test) for part in parts]
    return Outcome(tuple(sent))


def _send(
    practice: int, payer: int, listed: Sequence[claim_values.Assembled], *, by: Actor, now: datetime, test: bool
) -> SentFile:
    control = counters.next_values(practice, "interchange")[0]
    billing, receiver = parties.billing_provider(practice), listed[0].claim.coverage.payer
    envelope = Interchange(
        sender=billing.submitter_id, receiver=receiver.receiver_id or receiver.identifier, control=control, group_control=control,
        written_at=now.astimezone(ZoneInfo(parties.zone(practice))), test=test, reference=f"B{practice}{control:07}",
    )  # fmt: skip
    content = write_837p(envelope, [c.claim for c in listed])
    total = sum(c.claim.charge_cents for c in listed)
    name = f"{receiver.identifier}-{now:%Y%m%d}-{control:09}.837"
    new = files.NewFile("out", "837P", name, content, payer, f"{control:09}", str(control), len(listed), total)
    file = files.add(practice, new, by=by.name, at=now)
    files.add_claims(practice, file, [(c.id, "0001", position) for position, c in enumerate(listed, 1)])
    states = [(c.id, lifecycle.moved(c.state, lifecycle.SENT)) for c in listed]
    claims.set_states(practice, states, at=now, sent=True)
    story = f"Sent to {receiver.name} in file {name}."
    claims.add_events(practice, [claims.Event(c.id, "sent", story, file) for c in listed], by=by.name, at=now)
    audit.record(practice, [audit.Event("claim.submit", c.patient, f"claim:{c.id}") for c in listed], by=by, at=now)
    return SentFile(file, name, payer, tuple(c.id for c in listed), total)
