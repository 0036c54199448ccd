"""What all tables share."""

from typing import Any

from peewee import AutoField, ForeignKeyField, Model, TextField

from claims_service.store.connection import database


class Row(Model):
    """What all tables share."""

    id = AutoField()

    class Meta:
        database = database
        legacy_table_names = False


def link(to: type[Model], *, null: bool = False, index: bool = False) -> Any:
    """A reference that the database checks; deleting what is referred to is refused."""
    options: dict[str, Any] = {"null": null, "index": index, "on_delete": "RESTRICT", "backref": "+"}
    return ForeignKeyField(to, **options)


def text(*, null: bool = False, index: bool = False) -> Any:
    """Text that is empty unless said otherwise."""
    options: dict[str, Any] = {"default": "", "null": null, "index": index}
    return TextField(**options)
