"""Ids of rows as addresses and forms carry them: whole numbers that a database can hold."""

from werkzeug.routing import IntegerConverter, ValidationError

LARGEST = 2**53  # what JSON keeps exact; leaves room for an offset of that many pages


def row_id(text: str) -> int:
    """The number in a field.

    Raises:
        ValueError: not plain digits, or more than any row has.
    """
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(LARGEST)) or int(text) > LARGEST:
        raise ValueError("not the id of a row")
    return int(text)


class RowId(IntegerConverter):
    """`<int:name>` of a route: a longer number is nobody's id, so nothing is at that address."""

    def to_python(self, value: str) -> int:
        try:
            return row_id(value)
        except ValueError:
            raise ValidationError from None
