"""What is owed on each claim and since when, kept beside the journal; and the journal by day. Told once from what was posted so far."""

# ruff: noqa: F405
# mypy: ignore-errors
import peewee
from peewee import *  # noqa: F403

PRACTICE_ONLY = (
    "nullif(current_setting('claims.practice', true), '') is null"
    " or practice_id = nullif(current_setting('claims.practice', true), '')::integer"
)
RECEIVABLES = "('payer_owes', 'next_payer_owes', 'patient_owes', 'in_review')"
SIDE = (
    "select t.practice_id, coalesce(t.claim, 0) as claim,"
    " case when t.{0} = 'patient_owes' then 0 else coalesce(t.payer, -1) end as owner,"
    " coalesce(t.patient, 0) as patient, e.posted_on, {1}t.cents as cents"
    " from journal_transfer t join journal_entry e on e.id = t.entry_id where t.{0} in " + RECEIVABLES
)


def up(migrator, db):
    class Practice(Model):
        class Meta:
            database = db
            table_name = "practice"

    class Owed(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        claim = BigIntegerField(default=0)
        owner = BigIntegerField()
        patient = BigIntegerField(default=0)
        since = DateField()
        cents = BigIntegerField()

        class Meta:
            database = db
            table_name = "owed"
            indexes = ((("practice", "claim", "owner"), True),)

    db.create_tables([Owed], safe=False)
    db.execute_sql("create index owed_open on owed (practice_id, owner, since, cents, patient) where cents <> 0")
    db.execute_sql("create index journal_entry_practice_id_posted_on on journal_entry (practice_id, posted_on)")
    sides = " union all ".join(SIDE.format(side, sign) for side, sign in (("debit", ""), ("credit", "-")))
    db.execute_sql(
        "insert into owed (practice_id, claim, owner, patient, since, cents)"
        f" select practice_id, claim, owner, max(patient), min(posted_on), sum(cents) from ({sides}) as sides"
        " group by practice_id, claim, owner order by practice_id, claim, owner"
    )
    if isinstance(db, peewee.PostgresqlDatabase):
        db.execute_sql('alter table "owed" enable row level security')
        db.execute_sql('alter table "owed" force row level security')
        db.execute_sql(f'create policy own_practice on "owed" using ({PRACTICE_ONLY}) with check ({PRACTICE_ONLY})')


def down(migrator, db):
    db.execute_sql("drop index journal_entry_practice_id_posted_on")
    migrator.migrate(migrator.drop_table("owed"))
