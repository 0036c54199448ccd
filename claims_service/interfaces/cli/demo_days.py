"""The demo's two months, day by day: visits, claims, insurers' answers, statements, payments and the bank."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from claims_service.domain.actor import Actor
from claims_service.domain.encounter import Encounter
from claims_service.domain.patient.pay_link import PayLinks
from claims_service.formats.documents.statement_pdf import statement_pdf
from claims_service.formats.tables.clinic_files import VisitRow, workdays_before
from claims_service.gateways.cards.test_processor import TestProcessor
from claims_service.gateways.messages.outbox import FolderOutbox
from claims_service.gateways.sandbox_bank import Deposit, camt053, with_surprises
from claims_service.gateways.sandbox_insurer import Answer, SandboxInsurer, Transfer
from claims_service.interfaces.cli.demo_answers import ask_insurers, record_approvals
from claims_service.interfaces.cli.demo_corrections import put_right
from claims_service.interfaces.cli.demo_disputes import answer_bills, dispute_bills, judge_bills
from claims_service.interfaces.cli.demo_estimates import tell_prices
from claims_service.interfaces.cli.demo_help import help_out
from claims_service.interfaces.cli.demo_plans import agree_plans
from claims_service.queries import bills, issued_statements, mailbox
from claims_service.queries.issued_statements import Issued
from claims_service.workflow.bill_next_payer import bill_next_payers
from claims_service.workflow.bill_patient import bill_patients
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.freeze_resources import freeze_resources
from claims_service.workflow.hand_over_files import hand_over_files
from claims_service.workflow.incoming import FileOutcome, IncomingFile
from claims_service.workflow.load_clinic import Outcome as Clinic
from claims_service.workflow.match_deposits import match_deposits
from claims_service.workflow.open_pay_links import open_pay_links
from claims_service.workflow.pause_bills import choose_contact
from claims_service.workflow.post_remittance import post_remittance
from claims_service.workflow.read_acknowledgement import read_acknowledgement
from claims_service.workflow.read_bank_file import read_bank_file
from claims_service.workflow.receive_payouts import receive_payouts
from claims_service.workflow.record_encounter import record_encounters
from claims_service.workflow.remind_patients import remind_patients
from claims_service.workflow.submit_claims import submit_claims
from claims_service.workflow.take_payment import (
    CardPayment,
    DeskPayment,
    settle_payments,
    start_payments,
    take_desk_payments,
)

# Workdays before today on which things happen; visits end one day before it.
LONGEST_AGO = 42
SUBMIT = frozenset(range(37, 0, -5))  # ... 7, 2: what was seen later is ready to send
PAYDAYS = frozenset(range(35, -1, -5))  # ... 5, today
CORRECTIONS = 17  # both claims were paid, and what they become is answered before today
ESTIMATES = 16  # patients who are told a price, or ask for one
STATEMENTS = frozenset({21, 11, 4})
PAYMENTS = frozenset({18, 8, 2})
FILES_BY_HOUR = {"TA1": 10, "999": 11, "277CA": 14}
SHORT_CENTS = 1500
BANK_ACCOUNT = "000333444"


@dataclass(frozen=True, slots=True)
class Cast:
    """Who does what in the demo. insurers: by payer id."""

    front_desk: Actor
    biller: Actor
    manager: Actor
    insurers: dict[int, Actor]


@dataclass(slots=True)
class Demo:
    """What the days work on. told: called with a stage and how much was done; counts: what was done, by stage."""

    clinic: Clinic
    cast: Cast
    insurers: dict[int, SandboxInsurer]
    processor: TestProcessor
    visits: Sequence[VisitRow]
    folder: Path
    zone: ZoneInfo
    today: date
    now: datetime
    told: Callable[[str, int], None]
    links: PayLinks
    counts: Counter[str] = field(default_factory=Counter)
    transfers: list[Transfer] = field(default_factory=list)
    asked: set[int] = field(default_factory=set)

    def at(self, day: date, hour: int) -> datetime:
        """An hour of a past day at the clinic; on the last day, now."""
        return self.now if day >= self.today else datetime.combine(day, time(hour), self.zone).astimezone(UTC)

    def add(self, stage: str, count: int) -> None:
        self.counts[stage] += count
        self.told(stage, count)

    def keep(self, kind: str, name: str, content: bytes) -> None:
        """A copy for people who want to look at the files themselves."""
        place = self.folder / kind
        place.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)


def days(demo: Demo) -> Iterator[date]:
    """Live through the two months, one workday after the other; gives each day as it ends."""
    for ago in range(LONGEST_AGO, -1, -1):
        day = workdays_before(demo.today, ago) if ago else demo.today
        if ago in PAYDAYS:
            _post_payments(demo, day)
        if ago == CORRECTIONS:
            demo.counts["corrected"] = put_right(
                demo.clinic.practice, by=demo.cast.biller, now=demo.at(day, 8), today=day
            )
        if ago in SUBMIT:
            _submit(demo, day, unread=demo.clinic.payers["quillhaven"] if ago == min(SUBMIT) else None)
        if ago in STATEMENTS:
            _send_statements(demo, day)
        if ago in PAYMENTS:
            _take_payments(demo, day)
        _record(demo, day)
        _remind(demo, day)
        yield day
    _match_bank(demo)
    _ask(demo)
    _tell_prices(demo)
    _freeze(demo)
    _print_statements(demo)


def _tell_prices(demo: Demo) -> None:
    """Estimates for visits to come, and financial help that was asked for."""
    patients = list(demo.clinic.patients.values())[:ESTIMATES]
    by, now = demo.cast.front_desk, demo.now
    demo.counts["estimates"] = tell_prices(demo.clinic.practice, patients, by=by, now=now, today=demo.today)
    demo.counts["assistance"] = help_out(
        demo.clinic.practice, by=demo.cast.biller, manager=demo.cast.manager, now=now, today=demo.today
    )
    name, desk = "Front desk", demo.cast.front_desk
    demo.counts["payment_plans"] = agree_plans(demo.clinic.practice, by=desk, by_name=name, now=now, today=demo.today)


def _record(demo: Demo, day: date) -> None:
    """The visits of a day, and a claim for each."""
    clinic = demo.clinic
    listed = [
        Encounter(
            clinic.patients[v.patient], v.served_on, v.place_of_service, clinic.providers[v.provider], v.diagnoses, v.lines,
            v.reference, v.prior_authorization, None, v.note,
        )
        for v in demo.visits
        if v.served_on == day
    ]  # fmt: skip
    if not listed:
        return
    recorded = record_encounters(clinic.practice, listed, by=demo.cast.front_desk, now=demo.at(day, 17)).recorded
    demo.add("visits", len(recorded))
    built = build_claims(clinic.practice, recorded, by=demo.cast.biller, now=demo.at(day, 18), today=day)
    demo.add("claims", len(built.claims) + len(built.self_pay))
    demo.counts["stopped"] += built.count("needs_mending")
    demo.counts["self_pay"] += len(built.self_pay)
    demo.counts["charge_cents"] += built.charge_cents


def _submit(demo: Demo, day: date, *, unread: int | None) -> None:
    """Ready claims into files; each insurer fetches its own and answers, the envelope first and the claims last.

    unread: the insurer whose file still lies in its mailbox when the demo ends.
    """
    practice, morning = demo.clinic.practice, demo.at(day, FILES_BY_HOUR["TA1"])
    for payer, insurer in demo.cast.insurers.items():
        waiting = [file.id for file in mailbox.claim_files(practice, payer) if file.stage == "new"]
        if waiting and payer != unread:  # our receipts for what it sent
            hand_over_files(practice, payer, waiting, by=insurer, now=demo.at(day, 9))
    answers: list[tuple[int, Answer]] = []
    for sent in submit_claims(practice, by=demo.cast.biller, now=demo.at(day, 9)).files:
        demo.add("files", 1)
        demo.counts["sent"] += len(sent.claims)
        if sent.payer is None or sent.payer == unread:
            continue
        (file,) = hand_over_files(practice, sent.payer, [sent.file], by=demo.cast.insurers[sent.payer], now=morning)
        demo.keep("837", file.name, file.content)
        answers += [(sent.payer, answer) for answer in demo.insurers[sent.payer].receive(file.content, morning)]
    for payer, answer in sorted(answers, key=lambda each: FILES_BY_HOUR[each[1].kind]):
        _take_in(demo, payer, answer, day)


def _take_in(demo: Demo, payer: int, answer: Answer, day: date) -> FileOutcome:
    """An insurer uploads an answer to its mailbox."""
    demo.keep("answers", answer.name, answer.content)
    came = [IncomingFile(answer.name, answer.content, payer)]
    by, practice = demo.cast.insurers[payer], demo.clinic.practice
    if answer.kind == "835":
        (outcome,) = post_remittance(practice, came, by=by, now=demo.at(day, 7), today=day)
        demo.add("remittances", 1)
    else:
        (outcome,) = read_acknowledgement(practice, came, by=by, now=demo.at(day, FILES_BY_HOUR[answer.kind]))
        demo.add("answers", 1)
    demo.counts[f"{answer.kind}:{outcome.state}"] += 1
    return outcome


def _post_payments(demo: Demo, day: date) -> None:
    """The insurers' payday; what a first plan left goes on to the second."""
    practice = demo.clinic.practice
    for payer, insurer in demo.insurers.items():
        for answer in insurer.pay(day):
            _take_in(demo, payer, answer, day)
            if answer.transfer:
                demo.transfers.append(answer.transfer)
    onward = bill_next_payers(practice, by=demo.cast.biller, now=demo.at(day, 8), today=day)
    if onward.claims:
        demo.add("secondary", len(onward.claims))


def _send_statements(demo: Demo, day: date) -> None:
    made = bill_patients(demo.clinic.practice, None, by=demo.cast.biller, now=demo.at(day, 12), today=day)
    demo.add("statements", len(made.statements))
    demo.counts["invoices"] += len(made.invoices)
    practice, desk = demo.clinic.practice, demo.cast.front_desk
    for patient in {bill.patient for bill in issued_statements.latest(practice) if bill.patient % 3}:
        choose_contact(practice, patient, by_email=True, by_text=False, via="desk", by=desk, now=demo.at(day, 12))


def _remind(demo: Demo, day: date) -> None:
    """An evening's messages; who did not agree to e-mail gets a letter."""
    outbox, now = FolderOutbox(demo.folder / "messages"), demo.at(day, 19)
    told = remind_patients(
        demo.clinic.practice, outbox=outbox, links=demo.links, by=demo.cast.biller, now=now, today=day
    )
    demo.counts["messages"] += told.sent + told.to_print


def _take_payments(demo: Demo, day: date) -> None:
    """What patients do with their statements, by turns: all by card, nothing, half by card, a check by mail, a declined card first."""
    fresh = [bill for bill in issued_statements.latest(demo.clinic.practice) if bill.id not in demo.asked]
    demo.asked.update(bill.id for bill in fresh)
    _pay_by_mail(demo, day, fresh[3::5])
    halves = [(bill, max(bill.owed_cents // 2, min(100, bill.owed_cents))) for bill in fresh[2::5]]
    _pay_by_card(demo, day, [*((bill, bill.owed_cents) for bill in fresh[0::5]), *halves])
    _pay_by_card(demo, day, [(bill, bill.owed_cents) for bill in fresh[4::5]], declined=True)
    practice, now = demo.clinic.practice, demo.at(day, 17)
    demo.counts["disputes"] += dispute_bills(practice, fresh[1::5], now=now, today=day)
    demo.counts["disputes_answered"] += answer_bills(practice, by=demo.cast.biller, now=now, today=day)


def _pay_by_mail(demo: Demo, day: date, paid: Sequence[Issued]) -> None:
    checks = [DeskPayment(b.patient, b.owed_cents, "check", f"mail:{b.id}", str(1100 + b.id), b.id) for b in paid]
    practice = demo.clinic.practice
    taken = take_desk_payments(practice, checks, by=demo.cast.front_desk, now=demo.at(day, 15), today=day)
    demo.add("payments", len(taken))


def _pay_by_card(demo: Demo, day: date, wanted: Sequence[tuple[Issued, int]], *, declined: bool = False) -> None:
    """Start on our page, pay on the card company's, and take its signed messages in."""
    now, practice = demo.at(day, 16), demo.clinic.practice
    # a plan may have changed its answer since: nobody pays more than the page asks for now
    asked = [(b, min(cents, bills.bill(practice, b.patient, b.id).asked_cents)) for b, cents in wanted]
    wishes = [CardPayment(b.patient, b.id, c, f"card:{b.id}", "Your bill", "/", "/") for b, c in asked if c > 0]
    company = Actor("processor", "processor")
    started = start_payments(practice, wishes, processor=demo.processor, by=company, now=now)
    for good in (False, True) if declined else (True,):
        told = [demo.processor.pay(page.url.rpartition("/")[2], good=good, now=now) for page in started]
        events = [demo.processor.read_event(message.body, message.signature, now=now) for message in told]
        settle_payments(practice, events, by=company, now=now, today=day)
    judge_bills(practice, [bill for bill, cents in asked if cents > 0], now=now)
    demo.add("payments", len(started))


def _match_bank(demo: Demo) -> None:
    """The bank's statement up to yesterday, and the three-way match."""
    practice, biller, yesterday = demo.clinic.practice, demo.cast.biller, workdays_before(demo.today, 1)
    receive_payouts(practice, processor=demo.processor, by=biller, now=demo.now, today=yesterday)
    booked = [d for d in _deposits(demo) if d.booked_on <= yesterday]
    content = camt053(BANK_ACCOUNT, 0, with_surprises(booked, short_by_cents=SHORT_CENTS), written_at=demo.now)
    name = f"bank-{demo.today:%Y%m%d}.camt053.xml"
    demo.keep("bank", name, content)
    (read,) = read_bank_file(practice, [IncomingFile(name, content)], by=biller, now=demo.now)
    demo.add("bank_lines", read.counts.get("new", 0))
    match_deposits(practice, by=biller, now=demo.now, today=demo.today)


def _deposits(demo: Demo) -> Iterator[Deposit]:
    """What reaches the account: insurers' transfers a workday later, card payouts on their day, each day's checks a workday later."""
    for transfer in demo.transfers:
        yield Deposit(_next_workday(transfer.sent_on), transfer.cents, transfer.addenda, transfer.sender)
    for payout in demo.processor.payouts(str(demo.clinic.practice), until=demo.today):
        yield Deposit(payout.paid_on, payout.net_cents, "PAYOUT", "Card company", payout.reference)
    by_day: Counter[date] = Counter()
    for check in issued_statements.checks(demo.clinic.practice):
        by_day[check.taken_at.astimezone(demo.zone).date()] += check.cents
    for day, cents in by_day.items():
        yield Deposit(_next_workday(day), cents, "COUNTER DEPOSIT", "COUNTER DEPOSIT")


def _next_workday(day: date) -> date:
    day += timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day


def _ask(demo: Demo) -> None:
    """Insurers are asked about the cover of everyone, and about claims that wait; approvals are on file."""
    cast, now, today = demo.cast, demo.now, demo.today
    record_approvals(demo.clinic, by=cast.front_desk, now=now, today=today)
    answers = ask_insurers(demo.clinic, demo.insurers, people=cast, now=now, today=today)
    demo.add("asked", answers)


def _freeze(demo: Demo) -> None:
    frozen = freeze_resources(demo.clinic.practice, by=demo.cast.biller, now=demo.now)
    demo.add("resources", frozen.written)


def _print_statements(demo: Demo) -> None:
    """Each patient's newest statement on paper."""
    practice = demo.clinic.practice
    for issued in issued_statements.latest(practice):
        statement = bills.bill(practice, issued.patient, issued.id).statement
        language = bills.addressee(practice, issued.patient).language
        links = open_pay_links(practice, [(issued.id, issued.patient)], by=demo.cast.biller, now=demo.now)
        printed = statement_pdf(statement, language, pay_link=demo.links.address(links[issued.id]))
        demo.keep("statements", f"{issued.number}.pdf", printed)
        demo.add("printed", 1)
