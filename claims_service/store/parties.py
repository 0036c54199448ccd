"""Practices, providers and insurers as domain values."""

from claims_service.domain.errors import NotFound
from claims_service.domain.party import Address, BillingProvider, Payer, Provider
from claims_service.store import tables
from claims_service.store.connection import opened, run


def billing_provider(practice: int) -> BillingProvider:
    """The practice as it stands on a claim.

    Raises:
        NotFound: no such practice.
    """
    columns = "name, npi, tax_id, taxonomy, line1, line2, city, state, zip, phone, contact, submitter_id"
    with opened():
        row = run(f"select {columns} from practice where id = ?", (practice,)).fetchone()
    if row is None:
        raise NotFound("practice")
    name, npi, tax_id, taxonomy, *address, phone, contact, submitter_id = row
    return BillingProvider(name, npi, tax_id, taxonomy, Address(*address), phone, contact, submitter_id)


def practice_ids() -> list[int]:
    """All practices, the oldest first."""
    with opened():
        return [row.id for row in tables.Practice.select(tables.Practice.id).order_by(tables.Practice.id)]


def providers(practice: int) -> dict[int, Provider]:
    """Everyone who gives, refers or hosts care, by id."""
    with opened():
        rows = tables.Provider.select().where(tables.Provider.practice == practice).order_by(tables.Provider.id)
        return {row.id: Provider(row.npi, row.last, row.first, row.taxonomy) for row in rows}


def payers(practice: int) -> dict[int, Payer]:
    """All insurers of a practice, by id."""
    with opened():
        rows = tables.Payer.select().where(tables.Payer.practice == practice).order_by(tables.Payer.id)
        return {
            row.id: Payer(
                row.identifier,
                row.name,
                row.filing,
                row.receiver_id,
                Address(row.line1, "", row.city, row.state, row.zip),
            )
            for row in rows
        }


def originator(practice: int, payer: int) -> str:
    """How an insurer signs its payments (TRN03), from its record or its last remittance; "" where it never sent one."""
    with opened():
        of_record = run("select originator from payer where practice_id = ? and id = ?", (practice, payer)).fetchone()
        sql = "select originator from remittance where practice_id = ? and payer_id = ? and originator <> '9999999999' order by id desc limit 1"
        of_file = run(sql, (practice, payer)).fetchone()
    return str((of_record and of_record[0]) or (of_file and of_file[0]) or "")


def payers_behind(practice: int, receiver: str) -> frozenset[int]:
    """The insurers whose files go to this receiver id (ISA08): one, or several where it is a clearinghouse."""
    with opened():
        rows = tables.Payer.select(tables.Payer.id).where(
            tables.Payer.practice == practice,
            (tables.Payer.receiver_id == receiver)
            | ((tables.Payer.receiver_id == "") & (tables.Payer.identifier == receiver)),
        )
        return frozenset(row.id for row in rows)


def filing_days(practice: int) -> dict[int, int]:
    """Days from service to the last day an insurer takes a claim, by insurer."""
    with opened():
        rows = tables.Payer.select(tables.Payer.id, tables.Payer.timely_filing_days).where(
            tables.Payer.practice == practice
        )
        return dict(rows.tuples())


def zone(practice: int) -> str:
    """The practice's time zone, an IANA name."""
    with opened():
        return str(tables.Practice.get_by_id(practice).zone)
