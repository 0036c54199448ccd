"""The database's own guards: what was written stays, entries balance, closed months stay closed."""

import peewee

APPEND_ONLY = (
    "journal_entry",
    "journal_transfer",
    "period",
    "audit",
    "claim_event",
    "file_receipt",
    "statement",
    "fhir_resource",
)

SQLITE = """
create trigger journal_transfer_moves before insert on journal_transfer
when new.cents <= 0 or new.debit = new.credit
begin select raise(abort, 'a transfer moves more than zero cents between two accounts'); end;
create trigger journal_transfer_sealed before insert on journal_transfer
when exists (select 1 from journal_entry where id = new.entry_id)
begin select raise(abort, 'this journal entry is sealed'); end;
create trigger journal_entry_balances before insert on journal_entry
when new.total_cents <= 0 or new.total_cents <> (
    select coalesce(sum(cents), 0) from journal_transfer where entry_id = new.id and practice_id = new.practice_id)
    or exists (select 1 from journal_transfer where entry_id = new.id and practice_id <> new.practice_id)
begin select raise(abort, 'the transfers do not add up to the journal entry'); end;
create trigger journal_entry_month before insert on journal_entry
when new.period <> substr(new.posted_on, 1, 7)
begin select raise(abort, 'the period is not the month of the day'); end;
create trigger journal_entry_period before insert on journal_entry
when exists (select 1 from period where practice_id = new.practice_id and month >= new.period)
begin select raise(abort, 'this month is closed'); end;
"""

# A month's first batch meets tables without statistics: plans must neither scan a table nor join in a second index.
POSTGRESQL = """
create function refuse_change() returns trigger language plpgsql as $$
begin raise exception 'rows of %% are never changed or deleted', tg_table_name using errcode = '23514'; end $$;
create function check_transfer() returns trigger language plpgsql set enable_seqscan = off as $$
begin
    if new.cents <= 0 or new.debit = new.credit then
        raise exception 'a transfer moves more than zero cents between two accounts' using errcode = '23514';
    end if;
    if exists (select 1 from journal_entry where id = new.entry_id) then
        raise exception 'this journal entry is sealed' using errcode = '23514';
    end if;
    return new;
end $$;
create function check_entry() returns trigger language plpgsql set enable_seqscan = off as $$
declare total numeric; strange bigint;
begin
    select coalesce(sum(cents), 0), count(*) filter (where practice_id <> new.practice_id) into total, strange
        from journal_transfer where entry_id = new.id;
    if new.total_cents <= 0 or new.total_cents <> total or strange > 0 then
        raise exception 'the transfers do not add up to the journal entry' using errcode = '23514';
    end if;
    if new.period <> to_char(new.posted_on, 'YYYY-MM') then
        raise exception 'the period is not the month of the day' using errcode = '23514';
    end if;
    if exists (select 1 from period where practice_id = new.practice_id and month >= new.period) then
        raise exception 'this month is closed' using errcode = '23514';
    end if;
    return new;
end $$;
create trigger journal_transfer_checked before insert on journal_transfer for each row execute function check_transfer();
create trigger journal_entry_checked before insert on journal_entry for each row execute function check_entry();
"""


def up(migrator, db):  # type: ignore[no-untyped-def]
    if isinstance(db, peewee.PostgresqlDatabase):
        db.execute_sql(POSTGRESQL)
        for table in APPEND_ONLY:
            db.execute_sql(
                f"create trigger {table}_stays before update or delete on {table} for each row execute function refuse_change()"
            )
            db.execute_sql(
                f"create trigger {table}_stays_whole before truncate on {table} execute function refuse_change()"
            )
        return
    for statement in SQLITE.strip().split("end;\n"):
        if statement.strip():
            db.execute_sql(statement.removesuffix("end;") + " end")
    for table in APPEND_ONLY:
        for verb in ("update", "delete"):
            db.execute_sql(
                f"create trigger {table}_no_{verb} before {verb} on {table}"
                f" begin select raise(abort, 'rows of {table} are never changed or deleted'); end"
            )
