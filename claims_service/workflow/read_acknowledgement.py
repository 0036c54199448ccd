"""Reads what insurers say on receiving a file (TA1, 999, 277CA) and moves the claims it is about."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from claims_service.domain.actor import Actor
from claims_service.domain.claim import lifecycle
from claims_service.domain.claim.acknowledgement import (
    BatchAnswer,
    ClaimAnswer,
    GroupAnswer,
    InterchangeAnswer,
    StatusReason,
)
from claims_service.domain.claim.edits.caught import place_rule
from claims_service.domain.claim.edits.finding import MUST, Finding
from claims_service.domain.errors import Problem
from claims_service.formats.tables import codes
from claims_service.formats.x12.acknowledgements import read_acknowledgements
from claims_service.formats.x12.findings import broken
from claims_service.store import audit, claims, files
from claims_service.store.connection import write
from claims_service.workflow.acknowledged import acknowledge
from claims_service.workflow.incoming import FileOutcome, IncomingFile, kind_of, nul_problems

KINDS = ("TA1", "999", "277CA")
MOST_PROBLEMS = 25
_FILE_OK = frozenset({"A", "E"})


def read_acknowledgement(
    practice: int, incoming: Sequence[IncomingFile], *, by: Actor, now: datetime
) -> tuple[FileOutcome, ...]:
    """Each file on its own, whole or not at all; read twice it changes nothing the second time."""
    outcomes = []
    for file in incoming:
        with write(practice):
            outcome = _one(practice, file, by=by, now=now)
            if outcome.file is not None:
                files.keep_outcome(practice, outcome.file, outcome.as_text())
        outcomes.append(outcome)
    return tuple(outcomes)


def _one(practice: int, incoming: IncomingFile, *, by: Actor, now: datetime) -> FileOutcome:
    kind = kind_of(incoming.beginning)
    if kind not in KINDS:
        problem = Problem(
            "file", "This is not an acknowledgement (TA1, 999 or 277CA).", "X12 GS01", "Choose another file."
        )
        return FileOutcome(None, incoming.name, kind, "refused", problem.message, (problem,))
    with write(practice):
        earlier = files.earlier(practice, incoming.content, kind, incoming.payer)
        answers = read_acknowledgements(incoming.content)
        listed = list(answers)
        found = nul_problems(incoming) or [finding.problem() for finding in broken(answers.findings)]
        problems = tuple(found)[:MOST_PROBLEMS]
        state = "refused" if problems else "duplicate" if earlier else "read"
        new = files.NewFile(
            "in", kind, incoming.name, incoming.content, incoming.payer, state=state, duplicate_of=earlier
        )
        file = files.add(practice, new, by=by.name, at=now)
        audit.record(practice, [audit.Event(f"acknowledgement.{state}", None, f"file:{file}")], by=by, at=now)
        if not earlier:
            acknowledge(practice, incoming, by=by.name, now=now)
        if problems:
            return FileOutcome(
                file, incoming.name, kind, state, f"Not taken: {problems[0].where}: {problems[0].message}", problems
            )
        if earlier:
            return FileOutcome(
                file, incoming.name, kind, state, f"We have this file already as number {earlier}. Nothing changed."
            )
        reader = _Reader(practice, file, incoming, by, now)
        for answer in listed:
            reader.take(answer)
        return FileOutcome(
            file, incoming.name, kind, "read", reader.message(), tuple(reader.problems[:MOST_PROBLEMS]), reader.counts
        )


@dataclass(slots=True)
class _Reader:
    """Applies the answers of one file."""

    practice: int
    file: int
    sender: IncomingFile
    by: Actor
    now: datetime
    counts: dict[str, int] = field(default_factory=lambda: {"accepted": 0, "sent_back": 0, "received": 0, "unknown": 0})
    problems: list[Problem] = field(default_factory=list)

    def take(self, answer: InterchangeAnswer | GroupAnswer | BatchAnswer) -> None:
        if isinstance(answer, InterchangeAnswer):
            self._interchange(answer)
        elif isinstance(answer, GroupAnswer):
            self._group(answer)
        else:
            self._batch(answer)

    def message(self) -> str:
        parts = [
            f"{self.counts[name]} {words}"
            for name, words in (
                ("received", "claims received"), ("accepted", "claims accepted"), ("sent_back", "claims sent back"), ("unknown", "not known to us"),
            )
            if self.counts[name]
        ]  # fmt: skip
        return f"Read: {', '.join(parts)}." if parts else "Read; no claim changed."

    def _interchange(self, answer: InterchangeAnswer) -> None:
        """TA1: only a rejected envelope changes claims; an accepted one is followed by a 999."""
        rows = self._ours(interchange=answer.interchange_control)
        if not rows:
            self._unknown(f"interchange {answer.interchange_control}")
        elif answer.code == "R":
            reason = (codes.row("x12_errors", "TA105", answer.note) or {}).get("label_en", f"code {answer.note}")
            self._send_back(
                [claim for _, claim, _ in rows], f"TA1 {answer.note}", f"The whole file was refused: {reason}."
            )

    def _group(self, answer: GroupAnswer) -> None:
        """999: AK9 for the group; where it is P, IK5 tells for each transaction."""
        if answer.functional_id != "HC":
            return
        rows = self._ours(group=answer.group_control)
        if not rows:
            self._unknown(f"group {answer.group_control}")
            return
        verdict = {t.transaction_control: t.code in _FILE_OK for t in answer.transactions}
        whole = answer.code in _FILE_OK
        good = [claim for _, claim, control in rows if verdict.get(control, whole)]
        bad = [claim for _, claim, control in rows if not verdict.get(control, whole)]
        self._move(good, accepted=True, by_claim=False, kind="received", text="The insurer received the file (999).")
        faults = [fault for t in answer.transactions for fault in t.faults]
        place = f" First fault: segment {faults[0].segment} at position {faults[0].position}." if faults else ""
        rule = place_rule(faults[0].loop, faults[0].segment, faults[0].element) if faults else "999"
        self._send_back(bad, rule, f"The file was refused by the insurer's syntax check.{place}")

    def _batch(self, answer: BatchAnswer) -> None:
        """277CA: claim by claim; a rejection above the claims hits all of the batch."""
        heads = claims.by_control_number(self.practice, [c.control_number for c in answer.claims])
        accepted, numbers = [], []
        for position, told in enumerate(answer.claims, 1):
            head = heads.get(told.control_number)
            if head is None or not self.sender.may_speak_for(head.payer):
                self._unknown(f"claim {position} of the answer")
            elif told.accepted:
                accepted.append(head.id)
                numbers.append((head.id, told.payer_claim_number))
            else:
                self._send_back([head.id], _rule(told.reasons[0]), _words(told))
        self._move(
            accepted, accepted=True, by_claim=True, kind="accepted", text="The insurer accepted the claim (277CA)."
        )
        claims.set_payer_claim_numbers(self.practice, numbers)
        if answer.rejected_whole and not answer.claims:
            rows = self._ours(reference=answer.reference)
            reason = answer.rejected_whole[0]
            self._send_back([claim for _, claim, _ in rows], _rule(reason), _reason_words(reason))

    def _ours(self, **numbers: str) -> list[tuple[int, int, str]]:
        """(file, claim, transaction control) of what the sender got from us under these numbers."""
        rows = files.claims_by_control(self.practice, payer=self.sender.payer, **numbers)
        if not self.sender.payers:
            return rows
        heads = claims.heads(self.practice, [claim for _, claim, _ in rows])
        return [row for row in rows if self.sender.may_speak_for(heads[row[1]].payer)]

    def _unknown(self, where: str) -> None:
        self.counts["unknown"] += 1
        self.problems.append(
            Problem(where, "We sent no such file or claim to this insurer.", "", "Ask the insurer what it answers to.")
        )

    def _move(
        self, wanted: Sequence[int], *, accepted: bool, by_claim: bool, kind: str, text: str
    ) -> list[claims.Head]:
        heads = claims.heads(self.practice, wanted).values()
        moved = {
            head.id: lifecycle.after_acknowledgement(head.state, accepted=accepted, by_claim=by_claim) for head in heads
        }
        claims.set_states(
            self.practice, [(head.id, moved[head.id]) for head in heads if moved[head.id] != head.state], at=self.now
        )
        events = [claims.Event(head.id, kind, text, self.file) for head in heads]
        claims.add_events(self.practice, events, by=self.by.name, at=self.now)
        trail = [audit.Event(f"claim.{kind}", head.patient, f"claim:{head.id}") for head in heads]
        audit.record(self.practice, trail, by=self.by, at=self.now)
        self.counts[kind] += len(events)
        return list(heads)

    def _send_back(self, wanted: Sequence[int], rule: str, text: str) -> None:
        """A claim that comes back was never in adjudication: it is mended and sent again as an original."""
        if not wanted:
            return
        heads = self._move(wanted, accepted=False, by_claim=True, kind="sent_back", text=text)
        mend = "Mend what the insurer names, check the claim and send it again."
        finding = Finding(rule.replace(" ", "_"), MUST, "claim", text, mend, rule)
        open_ones = [head.id for head in heads if head.state in lifecycle.WITH_INSURER]
        claims.set_problems(self.practice, {claim: [finding] for claim in open_ones}, at=self.now)


def _rule(reason: StatusReason) -> str:
    return f"277CA {reason.category}:{reason.status}"


def _reason_words(reason: StatusReason) -> str:
    category = codes.label("claim_status_category", reason.category)
    return f"{category}: {codes.label('claim_status', reason.status)}."


def _words(told: ClaimAnswer) -> str:
    return " ".join(_reason_words(reason) for reason in told.reasons)
