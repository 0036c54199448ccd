"""One claim bills one visit: a visit that is too large is taken apart, several of a patient are put together."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest

from claims_service.domain.claim.institutional import Surgery
from claims_service.domain.encounter import NO_VISIT, ServiceLine
from claims_service.domain.errors import Conflict, NotFound, Rejected
from claims_service.domain.ledger.accounts import PATIENT_OWES, PAYER_OWES
from claims_service.domain.line_detail import LineDetail
from claims_service.formats.x12.read_837i import read_837i
from claims_service.formats.x12.second_opinion import second_opinion
from claims_service.store import claim_values, connection, encounters, journal, tables
from claims_service.store.connection import run
from claims_service.workflow.bill_together import bill_together
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.record_encounter import mend_encounter, record_encounters
from claims_service.workflow.submit_claims import submit_claims
from claims_service.workflow.void_claim import void_claims
from tests.clinic import BILLER, NOW, TODAY, Clinic, found
from tests.store_fixtures import Databases
from tests.workflow.stays import accepted, dentist, hospital, newest, stay


@pytest.fixture
def clinic(databases: Databases) -> Iterator[Clinic]:
    url = databases.migrated("sqlite")
    connection.connect(url)
    with connection.opened():
        yield found()
    databases.remove(url)


def week(clinic: Clinic) -> list[int]:
    """Three visits of $120.00 on three days."""
    visits = [clinic.visit(None, "99213", reference=f"W{day}", served_on=date(2026, 11, day)) for day in (2, 3, 4)]
    return list(record_encounters(clinic.practice, visits, by=BILLER, now=NOW).recorded)


def owed(clinic: Clinic, account: str) -> int:
    sql = "select coalesce(sum(cents), 0) from balance where practice_id = ? and account = ?"
    return int(run(sql, (clinic.practice, account)).fetchone()[0])


def test_a_week_becomes_one_claim_checked_sent_and_booked_once(clinic: Clinic) -> None:
    """3 x $120.00 = $360.00 on one claim with three days; the insurer owes $360.00 and not twice."""
    visits = week(clinic)
    whole = bill_together(clinic.practice, visits, by=BILLER, now=NOW)

    built = build_claims(clinic.practice, by=BILLER, now=NOW, today=TODAY)

    assert [made.encounter for made in built.claims] == [whole]
    claim = claim_values.assemble(clinic.practice, [built.claims[0].claim])[0].claim
    assert [line.served_on.day for line in claim.lines] == [2, 3, 4]
    assert claim.charge_cents == built.charge_cents == owed(clinic, PAYER_OWES) == 360_00
    assert submit_claims(clinic.practice, by=BILLER, now=NOW).claim_count == 1
    assert build_claims(clinic.practice, visits, by=BILLER, now=NOW, today=TODAY).claims == ()


def test_taking_the_claim_out_sets_its_visits_free(clinic: Clinic) -> None:
    """$360.00 are gone from the books; put together anew, they are $360.00 again."""
    visits = week(clinic)
    bill_together(clinic.practice, visits, by=BILLER, now=NOW)
    claim = build_claims(clinic.practice, by=BILLER, now=NOW, today=TODAY).claims[0].claim

    void_claims(clinic.practice, [claim], why="one by one", by=BILLER, now=NOW, today=TODAY)

    assert owed(clinic, PAYER_OWES) == 0
    assert encounters.waiting(clinic.practice) == visits
    bill_together(clinic.practice, visits[:2], by=BILLER, now=NOW)
    assert build_claims(clinic.practice, by=BILLER, now=NOW, today=TODAY).charge_cents == 360_00


def test_visits_that_do_not_go_together_stay_as_they_were(clinic: Clinic) -> None:
    visits = week(clinic)
    other = record_encounters(clinic.practice, [clinic.visit(clinic.bruno, reference="B")], by=BILLER, now=NOW).recorded
    before = encounters.load(clinic.practice, visits)

    for wanted, refusal in (([*visits, *other], Rejected), (visits[:1], Rejected), ([*visits, 999], NotFound)):
        with pytest.raises(refusal):
            bill_together(clinic.practice, wanted, by=BILLER, now=NOW)
    build_claims(clinic.practice, visits[:1], by=BILLER, now=NOW, today=TODAY)
    with pytest.raises(Conflict):
        bill_together(clinic.practice, visits, by=BILLER, now=NOW)

    assert encounters.load(clinic.practice, visits[1:]) == {key: before[key] for key in visits[1:]}


def test_sixty_services_go_out_as_two_claims(clinic: Clinic) -> None:
    """60 x $30.00 = $1,800.00: one claim of $1,500.00, one of $300.00; recorded twice they count once."""
    services = tuple(ServiceLine("85025", (1,), served_on=date(2026, 10, 1 + n // 2)) for n in range(60))
    visit = clinic.visit(lines=services, served_on=date(2026, 10, 1), diagnoses=("J069",))

    first = record_encounters(clinic.practice, [visit], by=BILLER, now=NOW)
    again = record_encounters(clinic.practice, [visit], by=BILLER, now=NOW)
    built = build_claims(clinic.practice, by=BILLER, now=NOW, today=TODAY)

    assert len(first.recorded) == 1
    assert again.recorded == ()
    assert sorted(
        c.claim.charge_cents for c in claim_values.assemble(clinic.practice, [c.claim for c in built.claims])
    ) == [300_00, 1500_00]
    assert owed(clinic, PAYER_OWES) == 1800_00


def test_services_of_two_providers_go_out_under_each_own_name(clinic: Clinic) -> None:
    second = tables.Provider.create(
        practice=clinic.practice, npi="1990000030", last="Amadi", first="Kofi", taxonomy="207Q00000X"
    ).id
    services = (ServiceLine("99213", (1,)), ServiceLine("85025", (1,), detail=LineDetail(rendering_id=second)))
    record_encounters(clinic.practice, [clinic.visit(lines=services)], by=BILLER, now=NOW)

    built = build_claims(clinic.practice, by=BILLER, now=NOW, today=TODAY)

    claims = claim_values.assemble(clinic.practice, [c.claim for c in built.claims])
    assert [(c.claim.rendering.last, c.claim.charge_cents) for c in claims if c.claim.rendering] == [
        ("Voss", 120_00),
        ("Amadi", 30_00),
    ]
    stranger = clinic.visit(lines=(ServiceLine("99213", (1,), detail=LineDetail(rendering_id=999)),), reference="X")
    with pytest.raises(Rejected):
        record_encounters(clinic.practice, [stranger], by=BILLER, now=NOW)


def test_a_visit_that_has_a_claim_does_not_grow_beyond_it(clinic: Clinic) -> None:
    key = record_encounters(clinic.practice, [clinic.visit()], by=BILLER, now=NOW).recorded[0]
    build_claims(clinic.practice, by=BILLER, now=NOW, today=TODAY)

    with pytest.raises(Rejected, match="at most 50"):
        mend_encounter(
            clinic.practice, key, clinic.visit(lines=(ServiceLine("85025", (1,)),) * 51), version=1, by=BILLER, now=NOW
        )


def test_a_form_fee_is_the_patients_whatever_the_plan(clinic: Clinic) -> None:
    """A form filled in for $25.00: no diagnosis, no insurer; the patient owes it."""
    fee = clinic.visit(lines=(ServiceLine("99080", (), charge_cents=25_00),), diagnoses=(), kind=NO_VISIT)
    record_encounters(clinic.practice, [fee], by=BILLER, now=NOW)

    built = build_claims(clinic.practice, by=BILLER, now=NOW, today=TODAY)

    assert built.claims == ()
    assert journal.claim_balances(clinic.practice, list(built.self_pay))[built.self_pay[0]][PATIENT_OWES] == 25_00


def test_minutes_and_drug_quantities_come_through(clinic: Clinic) -> None:
    """45 minutes of an anesthesia, and 1.5 ml of a drug, are on the claim as they were typed."""
    services = (
        ServiceLine("00100", (1,), ("AA",), units=Decimal(45), charge_cents=300_00, detail=LineDetail(basis="MJ")),
        ServiceLine("J0696", (1,), ndc="00409733701", charge_cents=20_00, detail=LineDetail(ndc_quantity=Decimal("1.5"), ndc_unit="ML")),
    )  # fmt: skip
    record_encounters(clinic.practice, [clinic.visit(lines=services)], by=BILLER, now=NOW)

    built = build_claims(clinic.practice, by=BILLER, now=NOW, today=TODAY)

    assert built.claims[0].findings == ()
    anesthesia, drug = claim_values.assemble(clinic.practice, [built.claims[0].claim])[0].claim.lines
    assert (anesthesia.unit_basis, anesthesia.units) == ("MJ", Decimal(45))
    assert (drug.ndc_quantity, drug.ndc_unit) == (Decimal("1.5"), "ML")
    submit_claims(clinic.practice, by=BILLER, now=NOW)
    sent = newest("837P")
    assert b"*MJ*45*" in sent
    assert b"CTP****1.5*ML" in sent


def test_a_stay_is_kept_as_it_was_told(clinic: Clinic) -> None:
    key = record_encounters(clinic.practice, [hospital(clinic)], by=BILLER, now=NOW).recorded[0]

    found = encounters.load(clinic.practice, [key])[key].encounter

    assert found == hospital(clinic)
    mended = hospital(clinic, stay=stay(drg="195"))
    mend_encounter(clinic.practice, key, mended, version=1, by=BILLER, now=NOW)
    assert encounters.load(clinic.practice, [key])[key].encounter == mended


def test_a_stay_goes_out_as_an_837i_that_an_independent_reader_accepts(clinic: Clinic) -> None:
    """$1,830.00: the insurer owes it, and pyx12 finds nothing wrong with the file."""
    record_encounters(clinic.practice, [hospital(clinic)], by=BILLER, now=NOW)
    built = build_claims(clinic.practice, by=BILLER, now=NOW, today=TODAY)
    assert [(made.state, made.findings) for made in built.claims] == [("ready", ())]

    outcome = submit_claims(clinic.practice, by=BILLER, now=NOW)

    content = newest("837I")
    assert outcome.claim_count == 1
    assert owed(clinic, PAYER_OWES) == 1830_00
    assert second_opinion(content) == []
    stay = (b"*1830***11:A:1*", b"CL1*1*1*01~", b"DTP*435*DT*202611100930", b"HI*ABK:J069:::::::Y", b"HI*BE:80:::2")
    for said in (*stay, b"SV2*0120**1800*DA*2"):
        assert said in content, said
    assert [(c.type_of_bill, c.charge_cents) for c in read_837i(BytesIO(content))] == [("11", 1830_00)]


def test_stays_visits_and_teeth_of_one_insurer_go_out_in_a_file_each(clinic: Clinic) -> None:
    """One file a kind: $1,830.00 of a stay, $150.00 of a visit, $210.00 of a filling."""
    filling = dentist(clinic, served_on=date(2026, 11, 9))
    record_encounters(
        clinic.practice, [hospital(clinic), clinic.visit(served_on=date(2026, 11, 5)), filling], by=BILLER, now=NOW
    )

    built = build_claims(clinic.practice, by=BILLER, now=NOW, today=TODAY)
    outcome = submit_claims(clinic.practice, by=BILLER, now=NOW)

    assert [made.findings for made in built.claims if made.state != "ready"] == []
    assert sorted(file.charge_cents for file in outcome.files) == [150_00, 210_00, 1830_00]
    assert b"TOO*JP*14*M:O~" in newest("837D")
    assert b"SV3*AD:D2392*210" in newest("837D")
    assert second_opinion(newest("837P")) == []


def test_taking_out_a_stay_that_was_sent_asks_the_hospitals_insurer_by_an_837i_again(clinic: Clinic) -> None:
    """A void of $1,830.00 says the same stay with frequency 8 and the insurer's number."""
    claim = accepted(clinic, hospital(clinic))

    asked = void_claims(clinic.practice, [claim], why="wrong patient", by=BILLER, now=NOW, today=TODAY).asked
    submit_claims(clinic.practice, by=BILLER, now=NOW)

    assert [made.state for made in asked] == ["ready"]
    for said in (b"*1830***11:A:8*", b"REF*F8*QH77~", b"SV2*0120**1800*DA*2"):
        assert said in newest("837I"), said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"stay": None}, "what stay"),
        ({"kind": "P"}, "what stay"),
        ({"stay": stay(type_of_bill="99Z")}, "Two digits"),
        ({"stay": stay(admitted_on=None)}, "day of admission"),
        ({"stay": stay(statement_until=date(2026, 11, 1))}, "ends before"),
        ({"stay": stay(admitted_time="25:00")}, "Hours and minutes"),
        ({"stay": stay(surgeries=(Surgery("APPENDIX"),))}, "ICD-10-PCS"),
        ({"lines": (ServiceLine("85025", (), charge_cents=1),)}, "revenue code"),
    ],
)
def test_a_stay_that_no_insurer_takes_is_refused_when_it_is_recorded(
    clinic: Clinic, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(Rejected, match=said):
        hospital(clinic, **changes)
