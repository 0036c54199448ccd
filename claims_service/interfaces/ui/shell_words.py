"""The words of layouts and macros in the reader's language. A site that speaks another sets `g.shell_words`: English text to its own."""

from flask import g


def shell(text: str) -> str:
    """The text as the site says it in the reader's language; the English one where it says nothing."""
    words: dict[str, str] = g.get("shell_words", {})
    return words.get(text, text)
