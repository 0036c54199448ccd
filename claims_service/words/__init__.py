"""What patients read, in their language: English stands in the program, Spanish in `es.po` beside this file.

The catalogue is read as it is, with no step between an edit and the page. `python -m tests.words.gather` brings it up to date.
"""

from functools import cache
from importlib.resources import files
from io import BytesIO

from babel.support import NullTranslations, Translations

ENGLISH, SPANISH = "en", "es"
LANGUAGES = (ENGLISH, SPANISH)


@cache
def translations(language: str) -> NullTranslations:
    """The catalogue of a language; the empty one for English, whose words are the program's own."""
    if language != SPANISH:
        return NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with (files(__package__) / "es.po").open("rb") as source:
        catalogue = read_po(source, locale=SPANISH, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def say(language: str, english: str, /, **values: object) -> str:
    """The text in a language, its %(places)s filled in."""
    text: str = translations(language).gettext(english)
    return text % values if values else text


def say_in(language: str, context: str, english: str, /, **values: object) -> str:
    """As `say`, where one English word has several Spanish ones: context says which is meant."""
    text = str(translations(language).pgettext(context, english))
    return text % values if values else text


def say_count(language: str, one: str, many: str, count: int, /, **values: object) -> str:
    """As `say` for a number of things, which stands in the text as %(num)s."""
    text: str = translations(language).ngettext(one, many, count)
    return text % {"num": count, **values}


def said(english: str) -> str:
    """Marks a text of a table for the catalogue; it is said in the reader's language where it is shown."""
    return english


def both(english: str, /, **values: object) -> tuple[str, str]:
    """The text in English and in Spanish, for what is frozen: it stays as it was when the catalogue changes."""
    return say(ENGLISH, english, **values), say(SPANISH, english, **values)
