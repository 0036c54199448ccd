"""One visit in a real browser, from the biller's form to the bank: what each page says adds up, and nothing is left open."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from claims_service import clock
from claims_service.access import people
from claims_service.access.passwords import Passwords
from claims_service.app import create_app
from claims_service.config import Config
from claims_service.domain.actor import COMMAND
from claims_service.gateways.sandbox_bank import Deposit, camt053
from claims_service.gateways.sandbox_insurer import Answer, SandboxInsurer
from claims_service.gateways.sandbox_insurer.plan import Benefit, Member, Plan
from claims_service.store import audit, connection, journal, tables
from claims_service.workflow.receive_payouts import receive_payouts
from tests.access.world import PASSWORD
from tests.browser.visits import OpenPage, served
from tests.clinic import NOW, PRICES, TODAY, VISIT_DAY, Clinic, found
from tests.store_fixtures import Databases

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Locator, Page

pytestmark = pytest.mark.browser

PRIYA, ROSALIND = "priya@lakeside.example", "rosalind@quillhaven.example"
AMOUNT = re.compile(r"(−?)\$([\d,]+)\.(\d\d)")
CODES = (
    ("icd10", "J069", "Cold, not further named"),
    ("procedure", "99213", "Office visit, established"),
    ("procedure", "85025", "Blood count"),
)
QUILLHAVEN = Plan(
    "Quillhaven Health", "QH001", "QH001", "1990000099", "7 Payer Boulevard", "Salem", "OR", "973010001", "5035550170",
    "990000013", "000111201", "990000026", "000333444", "CI", 0,
    {"QHM0000001": Member("QHM0000001", "silver", date(2026, 1, 1), None, 0)},
    {code: cents * 3 // 4 for code, cents in PRICES.items()},
    {"silver": Benefit(copay_cents=20_00)},
    office_visits=frozenset({"99213"}),
)  # fmt: skip


@dataclass
class World:
    """A clinic that works through its pages alone. later: lets days pass."""

    address: str
    clinic: Clinic
    open_page: OpenPage
    insurer: SandboxInsurer
    later: Callable[[timedelta], None]
    payouts: Callable[[], list[Deposit]]

    def sign_in(self, site: str, email: str) -> "Page":
        page = self.open_page(f"{self.address}/{site}/sign-in")
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        return page


@pytest.fixture
def world(
    config: Config, databases: Databases, tmp_path: Path, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    """The clinic of the stories with a biller, and Quillhaven with a clerk and a plan that leaves a $20.00 copay."""
    url, passed = databases.migrated("sqlite"), [timedelta()]
    monkeypatch.setattr(clock, "now", lambda: NOW + passed[0])
    app = create_app(replace(config, database_url=url))
    with connection.opened():
        clinic = found()
        for code_set, code, label in CODES:
            tables.Code.create(practice=clinic.practice, code_set=code_set, code=code, label=label, search=label)
        for email, role, payer in ((PRIYA, "biller", None), (ROSALIND, "insurer", clinic.quillhaven)):
            person = people.Newcomer(email, email.partition("@")[0].title(), role, PASSWORD, payer)
            people.add(clinic.practice, person, passwords=Passwords(config), by=COMMAND, now=NOW)

    def later(days: timedelta) -> None:
        passed[0] += days

    def payouts() -> list[Deposit]:
        today, processor = clock.today("America/Los_Angeles"), app.extensions["card_processor"]
        with connection.opened():
            receive_payouts(clinic.practice, processor=processor, by=COMMAND, now=clock.now(), today=today)
        sent = processor.payouts(str(clinic.practice), until=today)
        return [Deposit(p.paid_on, p.net_cents, "PAYOUT", "Card company", p.reference) for p in sent]

    with served(app) as address:
        insurer = SandboxInsurer(QUILLHAVEN, tmp_path / "quillhaven.json")
        yield World(address, clinic, open_page, insurer, later, payouts)
    databases.remove(url)


def cents(text: str) -> list[int]:
    """Every amount in a text: "−$37.50" is -3750."""
    return [int(dollars.replace(",", "") + rest) * (-1 if sign else 1) for sign, dollars, rest in AMOUNT.findall(text)]


def amount_of(part: "Locator") -> int:
    (found,) = set(cents(part.inner_text().replace("\n", "")))
    return found


def choose(page: "Page", field: str, typed: str, hit: str) -> None:
    """Type into a look-up field and take what it offers."""
    page.locator(f"[name='{field}']").press_sequentially(typed)
    page.get_by_role("option").filter(has_text=hit).click()


def code_a_visit(world: World) -> "Page":
    """Priya finds Alma, types the visit with the look-ups, and sends it: $120.00 + $30.00."""
    page = world.sign_in("staff", PRIYA)
    page.get_by_role("link", name="Code a visit").first.click()
    page.get_by_label("Patient", exact=True).fill("Testpatient, Alma")
    page.get_by_role("button", name="Find the patient").click()
    page.get_by_role("link", name="Alma").click()
    page.get_by_label("Date of the visit").fill(f"{VISIT_DAY:%m/%d/%Y}")
    choose(page, "diagnosis-0", "J06", "J06.9")
    choose(page, "lines-0-code", "99213", "99213")
    page.locator("[name='lines-0-pointers']").fill("A")
    choose(page, "lines-1-code", "85025", "85025")
    page.locator("[name='lines-1-pointers']").fill("A")
    page.locator("[name='lines-1-units']").press("Tab")
    page.locator("#outlook").get_by_text("$150.00").first.wait_for()
    page.get_by_role("button", name="Save and send").click()
    page.get_by_text("Saved and sent.").wait_for()
    return page


def fetch_claim_file(world: World) -> tuple["Page", bytes]:
    """Rosalind downloads what is new; the clinic has a receipt for it."""
    page = world.sign_in("insurer", ROSALIND)
    page.get_by_text("1 new file").wait_for()
    with page.expect_download() as waiting:
        page.get_by_role("button", name=re.compile("^Get ")).last.click()
    content = Path(waiting.value.path()).read_bytes()
    page.reload()
    page.get_by_text("1 receipt expected from you.").wait_for()
    return page, content


def send_answers(world: World, page: "Page", claim_file: bytes) -> list[Answer]:
    """999, 277CA and 835, made from the very bytes that were downloaded; each is taken."""
    answers = [*world.insurer.receive(claim_file, NOW), *world.insurer.pay(TODAY)]
    assert [answer.kind for answer in answers] in (["TA1", "999", "277CA", "835"], ["999", "277CA", "835"])
    files: list[FilePayload] = [
        {"name": a.name, "mimeType": "application/edi-x12", "buffer": a.content} for a in answers
    ]
    page.get_by_label("Choose files").set_input_files(files)
    page.get_by_role("button", name="Send").click()
    page.get_by_role("heading", name="What became of your files").wait_for()
    for answer in answers:
        card = page.get_by_role("region", name=answer.name)
        card.get_by_text("Taken", exact=True).wait_for()
    return answers


def bill(world: World, page: "Page") -> str:
    """Priya sees $37.50 + $92.50 + $20.00 = $150.00 posted, bills the $20.00 and gets Alma a link."""
    page.reload()
    told = page.get_by_role("region", name="Where the money went").inner_text()
    assert {-37_50, -92_50, 20_00} <= {*cents(told)} or {37_50, 92_50, 20_00} <= {*cents(told)}, told
    page.get_by_role("link", name="Statements").click()
    page.get_by_role("button", name="Bill 1 patient").click()
    page.get_by_text("1 statement issued, $20.00.").wait_for()
    page.get_by_role("link", name="Alma").first.click()
    page.get_by_role("button", name="Make a link").click()
    return page.get_by_label("Link").input_value()


def pay(world: World, link: str, scripts: bool) -> None:
    """Alma opens the bill with her date of birth, reads how it came about, and pays it."""
    page = world.open_page(link, scripts=scripts)
    page.get_by_label("Date of birth").fill("01/01/1980")
    page.get_by_role("button", name="Open my bill").click()
    page.get_by_role("link", name="See why and pay").click()
    page.locator(".stairs").first.wait_for()
    steps = [amount_of(step.locator(".money")) for step in page.locator(".stairs > li").all()]
    assert steps == [150_00, -37_50, -92_50, 20_00, 20_00]
    assert sum(steps[:3]) == steps[3] == steps[4]
    shares = [amount_of(line.locator("> summary .money")) for line in page.locator("details.line").all()]
    assert shares == [20_00, 0]
    page.get_by_role("link", name="Pay $20.00").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Pay $20.00 now").click()
    page.get_by_role("button", name="good test card").click()
    page.get_by_role("heading", name="Paid. Thank you, Alma.").wait_for()
    page.get_by_text("Nothing is open on this bill.").wait_for()


def match_the_bank(world: World, answers: list[Answer]) -> "Page":
    """Three days later the bank's file brings $92.50 of Quillhaven and $19.12 by card: both are explained at once."""
    world.later(timedelta(days=3))
    payouts = world.payouts()
    transfer = next(answer.transfer for answer in answers if answer.transfer)
    insurer = Deposit(transfer.sent_on, transfer.cents, transfer.addenda, transfer.sender)
    assert [deposit.cents for deposit in (insurer, *payouts)] == [92_50, 20_00 - 58 - 30]
    content = camt053("000330071", 1_000_00, [insurer, *payouts], written_at=clock.now())
    page = world.sign_in("staff", PRIYA)
    page.get_by_role("link", name="Deposits").click()
    file: FilePayload = {"name": "checking.xml", "mimeType": "application/xml", "buffer": content}
    page.get_by_label("Choose files").set_input_files([file])
    page.get_by_role("button", name="Read and match").click()
    page.get_by_text("Matched now, 2 bank lines").wait_for()
    page.get_by_role("link", name="To the deposits").click()
    return page


def nothing_is_open(world: World, page: "Page") -> None:
    """On the pages and in the books: 92.50 + 19.12 in the bank, 0.88 of fees, every other account of the visit even."""
    page.get_by_text("Everything is matched").wait_for()
    total = page.get_by_role("region", name="Matched bank lines").locator("tfoot").inner_text()
    assert cents(total) == [111_62, 112_50, 111_62] or cents(total) == [111_62] * 3, total
    page.goto(f"{world.address}/staff/patients/{world.clinic.alma}")
    page.get_by_text("Nothing to pay").wait_for()
    assert [amount_of(tile.locator(".money")) for tile in page.locator(".tiles > *").all()] == [0, 0, 0, 0]
    with connection.opened():
        accounts = {name: left for name, left in journal.trial_balance(world.clinic.practice).items() if left}
        assert accounts == {"bank": 111_62, "card_fees": 88, "contractual": 37_50, "revenue": -150_00}
        assert journal.check() == []
        assert audit.verify() == []
        assert tables.FileReceipt.select().count() == 1


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no_scripts"])
def test_a_visit_goes_from_the_form_to_the_bank_and_nothing_stays_open(world: World, *, scripts: bool) -> None:
    """$150.00 charged, $37.50 off, $92.50 from Quillhaven, $20.00 from Alma; her half also without JavaScript."""
    claim_page = code_a_visit(world)
    mailbox, claim_file = fetch_claim_file(world)
    answers = send_answers(world, mailbox, claim_file)
    pay(world, bill(world, claim_page), scripts)
    nothing_is_open(world, match_the_bank(world, answers))
