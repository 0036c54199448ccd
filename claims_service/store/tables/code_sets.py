"""Code sets and NCCI edits by date of service: public lists, the same for every practice. valid_until is the last day."""

from peewee import BooleanField, CharField, DateField, IntegerField, TextField

from claims_service.store.connection import InstantField
from claims_service.store.tables.row import Row, link, text


class CodeRelease(Row):
    """A file that was imported. kind: a code set, or ptp_P, ptp_O, mue_P, mue_O, mue_S, add_on.

    effective_on: the day from which it speaks; empty where each row has its own days. complete: it lists the whole set.
    """

    kind = CharField(24)
    name = TextField()
    digest = CharField(64)
    effective_on = DateField(null=True)
    complete = BooleanField()
    listed = IntegerField(default=0)
    added = IntegerField(default=0)
    changed = IntegerField(default=0)
    closed = IntegerField(default=0)
    imported_by = TextField()
    imported_at = InstantField()

    class Meta:
        indexes = ((("kind", "effective_on"), False), (("kind", "digest"), False))


class ListedCodeRow(Row):
    """A code of a set with one meaning through some days; a row whose valid_until is before valid_from never held."""

    code_set = CharField(16)
    code = CharField(12)
    valid_from = DateField()
    valid_until = DateField(null=True)
    short = text()
    long = TextField()
    billable = BooleanField(default=True)
    release = link(CodeRelease)

    class Meta:
        table_name = "listed_code"
        indexes = ((("code_set", "code", "valid_from"), True),)


class NcciRationale(Row):
    """The dozen reasons that millions of pairs share."""

    words = TextField(unique=True)


class PtpRow(Row):
    """Two codes that don't go together. setting: P practitioners, O outpatient hospitals. indicator: 0, 1 or 9."""

    setting = CharField(1)
    column1 = CharField(5)
    column2 = CharField(5)
    valid_from = DateField()
    valid_until = DateField(null=True)
    indicator = CharField(1)
    rationale = link(NcciRationale)
    release = link(CodeRelease)

    class Meta:
        table_name = "ptp_edit"
        indexes = ((("setting", "column1", "column2", "valid_from"), True),)


class MueRow(Row):
    """The most units of a code. setting: P, O or S (equipment suppliers). adjudication: 1, 2 or 3 (MAI)."""

    setting = CharField(1)
    code = CharField(5)
    valid_from = DateField()
    valid_until = DateField(null=True)
    units = IntegerField()
    adjudication = CharField(1)
    rationale = text()
    release = link(CodeRelease)

    class Meta:
        table_name = "mue_limit"
        indexes = ((("setting", "code", "valid_from"), True),)


class AddOnRow(Row):
    """A code that only comes on top of a primary one ("CCCCC": each insurer decides). edit_type: 1, 2 or 3."""

    add_on = CharField(5)
    primary_code = CharField(5)
    edit_type = CharField(1)
    valid_from = DateField()
    valid_until = DateField(null=True)
    note = text()
    release = link(CodeRelease)

    class Meta:
        table_name = "add_on_code"
        indexes = ((("add_on", "primary_code", "edit_type", "valid_from"), True),)
