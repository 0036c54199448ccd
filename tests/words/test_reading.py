"""What patients read is easy to read: grade 8 at most in English, normal or easier in Spanish, text by text."""

import csv
from collections.abc import Iterator

import pytest

from claims_service.config import data_folder
from tests.words import gather
from tests.words.reading import english_syllables, grade, inflesz, sentences, spanish_syllables

# Fewer words are a label: a formula made for running text tells nothing of it. They are judged together with the rest.
LEAST = {"en": 5, "es": 10}
FOR_OTHER_READERS = {"Español, otros idiomas o letra grande:"}  # Spanish on an English paper, and the other way round


def _catalogue() -> Iterator[tuple[str, str]]:
    for message in gather.kept():
        both = [form if isinstance(form, tuple) else (form,) for form in (message.id, message.string)]
        yield from (
            (english, spanish)
            for english, spanish in zip(*both, strict=True)
            if english and english not in FOR_OTHER_READERS
        )


def _reason_codes() -> Iterator[tuple[str, str]]:
    with (data_folder("mappings") / "codes" / "carc.tsv").open(encoding="utf-8") as source:
        for row in csv.DictReader((line for line in source if not line.startswith("#")), delimiter="\t"):
            if row["patient_sentence_en"]:
                yield row["patient_sentence_en"], row["patient_sentence_es"]


TOLD = [*_catalogue(), *_reason_codes()]


def _length(text: str) -> int:
    return sum(map(len, sentences(text)))


def test_every_english_text_asks_for_eight_years_of_school_at_most() -> None:
    assert len(TOLD) > 800
    judged = {text: round(grade(text), 1) for text, _ in TOLD if _length(text) >= LEAST["en"]}
    assert {text: years for text, years in judged.items() if years > 8} == {}
    assert len(judged) > 400


def test_every_spanish_text_is_normal_or_easier() -> None:
    judged = {text: round(inflesz(text)) for _, text in TOLD if _length(text) >= LEAST["es"]}
    assert {text: ease for text, ease in judged.items() if ease < 55} == {}
    assert len(judged) > 200


def test_all_of_it_together_reads_like_a_letter_between_neighbours() -> None:
    english, spanish = (". ".join(text.rstrip(".") for text in texts) for texts in zip(*TOLD, strict=True))
    assert grade(english) <= 5
    assert inflesz(spanish) >= 65


def test_the_words_of_insurers_would_be_found_out() -> None:
    assert (
        grade(
            "The residual contractual obligation is determined subsequent to adjudication by the respective insurance carrier."
        )
        > 12
    )
    assert (
        inflesz(
            "La obligación contractual residual se determinará posteriormente a la adjudicación por la aseguradora correspondiente."
        )
        < 40
    )
    assert grade("The cat sat on the mat.") == pytest.approx(-1.45, abs=0.01)


@pytest.mark.parametrize(
    ("word", "count"),
    [("deductible", 4), ("coinsurance", 4), ("looked", 1), ("wanted", 2), ("create", 2), ("business", 2), ("people", 2), ("able", 2),
     ("reminders", 3), ("decision", 3), ("diagnosis", 4), ("social", 2), ("services", 3), ("bills", 1), ("$1,234.50", 1)],
)  # fmt: skip
def test_english_syllables_are_counted(word: str, count: int) -> None:
    assert english_syllables(word) == count


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("factura", 3),
        ("cuenta", 2),
        ("deducible", 4),
        ("días", 2),
        ("pague", 2),
        ("ciudad", 2),
        ("oír", 2),
        ("guía", 2),
        ("estado", 3),
        ("25", 1),
    ],
)
def test_spanish_syllables_are_counted(word: str, count: int) -> None:
    assert spanish_syllables(word) == count
