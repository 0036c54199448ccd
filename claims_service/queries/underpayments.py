"""Services an insurer allowed less for than its contract says.

What it allowed is what it paid, what it left to the patient or the next plan, and the cut of Medicare's payments by law
(CARC 253), which no contract foresees. What it denied waits under Denials and is not asked for twice. Where one service of a
claim was allowed too little and another as much too much, nothing is missing.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from claims_service.domain.ledger import accounts
from claims_service.queries.rows import known_day, rows
from claims_service.store.connection import opened

TOLERANCE_CENTS = 1_00
"""Up to a dollar a service is rounding, not worth a call; a page asks for more or less where a person wants it."""
REACH = timedelta(days=365)
MOST, MOST_EXPORTED = 200, 20_000
SEQUESTRATION = "CO253"

_ALLOWED = ", ".join(
    f"'{account}'" for account in (accounts.INSURER_CLEARING, accounts.PATIENT_OWES, accounts.NEXT_PAYER_OWES)
)
_OWES, _REVIEW, _CUT = f"'{accounts.PAYER_OWES}'", f"'{accounts.IN_REVIEW}'", f"'{SEQUESTRATION}'"
_GIVEN = f"t.debit in ({_ALLOWED}) or t.reason = {_CUT}"
_TAKEN = f"t.credit in ({_ALLOWED}) or t.reason = {_CUT}"
# Most claims lost exactly the discount that was agreed; only the others are looked into, service by service.
_SUSPECT = (
    "select c.id as id from claim c where c.practice_id = ? and c.state = 'decided' and c.sequence = 'P' and c.served_on >= ?{only}"
    " and (c.charge_cents - c.expected_cents <> (select coalesce(sum(b.cents), 0) from balance b"
    f" where b.practice_id = c.practice_id and b.account = '{accounts.CONTRACTUAL}' and b.claim = c.id)"
    " or (c.expected_cents is null"
    " and exists (select 1 from claim_line x where x.claim_id = c.id and x.expected_cents is not null)))"
)
# What left PAYER_OWES of each service, and what a reversal put back; line 0 is about the claim as a whole.
_MOVED = (
    "select t.claim as claim, coalesce(t.line, 0) as line,"
    f" sum(case when t.credit = {_OWES} and ({_GIVEN}) then t.cents when t.debit = {_OWES} and ({_TAKEN}) then -t.cents else 0 end) as allowed,"
    f" sum(case when t.credit = {_OWES} and t.debit = {_REVIEW} then t.cents"
    f" when t.debit = {_OWES} and t.credit = {_REVIEW} then -t.cents else 0 end) as review"
    " from suspect c join journal_transfer t on t.claim = c.id"
    f" where (t.credit = {_OWES} or t.debit = {_OWES}) and t.debit <> 'revenue' and t.credit <> 'revenue'"
    " group by t.claim, coalesce(t.line, 0)"
)
_SHORT = (
    f"with suspect as ({_SUSPECT}), moved as ({_MOVED}), whole as (select claim from moved where line = 0 and (allowed <> 0 or review <> 0))"
    " select l.claim_id as claim_id, l.number as number, l.procedure as procedure, l.modifiers as modifiers, l.units as units,"
    " l.charge_cents as charge_cents, l.expected_cents as expected_cents, m.allowed as allowed"
    " from moved m join claim_line l on l.claim_id = m.claim and l.number = m.line where l.expected_cents - m.allowed - m.review > ?"
    " and m.claim not in (select claim from whole)"
    " union all select c.id, 0, '', '', '', c.charge_cents, c.expected_cents, sum(m.allowed) from moved m join claim c on c.id = m.claim"
    " where m.claim in (select claim from whole) group by c.id, c.charge_cents, c.expected_cents"
    " having c.expected_cents - sum(m.allowed) - sum(m.review) > ?"
)
_LISTED = (
    "select s.claim_id, c.control_number, c.payer_claim_number, c.patient_id, c.payer_id, y.name, c.served_on,"
    " s.number, s.procedure, s.modifiers, s.units,"
    " s.charge_cents, s.expected_cents, s.allowed from ({short}) s join claim c on c.id = s.claim_id join payer y on y.id = c.payer_id"
    " order by s.expected_cents - s.allowed desc, s.claim_id, s.number limit ?"
)


@dataclass(frozen=True, slots=True)
class Underpaid:
    """A service that brought less than the contract says; line 0: the claim as a whole, which was not answered by service."""

    claim: int
    control_number: str
    payer_claim_number: str
    patient: int
    payer: int
    payer_name: str
    served_on: date
    line: int
    procedure: str
    modifiers: tuple[str, ...]
    units: str
    charge_cents: int
    expected_cents: int
    allowed_cents: int

    @property
    def missing_cents(self) -> int:
        """What to ask the insurer for."""
        return self.expected_cents - self.allowed_cents


@dataclass(frozen=True, slots=True)
class InsurerSum:
    """What one insurer is short of in the list."""

    payer: int
    name: str
    services: int
    missing_cents: int


def underpaid(
    practice: int, *, today: date, payer: int | None = None, least_cents: int = TOLERANCE_CENTS, most: int = MOST
) -> list[Underpaid]:
    """Services of the last year whose insurer allowed more than least_cents too little, the dearest first; one SELECT."""
    only = " and c.payer_id = ?" if payer else ""
    sql = _LISTED.format(short=_SHORT.format(only=only))
    asked = [practice, today - REACH, *([payer] if payer else []), least_cents, least_cents, most]
    with opened():
        found = rows(sql, *asked)
    return [
        Underpaid(
            claim, control, theirs, patient, insurer, name, known_day(on), number, code, tuple(modifiers.split()), units, charge, expected,
            int(allowed),
        )
        for claim, control, theirs, patient, insurer, name, on, number, code, modifiers, units, charge, expected, allowed in found
    ]  # fmt: skip


def by_insurer(listed: Sequence[Underpaid]) -> list[InsurerSum]:
    """The same by insurer, the most missing first."""
    sums: dict[tuple[int, str], list[int]] = defaultdict(list)
    for one in listed:
        sums[(one.payer, one.payer_name)].append(one.missing_cents)
    found = [InsurerSum(payer, name, len(cents), sum(cents)) for (payer, name), cents in sums.items()]
    return sorted(found, key=lambda one: (-one.missing_cents, one.name))
