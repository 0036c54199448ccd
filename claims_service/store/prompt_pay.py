"""What a practice takes off for paying early, and what a bill promises of it as it stands."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.patient import frozen
from claims_service.domain.patient.prompt_pay import Policy, stands
from claims_service.domain.patient.standing import stands_now
from claims_service.store import bills, confidential, payment_plans, tables
from claims_service.store.connection import insert_rows, opened, run


@dataclass(frozen=True, slots=True)
class Offer:
    """cents: off when asked_cents less them are paid by a day. encounters: whose money it is taken off."""

    cents: int
    until: date
    asked_cents: int
    encounters: frozenset[int]


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


def standing(practice: int, patient: int, paid_on: date, *, own: bool = False) -> Offer | None:
    """What the newest bill of a patient promises for paying all of it on a day; own: that of confidential visits.

    Nothing where the bill changed, a part of it is disputed, or a plan is running that may pay it: then a newer bill says what holds.
    """
    newest = bills.newest_statement(practice, patient, own=own)
    told = frozen.statement(newest[1]) if newest else None
    if told is None or told.prompt_pay is None:
        return None
    account = bills.accounts(practice, [patient])[patient]
    owed: dict[int, int] = defaultdict(int)
    for encounter, _, cents in account.claims.values():
        owed[encounter] += cents
    named = [visit.invoice.encounter for visit in told.visits]
    private = confidential.visits_of(practice, [patient]).get(patient, ())
    asked_cents, changed = stands_now(told, owed, bills.current_numbers(practice, named), private)
    off_cents = stands(told.prompt_pay, owed, paid_on)
    if not off_cents or changed or any(account.held_of(encounter) for encounter in named):
        return None
    if not own and payment_plans.running(practice, [patient], today=paid_on):
        return None
    return Offer(off_cents, told.prompt_pay.until, asked_cents, frozenset(told.prompt_pay.encounters))
