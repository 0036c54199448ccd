"""An insurer whose format is a folder of mappings/: its claims go out in it, and its answers are posted from it."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from claims_service.config import data_folder
from claims_service.domain.errors import Rejected
from claims_service.formats import payers, remittances
from claims_service.formats.insurer import insurer_format
from claims_service.formats.xml import read_xml
from claims_service.store import claim_values, files, tables
from claims_service.store.journal import claim_balances
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.incoming import FileOutcome, IncomingFile, kind_of
from claims_service.workflow.post_remittance import post_remittance
from claims_service.workflow.record_encounter import record_encounters
from claims_service.workflow.submit_claims import Outcome, submit_claims
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.formats.insurer.test_made_up_formats import LINES, folder
from tests.formats.insurer.test_uae import answer

CACHES = (payers.format_of, insurer_format.insurer_format, remittances._roots)
PAID = """<Claim><ID>{claim}</ID><IDPayer>ICN9</IDPayer><ProviderID>LAKESIDE</ProviderID><PaymentReference>EFT77</PaymentReference>
<DateSettlement>18/11/2026 10:00</DateSettlement>{services}</Claim>"""
SERVICE = """<Activity><ID>{line}</ID><Start>10/11/2026 00:00</Start><Type>3</Type><Code>{code}</Code><Quantity>1.00</Quantity>
<Net>0</Net><Gross>{gross}</Gross><PatientShare>{share}</PatientShare><PaymentAmount>{paid}</PaymentAmount>{more}</Activity>"""


@pytest.fixture
def mappings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of mappings/ that a test may add folders to."""
    copied = tmp_path / "mappings"
    shutil.copytree(data_folder("mappings"), copied)
    for module in (payers, insurer_format, remittances):
        monkeypatch.setattr(module, "data_folder", lambda _name: copied)
    for cache in CACHES:
        cache.cache_clear()
    yield copied
    for cache in CACHES:
        cache.cache_clear()


def sent(clinic: Clinic, *patients: int) -> Outcome:
    """A visit of $150.00 for each, sent."""
    visits = [clinic.visit(patient, reference=f"V{n}") for n, patient in enumerate(patients or (clinic.alma,))]
    recorded = record_encounters(clinic.practice, visits, by=BILLER, now=NOW)
    build_claims(clinic.practice, recorded.recorded, by=BILLER, now=NOW, today=TODAY)
    return submit_claims(clinic.practice, by=BILLER, now=NOW)


def asks_for(mappings: Path, form: str, payer: str = "qh001") -> None:
    (mappings / "payers" / f"{payer}.toml").write_text(f'format = "{form}"\nanswers = []\n')


def posted(clinic: Clinic, content: bytes) -> FileOutcome:
    (outcome,) = post_remittance(
        clinic.practice, [IncomingFile("advice.xml", content)], by=BILLER, now=NOW, today=TODAY
    )  # fmt: skip
    return outcome


def remittance(clinic: Clinic, claim: int, *, sender: str = "QH001") -> bytes:
    """Of $120.00 the plan pays $80.00 and leaves a copay of $20.00; the blood count of $30.00 is denied."""
    told = claim_values.assemble(clinic.practice, [claim])[0].claim
    first, second = (line.reference for line in told.lines)
    services = SERVICE.format(line=first, code="99213", gross="120", share="20", paid="80", more="")
    services += SERVICE.format(
        line=second, code="85025", gross="30", share="0", paid="0", more="<DenialCode>AUTH-001</DenialCode>"
    )
    made = answer(PAID.format(claim=told.control_number, services=services))
    return made.replace(b"<SenderID>P1", b"<SenderID>" + sender.encode())


def test_a_made_up_insurer_gets_its_file_from_a_folder_and_no_code(clinic: Clinic, mappings: Path) -> None:
    """Quillhaven is the Fund that takes lines with semicolons; what it has in its mailbox is such a file."""
    folder(mappings, LINES)
    asks_for(mappings, "fund")

    (file,) = sent(clinic).files

    number = tables.ClaimRow.get_by_id(file.claims[0]).control_number
    kept = files.content_of(clinic.practice, file.file, clinic.quillhaven).decode()
    assert kept == f"{number};99213;120.00;GRP100;1980-01-01\n{number};85025;30.00;GRP100;1980-01-01\n"
    assert file.name.endswith(".csv")
    assert tables.ExchangeFile.get_by_id(file.file).kind == "own"
    assert tables.ClaimRow.get_by_id(file.claims[0]).state == "sent"


def test_the_same_day_others_get_their_837(clinic: Clinic, mappings: Path) -> None:
    """One visit to each insurer: Submission to Northfold, 837P to Quillhaven."""
    asks_for(mappings, "uae", "nf002")
    tables.CoverageRow.update(payer=clinic.northfold).where(tables.CoverageRow.patient == clinic.bruno).execute()

    made = sent(clinic, clinic.alma, clinic.bruno).files

    kinds = {file.payer: tables.ExchangeFile.get_by_id(file.file).kind for file in made}
    assert kinds == {clinic.quillhaven: "837P", clinic.northfold: "own"}
    own = next(file for file in made if file.payer == clinic.northfold)
    submission = read_xml(files.content_of(clinic.practice, own.file))
    assert submission.findtext("Claim/Gross") == "150.00"
    assert submission.findtext("Header/DispositionFlag") == "PRODUCTION"


def test_a_claim_the_format_cannot_carry_is_not_sent_at_all(clinic: Clinic, mappings: Path) -> None:
    made = folder(mappings, LINES)
    asks_for(mappings, "fund")
    (made / "format.toml").write_text((made / "format.toml").read_text().replace("professional", "institutional"))

    with pytest.raises(Rejected, match="takes no professional claims"):
        sent(clinic)

    assert tables.ExchangeFile.select().count() == 0
    assert {row.state for row in tables.ClaimRow.select()} == {"ready"}


def test_an_answer_in_the_insurers_own_format_is_posted_to_the_cent(clinic: Clinic) -> None:
    """$150.00: $80.00 on its way, $20.00 with Alma, $20.00 agreed discount, $30.00 denied for want of an authorization."""
    (claim,) = sent(clinic).files[0].claims
    outcome = posted(clinic, remittance(clinic, claim))

    assert (outcome.state, outcome.kind, outcome.counts["posted"]) == ("read", "835", 1), outcome
    balances = claim_balances(clinic.practice, [claim])[claim]
    assert {name: cents for name, cents in balances.items() if cents and name != "revenue"} == {
        "insurer_clearing": 80_00, "patient_owes": 20_00, "contractual": 20_00, "in_review": 30_00,
    }  # fmt: skip
    assert tables.ClaimRow.get_by_id(claim).state == "decided"


def test_the_same_answer_twice_posts_once(clinic: Clinic) -> None:
    (claim,) = sent(clinic).files[0].claims
    content = remittance(clinic, claim)
    before = posted(clinic, content)
    transfers = tables.JournalTransfer.select().count()

    again = posted(clinic, content + b"\n")

    assert (before.state, again.state) == ("read", "duplicate")
    assert tables.JournalTransfer.select().count() == transfers


def test_an_answer_cut_short_or_for_another_clinic_posts_nothing(clinic: Clinic) -> None:
    (claim,) = sent(clinic).files[0].claims
    content = remittance(clinic, claim)

    cut = posted(clinic, content[:-40])
    others = posted(clinic, content.replace(b"<ProviderID>LAKESIDE", b"<ProviderID>ELSEWHERE"))

    assert cut.state == "refused"
    assert others.state == "held"
    assert tables.ClaimRow.get_by_id(claim).state == "sent"


def test_only_the_top_of_a_file_says_what_it_is() -> None:
    assert kind_of(b'<?xml version="1.0"?>\n<!-- made today -->\n<Remittance.Advice>') == "835"
    assert kind_of(b"<Claim.Submission><Remittance.Advice/></Claim.Submission>") == ""
    assert kind_of(b"ISA no file <Remittance.Advice>") == ""


@pytest.mark.parametrize("odd", [b"<??>", b"<!---->", b" ", b"<?", b"<!--", b"<", b"\xef\xbb\xbf"])
def test_a_file_of_odd_brackets_is_placed_at_once(odd: bytes) -> None:
    """A million of them, and nothing behind: looked at once, in less than half a second."""
    begun = time.perf_counter()
    assert kind_of(odd * 1_000_000) == ""
    assert time.perf_counter() - begun < 0.5
