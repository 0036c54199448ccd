"""Any claim its guide lets through: professional, institutional and dental, with everything that may stand on it."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from claims_service.domain.claim.circumstances import (
    Accident,
    Ambulance,
    Attachment,
    ClaimDates,
    EpsdtReferral,
    Note,
)
from claims_service.domain.claim.claim import Adjustment, Claim, LineDecision, OtherPayer
from claims_service.domain.claim.dental import DentalClaim, DentalLine, Orthodontics, Tooth, ToothStatus
from claims_service.domain.claim.institutional import (
    CodedValue,
    FoundDiagnosis,
    InstitutionalClaim,
    Occurrence,
    RevenueLine,
    Surgery,
)
from claims_service.domain.coverage import Coverage
from claims_service.domain.party import Address, Payer, Person, Provider
from tests.formats.x12.examples import ACME, CLINIC, claim, line

WORD = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=2, max_size=12)
NAME = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ'-", min_size=1, max_size=20)
TEXT = st.lists(WORD, min_size=1, max_size=5).map(" ".join)
DAYS = st.dates(date(2016, 1, 1), date(2026, 12, 31))
MAYBE_DAY = st.none() | DAYS
MAYBE_WORD = st.just("") | WORD
CENTS = st.integers(0, 9_999_999)
NPI = st.sampled_from(["1987654328", "1245319599", "1003000126"])
STATE = st.sampled_from(["IL", "TX", "NY"])
ADDRESSES = st.builds(Address, WORD, MAYBE_WORD, WORD, STATE, st.just("62702"))
PEOPLE = st.builds(
    Person, NAME, NAME, st.just("") | NAME, DAYS, st.sampled_from("FMU"), ADDRESSES, st.sampled_from(["", "JR"])
)
PLAIN_PEOPLE = st.builds(Person, NAME, NAME, suffix=st.sampled_from(["", "III"]))
PHYSICIANS = st.builds(
    Provider, NPI, NAME, NAME, middle=st.just("") | NAME, numbers=st.sampled_from([(), (("G2", "P77"),)])
)
SPECIALISTS = st.builds(replace, PHYSICIANS, taxonomy=st.sampled_from(["", "207Q00000X"]))
PLACES = st.builds(Provider, NPI, NAME, address=ADDRESSES)
ATTACHMENTS = st.lists(
    st.just(Attachment("OZ")) | st.builds(Attachment, st.just("B4"), st.just("FX"), WORD), max_size=2
).map(tuple)
ADJUSTMENTS = st.lists(
    st.builds(Adjustment, st.sampled_from(["CO", "PR", "OA", "PI"]), st.sampled_from(["1", "45", "97"]),
              st.integers(-100_000, 100_000), st.none() | st.just(Decimal(2))), max_size=6,
).map(lambda found: tuple(sorted(found, key=lambda one: one.group)))  # fmt: skip
OTHER_PAYERS = st.builds(
    OtherPayer, st.builds(Payer, WORD, NAME, st.sampled_from(["CI", "BL"]), address=st.just(Address()) | ADDRESSES),
    PLAIN_PEOPLE, st.sampled_from(["18", "01", "19"]), WORD, st.sampled_from("PST"), WORD, st.none() | CENTS, MAYBE_WORD,
    ADJUSTMENTS, decided_on=MAYBE_DAY, not_covered_cents=st.none() | CENTS, patient_share_cents=st.none() | CENTS,
    prior_authorization=MAYBE_WORD, referral_number=MAYBE_WORD, benefits_assigned=st.sampled_from(["", "N"]),
    release_of_information=st.sampled_from(["", "I"]), remarks=st.sampled_from([(), ("MA01", "N522")]),
)  # fmt: skip
NDC: st.SearchStrategy[dict[str, Any]] = st.sampled_from([
    {}, {"ndc": "00000000101"},
    {"ndc": "00000000101", "ndc_quantity": Decimal("2.5"), "ndc_unit": "ML", "prescription": "RX1"},
])  # fmt: skip


def decisions(procedure: str, **more: Any) -> st.SearchStrategy[tuple[LineDecision, ...]]:
    one = st.builds(
        LineDecision, WORD, CENTS, st.just(procedure), DAYS, units=st.integers(1, 99).map(Decimal), adjustments=ADJUSTMENTS,
        bundled_into=st.none() | st.just(1), **more,
    )  # fmt: skip
    return st.lists(one, max_size=2).map(tuple)


def sometimes(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


@st.composite
def cover(draw: st.DrawFn) -> dict[str, Any]:
    """Who was treated and who pays, as fields of a claim."""
    patient = draw(PEOPLE)
    relationship = draw(st.sampled_from(["18", "19", "01"]))
    subscriber = patient if relationship == "18" else draw(PLAIN_PEOPLE)
    payer = replace(ACME, address=draw(st.just(Address()) | ADDRESSES))
    plan = Coverage(0, 0, payer, 1, draw(WORD), subscriber, relationship, draw(WORD))
    return {
        "control_number": draw(WORD), "billing": CLINIC, "patient": patient, "coverage": plan,
        "property_claim_number": draw(MAYBE_WORD), "other_payers": tuple(draw(st.lists(OTHER_PAYERS, max_size=2))),
        "prior_authorization": draw(MAYBE_WORD), "referral_number": draw(MAYBE_WORD),
        "payer_claim_number": draw(MAYBE_WORD), "trace": draw(MAYBE_WORD), "attachments": draw(ATTACHMENTS),
        "accept_assignment": draw(st.sampled_from("ABC")), "delay_reason": draw(st.sampled_from(["", "7", "11"])),
    }  # fmt: skip


ACCIDENTS = st.builds(Accident, st.just(("AA",)) | st.just(("EM", "OA")), DAYS, STATE)
CLAIM_DATES = st.builds(ClaimDates, **dict.fromkeys(ClaimDates.__dataclass_fields__, MAYBE_DAY))
RIDES = st.builds(
    Ambulance, st.sampled_from("ABCDE"), st.integers(0, 999).map(Decimal), sometimes(ADDRESSES), sometimes(ADDRESSES), NAME,
    st.none() | st.just(Decimal(180)), MAYBE_WORD, MAYBE_WORD, st.sampled_from([(), ("01", "12")]),
).map(lambda ride: ride if ride.drop_off else replace(ride, drop_off_name=""))  # fmt: skip
REFERRALS = st.builds(EpsdtReferral, st.booleans(), st.sampled_from([("NU",), ("AV", "ST")]))


@st.composite
def professional_lines(draw: st.DrawFn, place: str) -> tuple[Any, ...]:
    found = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        served = draw(DAYS)
        procedure = draw(st.sampled_from(["99213", "G0008", "0001F", "64999"]))
        drug = draw(NDC)
        described = draw(TEXT) if procedure == "64999" and not drug else ""
        ride = draw(sometimes(RIDES))
        more = {
            field: draw(sometimes(someone))
            for field, someone in (
                ("rendering", SPECIALISTS), ("facility", PLACES), ("supervising", PHYSICIANS), ("referring", PHYSICIANS),
                ("ordering", st.builds(replace, PHYSICIANS, address=st.just(Address()) | ADDRESSES)),
            )
        }  # fmt: skip
        found.append(
            line(
                number, draw(CENTS), reference=draw(WORD), procedure=procedure, description=described, served_on=served,
                modifiers=tuple(draw(st.lists(st.sampled_from(["25", "59", "GT"]), max_size=4))),
                units=Decimal(draw(st.integers(1, 9999))) / draw(st.sampled_from([1, 10])),
                unit_basis=draw(st.sampled_from(["UN", "MJ"])), pointers=tuple(draw(st.permutations([1, 2]))),
                served_until=draw(st.none() | st.just(served + timedelta(days=3))), place_of_service=draw(st.sampled_from([place, "22"])),
                emergency=draw(st.booleans()), epsdt=draw(st.booleans()), family_planning=draw(st.booleans()),
                obstetric_units=draw(st.none() | st.integers(1, 9)), clia=draw(MAYBE_WORD), referring_clia=draw(MAYBE_WORD),
                prior_authorization=draw(MAYBE_WORD), referral_number=draw(MAYBE_WORD), mammography=draw(MAYBE_WORD),
                notes=draw(st.sampled_from([(), (Note("START 0800 STOP 0845"),), (Note("A"), Note("B", "TPO"))])),
                attachments=draw(ATTACHMENTS), ambulance=replace(ride, patients=2) if ride else None,
                decisions=draw(decisions("99213", modifiers=st.just(("25",)))), **drug, **more,
            )
        )  # fmt: skip
    return tuple(found)


@st.composite
def professional(draw: st.DrawFn) -> Claim:
    place = draw(st.sampled_from(["11", "21"]))
    return claim(
        **draw(cover()), place_of_service=place, lines=draw(professional_lines(place)), clia=draw(MAYBE_WORD),
        frequency=draw(st.sampled_from("178")), medicare_reason=draw(st.sampled_from(["", "12"])), signature=draw(st.sampled_from("YN")),
        patient_signature=draw(st.sampled_from(["", "P"])), accident=draw(sometimes(ACCIDENTS)), dates=draw(st.just(ClaimDates()) | CLAIM_DATES),
        program=draw(st.sampled_from(["", "02"])), notes=draw(st.just(()) | st.builds(Note, TEXT, st.just("CER")).map(lambda one: (one,))),
        ambulance=draw(sometimes(RIDES)), epsdt=draw(sometimes(REFERRALS)), surgeries=draw(st.sampled_from([(), ("66984",), ("66984", "66982")])),
        conditions=draw(st.sampled_from([(), ("AA", "AB")])), medical_record=draw(MAYBE_WORD), mammography=draw(MAYBE_WORD),
        device=draw(MAYBE_WORD), authorization_exception=draw(st.sampled_from(["", "7"])), patient_paid_cents=draw(CENTS),
        referring=draw(sometimes(PHYSICIANS)), rendering=draw(sometimes(SPECIALISTS)),
        facility=draw(sometimes(PLACES)), supervising=draw(sometimes(PHYSICIANS)),
    )  # fmt: skip


FOUND = st.builds(FoundDiagnosis, st.sampled_from(["J189", "I10", "E119"]), st.sampled_from(["", "Y", "N", "U", "W"]))
SURGERIES = st.lists(st.builds(Surgery, st.just("0BH17EZ"), DAYS), max_size=15).map(tuple)
OCCURRENCES = st.lists(st.builds(Occurrence, st.just("11"), DAYS), max_size=15).map(tuple)
SPANS = st.lists(st.builds(Occurrence, st.just("71"), DAYS, DAYS), max_size=3).map(tuple)
CODED_VALUES = st.lists(
    st.builds(CodedValue, st.just("80"), st.integers(0, 99999).map(lambda n: Decimal(n) / 100)), max_size=14
).map(tuple)


@st.composite
def revenue_lines(draw: st.DrawFn) -> tuple[RevenueLine, ...]:
    found = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        served, procedure = draw(MAYBE_DAY), draw(st.sampled_from(["", "99283"]))
        found.append(
            RevenueLine(
                number, draw(st.sampled_from(["0120", "0450"])), draw(CENTS), draw(st.integers(1, 99).map(Decimal)),
                draw(st.sampled_from(["UN", "DA"])), procedure, ("25",) if procedure else (),
                not_covered_cents=draw(st.none() | CENTS), served_on=served,
                served_until=served + timedelta(days=2) if served and draw(st.booleans()) else None, reference=draw(MAYBE_WORD),
                note=draw(st.just("") | TEXT), attachments=draw(ATTACHMENTS), operating=draw(sometimes(PHYSICIANS)),
                rendering=draw(sometimes(PHYSICIANS)), referring=draw(sometimes(PHYSICIANS)),
                decisions=draw(decisions("99283", revenue_code=st.just("0450"))), **draw(NDC),
            )
        )  # fmt: skip
    return tuple(found)


@st.composite
def institutional(draw: st.DrawFn) -> InstitutionalClaim:
    start, admitted = draw(DAYS), draw(MAYBE_DAY)
    return InstitutionalClaim(
        **draw(cover()), type_of_bill=draw(st.sampled_from(["11", "13"])), statement_from=start,
        statement_until=start + timedelta(days=draw(st.integers(0, 9))), admission_type="1", patient_status="01",
        diagnoses=tuple(draw(st.lists(FOUND, min_size=1, max_size=20))), lines=draw(revenue_lines()),
        admission_source=draw(st.sampled_from(["", "1"])), admitted_on=admitted,
        admitted_time=draw(st.sampled_from(["", "0830"])) if admitted else "", discharge_time=draw(st.sampled_from(["", "1100"])),
        admitting_diagnosis=draw(st.sampled_from(["", "R0602"])), visit_reasons=draw(st.sampled_from([(), ("R1031", "R112")])),
        external_causes=draw(st.just(()) | st.just((FoundDiagnosis("Y92239", "Y"),))), drg=draw(st.sampled_from(["", "194"])),
        surgeries=draw(SURGERIES), spans=draw(SPANS), occurrences=draw(OCCURRENCES), values=draw(CODED_VALUES),
        conditions=draw(st.sampled_from([(), ("09", "02")])), treatments=draw(st.sampled_from([(), ("A1",)])),
        attending=draw(sometimes(SPECIALISTS)), operating=draw(sometimes(PHYSICIANS)), other_operating=draw(sometimes(PHYSICIANS)),
        rendering=draw(sometimes(PHYSICIANS)), facility=draw(sometimes(PLACES)), referring=draw(sometimes(PHYSICIANS)),
        medical_record=draw(MAYBE_WORD), accident_state=draw(st.just("") | STATE), estimated_due_cents=draw(st.none() | CENTS),
        epsdt=draw(sometimes(REFERRALS)), notes=draw(st.just(()) | st.just((Note("STABLE", "DGN"), Note("PUMP", "DME")))),
        billing_note=draw(st.just("") | TEXT),
    )  # fmt: skip


TEETH = st.lists(
    st.builds(Tooth, st.sampled_from(["3", "30", "A"]), st.sampled_from([(), ("M", "O"), ("D",)])), max_size=3
).map(tuple)


@st.composite
def dental_lines(draw: st.DrawFn, place: str) -> tuple[DentalLine, ...]:
    found = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        days: dict[str, Any] = {
            field: draw(MAYBE_DAY)
            for field in (
                "served_on",
                "replaces_on",
                "appliance_on",
                "appliance_replaced_on",
                "begun_on",
                "completed_on",
            )
        }
        found.append(
            DentalLine(
                number, draw(st.sampled_from(["D2392", "D4341"])), draw(CENTS), draw(st.integers(1, 99).map(Decimal)),
                place_of_service=place, oral_cavity=draw(st.sampled_from([(), ("10",), ("01", "20")])),
                prosthesis=draw(st.sampled_from(["", "I", "R"])), pointers=draw(st.sampled_from([(), (1, 2)])), teeth=draw(TEETH),
                reference=draw(MAYBE_WORD), predetermination=draw(MAYBE_WORD), prior_authorization=draw(MAYBE_WORD),
                referral_number=draw(MAYBE_WORD), rendering=draw(sometimes(SPECIALISTS)),
                assistant_surgeon=draw(sometimes(SPECIALISTS)), supervising=draw(sometimes(PHYSICIANS)),
                facility=draw(sometimes(PLACES)), decisions=draw(decisions("D2392")), **days,
            )
        )  # fmt: skip
    return tuple(found)


@st.composite
def dental(draw: st.DrawFn) -> DentalClaim:
    shared = {
        **draw(cover()),
        "attachments": draw(st.sampled_from([(), (Attachment("OZ"), Attachment("RB", "FX", "X1"))])),
    }
    shared["accept_assignment"] = draw(st.sampled_from("AC"))
    served = draw(MAYBE_DAY)
    return DentalClaim(
        **shared, place_of_service="11", lines=draw(dental_lines("11")), diagnoses=draw(st.sampled_from([(), ("K021", "K029")])),
        served_on=served, served_until=served + timedelta(days=1) if served and draw(st.booleans()) else None,
        appliance_on=draw(MAYBE_DAY), is_predetermination=draw(st.booleans()), predetermination=draw(MAYBE_WORD),
        orthodontics=draw(st.sampled_from([None, Orthodontics(), Orthodontics(24, 23), Orthodontics(None, 3)])),
        tooth_status=draw(st.sampled_from([(), (ToothStatus("1", "M"), ToothStatus("16", "E"))])),
        rendering=draw(sometimes(SPECIALISTS)), referring=draw(sometimes(SPECIALISTS)), facility=draw(sometimes(PLACES)),
        assistant_surgeon=draw(sometimes(SPECIALISTS)), supervising=draw(sometimes(PHYSICIANS)), accident=draw(sometimes(ACCIDENTS)),
        patient_paid_cents=draw(CENTS), program=draw(st.sampled_from(["", "02"])), medicare_reason=draw(st.sampled_from(["", "12"])),
        notes=draw(st.just(()) | st.builds(Note, TEXT).map(lambda one: (one,))),
    )  # fmt: skip
