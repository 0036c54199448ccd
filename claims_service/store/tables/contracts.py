"""What insurers agreed to pay, and Medicare's relative values and localities by date of service. valid_until is the last day."""

from peewee import BigIntegerField, BooleanField, CharField, DateField, IntegerField, TextField

from claims_service.store.connection import InstantField
from claims_service.store.tables.code_sets import CodeRelease
from claims_service.store.tables.parties import Owned, Payer
from claims_service.store.tables.row import Row, link, text


class ContractRow(Owned):
    """An agreement with an insurer from a day on, until its last day or the next contract. corrects: one of the same day.

    Rows are never changed: of two with the same first day the later row holds.
    """

    payer = link(Payer)
    name = TextField()
    valid_from = DateField()
    valid_until = DateField(null=True)
    corrects = BigIntegerField(null=True)
    file_name = text()
    digest = CharField(64)
    imported_by = TextField()
    imported_at = InstantField()

    class Meta:
        table_name = "contract"
        indexes = ((("practice", "payer", "valid_from"), False),)


class ContractTermRow(Owned):
    """What is paid for some services. Empty code, modifier, place or provider_class: for all of them.

    place: F facility, N not a facility, or a place of service. method: see domain.pricing.contract. percent: exact decimal text.
    """

    contract = link(ContractRow, index=True)
    line = IntegerField()
    code_from = text()
    code_until = text()
    modifier = text()
    place = text()
    provider_class = text()
    method = CharField(10)
    cents = BigIntegerField(null=True)
    percent = text()
    release = text()
    program = text()
    locality = text()
    lesser_of_charge = BooleanField()
    reductions = text()
    note = text()

    class Meta:
        table_name = "contract_term"


class RvuRow(Row):
    """Medicare's relative values of a procedure and its modifier, written as one code (PPRRVU). program: MPFS or QPP."""

    program = CharField(4)
    code = CharField(7)
    valid_from = DateField()
    valid_until = DateField(null=True)
    status = CharField(1)
    work = CharField(9)
    pe = CharField(9)
    pe_facility = CharField(9)
    malpractice = CharField(9)
    no_pe = BooleanField()
    no_pe_facility = BooleanField()
    multiple = CharField(1)
    factor = CharField(9)
    release = link(CodeRelease)
    global_days = CharField(3, null=True)

    class Meta:
        table_name = "rvu"
        indexes = ((("program", "code", "valid_from"), True),)


class GpciRow(Row):
    """What a locality's costs are to the nation's; code: contractor and locality in seven digits."""

    program = CharField(4)
    code = CharField(7)
    valid_from = DateField()
    valid_until = DateField(null=True)
    name = TextField()
    work = CharField(9)
    pe = CharField(9)
    malpractice = CharField(9)
    release = link(CodeRelease)

    class Meta:
        table_name = "gpci"
        indexes = ((("program", "code", "valid_from"), True),)
