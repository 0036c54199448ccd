"""Posts one remittance transaction, a batch of claim payments at a time. Not a step itself: post_remittance drives it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.claim import lifecycle
from claims_service.domain.errors import Problem
from claims_service.domain.ledger.accounts import IN_REVIEW, PROVIDER_BALANCE
from claims_service.domain.money import spoken
from claims_service.domain.party import BillingProvider
from claims_service.domain.remittance import posting
from claims_service.domain.remittance.advice import Advice, AdviceEnd, ClaimPayment, ProviderAdjustment
from claims_service.domain.remittance.standing import AGAIN, EARLY, ESTIMATE
from claims_service.store import audit, claims, journal, parties, remittances
from claims_service.store.remittances import Held
from claims_service.workflow.appeal_outcomes import note_outcomes
from claims_service.workflow.claims_behind import UNKNOWN, Matter, Verdict, weigh, without_later_plan
from claims_service.workflow.cleared_items import close_cleared
from claims_service.workflow.crossed_over import EARLY_NEXT, NO_PLAN, find_claims, why_waiting
from claims_service.workflow.incoming import IncomingFile
from claims_service.workflow.remittance_reading import Doubtful, TransactionReading
from claims_service.workflow.taking_back import settle_replaced

_FIND = "Find the claim by its number, date and amount, or send the money back."
_MEND = {
    UNKNOWN: _FIND,
    NO_PLAN: "Add the plan to the patient’s coverage, after the plan that was billed. Then this is posted by itself.",
    EARLY_NEXT: "Wait for the remittance of the plan before it. This is posted by itself after that.",
    "wrong_payee": _FIND,
    EARLY: "Wait for the decision, or place it on the claim yourself.",
    AGAIN: "Ask the insurer which decision holds. Place it on the claim, or send the money back.",
    ESTIMATE: "Place it on the claim, or send the money back.",
}


@dataclass(slots=True)
class Posted:
    """What became of one transaction: state posted, held or duplicate."""

    state: str
    message: str
    problems: tuple[Problem, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    cents: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, cents: int) -> None:
        self.counts[name] = self.counts.get(name, 0) + 1
        self.cents[name] = self.cents.get(name, 0) + cents


class Poster:
    """begin() with the head, take() batches of claim payments, end() with the provider-level adjustments."""

    BATCH = 1000

    def __init__(
        self,
        practice: int,
        file: int,
        sender: IncomingFile,
        billing: BillingProvider,
        *,
        by: Actor,
        now: datetime,
        today: date,
    ) -> None:
        self._practice, self._file, self._sender, self._billing = practice, file, sender, billing
        self._by, self._now, self._today = by, now, today
        self._payers = {key: payer for key, payer in parties.payers(practice).items() if sender.may_speak_for(key)}
        self._later: list[tuple[Matter, Verdict]] = []

    def begin(self, advice: Advice, reading: TransactionReading) -> None:
        """Decide whether the transaction may be posted, and write its row.

        Raises:
            Doubtful: it was not read to its end yet, and what is said there decides.
        """
        self._reading, self._payer = reading, self._payer_of(advice)
        self._key = reading.key
        self._posted, self._kind = self._verdict(advice)
        kind = self._kind
        self._remittance = 0
        if self._posted.state == "duplicate":
            return
        self._remittance = remittances.add(
            self._practice, advice, key=self._key, payer=self._payer, file=self._file, state=self._posted.state,
            reasons=self._posted.message if kind else "", by=self._by.name, at=self._now,
        )  # fmt: skip
        if not kind:
            # A corrected remittance takes the place of one that did not add up and was never posted.
            known = [earlier.id for earlier in self._known() if earlier.state == "held"]
            remittances.supersede(self._practice, known, self._remittance, by=self._by.name, at=self._now)
        else:
            problems = self._posted.problems
            item = Held(
                kind, self._posted.message, problems[0].where if problems else reading.balance.place,
                problems[0].mend if problems else "", advice.paid_cents, self._file, self._remittance,
            )  # fmt: skip
            remittances.hold(self._practice, [item], at=self._now)

    def _verdict(self, advice: Advice) -> tuple[Posted, str]:
        known, is_ours = self._known(), self._is_ours(advice)
        if not self._reading.signature and (known or advice.test or not is_ours):
            raise Doubtful
        place = self._reading.balance.place
        for earlier in known:
            if earlier.signature == self._reading.signature:
                message = f"This remittance came in before, in file {earlier.file}. Nothing was posted again."
                return Posted("duplicate", message, counts={"posted": 0}), ""
        if any(earlier.state == "posted" for earlier in known):
            mend = "Compare the two; ask the insurer which one holds."
            problem = Problem(
                place, "A remittance with this payment number came in before and says something else.", "835 TRN", mend
            )
            return Posted("held", problem.message, (problem,)), "duplicate_trace"
        if advice.test:
            mend = "Nothing is to be done; close it. The real remittance posts when it comes."
            problem = Problem(place, "This is a test file: no money came with it.", "X12 ISA15 = T", mend)
            return Posted("held", problem.message, (problem,)), "test_file"
        if problems := self._reading.balance.problems:
            message = f"Held, nothing was posted: {problems[0].where}: {problems[0].message}"
            return Posted("held", message, tuple(problems)), "unbalanced"
        if not is_ours:
            problem = Problem(
                f"{place}, N1*PE",
                "This remittance is made out to another provider.",
                "835 1000B",
                "Send it back to the insurer.",
            )
            return Posted("held", problem.message, (problem,)), "wrong_payee"
        return Posted("posted", ""), ""

    def _known(self) -> list[remittances.Known]:
        return remittances.known(self._practice, self._key, self._reading.advice, self._payer)

    def _is_ours(self, advice: Advice) -> bool:
        """By NPI; without one by tax id, or by the number we are known by to who takes our files."""
        known = (self._billing.tax_id, self._billing.submitter_id)
        return self._billing.npi == advice.payee_npi or (not advice.payee_npi and advice.payee_tax_id in known)

    def _payer_of(self, advice: Advice) -> int | None:
        """The sender where an insurer sent it, else the insurer that the file names, if the sender may speak for it."""
        if self._sender.payer is not None:
            return self._sender.payer
        fits = [key for key, payer in self._payers.items() if payer.identifier == advice.payer_identifier]
        fits = fits or [key for key, payer in self._payers.items() if payer.name.upper() == advice.payer_name.upper()]
        return fits[0] if len(fits) == 1 else None

    def take(self, payments: Sequence[ClaimPayment]) -> None:
        """A batch of claim payments in the order of the file."""
        if not payments or self._posted.state == "duplicate":
            return
        if self._posted.state == "held":
            self._keep_waiting(payments)
            return
        heads = find_claims(self._practice, self._payer, payments, by=self._by, now=self._now, today=self._today)
        missing = [p for p, head in zip(payments, heads, strict=True) if not head]
        if missing:
            why = why_waiting(self._practice, self._payer, missing)
            self._suspend([(p, *told) for p, told in zip(missing, why, strict=True)])
        self._book([self._matter(p, head) for p, head in zip(payments, heads, strict=True) if head])
        if len(self._later) > self.BATCH:
            self._book_later()

    def _keep_waiting(self, payments: Sequence[ClaimPayment]) -> None:
        rows = [(payment, None, "waiting") for payment in payments]
        ids = remittances.add_payments(self._practice, self._remittance, rows)
        if self._kind == "wrong_payee":
            story = "The payment is for another provider's claim."
            self._hold([(p, key, self._kind, story) for p, key in zip(payments, ids, strict=True)])

    def _matter(self, payment: ClaimPayment, head: claims.Head) -> Matter:
        return Matter(payment, head, self._remittance, self._key)

    def _book(self, matters: Sequence[Matter]) -> int:
        """Post what can be posted; what can't yet is tried again when the transaction ends. Gives how many were posted."""
        verdicts = weigh(self._practice, matters, posted_on=self._today)
        told = list(zip(matters, verdicts, strict=True))
        self._later += [(m, v) for m, v in told if v.obstacle]
        done = [(m, v) for m, v in told if not v.obstacle]
        rows = [(m.payment, m.head.id, "posted" if v.entry else "noted") for m, v in done]
        remittances.add_payments(self._practice, self._remittance, rows)
        entries = [v.entry for _, v in done if v.entry]
        journal.post(self._practice, entries, by=self._by.name, at=self._now)
        placed = [(m.payment, m.head) for m, v in done if v.entry]
        for payment, _ in placed:
            self._posted.add("reversed" if payment.is_reversal else "posted", payment.paid_cents)
        self._tell(placed)
        self._tell_estimates([m.head for m, v in done if not v.entry])
        settle_replaced(
            self._practice,
            placed,
            file=self._file,
            remittance=self._remittance,
            by=self._by.name,
            now=self._now,
            today=self._today,
        )
        last = {head.id: (payment, head) for payment, head in placed}
        decided = [head for payment, head in last.values() if not payment.is_reversal]
        note_outcomes(self._practice, decided, self._remittance, by=self._by, now=self._now, today=self._today)
        self._ask_for_plans(placed)
        return len(done)

    def _book_later(self) -> None:
        """What stood in the way may have come after it in the file; the rest waits until it comes in another."""
        while self._later:
            matters, self._later = [m for m, _ in self._later], []
            if not self._book(matters):
                break
        self._suspend([(m.payment, v.obstacle, v.message) for m, v in self._later])
        self._later = []

    def _suspend(self, waiting: Sequence[tuple[ClaimPayment, str, str]]) -> None:
        """(payment, kind of held item, why): the money came, so the books have it, under no claim yet."""
        entries = [
            posting.suspense_for(
                p, payer=self._payer, remittance=self._remittance, key=self._key, posted_on=self._today
            )
            for p, _, _ in waiting
        ]
        rows = [(payment, None, "suspense") for payment, _, _ in waiting]
        ids = remittances.add_payments(self._practice, self._remittance, rows)
        journal.post(self._practice, entries, by=self._by.name, at=self._now)
        for payment, _, _ in waiting:
            self._posted.add("suspense", payment.paid_cents)
        self._hold([(p, key, kind, why) for (p, kind, why), key in zip(waiting, ids, strict=True)])

    def _hold(self, waiting: Sequence[tuple[ClaimPayment, int, str, str]]) -> None:
        """(payment, its row, kind, why)."""
        place = self._reading.balance.place
        items = [
            Held(
                kind, why, f"{place}, CLP {payment.position}, segment {payment.segment}", _MEND[kind], payment.paid_cents,
                self._file, self._remittance, key,
            )
            for payment, key, kind, why in waiting
        ]  # fmt: skip
        remittances.hold(self._practice, items, at=self._now)

    def _tell_estimates(self, heads: Sequence[claims.Head]) -> None:
        story = "The insurer said what it would pay. No money moved."
        events = [claims.Event(head.id, "note", story, self._file, self._remittance) for head in heads]
        claims.add_events(self._practice, events, by=self._by.name, at=self._now)
        trail = [audit.Event("remittance.post", head.patient, f"claim:{head.id}") for head in heads]
        audit.record(self._practice, trail, by=self._by, at=self._now)

    def _ask_for_plans(self, placed: Sequence[tuple[ClaimPayment, claims.Head]]) -> None:
        """An insurer passed a claim on to a plan that we don't know of: what is left can't be followed up until we do."""
        passed_on = [(payment, head) for payment, head in placed if payment.is_forwarded]
        unknown = without_later_plan(self._practice, [head for _, head in passed_on]) if passed_on else set()
        items = [
            Held(
                "next_plan", f"The insurer passed claim {head.control_number} on to another plan that we don’t have.",
                f"{self._reading.balance.place}, CLP {payment.position}",
                "Add the plan to the patient’s coverage; what it leaves is then followed up by itself.", None, self._file,
                self._remittance,
            )
            for payment, head in passed_on
            if head.id in unknown
        ]  # fmt: skip
        remittances.hold(self._practice, items, at=self._now)

    def _tell(self, placed: Sequence[tuple[ClaimPayment, claims.Head]]) -> None:
        states = {
            head.id: lifecycle.moved(head.state, lifecycle.DECIDED)
            for _, head in placed
            if head.state != lifecycle.REPLACED
        }
        claims.set_states(self._practice, states.items(), at=self._now)
        claims.set_payer_claim_numbers(
            self._practice, [(head.id, payment.payer_claim_number) for payment, head in placed]
        )
        events = [
            claims.Event(
                head.id, "reversed" if payment.is_reversal else "posted", _story(payment), self._file, self._remittance
            )
            for payment, head in placed
        ]
        claims.add_events(self._practice, events, by=self._by.name, at=self._now)
        trail = [audit.Event("remittance.post", head.patient, f"claim:{head.id}") for _, head in placed]
        audit.record(self._practice, trail, by=self._by, at=self._now)

    def end(self, end: AdviceEnd) -> Posted:
        """Post the provider-level adjustments and say what became of the transaction."""
        self._book_later()
        if self._remittance:
            reading = self._reading
            remittances.complete(self._practice, self._remittance, reading.signature, reading.balance.claims)
        if self._posted.state == "posted" and end.provider_adjustments:
            self._take_adjustments(end.provider_adjustments)
        return self._posted

    def _take_adjustments(self, adjustments: Sequence[ProviderAdjustment]) -> None:
        references = [a.reference for a in adjustments if a.reference]
        ours = claims.by_control_number(self._practice, references)
        theirs = claims.by_payer_claim_number(self._practice, references)
        entries, rows, held = [], [], []
        for number, adjustment in enumerate(adjustments, 1):
            fits = (
                [ours[adjustment.reference]] if adjustment.reference in ours else theirs.get(adjustment.reference, [])
            )
            head = fits[0] if len(fits) == 1 and fits[0].payer == self._payer else None
            claim = (head.id, head.patient) if head else None
            entries.append(
                posting.provider_entry(
                    adjustment,
                    number,
                    claim=claim,
                    payer=self._payer,
                    remittance=self._remittance,
                    key=self._key,
                    posted_on=self._today,
                )
            )
            account = posting.provider_account(adjustment, located=head is not None)
            rows.append((adjustment, head.id if head else None, account))
            self._posted.add("provider_adjustments", -adjustment.cents)
            if account in {PROVIDER_BALANCE, IN_REVIEW}:
                held.append(
                    Held(
                        "provider_adjustment", _provider_story(adjustment), f"{self._reading.balance.place}, PLB {number}",
                        "Find the letter with this number and decide whether it is right.", adjustment.cents, self._file,
                        self._remittance,
                    )
                )  # fmt: skip
        remittances.add_provider_adjustments(self._practice, self._remittance, rows)
        journal.post(self._practice, entries, by=self._by.name, at=self._now)
        remittances.hold(self._practice, held, at=self._now)
        close_cleared(self._practice, self._payer, by=self._by.name, now=self._now)


def _story(payment: ClaimPayment) -> str:
    if payment.is_reversal:
        return f"The insurer took back its decision ({spoken(payment.paid_cents)})."
    if not payment.paid_cents and not payment.patient_share_cents:
        return "The insurer paid nothing for this claim."
    return f"The insurer paid {spoken(payment.paid_cents)} of {spoken(payment.charge_cents)}."


def _provider_story(a: ProviderAdjustment) -> str:
    verb = "took" if a.cents > 0 else "added"
    return f"The insurer {verb} {spoken(abs(a.cents))} outside of the claims (reason {a.reason})."
