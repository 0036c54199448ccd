"""Plays a story of the book in the clinic of the tests and compares the books with what it says."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from claims_service.domain.encounter import ServiceLine
from claims_service.domain.ledger import accounts as a
from claims_service.domain.remittance.advice import ClaimPayment
from claims_service.domain.remittance.standing import decision_that_holds
from claims_service.formats.x12.write_835 import Remittance
from claims_service.store import claims, journal, patients, remittances
from claims_service.store.claims import Head
from claims_service.store.connection import run, write
from claims_service.workflow.bill_next_payer import bill_next_payers
from claims_service.workflow.bill_patient import bill_patients
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.incoming import FileOutcome
from claims_service.workflow.place_payment import Placement, place_payments
from claims_service.workflow.record_encounter import record_encounters
from claims_service.workflow.retry_held_payments import retry_held_payments
from claims_service.workflow.submit_claims import submit_claims
from tests import factories835
from tests.clinic import BILLER, NOW, TODAY, VISIT_DAY, Clinic
from tests.workflow.cycle import held, post
from tests.workflow.remittance_stories import notation

BESIDE_CLAIMS = (a.SUSPENSE, a.PROVIDER_BALANCE, a.INTEREST, a.PENALTIES)
PAYERS = {"northfold": {"payer_identifier": "NF002", "payer_name": "NORTHFOLD MUTUAL", "originator": "1987654321"}}


@dataclass(frozen=True)
class Story:
    """name: a claim a biller would nod at; lines: what happens and what then stands in the books."""

    name: str
    lines: tuple[str, ...]


def stories(folder: Path) -> list[Story]:
    """All stories of the book, in the order of its chapters."""
    found: list[tuple[str, list[str]]] = []
    for chapter in sorted(folder.glob("*.txt")):
        for line in chapter.read_text("utf-8").splitlines():
            if line.startswith("== "):
                found.append((line[3:].strip(), []))
            elif line.strip() and not line.startswith("#"):
                found[-1][1].append(line.rstrip())
    return [Story(name, tuple(lines)) for name, lines in found]


@dataclass
class _Check:
    """One payment of a file as it is written down: head, claims, adjustments beside them."""

    trace: str
    told: notation.Words
    payments: list[ClaimPayment] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)


@dataclass
class Teller:
    """Does what each line says; what the story does not expect at its end is a fault too."""

    clinic: Clinic
    heads: dict[str, Head] = field(default_factory=dict)
    told: dict[str, list[ClaimPayment]] = field(default_factory=dict)
    content: bytes = b""
    outcome: FileOutcome | None = None
    waits: str = ""
    beside: str = ""
    day: int = 0
    services: Mapping[str, str] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return TODAY + timedelta(self.day)

    @property
    def now(self) -> datetime:
        return NOW + timedelta(self.day)

    def person(self, name: str) -> int:
        """The patient of that name."""
        return int(getattr(self.clinic, name))

    def tell(self, story: Story) -> None:
        lines = iter(story.lines)
        for line in _with_parts(lines):
            head = line[0]
            word, _, rest = head.partition(" ")
            if word.rstrip(":") in self.heads and head.partition(":")[0] in self.heads:
                self._expect_claim(word.rstrip(":"), rest)
            elif word in self._verbs:
                self._verbs[word](rest, line[1:])
            else:
                raise AssertionError(f"the notation has no {head!r}")
        self._expect_end()

    @property
    def _verbs(self) -> dict[str, Callable[[str, list[str]], None]]:
        return {
            "claim": self._claim, "build": self._build, "send": self._send, "835": self._file, "again": self._again,
            "->": self._expect_outcome, "next": self._next_plan, "retry": self._retry, "place": self._place,
            "lines": self._expect_lines, "waits:": self._keep_waits, "beside:": self._keep_beside,
            "statement:": self._expect_statement, "standing": self._expect_standing, "state": self._expect_state,
            "claims": self._hide, "crossed": self._crossed, "covers": self._covers,
        }  # fmt: skip

    def _claim(self, text: str, _: list[str]) -> None:
        self._build(text, _)
        self._send(text.split(maxsplit=1)[0], _)

    def _build(self, text: str, _: list[str]) -> None:
        """ "A alma 99213 85025*2", with on=-7 a week before the usual day."""
        told = notation.words(text)
        letter, person, *codes = told.plain
        lines = []
        for number, code in enumerate(codes or ["99213", "85025"]):
            plain, times = f"{code}*1".split("*")[:2]
            name, *modifiers = plain.split("-")
            words = self.services.get(name, "")
            lines.append(ServiceLine(name, (1 + number % 2,), tuple(modifiers), Decimal(times), description=words))
        served_on = told.day("on", VISIT_DAY)
        visit = self.clinic.visit(self.person(person), reference=f"V{letter}", served_on=served_on)
        visit = replace(visit, lines=tuple(lines))
        recorded = record_encounters(self.clinic.practice, [visit], by=BILLER, now=self.now).recorded
        built = build_claims(self.clinic.practice, recorded, by=BILLER, now=self.now, today=self.today)
        (key,) = [*(made.claim for made in built.claims), *built.self_pay]
        self.heads[letter] = claims.heads(self.clinic.practice, [key])[key]

    def _send(self, letter: str, _: list[str]) -> None:
        sent = submit_claims(self.clinic.practice, [self.heads[letter].id], by=BILLER, now=self.now)
        assert sent.files, f"claim {letter} was not sent"

    def _hide(self, text: str, _: list[str]) -> None:
        """ "claims A unknown" and "claims A known": whether we know of a claim under its number yet."""
        letter, known = text.split()
        state = {"unknown": "ready", "known": "sent"}[known]
        with write():
            run("update claim set state = ? where id = ?", (state, self.heads[letter].id))

    def _file(self, text: str, parts: list[str]) -> None:
        checks = [self._check(text)]
        for part in parts:
            if part.startswith("and "):
                checks.append(self._check(part.removeprefix("and ")))
            elif part.startswith("plb "):
                checks[-1].aside.append(part)
            else:
                letter = part.split()[0]
                payment = notation.claim_payment(part, self.heads[letter], self.told.get(letter, []))
                checks[-1].payments.append(payment)
                if not payment.is_reversal:
                    self.told.setdefault(letter, []).append(payment)
        numbers = {letter: head.control_number for letter, head in self.heads.items()}
        remitted = [self._remittance(n, check, numbers) for n, check in enumerate(checks, 1)]
        self.content = factories835.file_835(*remitted)
        if "test" in checks[0].told.plain:
            self.content = self.content.replace(b"*P*:~", b"*T*:~", 1)
        whole = self.content
        if "cut" in checks[0].told.plain:
            self.content = whole[: whole.index(b"~SE*") + 1]
        self._post()
        self.content = whole

    def _check(self, text: str) -> _Check:
        told = notation.words(text)
        return _Check(told.plain[0], told)

    def _remittance(self, number: int, check: _Check, numbers: dict[str, str]) -> Remittance:
        options = check.told.options
        aside = [notation.provider_adjustment(one, numbers) for one in check.aside]
        changes: dict[str, object] = dict(PAYERS.get(options.get("from", ""), {}))
        changes["transaction_control"] = f"{number:04}"
        if "pays" in options:
            changes["paid_cents"] = notation.cents(options["pays"])
        if "method" in options:
            changes["method"] = options["method"]
        if "payee" in options:
            changes["payee_npi"] = options["payee"]
        return factories835.remittance(check.payments, aside, trace=check.trace, **changes)

    def _post(self, name: str = "answer.835") -> None:
        self.outcome = post(self.clinic, self.content, name=name, now=self.now, today=self.today)

    def _again(self, how: str, _: list[str]) -> None:
        content = self.content
        self.content = {
            "": content,
            "renamed": content,
            "with line breaks": content.replace(b"~", b"~\r\n"),
            "wrapped at 80": b"\r\n".join(content[n : n + 80] for n in range(0, len(content), 80)),
            "with new control numbers": content.replace(b"000000001", b"000000077")
            .replace(b"*1*X*005010", b"*77*X*005010")
            .replace(b"~GE*1*1~", b"~GE*1*77~"),
            "in earnest": content.replace(b"*T*:~", b"*P*:~", 1),
        }[how]
        self._post("copy-of-it.txt" if how == "renamed" else "answer.835")

    def _next_plan(self, letter: str, _: list[str]) -> None:
        (made,) = bill_next_payers(self.clinic.practice, by=BILLER, now=self.now, today=self.today).claims
        self.heads[letter] = claims.heads(self.clinic.practice, [made.claim])[made.claim]
        self._send(letter, [])

    def _crossed(self, text: str, _: list[str]) -> None:
        """ "crossed B from A": the one claim that the next plan's own answer opened beside A."""
        letter, _word, first = text.split()
        encounter = self.heads[first].encounter
        (found,) = claims.of_encounters(self.clinic.practice, [encounter])[encounter][1:]
        self.heads[letter] = found

    def _covers(self, text: str, _: list[str]) -> None:
        """ "covers alma northfold": the plan comes on file, after those the patient has."""
        person, payer = text.split()
        plan = patients.NewCoverage(
            self.person(person), self.person(payer), "NFM0000009", rank=2, valid_from=date(2026, 1, 1)
        )
        with write():
            patients.add_coverages(self.clinic.practice, [plan])

    def _retry(self, text: str, _: list[str]) -> None:
        found = retry_held_payments(self.clinic.practice, by=BILLER, now=self.now, today=self.today)
        assert found.placed == int(text or 0), found

    def _place(self, letter: str, _: list[str]) -> None:
        item = remittances.waiting(self.clinic.practice)[0].item
        chosen = [Placement(item, self.heads[letter].id)]
        place_payments(self.clinic.practice, chosen, by=BILLER, now=self.now, today=self.today)

    def _expect_outcome(self, text: str, _: list[str]) -> None:
        state, said = f"{text} ".split(" ", 1)
        assert self.outcome is not None
        problems = " ".join(f"{p.where} {p.message}" for p in self.outcome.problems)
        assert self.outcome.state == state, self.outcome
        assert said.strip() in f"{self.outcome.message} {problems}", self.outcome

    def _expect_claim(self, letter: str, text: str) -> None:
        found = journal.claim_balances(self.clinic.practice, [self.heads[letter].id])[self.heads[letter].id]
        revenue = -found.pop(a.REVENUE, 0) - found.pop(a.BETWEEN_PLANS, 0)
        assert _plain(found) == _told(text), f"claim {letter}"
        assert sum(found.values()) == revenue, f"charge = paid + adjusted + patient + open of claim {letter}"

    def _expect_lines(self, text: str, _: list[str]) -> None:
        """ "lines A patient_owes: 1 20.00, 2 5.00"; line 0 is the claim as a whole."""
        about, told = text.split(":")
        letter, account = about.split()
        found = journal.line_balances(self.clinic.practice, self.heads[letter].id, account)
        assert {str(line or 0): cents for line, cents in found} == _told(told)

    def _expect_statement(self, text: str, _: list[str]) -> None:
        made = bill_patients(self.clinic.practice, None, by=BILLER, now=self.now, today=self.today)
        assert ("none" if not made.statements else _dollars(made.owed_cents)) == text.strip()

    def _expect_standing(self, text: str, _: list[str]) -> None:
        """ "standing A 102.00": what the decision that holds pays."""
        letter, paid = text.split()
        key = self.heads[letter].id
        holds = decision_that_holds(remittances.payments_of(self.clinic.practice, [key])[key])
        assert ("none" if holds is None else _dollars(holds[1].paid_cents)) == paid

    def _expect_state(self, text: str, _: list[str]) -> None:
        letter, state = text.split()
        key = self.heads[letter].id
        assert claims.heads(self.clinic.practice, [key])[key].state == state

    def _keep_waits(self, text: str, _: list[str]) -> None:
        self.waits = text

    def _keep_beside(self, text: str, _: list[str]) -> None:
        self.beside = text

    def _expect_end(self) -> None:
        practice = self.clinic.practice
        waiting = sorted(f"{kind} {_dollars(cents)}" if cents else kind for kind, _, cents, _ in held(self.clinic))
        assert waiting == sorted(part.strip() for part in self.waits.split(",") if part.strip())
        books = journal.trial_balance(practice)
        beside = {name: cents for name in BESIDE_CLAIMS if (cents := books[name])}
        assert _plain(beside) == _told(self.beside)
        paid = run("select coalesce(sum(paid_cents), 0) from remittance where state = 'posted'").fetchone()[0]
        assert books[a.INSURER_CLEARING] == paid, "what was booked as insurers' money is what their payments say"
        assert journal.check(practice) == []


def _with_parts(lines: Iterator[str]) -> Iterator[list[str]]:
    """Each line with the indented ones that follow it."""
    block: list[str] = []
    for line in lines:
        if line.startswith(" "):
            block.append(line.strip())
            continue
        if block:
            yield block
        block = [line]
    yield block


def _told(text: str) -> dict[str, int]:
    pairs = (part.rsplit(maxsplit=1) for part in text.split(",") if part.strip())
    return _plain({name.strip(): notation.cents(amount) for name, amount in pairs})


def _plain(found: dict[str, int]) -> dict[str, int]:
    return {name: cents for name, cents in found.items() if cents}


def _dollars(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02}"
