"""Prices agreed with insurers before there were contracts are contracts after the upgrade, to the cent."""

from datetime import date

from playhouse.migrations import Runner

from claims_service.domain.pricing.contract import Contract, Term
from claims_service.store import connection, contracts, migrate
from claims_service.store.connection import database, run
from tests.store_fixtures import Engine, FreshUrl

OLD = """
insert into practice (id, name, npi, tax_id, taxonomy, phone, email, contact, submitter_id, line1, line2, city, state, zip, zone,
    remit_bank_account) values (1, 'Larkspur', '1990000014', '990000142', '', '', '', '', 'L', '', '', '', '', '', 'UTC', '');
insert into payer (id, practice_id, identifier, name, filing, receiver_id, phone, line1, city, state, zip, timely_filing_days,
    originator) values (1, 1, 'QH001', 'Quillhaven', 'CI', 'Q', '', '', '', '', '', 180, '');
insert into fee_schedule (id, practice_id, name, payer_id, valid_from, valid_until) values
    (1, 1, 'Clinic prices', null, '2025-01-01', null),
    (2, 1, 'Quillhaven 2025', 1, '2025-01-01', '2026-01-01'),
    (3, 1, 'Quillhaven 2026', 1, '2026-01-01', null);
insert into fee (id, practice_id, schedule_id, procedure, modifier, cents) values
    (1, 1, 1, '99213', '', 16500), (2, 1, 2, '99213', '', 12000), (3, 1, 3, '99213', '', 12100), (4, 1, 3, '99213', '25', 13000)
"""


def flat(line: int, cents: int, modifier: str = "") -> Term:
    return Term(line, "flat", "99213", "99213", modifier, cents=cents, program="", lesser_of_charge=True)


def test_prices_agreed_before_the_upgrade_are_contracts_after_it(engine: Engine, fresh_url: FreshUrl) -> None:
    """$120.00 in 2025, whose schedule ended before January 1; $121.00 in 2026, $130.00 with modifier 25. The clinic's stay."""
    connection.connect(fresh_url(engine))
    Runner(getattr(database, "obj"), str(migrate.FOLDER)).up("0005_delivery")  # noqa: B009 - the proxy says nothing of what it holds
    for statement in OLD.split(";"):
        run(statement)

    migrate.upgrade()

    assert contracts.listed(1) == [
        Contract(1, 1, "Quillhaven 2025", date(2025, 1, 1), date(2025, 12, 31), (flat(1, 12000),)),
        Contract(2, 1, "Quillhaven 2026", date(2026, 1, 1), None, (flat(1, 12100), flat(2, 13000, "25"))),
    ]
    assert [row[0] for row in run("select name from fee_schedule").fetchall()] == ["Clinic prices"]
    assert [row[0] for row in run("select cents from fee").fetchall()] == [16500]
    assert migrate.upgrade() == []
    assert run("select count(*) from contract").fetchone()[0] == 2
    database.close()
