"""What a patient reads adds up to the cent and is said in plain words."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from claims_service.domain.ledger import accounts
from claims_service.domain.ledger.accounts import BY_NAME
from claims_service.domain.party import Address
from claims_service.domain.patient import frozen
from claims_service.domain.patient.explanation import explained, share_reasons
from claims_service.domain.patient.invoice import (
    Invoice,
    InvoiceLine,
    Movement,
    PlanAnswer,
    Reason,
    Service,
    invoice_lines,
    line_money,
)
from claims_service.domain.patient.payment import OpenClaim, Share, allocate, take_back
from claims_service.domain.patient.short_reasons import short_reason
from claims_service.domain.patient.staircase import staircase
from claims_service.domain.patient.statement import Sender, Statement, StatementVisit, due_on
from claims_service.domain.patient.wording import SENTENCES, long_date, short_date
from claims_service.formats.tables import codes
from claims_service.words import LANGUAGES

DAY = date(2026, 10, 6)
ACCOUNTS = sorted(BY_NAME)
MOVEMENTS = st.lists(
    st.builds(
        Movement,
        st.integers(0, 4),
        st.sampled_from(ACCOUNTS),
        st.sampled_from(ACCOUNTS),
        st.integers(1, 100_000),
        st.sampled_from(["", "CO45", "PR1", "PR2", "PR3", "CO16", "PR96"]),
    ).filter(lambda m: m.debit != m.credit),
    max_size=30,
)


def line(charge: int, discount: int, paid: int, *reasons: Reason, forgiven: int = 0) -> InvoiceLine:
    share = sum(reason.cents for reason in reasons if reason.group == "PR")
    rest = charge - discount - paid - forgiven - share
    return InvoiceLine(1, "99214", "Doctor visit", DAY, charge, discount, paid, forgiven, rest, share, reasons)


def said(one: InvoiceLine, *, insured: bool = True, plans: int = 1) -> str:
    return explained(one, insured=insured, plans=plans).explained[0]


def statement(movements: list[Movement], paid: int = 0) -> Statement:
    lines = invoice_lines(line_money(movements), [Service(1, "99214", "Doctor visit", DAY)], DAY)
    told = tuple(explained(one, insured=True) for one in lines)
    invoice = Invoice(
        "I1-1001", DAY, 1, DAY, "Imani Voss", (1,), (PlanAnswer("Quillhaven Health", 0, DAY, "Q1"),), told
    )
    sender = Sender("Lakeside Clinic", "5035550142", Address("1 Example Street", "", "Portland", "OR", "972010001"))
    return Statement(
        "S1-1001", DAY, due_on(DAY), sender, "Alma Testpatient", Address(), (StatementVisit(invoice, paid),)
    )


@given(MOVEMENTS, st.integers(0, 1000))
def test_the_staircase_of_any_journal_adds_up_to_what_is_owed(movements: list[Movement], paid: int) -> None:
    """Price, less everything taken away, is the share; the share less what was paid is what is owed."""
    told = statement(movements, paid)
    for language in LANGUAGES:
        steps = staircase(told, language)
        at = [i for i, step in enumerate(steps) if step.total]
        assert sum(step.cents for step in steps[: at[0]]) == steps[at[0]].cents == told.share_cents
        assert sum(step.cents for step in steps[at[0] : at[1]]) == steps[at[1]].cents == told.owed_cents


@given(MOVEMENTS)
def test_the_share_is_what_the_journal_says_patients_owe_before_they_pay(movements: list[Movement]) -> None:
    tender = {accounts.CARD_CLEARING, accounts.DESK_CLEARING, accounts.PATIENT_CREDIT}
    owed = 0
    for m in movements:
        if m.debit == accounts.PATIENT_OWES and m.credit not in tender:
            owed += m.cents
        if m.credit == accounts.PATIENT_OWES and m.debit not in tender:
            owed -= m.cents
    assert sum(money.share_cents for money in line_money(movements).values()) == owed


@given(MOVEMENTS)
def test_a_frozen_statement_comes_back_the_same(movements: list[Movement]) -> None:
    told = statement(movements)
    assert frozen.statement(frozen.freeze(told)) == told


@given(MOVEMENTS)
def test_the_reasons_of_a_share_add_up_to_it(movements: list[Movement]) -> None:
    lines = invoice_lines(line_money(movements), [], DAY)
    for one in lines:
        assert sum(cents for _, cents in share_reasons([one], "en")) == one.share_cents


def test_a_deductible_says_how_much_of_it_was_used() -> None:
    text = said(line(95_00, 53_00, 0, Reason("PR", "1", 42_00)))
    assert (
        text
        == "Until your yearly deductible is used up, you pay the agreed price. This service used $42.00 of your deductible."
    )


def test_coinsurance_says_the_percentage_that_gives_the_cents() -> None:
    """$62.00 less $38.00 is the agreed $24.00: 80% is $19.20, 20% is $4.80."""
    text = said(line(62_00, 38_00, 19_20, Reason("PR", "2", 4_80)))
    assert text == "Your plan paid 80% of the agreed $24.00 and you pay 20%: $4.80 coinsurance."


def test_deductible_and_coinsurance_on_one_service_are_told_one_after_the_other() -> None:
    text = said(line(88_00, 50_00, 16_00, Reason("PR", "1", 18_00), Reason("PR", "2", 4_00)))
    assert text.endswith("Of the other $20.00, your plan paid 80% and you pay 20%: $4.00 coinsurance.")


def test_no_percentage_is_made_up() -> None:
    """$5.55 of $24.00 is no whole percentage; with two plans the percentage of one would be wrong."""
    odd = line(62_00, 38_00, 18_45, Reason("PR", "2", 5_55))
    assert "%" not in said(odd)
    assert "%" not in said(line(62_00, 38_00, 19_20, Reason("PR", "2", 4_80)), plans=2)


def test_a_copay_a_service_not_covered_and_a_visit_without_a_plan_are_told() -> None:
    assert "copay of $30.00" in said(line(245_00, 77_00, 138_00, Reason("PR", "3", 30_00)))
    assert "does not cover this service" in said(line(50_00, 0, 0, Reason("PR", "96", 50_00)))
    assert "no plan on file" in said(
        replace(line(50_00, 0, 50_00), plan_paid_cents=0, share_cents=50_00), insured=False
    )


def test_nothing_owed_is_said_too() -> None:
    assert said(line(30_00, 10_00, 20_00)).endswith("You owe nothing for this.")
    assert "Nobody pays it" in said(line(30_00, 30_00, 0))


def test_every_sentence_is_short() -> None:
    """Under 20 words a sentence, none of the words patients do not know."""
    never = ("adjudicat", "adjustment", "contractual", "remit", "responsibility", "delinquent", "EOB")
    for english in SENTENCES.values():
        assert not [word for word in never if word.lower() in english.lower()]
        for sentence in english.replace("?", ".").split(". "):
            assert len(sentence.split()) <= 20, sentence


def test_days_are_written_as_people_say_them() -> None:
    assert long_date(date(2026, 12, 18), "en") == "Friday, December 18, 2026"
    assert long_date(date(2026, 12, 18), "es") == "viernes 18 de diciembre de 2026"
    assert short_date(DAY, "es") == "6 de octubre de 2026"


OPEN = st.lists(
    st.builds(OpenClaim, st.integers(1, 50), st.dates(), st.integers(1, 10_000)), unique_by=lambda c: c.claim
)


@given(st.integers(1, 50_000), OPEN)
def test_a_payment_goes_to_open_visits_oldest_first_and_the_rest_is_credit(cents: int, claims: list[OpenClaim]) -> None:
    shares, credit = allocate(cents, claims)
    due = {claim.claim: claim for claim in claims}
    assert sum(share.cents for share in shares) + credit == cents
    assert all(0 < share.cents <= due[share.claim].cents for share in shares)
    assert not credit or sum(share.cents for share in shares) == sum(claim.cents for claim in claims)
    assert [due[share.claim].served_on for share in shares] == sorted(due[share.claim].served_on for share in shares)


@given(st.integers(1, 50_000), OPEN)
def test_a_payment_taken_back_whole_leaves_nothing(cents: int, claims: list[OpenClaim]) -> None:
    shares, credit = allocate(cents, claims)
    taken, from_credit = take_back(cents, credit, shares)
    assert from_credit == credit
    assert sorted((t.claim, -t.cents) for t in taken) == sorted((s.claim, s.cents) for s in shares)
    assert take_back(1, 0, [Share(1, 5)]) == ((Share(1, -1),), 0)


def test_a_service_refused_and_in_review_is_never_told_as_the_patients() -> None:
    """The plan refused $30.00 as not covered and the clinic looks at it: nothing is owed for it yet."""
    refused = InvoiceLine(1, "99214", "", DAY, 30_00, 0, 0, 0, 30_00, 0, (Reason("PR", "96", 30_00, in_review=True),))
    text = said(refused)
    assert text == "Your plan has not paid $30.00 of this. That is our job. You owe nothing for that part."


def test_money_a_plan_took_back_is_the_clinics_matter() -> None:
    whole = InvoiceLine(0, "", "", DAY, 0, 0, -87_20, 0, 87_20, 0)
    assert said(whole).startswith("Your plan took $87.20 back from us.")


def test_every_reason_that_plans_give_for_a_patients_share_has_plain_words_of_its_own() -> None:
    """A bill said "Other $40.00" for a clinic out of the network, and the patient called to ask what that is."""
    left = {"A0", "85", "229", "187"}  # a person looks first, or too many cases under one code
    rows = codes.table("carc").items()
    meant = {str(code) for code, row in rows if row["usual_group"] == "PR" and row["deactivated"] == "no"} - left
    assert len(meant) > 50
    general = {short_reason(Reason("PR", "none such", 1), language) for language in LANGUAGES}
    assert (
        sorted(c for c in meant | {"22", "45", "50", "197", "243"} if short_reason(Reason("PR", c, 1), "en") in general)
        == []
    )
    assert short_reason(Reason("PR", "242", 1), "en") == "not in your plan’s network"
    assert short_reason(Reason("PR", "119", 1), "es") == "límite alcanzado"
    assert general == {"left to you by your plan", "lo que su plan le dejó a usted"}
