"""Fee schedules and contracts: which term of which contract decides, and what it comes to, to the cent."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims_service.domain.code_sets import Span
from claims_service.domain.pricing.contract import Contract, Service, Term, in_force
from claims_service.domain.pricing.contract_book import ContractBook
from claims_service.domain.pricing.explaining import explanation
from claims_service.domain.pricing.medicare import Gpci, Medicare, Rvu
from claims_service.domain.pricing.provider_class import provider_class

PAYER = 7
JANUARY_1 = date(2026, 1, 1)
DAY = date(2026, 3, 2)
CITY = "9990101"
VISIT = Rvu("A", "1.30", "1.46", "0.57", "0.10", False, False, "0", "33.4009")
MINOR = Rvu("A", "0.86", "2.40", "0.52", "0.08", False, False, "2", "33.4009")
MAJOR = Rvu("A", "12.50", "0.00", "9.10", "2.20", True, False, "2", "33.4009")
PROFESSIONAL = Rvu("A", "0.50", "0.20", "0.20", "0.03", False, False, "4", "33.4009")
UNLISTED = Rvu("C", "0.00", "0.00", "0.00", "0.00", False, False, "0", "33.4009")


def medicare() -> Medicare:
    values = {"9Z001": VISIT, "9Z002": MINOR, "9Z003": MAJOR, "9Z00426": PROFESSIONAL, "9Z030": UNLISTED}
    return Medicare(
        {("MPFS", code): [Span(JANUARY_1, None, rvu)] for code, rvu in values.items()},
        {CITY: [Span(JANUARY_1, None, Gpci("SYNTHETIC CITY", "1.040", "1.120", "0.900"))]},
    )


def book(*terms: Term) -> ContractBook:
    return ContractBook([Contract(1, PAYER, "PPO", JANUARY_1, None, terms)], medicare())


def of_medicare(percent: str = "100", code: tuple[str, str] = ("9Z001", "9Z999"), **more: object) -> Term:
    return replace(Term(1, "medicare", *code, percent=Decimal(percent), locality=CITY), **more)  # type: ignore[arg-type]


def cents(of: ContractBook, *services: Service) -> list[int | None]:
    return [price.cents for price in of.prices(PAYER, services)]


@pytest.mark.parametrize(
    ("service", "percent", "expected"),
    [
        (Service("9Z001", DAY), "100", 102_78),
        (Service("9Z001", DAY, place="22"), "100", 69_49),
        (Service("9Z003", DAY, place="21"), "100", 840_77),
        (Service("9Z001", DAY), "120", 123_34),
        (Service("9Z004", DAY, ("26",)), "100", 25_75),
    ],
)
def test_a_percent_of_medicare_is_worked_out_from_relative_values_and_the_locality(
    service: Service, percent: str, expected: int
) -> None:
    """9Z001 in the city: (1.30 x 1.040 + 1.46 x 1.120 + 0.10 x 0.900) x 33.4009 = $102.78; in a hospital $69.49."""
    assert cents(book(of_medicare(percent)), service) == [expected]


@pytest.mark.parametrize(
    ("service", "why"),
    [
        (Service("9Z030", DAY), "each contractor sets its own price"),
        (Service("9Z003", DAY), "outside of a facility (NA)"),
        (Service("9Z777", DAY), "has no such code"),
        (Service("9Z001", date(2025, 12, 31)), "no contract with this insurer on that day"),
        (Service("99213", DAY), "does not speak of this service"),
    ],
)
def test_where_there_is_no_price_a_sentence_says_why_and_zero_is_never_guessed(service: Service, why: str) -> None:
    (price,) = book(of_medicare()).prices(PAYER, [service])

    assert price.cents is None
    assert why in " ".join(explanation(price, service))


def test_the_most_exact_term_decides() -> None:
    """One code before a range, a narrow range before a wide one, then modifier, place of service, facility, provider class."""
    terms = [
        Term(1, "flat", cents=1),
        Term(2, "flat", "99202", "99215", cents=2),
        Term(3, "flat", "99211", "99215", cents=3),
        Term(4, "flat", "99213", "99213", cents=4),
        Term(5, "flat", "99213", "99213", place="F", cents=5),
        Term(6, "flat", "99213", "99213", place="22", cents=6),
        Term(7, "flat", "99213", "99213", provider_class="NP", cents=7),
        Term(8, "flat", "99213", "99213", modifier="25", cents=8),
        Term(9, "flat", "99213", "99213", place="N", provider_class="NP", cents=9),
    ]
    paid = {
        "any": Service("85025", DAY),
        "wide": Service("99203", DAY),
        "narrow": Service("99212", DAY),
        "code": Service("99213", DAY),
        "facility": Service("99213", DAY, place="21"),
        "place": Service("99213", DAY, place="22", provider_class="NP"),
        "class": Service("99213", DAY, place="21", provider_class="NP"),
        "modifier": Service("99213", DAY, ("59", "25"), place="22", provider_class="NP"),
        "office": Service("99213", DAY, provider_class="NP"),
    }
    found = dict(zip(paid, cents(book(*terms), *paid.values()), strict=True))

    assert found == {
        "any": 1, "wide": 2, "narrow": 3, "code": 4, "facility": 5, "place": 6, "class": 5, "modifier": 8, "office": 9,
    }  # fmt: skip


def test_a_range_of_codes_with_a_letter_holds_codes_with_that_letter_alone() -> None:
    term = Term(1, "flat", "0001T", "0999T", cents=1)

    assert term.has_code("0100T")
    assert not term.has_code("0100U")
    assert not term.has_code("01000")
    assert Term(1, "flat", "A0000", "A9999").has_code("A4550")


def test_a_percent_of_the_charge_needs_a_charge() -> None:
    """55% of $101.01 is $55.56: half a cent and more counts up."""
    half = book(Term(1, "charge", percent=Decimal(55)))

    assert cents(half, Service("99213", DAY, charge_cents=101_01), Service("99213", DAY)) == [55_56, None]


def test_cents_are_rounded_once_for_the_whole_line() -> None:
    """Three units of $102.7812 are $308.34, not three times $102.78; a third of a unit is not lost."""
    assert cents(book(of_medicare()), Service("9Z001", DAY, units=Decimal(3))) == [308_34]
    assert cents(book(Term(1, "flat", cents=333)), Service("J0696", DAY, units=Decimal("0.5"))) == [167]


def test_a_day_rate_is_paid_once_a_day_however_many_services_and_units() -> None:
    """$900 a day in the hospital: two services on Monday, one of three units on Tuesday: $1,800 in all."""
    monday, tuesday = DAY, DAY + timedelta(days=1)
    services = [
        Service("99223", monday, place="21"),
        Service("71045", monday, place="21"),
        Service("99232", tuesday, place="21", units=Decimal(3)),
    ]

    assert cents(book(Term(1, "per_diem", place="F", cents=900_00)), *services) == [900_00, 0, 900_00]


def test_the_lesser_of_contract_and_charge_is_expected_only_where_the_contract_says_so() -> None:
    cheap = Service("99213", DAY, charge_cents=80_00)

    assert cents(book(Term(1, "flat", cents=92_00, lesser_of_charge=True)), cheap) == [80_00]
    assert cents(book(Term(1, "flat", cents=92_00)), cheap) == [92_00]


def test_the_second_procedure_of_a_day_is_paid_in_part_where_the_contract_reduces() -> None:
    """The dearer one whole, the other and every further unit at half; what Medicare does not rank stays whole."""
    steps = (Decimal(100), Decimal(50))
    term = of_medicare(reductions=steps)
    whole = cents(book(of_medicare()), Service("9Z002", DAY, place="22"), Service("9Z003", DAY, place="22"))
    services = [
        Service("9Z002", DAY, place="22"),
        Service("9Z003", DAY, place="22"),
        Service("9Z001", DAY, place="22"),
        Service("9Z002", DAY + timedelta(days=1), place="22"),
        Service("9Z002", DAY + timedelta(days=2), place="22", units=Decimal(2)),
    ]
    minor, major = whole
    assert minor is not None

    assert whole == [51_73, 840_77]
    assert cents(book(term), *services) == [25_87, major, 69_49, minor, 77_60]


def test_a_contract_can_keep_the_prices_of_an_earlier_quarter() -> None:
    """Medicare doubles in April; a contract on 2026A does not follow, a rolling one does."""
    april = date(2026, 4, 1)
    spans = [Span(JANUARY_1, april - timedelta(days=1), VISIT), Span(april, None, replace(VISIT, factor="66.8018"))]
    gpci = {CITY: [Span(JANUARY_1, None, Gpci("CITY", "1.040", "1.120", "0.900"))]}
    later = Service("9Z001", april)

    def expected(term: Term) -> list[int | None]:
        contract = Contract(1, PAYER, "PPO", JANUARY_1, None, (term,))
        found = ContractBook([contract], Medicare({("MPFS", "9Z001"): spans}, gpci))
        return cents(found, Service("9Z001", DAY), later)

    assert expected(of_medicare(release="2026A")) == [102_78, 102_78]
    assert expected(of_medicare()) == [102_78, 205_56]


def test_a_newer_contract_holds_from_its_first_day_and_a_correction_in_the_place_of_its_elder() -> None:
    """1: from January. 2: from July. 3: corrects January's. A visit in June follows 3, one in July follows 2."""
    contracts = [
        Contract(2, PAYER, "July", date(2026, 7, 1), None, (Term(1, "flat", cents=2),)),
        Contract(1, PAYER, "January", JANUARY_1, None, (Term(1, "flat", cents=1),)),
        Contract(3, PAYER, "January, corrected", JANUARY_1, None, (Term(1, "flat", cents=3),), corrects=1),
    ]

    assert cents(ContractBook(contracts), Service("99213", date(2026, 6, 30)), Service("99213", date(2026, 7, 1))) == [
        3,
        2,
    ]


def test_the_explanation_names_contract_and_line_and_shows_the_arithmetic() -> None:
    service = Service("9Z001", DAY, units=Decimal(2), charge_cents=200_00)
    found = book(of_medicare("120", lesser_of_charge=True), Term(2, "charge", percent=Decimal(55)))
    (price,) = found.prices(PAYER, [service])

    assert explanation(price, service, "Quillhaven Health") == (
        "Quillhaven Health: contract “PPO” from 01/01/2026 on.",
        "Line 1 of it decides: 9Z001 to 9Z999: 120% of Medicare in locality 9990101, or the charge if that is less.",
        "Line 2 speaks of this service too, but less exactly.",
        (
            "Medicare for 9Z001 in SYNTHETIC CITY, outside of a facility: (work 1.30 × 1.040 + practice expense 1.46 × 1.120"
            " + malpractice 0.10 × 0.900) × 33.4009 = $102.7812."
        ),
        "120% of $102.7812 × 2 units = $246.6750.",
        "The charge is less: $200.00 is expected.",
    )


@pytest.mark.parametrize(
    ("taxonomy", "expected"),
    [("207Q00000X", "MD"), ("363LF0000X", "NP"), ("363A00000X", "PA"), ("1223G0001X", "DDS"), ("", ""), ("999", "")],
)
def test_a_taxonomy_tells_the_class_of_a_provider(taxonomy: str, expected: str) -> None:
    assert provider_class(taxonomy) == expected


CODES = st.sampled_from(["99202", "99211", "99213", "99215", "9Z001", "J0696"])
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@st.composite
def terms(draw: st.DrawFn) -> Term:
    first, last = sorted((draw(CODES), draw(CODES)))
    any_code = draw(st.booleans())
    method = draw(st.sampled_from(["flat", "charge", "per_diem"]))
    return Term(
        draw(st.integers(1, 99)),
        method,
        "" if any_code else first,
        "" if any_code else last,
        draw(st.sampled_from(["", "25", "26"])),
        draw(st.sampled_from(["", "F", "N", "11", "22"])),
        draw(st.sampled_from(["", "MD", "NP"])),
        cents=draw(st.integers(0, 500_00)),
        percent=Decimal(draw(st.integers(1, 20_000))) / 100,
        lesser_of_charge=draw(st.booleans()),
    )


@st.composite
def services(draw: st.DrawFn) -> Service:
    return Service(
        draw(CODES),
        DAY,
        tuple(draw(st.lists(st.sampled_from(["25", "26", "59"]), max_size=3, unique=True))),
        Decimal(draw(st.integers(1, 5000))) / 100,
        draw(st.sampled_from(["11", "21", "22"])),
        draw(st.sampled_from(["", "MD", "NP"])),
        draw(st.none() | st.integers(0, 900_00)),
    )


@given(
    st.lists(terms(), max_size=8, unique_by=lambda t: t.key), st.lists(services(), min_size=1, max_size=4), st.randoms()
)
def test_the_order_of_terms_changes_no_price(listed: list[Term], asked: list[Service], random: object) -> None:
    mixed = list(listed)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert cents(book(*listed), *asked) == cents(book(*mixed), *asked)


@given(st.lists(terms(), max_size=8, unique_by=lambda t: t.key), st.lists(services(), min_size=1, max_size=4))
def test_no_more_than_the_charge_is_expected_where_the_lesser_counts(listed: list[Term], asked: list[Service]) -> None:
    prices = book(*listed).prices(PAYER, asked)
    for price, service in zip(prices, asked, strict=True):
        assert price.cents is None or price.cents >= 0
        if (
            price.cents is not None
            and price.rate.term
            and price.rate.term.lesser_of_charge
            and service.charge_cents is not None
        ):
            assert price.cents <= service.charge_cents


@given(st.lists(st.tuples(DAYS, st.none() | DAYS), max_size=8), DAYS)
def test_two_contracts_never_hold_on_one_day(days: list[tuple[date, date | None]], day: date) -> None:
    """Also where their papers say so: the later one ends the earlier."""
    made = [Contract(n, PAYER, f"C{n}", first, until, ()) for n, (first, until) in enumerate(days, 1)]
    found = in_force(made)

    assert sum(one.holds(day) for one in found) <= 1
    assert all(a.until is not None and a.until < b.first for a, b in pairwise(found))


@given(services(), st.lists(DAYS, min_size=1, max_size=6))
def test_a_price_found_before_is_the_price_found_anew(service: Service, days: list[date]) -> None:
    """Rates are kept from claim to claim: asking in any order of days gives what a fresh book gives."""

    def fresh() -> ContractBook:
        return ContractBook(
            [
                Contract(1, PAYER, "old", date(2025, 6, 1), date(2026, 2, 1), (Term(1, "flat", cents=1),)),
                Contract(2, PAYER, "new", date(2026, 5, 1), None, (Term(1, "flat", cents=2),)),
            ]
        )

    kept = fresh()
    for day in days:
        asked = replace(service, day=day)
        assert cents(kept, asked) == cents(fresh(), asked)
