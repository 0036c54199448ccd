"""What FHIR resources are to be issued, or issued anew, noted by the database itself as rows come and change."""

# ruff: noqa: F405
# mypy: ignore-errors
import peewee
from peewee import *  # noqa: F403

PRACTICE_ONLY = (
    "nullif(current_setting('claims.practice', true), '') is null"
    " or practice_id = nullif(current_setting('claims.practice', true), '')::integer"
)
# name, event and table, condition, kind -> row: a ChargeItem is noted by its visit, the others by their own row
NOTES = (
    ("practice_new", "insert on practice", "", {"Organization": "id"}),
    ("practice_changed", "update on practice", "", {"Organization": "id"}),
    ("payer_new", "insert on payer", "", {"Payer": "id"}),
    ("payer_changed", "update on payer", "", {"Payer": "id"}),
    ("provider_new", "insert on provider", "", {"Practitioner": "id"}),
    ("provider_changed", "update on provider", "", {"Practitioner": "id"}),
    ("patient_new", "insert on patient", "", {"Patient": "id", "Account": "id"}),
    ("patient_changed", "update on patient", "", {"Patient": "id"}),
    ("coverage_new", "insert on coverage", "", {"Coverage": "id", "Account": "patient_id"}),
    ("coverage_changed", "update on coverage", "", {"Coverage": "id", "Account": "patient_id"}),
    ("encounter_new", "insert on encounter", "", {"Encounter": "id"}),
    (
        "encounter_changed",
        "update of version, state on encounter",
        "new.version <> old.version or (new.state = 'void') <> (old.state = 'void')",
        {"Encounter": "id", "ChargeItem": "id"},
    ),
    ("claim_of_patient", "insert on claim", "new.payer_id is null", {"ChargeItem": "encounter_id"}),
    ("claim_new_sent", "insert on claim", "new.sent_at is not null", {"Claim": "id", "ChargeItem": "encounter_id"}),
    (
        "claim_sent",
        "update of sent_at on claim",
        "old.sent_at is null and new.sent_at is not null",
        {"Claim": "id", "ChargeItem": "encounter_id"},
    ),
    ("claim_void", "update of state on claim", "new.state = 'void' and old.state <> 'void'", {"Claim": "id"}),
    ("claim_repriced", "update of version on claim", "new.version <> old.version", {"ChargeItem": "encounter_id"}),
    ("claim_payment_new", "insert on claim_payment", "new.state = 'posted'", {"ClaimResponse": "id"}),
    (
        "claim_payment_posted",
        "update of state on claim_payment",
        "new.state = 'posted' and old.state <> 'posted'",
        {"ClaimResponse": "id"},
    ),
    ("remittance_new", "insert on remittance", "new.state = 'posted'", {"PaymentReconciliation": "id"}),
    (
        "remittance_posted",
        "update of state on remittance",
        "new.state = 'posted' and old.state <> 'posted'",
        {"PaymentReconciliation": "id"},
    ),
    ("invoice_new", "insert on invoice", "", {"Invoice": "id"}),
)
# What is there already: parties once more, of the rest what was not issued yet or may have changed since.
FRESH = "not exists (select 1 from fhir_resource f where f.practice_id = x.practice_id and f.kind = '{}' and f.resource_id = '{}-' || x.id)"
BILLED = "(x.sent_at is not null or x.payer_id is null)"
EARLIER = (
    "select id, 'Organization', id from practice",
    "select practice_id, 'Payer', id from payer",
    "select practice_id, 'Practitioner', id from provider",
    "select practice_id, 'Patient', id from patient",
    "select practice_id, 'Coverage', id from coverage",
    "select practice_id, 'Account', id from patient",
    f"select practice_id, 'Encounter', id from encounter x where version > 1 or state = 'void' or {FRESH.format('Encounter', 'encounter')}",
    f"select distinct practice_id, 'ChargeItem', encounter_id from claim x where {BILLED}",
    f"select practice_id, 'Claim', id from claim x where sent_at is not null and (state = 'void' or {FRESH.format('Claim', 'claim')})",
    (
        "select practice_id, 'ClaimResponse', id from claim_payment x where state = 'posted' and "
        f"{FRESH.format('ClaimResponse', 'response')}"
    ),
    (
        "select practice_id, 'PaymentReconciliation', id from remittance x where state = 'posted' and "
        f"{FRESH.format('PaymentReconciliation', 'remittance')}"
    ),
    f"select practice_id, 'Invoice', id from invoice x where {FRESH.format('Invoice', 'invoice')}",
)


def up(migrator, db):
    class Practice(Model):
        class Meta:
            database = db
            table_name = "practice"

    class FhirDue(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        kind = CharField(max_length=24)
        row_id = BigIntegerField()

        class Meta:
            database = db
            table_name = "fhir_due"
            indexes = ((("practice", "kind", "id"), False),)

    db.create_tables([FhirDue], safe=False)
    for rows in EARLIER:
        db.execute_sql(f"insert into fhir_due (practice_id, kind, row_id) {rows}")
    on_postgresql = isinstance(db, peewee.PostgresqlDatabase)
    for name, event, condition, rows in NOTES:
        owner = "id" if event.endswith(" on practice") else "practice_id"
        values = ", ".join(f"(new.{owner}, '{kind}', new.{row})" for kind, row in rows.items())
        note = f"insert into fhir_due (practice_id, kind, row_id) values {values}"
        when = f"when ({condition})" if condition else ""
        if not on_postgresql:
            db.execute_sql(f"create trigger {name}_is_due after {event} {when} begin {note}; end")
            continue
        body = f"begin {note}; return null; end"
        db.execute_sql(f"create function {name}_is_due() returns trigger language plpgsql as $$ {body} $$")
        db.execute_sql(
            f"create trigger {name}_is_due after {event} for each row {when} execute function {name}_is_due()"
        )
    # The name of an insurer stands on the plans of its members.
    renamed = "select new.practice_id, 'Coverage', id from coverage where payer_id = new.id"
    note = f"insert into fhir_due (practice_id, kind, row_id) {renamed}"
    when = "when (new.name <> old.name)"
    if not on_postgresql:
        db.execute_sql(f"create trigger payer_renamed_is_due after update of name on payer {when} begin {note}; end")
        return
    body = f"begin {note}; return null; end"
    db.execute_sql(f"create function payer_renamed_is_due() returns trigger language plpgsql as $$ {body} $$")
    db.execute_sql(
        f"create trigger payer_renamed_is_due after update of name on payer for each row {when}"
        " execute function payer_renamed_is_due()"
    )
    db.execute_sql('alter table "fhir_due" enable row level security')
    db.execute_sql('alter table "fhir_due" force row level security')
    db.execute_sql(f'create policy own_practice on "fhir_due" using ({PRACTICE_ONLY}) with check ({PRACTICE_ONLY})')


def down(migrator, db):
    on_postgresql = isinstance(db, peewee.PostgresqlDatabase)
    for name, event, *_ in (*NOTES, ("payer_renamed", "update on payer")):
        place = f" on {event.rpartition(' ')[2]}" if on_postgresql else ""
        db.execute_sql(f"drop trigger {name}_is_due{place}")
        if on_postgresql:
            db.execute_sql(f"drop function {name}_is_due()")
    migrator.migrate(migrator.drop_table("fhir_due"))
