"""Files that went out or came in, and FHIR resources, as their bytes."""

from peewee import BigIntegerField, BlobField, CharField, IntegerField, TextField

from claims_service.store.connection import InstantField
from claims_service.store.tables.claims import ClaimRow
from claims_service.store.tables.parties import Owned, Payer
from claims_service.store.tables.row import link, text


class ExchangeFile(Owned):
    """A file that went out or came in; its bytes are in FilePart.

    kind: 837P own TA1 999 277CA 835 bank. state: made fetched (out); read held duplicate refused (in).
    outcome: JSON summary shown to who sent it; never patient data.
    """

    payer = link(Payer, null=True, index=True)
    direction = CharField(3)
    kind = CharField(6)
    name = TextField()
    sha256 = CharField(64)
    interchange_control = text()
    group_control = text()
    size = BigIntegerField()
    claim_count = IntegerField(default=0)
    total_cents = BigIntegerField(default=0)
    state = CharField(12)
    outcome = text()
    duplicate_of = BigIntegerField(null=True)
    at = InstantField()
    by = TextField()

    class Meta:
        indexes = ((("practice", "sha256"), False), (("practice", "kind", "state"), False))


class FilePart(Owned):
    """A piece of a file's bytes, so that no step needs all of a large file at once. position counts from 0."""

    file = link(ExchangeFile)
    position = IntegerField()
    content = BlobField()

    class Meta:
        indexes = ((("file", "position"), True),)


class FileReceipt(Owned):
    """One download of a file by an insurer."""

    file = link(ExchangeFile, index=True)
    by = TextField()
    at = InstantField()
    address = text()


class FileClaim(Owned):
    """A claim's place in an outgoing file. position counts CLM loops from 1."""

    file = link(ExchangeFile, index=True)
    claim = link(ClaimRow, index=True)
    transaction_control = CharField(9)
    position = IntegerField()


class FhirResource(Owned):
    """A FHIR resource as it arrived or was issued: bytes, never recomputed. resource_id: 1 to 64 of [A-Za-z0-9.-].

    identifier, status: copied out of the body for searches.
    """

    kind = CharField(40)
    resource_id = CharField(64)
    version = IntegerField(default=1)
    body = BlobField()
    sha256 = CharField(64)
    source = CharField(16)
    patient = BigIntegerField(null=True)
    payer = BigIntegerField(null=True)
    identifier = text()
    status = text()
    updated_at = InstantField()

    class Meta:
        indexes = (
            (("practice", "kind", "resource_id", "version"), True),
            (("practice", "kind", "patient"), False),
            (("practice", "kind", "identifier"), False),
        )


class FhirDue(Owned):
    """A resource that is to be issued, or issued anew: written by triggers as rows come and change.

    row_id: of the row it is made of, a ChargeItem's is its visit.
    """

    kind = CharField(24)
    row_id = BigIntegerField()

    class Meta:
        table_name = "fhir_due"
        indexes = ((("practice", "kind", "id"), False),)
