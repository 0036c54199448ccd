"""What a practice takes off for paying early."""

from datetime import datetime

from claims_service.domain.patient.prompt_pay import Policy
from claims_service.store import tables
from claims_service.store.connection import insert_rows, opened, run


def policy(practice: int) -> Policy:
    """What holds now; a practice that said nothing offers nothing."""
    sql = "select percent, days, insured from prompt_pay_policy where practice_id = ? order by id desc limit 1"
    with opened():
        found = run(sql, (practice,)).fetchone()
    return Policy(found[0], found[1], bool(found[2])) if found else Policy()


def add_policy(practice: int, new: Policy, *, by: str, at: datetime) -> None:
    """From now on; statements that are out keep what they promise. Inside write()."""
    columns = ("practice", "percent", "days", "insured", "by", "at")
    insert_rows(tables.PromptPayPolicy, columns, [(practice, new.percent, new.days, new.insured, by, at)])
