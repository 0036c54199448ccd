"""Asks insurers whether patients are covered on a day (270): at once on a line, or in a file for the night."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from claims_service.domain.actor import Actor
from claims_service.domain.coverage import SELF, Coverage, in_order
from claims_service.domain.eligibility.question import EligibilityQuestion
from claims_service.domain.errors import NotFound, Problem
from claims_service.domain.party import Address, BillingProvider, Person, Provider
from claims_service.formats.x12.write_eligibility import write_270
from claims_service.gateways.inquiry import InquiryLine
from claims_service.store import audit, counters, eligibility, parties, patients
from claims_service.store.connection import in_parts, write
from claims_service.store.eligibility import NewCheck
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

AGAIN_AFTER = timedelta(hours=24)  # cover changes by the day
MOST_IN_FILE = 99  # X12 005010X279A1: patients in one ST
_RELATIONSHIPS = {"01": "01", "19": "19"}  # 270 INS02 knows spouse, child and 34, other adult


@dataclass(frozen=True, slots=True)
class CoverQuestion:
    """Is this patient covered on this day. coverage: one plan; None: every plan, those that ended included where no other is."""

    patient: int
    served_on: date
    coverage: int | None = None


@dataclass(frozen=True, slots=True)
class _Ready:
    """A question with the plan it is about. spot: where it stands in the batch."""

    spot: str
    patient: int
    person: Person
    plan: Coverage
    served_on: date


def ask_eligibility(
    practice: int,
    wanted: Sequence[CoverQuestion],
    *,
    by: Actor,
    now: datetime,
    line: InquiryLine | None = None,
    take: Take | None = None,
    again_after: timedelta = AGAIN_AFTER,
    force: bool = False,
) -> Asked:
    """Ask once for each plan and day. line, take: where answers come at once, and the step that reads them; else by file.

    again_after: how long the same question is not asked again. force: ask all the same.

    Raises:
        NotFound: a patient or plan is not of this practice.
    """
    live: list[tuple[_Ready, int, Written]] = []
    with write(practice):
        ready, problems = _ready(practice, wanted)
        standing = {} if force else _standing(practice, ready, now, again_after)
        fresh = {(one.plan.id, one.served_on): one for one in ready if (one.plan.id, one.served_on) not in standing}
        keep = _Keeping(practice, parties.billing_provider(practice), by, now)
        faults = {key: keep.unwritable(one) for key, one in fresh.items()}
        problems += [problem for found in faults.values() for problem in found]
        good = [one for key, one in fresh.items() if not faults[key]]
        by_line = [one for one in good if line and take and line.reaches(receiver_of(one.plan.payer))]
        for one in by_line:
            written, (check,) = keep.questions([one], live=True)
            live.append((one, check, written))
        sent = keep.files([one for one in good if one not in by_line])
    questions = [LiveQuestion(c, o.plan.payer_id, receiver_of(o.plan.payer), o.spot, w) for o, c, w in live]
    failed = ask_live(line, take, "270", questions, now=now) if line and take else {}
    eligibility.fail(practice, failed)
    asked = (*(question.id for question in questions), *(key for file in sent for key in file.questions))
    problems = [*problems, *told(failed, questions)]
    return Asked(
        asked, tuple(dict.fromkeys(standing.values())), tuple(sent), len(questions) - len(failed), tuple(problems)
    )


def _ready(practice: int, wanted: Sequence[CoverQuestion]) -> tuple[list[_Ready], list[Problem]]:
    """Each question with its plan; what can't be asked as a problem."""
    persons = patients.people(practice, list({one.patient for one in wanted}))
    plans = patients.coverages(practice, list(persons), persons)
    ready, problems = [], []
    for n, one in enumerate(wanted):
        if one.patient not in persons:
            raise NotFound("patient")
        chosen = _chosen(one, plans[one.patient])
        if not chosen:
            problems.append(
                Problem(f"[{n}]", "The patient has no plan, so there is nobody to ask.", "", "Add the plan first.")
            )
        for plan in chosen:
            if plan.member_id.strip():
                ready.append(_Ready(f"[{n}]", one.patient, persons[one.patient], plan, one.served_on))
            else:
                missing = f"The member number with {plan.payer.name} is missing, so there is nothing to ask by."
                problems.append(Problem(f"[{n}]", missing, "270 2100C NM109", "Copy it from the insurance card."))
    return ready, problems


def _chosen(one: CoverQuestion, plans: Sequence[Coverage]) -> Sequence[Coverage]:
    if one.coverage is None:
        return in_order(plans, one.served_on) or plans
    found = [plan for plan in plans if plan.id == one.coverage]
    if not found:
        raise NotFound("coverage")
    return found


def _standing(
    practice: int, ready: Sequence[_Ready], now: datetime, again_after: timedelta
) -> dict[tuple[int, date], int]:
    asked = [(one.plan.id, one.served_on) for one in ready]
    return eligibility.standing(practice, asked, since=now - again_after, live_since=now - LIVE_LOST_AFTER)


@dataclass(frozen=True, slots=True)
class _Keeping:
    """Writes questions down before anyone is asked."""

    practice: int
    billing: BillingProvider
    by: Actor
    now: datetime

    def unwritable(self, one: _Ready) -> list[Problem]:
        """Why a question can't be asked."""
        asked = _question(one, self.billing, "T1")
        return unwritable(lambda envelope: write_270(envelope, [asked]), one.spot, now=self.now)

    def files(self, listed: Sequence[_Ready]) -> list[SentQuestions]:
        """One file an insurer or clearinghouse, more where there are more than 99 patients."""
        routes = routes_of(self.practice)
        batches: dict[tuple[str, int], list[_Ready]] = defaultdict(list)
        for one in listed:
            receiver = receiver_of(one.plan.payer)
            batches[(receiver, 0) if receiver in routes else ("", one.plan.payer_id)].append(one)
        sent = []
        for batch in batches.values():
            for part in in_parts(batch, MOST_IN_FILE):
                written, checks = self.questions(part, live=False)
                sent.append(SentQuestions(written.file, written.name, written.to, written.payer, tuple(checks)))
        return sent

    def questions(self, listed: Sequence[_Ready], *, live: bool) -> tuple[Written, list[int]]:
        """The file of these questions, and their ids."""
        numbers = counters.next_values(self.practice, "inquiry", len(listed))
        traces = [f"E{self.practice}-{number:07}" for number in numbers]
        ordered = sorted(listed, key=lambda one: one.plan.payer_id)
        asked = [_question(one, self.billing, trace) for one, trace in zip(ordered, traces, strict=True)]
        payers = {one.plan.payer_id for one in ordered}
        to = ordered[0].plan.payer
        written = keep_file(
            self.practice, "270", to, payers.pop() if len(payers) == 1 else None, lambda envelope: write_270(envelope, asked),
            route=routes_of(self.practice).get(receiver_of(to)), live=live, by=self.by, now=self.now,
        )  # fmt: skip
        new = [
            NewCheck(
                one.patient,
                one.plan.id,
                one.plan.payer_id,
                one.served_on,
                trace,
                one.plan.member_id,
                LIVE if live else BY_FILE,
            )
            for one, trace in zip(ordered, traces, strict=True)
        ]
        checks = eligibility.add(self.practice, new, file=written.file, by=self.by.name, at=self.now)
        events = [audit.Event("eligibility.ask", one.patient, f"coverage:{one.plan.id}") for one in ordered]
        audit.record(self.practice, events, by=self.by, at=self.now)
        return written, checks


def _question(one: _Ready, billing: BillingProvider, trace: str) -> EligibilityQuestion:
    """No more than the insurer needs to find the person: no address (45 CFR 164.502(b))."""
    plan = one.plan
    through_other = plan.relationship != SELF
    return EligibilityQuestion(
        plan.payer, Provider(billing.npi, billing.name), replace(plan.subscriber, address=Address()), plan.member_id.strip(), trace,
        f"1{billing.tax_id}", one.served_on, None, dependent=replace(one.person, address=Address()) if through_other else None,
        relationship=_RELATIONSHIPS.get(plan.relationship, "34") if through_other else "",
    )  # fmt: skip
