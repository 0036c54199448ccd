"""Every text patients read, brought into the catalogue: `python -m tests.words.gather`, then fill in what it names."""

from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

import claims_service
from claims_service import words

PACKAGE = Path(claims_service.__file__).parent
FILE = Path(words.__file__).with_name("es.po")
TEMPLATES = ("interfaces/portal/templates", "interfaces/ui/templates")
CALLS: dict[str, Any] = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
OUTSIDE_REQUESTS: dict[str, Any] = {
    "say": (2,),
    "say_in": ((2, "c"), 3),
    "say_count": (2, 3),
    "said": None,
    "both": None,
}
HEAD = """# What patients read, in Spanish. Says usted; the words are those of docs/glossary.md.
msgid ""
msgstr ""
"Language: es\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


def told() -> Catalog:
    """All texts of the program and of the templates a patient may meet, not translated yet."""
    found = Catalog(locale=words.SPANISH)
    sources = [(PACKAGE, [("**.py", "python")], {**CALLS, **OUTSIDE_REQUESTS})]
    sources += [(PACKAGE / folder, [("**.html", "jinja2")], CALLS) for folder in TEMPLATES]
    for folder, methods, keywords in sources:
        for name, _, message, _, context in extract_from_dir(
            folder, methods, keywords=keywords, strip_comment_tags=True
        ):
            place = (folder / name).relative_to(PACKAGE).as_posix()
            found.add(message, locations=[(place, 0)], context=context)
    return found


def kept() -> Catalog:
    """The catalogue as it stands."""
    with FILE.open("rb") as source:
        return read_po(source, locale=words.SPANISH, abort_invalid=True)


def written(catalogue: Catalog) -> str:
    """The file of a catalogue: sorted, without line numbers and dates, so that a difference shows texts alone."""
    out = BytesIO()
    write_po(out, catalogue, omit_header=True, sort_output=True, include_lineno=False, ignore_obsolete=True, width=120)
    return HEAD + out.getvalue().decode()


def renewed() -> Catalog:
    """What is told, with the Spanish there is."""
    catalogue, here = kept(), told()
    catalogue.update(here, no_fuzzy_matching=True)
    return catalogue


if __name__ == "__main__":
    catalogue = renewed()
    FILE.write_text(written(catalogue), encoding="utf-8")
    print(*(message.id for message in catalogue if message.id and not message.string), sep="\n")
