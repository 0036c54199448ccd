"""The sandbox insurer at work: takes a file of claims, answers it, and pays what is due on a day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from claims_service.gateways.sandbox_insurer import acknowledgements, inquiries, outgoing, remittance, state
from claims_service.gateways.sandbox_insurer.acknowledgements import DUPLICATE_INTERCHANGE, Verdict
from claims_service.gateways.sandbox_insurer.decision import decide
from claims_service.gateways.sandbox_insurer.intake import Interchange, Transaction, take_apart
from claims_service.gateways.sandbox_insurer.outgoing import Segment
from claims_service.gateways.sandbox_insurer.plan import Plan, SecondLook
from claims_service.gateways.sandbox_insurer.remittance import Item, Remittance
from claims_service.gateways.sandbox_insurer.state import Case
from claims_service.gateways.sandbox_insurer.submitted import Claim

TAKEN_BACK, FORWARDED, INTEREST = "WO", "FB", "L6"  # PLB03-1


@dataclass(frozen=True, slots=True)
class Transfer:
    """The money behind an 835, as the insurer's bank sends it on. addenda: the TRN segment that travels along (CCD+)."""

    sent_on: date
    cents: int
    addenda: str
    sender: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A file the insurer sends. kind: TA1, 999, 277CA, 271, 277 or 835; an 835 that pays comes with its transfer."""

    kind: str
    name: str
    content: bytes
    transfer: Transfer | None = None


class SandboxInsurer:
    """Deterministic: the same files on the same days give the same answers. state_path: its memory, a JSON file."""

    def __init__(self, plan: Plan, state_path: Path) -> None:
        self.plan = plan
        self._path = state_path
        self._state = state.load(state_path)

    def receive(self, content: bytes, received_at: datetime) -> list[Answer]:
        """Take in an 837P: TA1 and 999 about the file, 277CA about the claims when the file could be read.

        Raises:
            ValueError: the bytes hold no interchange with claims.
        """
        came = take_apart(content)
        isa = came.envelope.isa
        key = f"{isa[6].strip()}:{isa[13]}"
        duplicate = DUPLICATE_INTERCHANGE if key in self._state.seen else ""
        head = acknowledgements.interchange_answer(came, duplicate)
        answers = []
        if isa[14] == "1" or head[4] == "R":
            answers.append(self._answer("TA1", came, received_at, [head]))
        if head[4] == "A":
            self._state.seen.add(key)
            answers.append(self._answer("999", came, received_at, acknowledgements.structure_answer(came)))
            if not came.faults:
                answers += [self._judge(came, t, received_at) for t in came.transactions if not t.faults and t.claims]
        state.save(self._state, self._path)
        return answers

    def pay(self, on: date) -> list[Answer]:
        """One 835 for each payee that has anything due: claims, second looks, balances carried forward."""
        items = [*self._due(on), *self._second_looks(on)]
        payees = dict.fromkeys(item.claim.billing_npi for item in items)
        answers = [self._pay([item for item in items if item.claim.billing_npi == npi], on) for npi in payees]
        state.save(self._state, self._path)
        return answers

    def answer(self, question: bytes, at: datetime) -> Answer:
        """Answer a 270 with a 271 or a 276 with a 277, out of the plan and what was decided so far.

        Raises:
            ValueError: the bytes hold no such question.
        """
        kind, content = inquiries.answer(self.plan, self._state, question, at)
        state.save(self._state, self._path)
        return Answer(kind, f"{self.plan.identifier}_{kind}_{self._state.numbers['interchange']:09d}.x12", content)

    def _judge(self, came: Interchange, transaction: Transaction, at: datetime) -> Answer:
        verdicts = [self._take_in(claim, at.date()) for claim in transaction.claims]
        body = acknowledgements.claim_answers(self.plan, transaction, verdicts, at, self._state.next("answer"))
        return self._answer("277CA", came, at, body)

    def _take_in(self, claim: Claim, on: date) -> Verdict:
        """Accept a claim under a new number, or say why not (claim status codes, X12 list 508)."""
        original = self._state.cases.get(claim.replaces)
        if claim.payer_id != self.plan.identifier:
            return Verdict(claim, status=("A3", "116"))
        if claim.member_id not in self.plan.members:
            return Verdict(claim, status=("A7", "164", "IL"))
        if claim.charge_cents != sum(line.charge_cents for line in claim.lines):
            return Verdict(claim, status=("A7", "178"))
        if claim.frequency not in {"7", "8"} and self._state.case_of(claim.control_number):
            return Verdict(claim, status=("A3", "78"))
        if claim.frequency in {"7", "8"} and (original is None or original.closed):
            return Verdict(claim, status=("A7", "464"))
        if claim.frequency in {"7", "8"} and original and not original.decision:
            original.closed = True  # it waits for its day no longer: there is nothing to take back
        number = f"{self.plan.identifier[:2]}{on:%y%j}{self._state.next('claim'):05d}"
        self._state.cases[number] = Case(number, claim, on)
        return Verdict(claim, number)

    def _due(self, on: date) -> Iterator[Item]:
        """Claims whose day has come. A replacement or void takes its original back first (reversal before correction)."""
        waiting = [case for case in self._state.cases.values() if case.paid_on is None and not case.closed]
        for case in waiting:
            if case.received_on + timedelta(days=self.plan.pays_after_days) > on:
                continue
            original = self._state.cases.get(case.claim.replaces)
            if original and not original.closed:
                if original.decision:
                    yield self._reverse(original)
                original.closed = True
            if case.claim.frequency == "8":
                case.closed = True
                continue
            yield self._decide(case, on)

    def _decide(self, case: Case, on: date, allowed: dict[str, int] | None = None, original: str = "") -> Item:
        member = self.plan.members[case.claim.member_id]
        used = self._state.deductible.get(member.member_id, member.deductible_used_cents)
        case.decision = decide(case.claim, self.plan, used, allowed)
        case.paid_on = on
        self._state.deductible[member.member_id] = used + case.decision.deductible_cents
        interest = 0 if original else self._interest(case, on)
        return Item(
            case.claim, case.number, case.decision, case.received_on, original=original, interest_cents=interest
        )

    def _reverse(self, case: Case) -> Item:
        assert case.decision
        self._state.deductible[case.claim.member_id] -= case.decision.deductible_cents
        return Item(case.claim, case.number, case.decision, case.received_on, reversal=True)

    def _interest(self, case: Case, on: date) -> int:
        """Simple yearly interest for each day after the prompt-pay limit."""
        assert case.decision
        late = (on - case.received_on).days - self.plan.prompt_days
        if late <= 0:
            return 0
        rate = Decimal(self.plan.interest_percent) * late / 36500
        return int((case.decision.paid_cents * rate).to_integral_value(ROUND_HALF_UP))

    def _second_looks(self, on: date) -> Iterator[Item]:
        for look in self.plan.second_looks:
            if look.kind == "correct":
                for case in self._looked_at(look, on):
                    yield self._reverse(case)
                    case.closed = True
                    number = f"{self.plan.identifier[:2]}{on:%y%j}{self._state.next('claim'):05d}"
                    fresh = self._state.cases[number] = replace(
                        case, number=number, decision=None, paid_on=None, closed=False
                    )
                    yield self._decide(fresh, on, {look.procedure: look.allowed_cents}, original=case.number)

    def _looked_at(self, look: SecondLook, on: date) -> list[Case]:
        """Cases paid long enough ago that hold the procedure, as first and only payer; counts them as looked at."""
        key = f"{look.kind}:{look.procedure}"
        left = look.most - self._state.looks.get(key, 0)
        found = [
            case
            for case in self._state.cases.values()
            if case.decision and case.paid_on and not case.closed and not case.claim.prior_payers
            and case.paid_on + timedelta(days=look.after_days) <= on
            and case.decision.paid_cents > 0
            and any(d.line.procedure == look.procedure and d.allowed_cents is not None for d in case.decision.lines)
        ][: max(left, 0)]  # fmt: skip
        self._state.looks[key] = self._state.looks.get(key, 0) + len(found)
        return found

    def _pay(self, items: Sequence[Item], on: date) -> Answer:
        number = self._state.next("remittance")
        trace = f"{self.plan.identifier[:2]}{on:%y%m%d}{number:04d}"
        slip = self.plan.slip[1] if self.plan.slip[0] == number else 0
        paid = Remittance(trace, on, list(items), [*self._taken_back(on), *self._forwarded()], slip)
        interest = [(INTEREST, i.number, -i.interest_cents) for i in items if i.interest_cents]
        paid.plb += interest
        if paid.net_cents < 0:
            owed = -paid.net_cents
            self._state.forward.append((trace, owed))
            paid.plb.append((FORWARDED, trace, -owed))
        for item in items:
            case = self._state.cases[item.number]
            case.trace = case.trace or trace
        return self._remittance(paid, items[0].claim)

    def _taken_back(self, on: date) -> list[tuple[str, str, int]]:
        found = []
        for look in self.plan.second_looks:
            if look.kind == "take_back":
                for case in self._looked_at(look, on):
                    assert case.decision
                    case.closed = True
                    found.append((TAKEN_BACK, case.number, case.decision.paid_cents))
        return found

    def _forwarded(self) -> list[tuple[str, str, int]]:
        carried = [(FORWARDED, trace, owed) for trace, owed in self._state.forward]
        self._state.forward.clear()
        return carried

    def _remittance(self, paid: Remittance, claim: Claim) -> Answer:
        at = datetime.combine(paid.paid_on, time(6, 0), UTC)
        receiver, usage = self._state.senders[claim.billing_npi]
        body = remittance.body(self.plan, paid, receiver)
        answer = self._file("835", "HP", "005010X221A1", "835", receiver, usage, at, body)
        cents = paid.net_cents + paid.slip_cents
        addenda = f"TRN*1*{paid.trace}*{self.plan.originator}~"
        return replace(answer, transfer=Transfer(paid.paid_on, cents, addenda, self.plan.name) if cents else None)

    def _answer(self, kind: str, came: Interchange, at: datetime, body: Sequence[Segment]) -> Answer:
        isa = came.envelope.isa
        receiver, usage = isa[6].strip(), isa[15]
        for transaction in came.transactions:
            for claim in transaction.claims:
                self._state.senders[claim.billing_npi] = (receiver, usage)
        if kind == "TA1":
            control = self._state.next("interchange")
            content = outgoing.interchange(self.plan.sender_id, receiver, control, at, usage=usage, inner=body)
            return Answer(kind, f"{self.plan.identifier}_TA1_{control:09d}.x12", content)
        functional, version, transaction_kind = {
            "999": ("FA", "005010X231A1", "999"),
            "277CA": ("HN", "005010X214", "277"),
        }[kind]
        return self._file(kind, functional, version, transaction_kind, receiver, usage, at, body)

    def _file(
        self, kind: str, functional: str, version: str, transaction: str, receiver: str, usage: str, at: datetime,
        body: Sequence[Segment],
    ) -> Answer:  # fmt: skip
        control = self._state.next("interchange")
        sender = self.plan.sender_id
        inner = outgoing.group(functional, version, sender, receiver, control, at, body, kind=transaction)
        content = outgoing.interchange(sender, receiver, control, at, usage=usage, inner=inner, groups=1)
        return Answer(kind, f"{self.plan.identifier}_{kind}_{control:09d}.x12", content)
