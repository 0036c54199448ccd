"""Finding a code by how it begins or by words: from the published sets where they are loaded, from the clinic's list where not."""

import io
from collections.abc import Iterable
from datetime import date

import peewee
import pytest

from claims_service.domain.actor import COMMAND
from claims_service.queries import code_search, codes
from claims_service.queries.codes import Hit
from claims_service.store.setting_up import add_codes
from claims_service.workflow.import_codes import Wanted, import_codes
from tests.clinic import NOW, TODAY, Clinic
from tests.code_files import import_icd10cm, invented
from tests.rows_read import rows_read

SEPTEMBER_30, OCTOBER = date(2026, 9, 30), date(2026, 10, 1)
KIDNEY = "Type 2 diabetes mellitus with diabetic chronic kidney disease"


def load(kind: str, content: str, day: date = date(2025, 10, 1)) -> None:
    stream = io.BytesIO(content.encode())
    (done,) = import_codes(Wanted(kind, day, retire=True), [(f"{kind} {day}", stream)], by=COMMAND, now=NOW)
    assert done.problems == ()


def found(clinic: Clinic, typed: str, on: date | None = TODAY, code_set: str = "icd10") -> list[str]:
    return [hit.code for hit in codes.find(clinic.practice, code_set, typed, on=on)]


@pytest.fixture
def diabetes(clinic: Clinic) -> Clinic:
    import_icd10cm(
        2026,
        [
            "E11! Type 2 diabetes mellitus",
            "E112! Type 2 diabetes mellitus with kidney complications",
            "E1121 Type 2 diabetes mellitus with diabetic nephropathy",
            f"E1122 {KIDNEY}",
            "E119 Type 2 diabetes mellitus without complications",
            "N189 Chronic kidney disease, unspecified",
            "J069 Acute upper respiratory infection, unspecified",
        ],
    )
    return clinic


def test_a_code_is_found_by_words_and_by_how_it_begins(diabetes: Clinic) -> None:
    assert codes.find(diabetes.practice, "icd10", "diabetes kidney", on=TODAY) == [Hit("E11.22", KIDNEY)]
    for typed in ("E11.2", "e112", " E112 "):
        assert found(diabetes, typed) == ["E11.21", "E11.22"]
    assert found(diabetes, "diab kid") == ["E11.22"], "words that begin so are enough"
    assert found(diabetes, "chronic kidney") == ["N18.9", "E11.22"], "the shortest text first"
    assert found(diabetes, "kidney asthma") == []


def test_what_is_typed_and_no_more_comes_first(clinic: Clinic) -> None:
    """Who types "fever" means a fever of no known kind more often than one that Lassa gave its name."""
    import_icd10cm(
        2026, ["A78 Q fever", "A962 Lassa fever", "R509 Fever, unspecified", "R5081 Fever presenting with conditions"]
    )

    assert found(clinic, "fever") == ["R50.9", "A78", "A96.2", "R50.81"]


def test_what_is_common_comes_before_what_is_special(clinic: Clinic) -> None:
    """The shortest codes are the common ones: I10 is what half of the grown-ups who come have."""
    import_icd10cm(
        2026, ["I10 Essential (primary) hypertension", "K766 Portal hypertension", "P292 Neonatal hypertension"]
    )

    assert found(clinic, "hypertension") == ["I10", "K76.6", "P29.2"]


def test_a_heading_is_not_offered(diabetes: Clinic) -> None:
    assert found(diabetes, "E11") == ["E11.21", "E11.22", "E11.9"]
    assert "E11" not in found(diabetes, "type 2 diabetes")


def test_without_a_loaded_set_the_clinic_s_own_list_answers(clinic: Clinic) -> None:
    add_codes(clinic.practice, "icd10", [("E1122", "Diabetes with kidney disease"), ("J069", "Cold")])

    assert found(clinic, "diabetes kidney") == ["E11.22"]
    assert found(clinic, "E11.2") == ["E11.22"]


def test_the_clinic_s_own_words_come_first(diabetes: Clinic) -> None:
    """A clinic that calls it "sugar with kidneys" finds its own line, and the published ones below."""
    add_codes(diabetes.practice, "icd10", [("N189", "Weak kidneys")])

    hits = codes.find(diabetes.practice, "icd10", "kidney", on=TODAY)
    assert [(hit.code, hit.words) for hit in hits] == [("N18.9", "Weak kidneys"), ("E11.22", KIDNEY)]


def test_a_code_retired_on_october_1_is_offered_for_a_visit_of_september_30_alone(diabetes: Clinic) -> None:
    add_codes(diabetes.practice, "icd10", [("E1121", "Diabetes and kidneys")])
    import_icd10cm(2027, [f"E1122 {KIDNEY}", "E11A Type 2 diabetes mellitus in remission"])

    assert found(diabetes, "E11.2", SEPTEMBER_30) == ["E11.21", "E11.22"]
    assert found(diabetes, "E11.2", OCTOBER) == ["E11.22"]
    assert found(diabetes, "diabetes", SEPTEMBER_30) == ["E11.21", "E11.9", "E11.22"]
    assert found(diabetes, "remission", SEPTEMBER_30) == []
    assert found(diabetes, "remission", OCTOBER) == ["E11.A"]
    assert found(diabetes, "E11", None) == ["E11.22", "E11.A"], "without a day: what goes on"


def test_services_come_with_the_clinic_s_price_and_modifiers_apart(clinic: Clinic) -> None:
    """99213 costs $120.00 here; G0008 is published and has no price yet. Modifiers have their own field."""
    add_codes(clinic.practice, "procedure", [("99213", "Office visit")])
    load("cpt", "code,description\n99213,Office visit of an established patient\n25,Separate visit of the same day\n")
    hcpcs = "{:>5}00100{}{:<80}{:<28}".format
    load("hcpcs", f"{hcpcs('LT', 7, 'Left side visit', '')}\n{hcpcs('G0008', 3, 'Flu vaccine visit', '')}\n")

    assert codes.find(clinic.practice, "procedure", "visit", on=TODAY) == [
        Hit("99213", "Office visit", 120_00), Hit("G0008", "Flu vaccine visit"),
    ]  # fmt: skip
    assert found(clinic, "visit", code_set="modifier") == ["LT", "25"]
    assert codes.labels(clinic.practice, "procedure", ["99213", "G0008", "X"]) == {
        "99213": "Office visit", "G0008": "Flu vaccine visit",
    }  # fmt: skip


@pytest.mark.parametrize(
    "typed",
    [
        "'",
        '"',
        "*",
        "a:*",
        "%",
        "!",
        "&|!",
        "kid' or 1=1 --",
        "NEAR(a b)",
        "é",
        "(",
        "{short}",
        "\\",
        "x" * 500,
        "E11.2)",
    ],
)
def test_nothing_typed_breaks_the_search(diabetes: Clinic, typed: str) -> None:
    assert found(diabetes, typed) in ([], ["E11.21", "E11.22"])


def test_new_words_of_a_code_replace_the_old_ones_in_the_index(clinic: Clinic) -> None:
    import_icd10cm(2026, ["J069 Wrogn words"])
    import_icd10cm(2026, ["J069 Right words", "R509 Fever"])

    assert found(clinic, "wrogn") == []
    assert found(clinic, "right") == ["J06.9"]


QUESTIONS = ("q77q", "knee q77q", "disorder", "disorder knee initial encounter", "A00", "named sequela arm")


def searches(clinic: Clinic, year: int, listed: Iterable[str]) -> dict[str, int]:
    import_icd10cm(year, listed)
    return {typed: rows_read("listed_code", lambda typed=typed: found(clinic, typed)) for typed in QUESTIONS}  # type: ignore[misc]


def test_a_search_reads_no_more_of_a_long_list_than_of_a_short_one(clinic: Clinic) -> None:
    """What few codes fit is found at once among many; of what fits all of them, a thousand are read and not more."""
    short = searches(clinic, 2025, map(invented, range(2_000)))
    long = searches(clinic, 2026, map(invented, range(20_000)))

    assert long["q77q"] <= short["q77q"] + 20
    assert long["knee q77q"] <= short["knee q77q"] + 20
    assert {typed: rows for typed, rows in long.items() if rows > 4 * code_search.MOST_READ} == {}


@pytest.mark.slow
def test_every_kind_of_question_is_answered_from_97_000_codes(store: peewee.Database) -> None:
    """Invented codes, as many as ICD-10-CM has: what is counted is the work, not the time."""
    from tests import clinic as clinics

    rows = searches(clinics.found(), 2026, map(invented, range(97_000)))

    assert {typed: read for typed, read in rows.items() if read > 4 * code_search.MOST_READ} == {}
