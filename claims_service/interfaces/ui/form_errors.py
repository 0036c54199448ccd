"""Every problem of a form, each at its field."""

from collections.abc import Iterator, Mapping
from typing import Any


def field_errors(messages: Mapping[Any, Any]) -> dict[str, str]:
    """marshmallow's nested messages as field name -> one message: {"lines": {2: {"code": ["…"]}}} -> {"lines-2-code": "…"}.

    Names are those of the inputs: parts joined by "-". A problem of the whole form has the name "".
    """
    return dict(_flat(messages, ()))


def _flat(messages: Any, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _flat(inner, path if key == "_schema" else (*path, str(key)))
    elif isinstance(messages, list | tuple):
        yield "-".join(path), " ".join(str(message) for message in messages)
    else:
        yield "-".join(path), str(messages)
