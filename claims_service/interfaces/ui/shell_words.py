"""The words of layouts and macros in the reader's language. A site that speaks another sets `g.shell_words`: English text to its own."""

from flask import g
from jinja2 import pass_context
from jinja2.runtime import Context


@pass_context  # without it the template compiler would fold the first reader's language into the page
def shell(_context: Context, text: str) -> str:
    """The text as the site says it in the reader's language; the English one where it says nothing."""
    words: dict[str, str] = g.get("shell_words", {})
    return words.get(text, text)
