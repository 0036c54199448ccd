"""Part 8, corrections: a claim the insurer has is never edited; it is replaced (7) or voided (8), and nothing counts twice."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from claims_service.domain.claim import lifecycle
from claims_service.domain.encounter import ServiceLine
from claims_service.domain.errors import Conflict, Rejected
from claims_service.domain.ledger import accounts as a
from claims_service.domain.party import Address, Person
from claims_service.formats.x12.read_837p import read_837p
from claims_service.store import audit, claims, encounters, files, journal, patients
from claims_service.store.claims import Head
from claims_service.store.connection import run
from claims_service.workflow.bill_next_payer import bill_next_payers
from claims_service.workflow.bill_patient import bill_patients
from claims_service.workflow.check_claims import check_claims
from claims_service.workflow.correct_claim import Correction, correct_claims
from claims_service.workflow.record_encounter import mend_encounter
from claims_service.workflow.submit_claims import submit_claims
from claims_service.workflow.void_claim import void_claims
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.factories835 import DENIED, USUAL, Service, file_835, payment, remittance, reversal
from tests.formats.x12.pyx12_judge import judge
from tests.workflow.cycle import held, post
from tests.workflow.receipts import accepted, receipt, told

LEVEL_4 = ("99214", "85025")  # $180.00 and $30.00
BETTER = (Service("99214", 180_00, {"CO45": 45_00, "PR3": 25_00}), Service("85025", 30_00, {"CO45": 8_00}))


def head(clinic: Clinic, claim: int) -> Head:
    return claims.heads(clinic.practice, [claim])[claim]


def correct(clinic: Clinic, old: Head, *codes: str) -> Head:
    visit = encounters.load(clinic.practice, [old.encounter])[old.encounter].encounter
    lines = tuple(ServiceLine(code, (1,)) for code in codes or LEVEL_4)
    wanted = [Correction(old.id, replace(visit, lines=lines))]
    made = correct_claims(clinic.practice, wanted, why="coded too low", by=BILLER, now=NOW, today=TODAY)
    return head(clinic, made[0].claim)


def void(clinic: Clinic, *claims: int) -> Head | None:
    outcome = void_claims(clinic.practice, claims, why="never happened", by=BILLER, now=NOW, today=TODAY)
    return head(clinic, outcome.asked[0].claim) if outcome.asked else None


def written(clinic: Clinic) -> tuple[bytes, list[tuple[str, str, str, int]]]:
    """The next file, and of its claims frequency, own number, the insurer's number of the old one, and charge."""
    (file,) = submit_claims(clinic.practice, by=BILLER, now=NOW).files
    content = files.content_of(clinic.practice, file.file)
    return content, [(c.frequency, c.control_number, c.payer_claim_number, c.charge_cents) for c in read_837p(content)]


def totals(clinic: Clinic) -> dict[str, int]:
    return {name: cents for name, cents in journal.trial_balance(clinic.practice).items() if cents}


def owed(clinic: Clinic, *listed: int) -> list[int]:
    return [journal.balance(clinic.practice, a.PAYER_OWES, claim=claim) for claim in listed]


def test_part_8_a_replacement_names_the_insurers_number_and_pyx12_takes_it(clinic: Clinic) -> None:
    """$150.00 were accepted as ICN…; the visit was a level 4. Claim 7 over $210.00 goes out with REF*F8*ICN…"""
    (old,) = accepted(clinic)

    new = correct(clinic, old)

    assert (new.frequency, new.replaces, new.state) == ("7", old.id, "ready")
    assert (head(clinic, old.id).state, owed(clinic, old.id, new.id)) == ("replaced", [0, 210_00])
    content, found = written(clinic)
    assert found == [("7", new.control_number, f"ICN{old.control_number}", 210_00)]
    assert judge(content) == (True, [])


def test_part_8_a_void_goes_out_as_it_was_billed_and_pyx12_takes_it(clinic: Clinic) -> None:
    """The visit never took place: claim 8 over the same $150.00, and the insurer owes nothing from that moment."""
    (old,) = accepted(clinic)

    asked = void(clinic, old.id)

    assert asked
    content, found = written(clinic)
    assert found == [("8", asked.control_number, f"ICN{old.control_number}", 150_00)]
    assert judge(content) == (True, [])
    assert totals(clinic) == {}


def test_part_8_the_old_version_stays_as_it_was_sent(clinic: Clinic) -> None:
    """Codes, charge and visit of the accepted claim are what they were; the correction is a visit of its own."""
    (old,) = accepted(clinic)
    before = encounters.load(clinic.practice, [old.encounter])[old.encounter].encounter

    new = correct(clinic, old)

    assert encounters.load(clinic.practice, [old.encounter])[old.encounter].encounter == before
    assert new.encounter != old.encounter
    assert (head(clinic, old.id).charge_cents, new.charge_cents) == (150_00, 210_00)
    with pytest.raises(Conflict, match="correct it by a replacement"):
        mend_encounter(clinic.practice, old.encounter, before, version=1, by=BILLER, now=NOW)
    with pytest.raises(Conflict):
        check_claims(clinic.practice, [old.id], by=BILLER, now=NOW, today=TODAY)


def test_part_8_what_was_paid_stays_until_the_insurer_takes_it_back(clinic: Clinic) -> None:
    """Paid $87.00 of $150.00, corrected to $210.00. Then the reversal of -$87.00 and $132.00 anew: $87.00 never count twice."""
    (old,) = accepted(clinic)
    first = payment(old.control_number)
    post(clinic, file_835(remittance([first])))

    new = correct(clinic, old)

    assert owed(clinic, old.id, new.id) == [-150_00, 210_00]
    assert totals(clinic) == {
        a.REVENUE: -210_00, a.INSURER_CLEARING: 87_00, a.CONTRACTUAL: 38_00, a.PATIENT_OWES: 25_00, a.PAYER_OWES: 60_00,
    }  # fmt: skip
    written(clinic)
    answer = payment(new.control_number, BETTER, payer_claim_number="ICNNEW")
    post(clinic, file_835(remittance([reversal(first), answer], trace="EFT2")))
    assert owed(clinic, old.id, new.id) == [0, 0]
    assert totals(clinic) == {
        a.REVENUE: -210_00,
        a.INSURER_CLEARING: 132_00,
        a.CONTRACTUAL: 53_00,
        a.PATIENT_OWES: 25_00,
    }
    assert (head(clinic, old.id).state, head(clinic, new.id).state) == ("replaced", "decided")
    assert (journal.check(), audit.verify(), held(clinic)) == ([], [], [])


@pytest.mark.parametrize("named", ["by its own CLP01", "by the newer CLP01 and CLP07", "by the newer CLP01 and REF*F8"])
def test_part_8_a_reversal_finds_the_version_it_takes_back(clinic: Clinic, named: str) -> None:
    """Insurers put the old number, or the newest, on the reversal: -$87.00 always come off the claim they were paid for."""
    (old,) = accepted(clinic)
    first = payment(old.control_number)
    post(clinic, file_835(remittance([first])))
    new = correct(clinic, old)
    written(clinic)
    back = reversal(first)
    if named != "by its own CLP01":
        back = replace(back, control_number=new.control_number)
    if "F8" in named:
        back = replace(back, payer_claim_number="ICNBACK")
    content = file_835(remittance([back], trace="EFT2"))
    if "F8" in named:
        content = with_original_number(content, first.payer_claim_number)

    post(clinic, content)

    assert owed(clinic, old.id, new.id) == [0, 210_00]
    assert totals(clinic) == {a.REVENUE: -210_00, a.PAYER_OWES: 210_00}


def with_original_number(content: bytes, number: str) -> bytes:
    """The same 835 with REF*F8 behind the patient's name."""
    text = content.decode()
    name = next(segment for segment in text.split("~") if segment.strip().startswith("NM1*QC"))
    text = text.replace(f"{name}~", f"{name}~REF*F8*{number}~", 1)
    end = next(segment for segment in text.split("~") if segment.strip().startswith("SE*"))
    _, count, control = end.strip().split("*")
    return text.replace(end.strip(), f"SE*{int(count) + 1}*{control}").encode()


def test_part_8_a_denied_claim_that_is_corrected_leaves_nothing_in_review(clinic: Clinic) -> None:
    """$150.00 denied (CO 16), corrected: nobody works on the old denial, and its late reversal changes nothing."""
    (old,) = accepted(clinic)
    denied = payment(old.control_number, DENIED, status="4")
    post(clinic, file_835(remittance([denied], method="NON")))

    new = correct(clinic, old)

    assert totals(clinic) == {a.REVENUE: -210_00, a.PAYER_OWES: 210_00}
    post(clinic, file_835(remittance([reversal(denied)], trace="EFT2", method="NON")))
    assert totals(clinic) == {a.REVENUE: -210_00, a.PAYER_OWES: 210_00}
    assert owed(clinic, old.id, new.id) == [0, 210_00]


def test_part_8_a_void_after_payment_ends_with_nothing_owed_by_the_insurer(clinic: Clinic) -> None:
    """$87.00 were paid and $25.00 are the patient's. After the insurer took it all back every account is empty."""
    (old,) = accepted(clinic)
    first = payment(old.control_number)
    post(clinic, file_835(remittance([first])))
    asked = void(clinic, old.id)
    assert asked
    written(clinic)

    billed = bill_patients(clinic.practice, None, by=BILLER, now=NOW, today=TODAY)
    post(clinic, file_835(remittance([replace(reversal(first), control_number=asked.control_number)], trace="EFT2")))

    assert billed.statements == (), "nobody is billed for a visit that is being taken back"
    assert totals(clinic) == {}
    assert head(clinic, asked.id).state == "decided"


def test_part_8_a_correction_that_is_given_up_leaves_the_old_claim_as_it_was(clinic: Clinic) -> None:
    """The replacement is ready, then taken out: the first claim stands again with its $150.00, and may be corrected anew."""
    (old,) = accepted(clinic)
    new = correct(clinic, old)

    void(clinic, new.id)

    assert (head(clinic, old.id).state, head(clinic, new.id).state) == ("accepted", "void")
    assert owed(clinic, old.id, new.id) == [150_00, 0]
    again = correct(clinic, old)
    assert owed(clinic, old.id, again.id) == [0, 210_00]
    assert journal.check() == []


def test_part_8_a_replacement_that_is_sent_back_is_mended_and_goes_out_as_a_replacement(clinic: Clinic) -> None:
    """277CA A7 on claim 7: mended, checked, sent again, still a 7 with the number of the first claim."""
    (old,) = accepted(clinic)
    new = correct(clinic, old)
    written(clinic)
    told(clinic, receipt(clinic, [], [head(clinic, new.id)], control=2))
    assert head(clinic, new.id).state == "sent_back"

    check_claims(clinic.practice, [new.id], by=BILLER, now=NOW, today=TODAY)

    assert written(clinic)[1] == [("7", new.control_number, f"ICN{old.control_number}", 210_00)]


def test_part_8_a_claim_sent_back_at_the_door_goes_out_again_as_an_original(clinic: Clinic) -> None:
    """277CA A7: the insurer never had it. Mended it is an original (1) without REF*F8; both tries stay, each in its file."""
    (claim,) = accepted(clinic)
    told(clinic, receipt(clinic, [], [claim], control=2))
    visit = encounters.load(clinic.practice, [claim.encounter])[claim.encounter]
    mended = replace(visit.encounter, lines=(ServiceLine("99214", (1,)),))
    mend_encounter(clinic.practice, claim.encounter, mended, version=visit.version, by=BILLER, now=NOW)

    check_claims(clinic.practice, [claim.id], by=BILLER, now=NOW, today=TODAY)

    assert written(clinic)[1] == [("1", claim.control_number, "", 180_00)]
    assert owed(clinic, claim.id) == [180_00]


def test_part_8_a_claim_that_never_went_out_is_void_at_once(clinic: Clinic) -> None:
    """Sent back and not worth mending: taken out with a reason, nothing goes to the insurer, $150.00 are no longer owed."""
    (claim,) = accepted(clinic)
    told(clinic, receipt(clinic, [], [claim], control=2))

    assert void(clinic, claim.id) is None

    assert (head(clinic, claim.id).state, totals(clinic)) == ("void", {})
    assert submit_claims(clinic.practice, by=BILLER, now=NOW).files == ()


def test_part_8_a_claim_the_next_plan_was_billed_from_waits_for_that_one(clinic: Clinic) -> None:
    """Northfold was billed $25.00 with Quillhaven's answer: first that claim is void, then Quillhaven's is corrected."""
    (first,) = accepted(clinic, patient=clinic.bruno)
    post(clinic, file_835(remittance([payment(first.control_number)])))
    (second,) = bill_next_payers(clinic.practice, by=BILLER, now=NOW, today=TODAY).claims
    with pytest.raises(Conflict, match="next plan was billed"):
        correct(clinic, head(clinic, first.id))

    void(clinic, second.claim)

    assert journal.balance(clinic.practice, a.NEXT_PAYER_OWES, claim=first.id) == 25_00
    new = correct(clinic, head(clinic, first.id))
    assert owed(clinic, first.id, new.id) == [-125_00, 210_00]
    assert journal.check() == []


def test_part_8_what_cannot_be_corrected_says_why(clinic: Clinic) -> None:
    (claim,) = accepted(clinic)
    with pytest.raises(Rejected, match="why the claim is void"):
        void_claims(clinic.practice, [claim.id], why=" ", by=BILLER, now=NOW, today=TODAY)
    correct(clinic, claim)
    with pytest.raises(Conflict, match="Replaced"):
        correct(clinic, claim)
    with pytest.raises(Conflict, match="Replaced"):
        void(clinic, claim.id)


ACTIONS = ("check", "send", "accept", "send back", "pay", "deny", "take back", "correct", "void", "mend")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@example(
    actions=[("pay", 0), ("deny", 0), ("correct", 0), ("pay", 0)]
)  # a denial that waited is placed on a replaced claim
@given(actions=st.lists(st.tuples(st.sampled_from(ACTIONS), st.integers(0, 3)), max_size=14))
def test_part_8_no_sequence_of_steps_leaves_the_lifecycle_table_or_unbalances_the_books(
    clinic: Clinic, actions: list[tuple[str, int]]
) -> None:
    """Whatever people and insurers do in whatever order, each version moves only as the table says and every cent is found."""
    family = [accepted(clinic, patient=somebody(clinic))[0].id]
    for n, (action, which) in enumerate(actions):
        before = {claim: head(clinic, claim).state for claim in family}
        chosen = head(clinic, family[min(which, len(family) - 1)])
        try:
            made = act(clinic, action, chosen, number=1000 * chosen.id + n)
        except (Conflict, Rejected):
            made = None
        for claim, state in before.items():
            now = head(clinic, claim).state
            assert now == state or reachable(state, now), (action, state, now)
        family += [made] if made else []
        assert journal.check(clinic.practice) == []
        check_family(clinic, family)


def somebody(clinic: Clinic) -> int:
    """A patient of this story alone: what another did on the same day would stop the claim."""
    number = run("select count(*) from patient").fetchone()[0]
    person = Person(
        f"Testpatient{number}",
        "Cleo",
        "",
        date(1990, 1, 1),
        "F",
        Address("2 Sample Road", "", "Portland", "OR", "97202"),
    )
    (patient,) = patients.add_many(clinic.practice, [patients.NewPatient(f"S{number}", person)], at=NOW)
    patients.add_coverages(clinic.practice, [patients.NewCoverage(patient, clinic.quillhaven, f"QHM9{number:06}")])
    return patient


def reachable(state: str, to: str) -> bool:
    """In one move or two: what is checked and found good goes on at once."""
    return any(to == one or to in lifecycle.moves(one) for one in lifecycle.moves(state))


def check_family(clinic: Clinic, family: list[int]) -> None:
    """Of all versions at most one is charged; no old version has money in review or for a next plan."""

    def on(account: str, claim: int) -> int:
        return journal.balance(clinic.practice, account, claim=claim)

    assert sum(on(a.REVENUE, claim) != 0 for claim in family) <= 1
    for claim, found in claims.heads(clinic.practice, family).items():
        if found.state in ("replaced", "void"):
            assert (on(a.IN_REVIEW, claim), on(a.REVENUE, claim)) == (0, 0)


def act(clinic: Clinic, action: str, claim: Head, *, number: int) -> int | None:
    """What somebody does; the id of a claim it made."""
    about = {"by": BILLER, "now": NOW, "today": TODAY}
    if action == "correct":
        return correct(clinic, claim).id
    if action == "void":
        asked = void(clinic, claim.id)
        return asked.id if asked else None
    if action == "check":
        check_claims(clinic.practice, [claim.id], **about)  # type: ignore[arg-type]
    elif action == "send":
        submit_claims(clinic.practice, [claim.id], by=BILLER, now=NOW)
    elif action in ("accept", "send back"):
        good = [claim] if action == "accept" else []
        told(clinic, receipt(clinic, good, [] if good else [claim], control=number))
    elif action == "mend":
        visit = encounters.load(clinic.practice, [claim.encounter])[claim.encounter]
        mended = replace(visit.encounter, served_on=visit.encounter.served_on - timedelta(days=1))
        mend_encounter(clinic.practice, claim.encounter, mended, version=visit.version, by=BILLER, now=NOW)
    else:
        decided = payment(claim.control_number, DENIED if action == "deny" else USUAL)
        decided = reversal(decided) if action == "take back" else decided
        post(clinic, file_835(remittance([decided], trace=f"EFT{number}")))
    return None
