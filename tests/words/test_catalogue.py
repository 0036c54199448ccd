"""The Spanish of what patients read is whole and fits the English."""

import re
from decimal import Decimal
from typing import Any

import pytest
from babel.messages.catalog import Message
from babel.numbers import format_currency

from claims_service import words
from claims_service.domain.money import spoken
from tests.words import gather

MESSAGES = [message for message in gather.kept() if message.id]
PLACE = re.compile(r"%\((\w+)\)s")


def _texts(message: Message) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The English forms of a message, and the Spanish ones."""
    return _forms(message.id), _forms(message.string)


def _forms(text: Any) -> tuple[str, ...]:
    return text if isinstance(text, tuple) else (text,)


def test_the_catalogue_holds_every_text_that_is_told_and_no_other() -> None:
    """A new text, or one that nobody says any more: `python -m tests.words.gather` brings the file up to date."""
    assert gather.FILE.read_text(encoding="utf-8") == gather.written(gather.renewed())
    assert len(MESSAGES) > 300


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: str(message.id)[:40])
def test_each_text_has_its_spanish_with_the_same_places(message: Message) -> None:
    english, spanish = _texts(message)
    assert len(english) == len(spanish)
    assert not message.fuzzy
    for one, other in zip(english, spanish, strict=True):
        assert other.strip()
        assert (one[0].isspace(), one[-1].isspace()) == (other[0].isspace(), other[-1].isspace())
        assert set(PLACE.findall(one)) <= set(PLACE.findall(english[-1]))
        assert set(PLACE.findall(other)) == set(PLACE.findall(one))
        for text in (one, other):
            assert not re.search(r'[<>&"]', text), "a template takes it as HTML"
            assert "%" not in PLACE.sub("", text).replace("%%", ""), "a place is %(name)s"


def test_one_and_many_are_told_apart() -> None:
    one, many = "You can try %(num)s more time.", "You can try %(num)s more times."
    date = "This is not the date of birth we have. "
    said = [words.say_count("es", date + one, date + many, count) for count in (1, 2)]
    assert [text.split(". ")[1] for text in said] == ["Puede intentar 1 vez más.", "Puede intentar 2 veces más."]
    assert words.say_count("en", date + one, date + many, 1) == date + "You can try 1 more time."


def test_one_english_word_may_have_two_spanish_ones() -> None:
    """A bill is paid: pagada. A payment is paid: pagado."""
    assert words.say_in("es", "bill", "Paid") == "Pagada"
    assert words.say("es", "Paid") == "Pagado"
    assert words.say_in("en", "bill", "Paid") == words.say("en", "Paid") == "Paid"


def test_nothing_is_said_where_it_is_not_gathered() -> None:
    """A call within an f-string is not seen by the gatherer, and its text would stay English."""
    within = re.compile(r"""f["'][^"'\n]*\{(_|say|say_in|say_count|both|gettext)\(""")
    files = [file for file in gather.PACKAGE.rglob("*.py") if within.search(file.read_text(encoding="utf-8"))]
    assert files == []


def test_money_is_written_as_the_languages_of_the_country_write_it() -> None:
    for cents in (0, 5, 123_45, 1_234_567_89, -2_50):
        for locale in ("en_US", "es_US"):
            told = format_currency(Decimal(cents) / 100, "USD", locale=locale)
            assert spoken(cents).replace("−", "-") == told
