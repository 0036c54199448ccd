"""Where the next page begins, as opaque text: a signed place, so that nobody builds on what is in it."""

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

_SALT = "api-page"


class BadCursor(ValueError):
    """The text is not one that we gave out for this list."""


def written(list_name: str, position: int | str) -> str:
    """Text for a next link; good for this list alone."""
    return str(_serializer().dumps([list_name, position]))


def read(list_name: str, text: str) -> int:
    """The position in a text of ours.

    Raises:
        BadCursor: it was changed, or belongs to another list.
    """
    try:
        name, position = _serializer().loads(text)
    except (BadSignature, ValueError, TypeError):
        raise BadCursor from None
    if name != list_name or not isinstance(position, int):
        raise BadCursor
    return position


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt=_SALT)
