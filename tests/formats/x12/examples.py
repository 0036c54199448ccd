"""Invented claims and remittances, small enough to read, for the tests of the X12 formats."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from claims_service.domain.claim.claim import Adjustment, Claim, ClaimLine, LineDecision, OtherPayer
from claims_service.domain.coverage import Coverage
from claims_service.domain.party import Address, BillingProvider, Payer, Person, Provider
from claims_service.formats.x12.interchange import Interchange

WRITTEN_AT = datetime(2026, 11, 2, 9, 0)  # noqa: DTZ001 - X12 carries the sender's local time
ENVELOPE = Interchange("LAKESIDE", "ACME", 1, 1, WRITTEN_AT, test=True, reference="BATCH1")
CLINIC = BillingProvider(
    "LAKESIDE CLINIC", "1234567893", "123456789", "207Q00000X",
    Address("1 LAKE STREET", "", "SPRINGFIELD", "IL", "627010001"), "2175550100", submitter_id="LAKESIDE",
)  # fmt: skip
ACME = Payer("ACME1", "ACME HEALTH PLAN", "CI", "ACME1")
DEMO = Payer("DEMO2", "DEMO MUTUAL", "CI", "ACME1")  # the same clearinghouse takes both
ANN = Person("EXAMPLE", "ANN", "Q", date(1980, 1, 1), "F", Address("2 ROAD", "APT 3", "SPRINGFIELD", "IL", "62702"))
TIM = Person("EXAMPLE", "TIM", "", date(2016, 5, 4), "M", Address("2 ROAD", "APT 3", "SPRINGFIELD", "IL", "62702"))
DOCTOR = Provider("1987654328", "HEALER", "HAL", "207Q00000X")


def coverage(payer: Payer = ACME, relationship: str = "18", subscriber: Person = ANN) -> Coverage:
    return Coverage(0, 0, payer, 1, "MEM000001", subscriber, relationship, "GRP100")


def line(number: int = 1, charge_cents: int = 12050, **more: object) -> ClaimLine:
    return replace(
        ClaimLine(number, f"C1L{number}", "99213", charge_cents, date(2026, 10, 15), (1, 2), place_of_service="11"),
        **more,  # type: ignore[arg-type]
    )


def claim(**more: object) -> Claim:
    """$150.50 for Ann, who is her own subscriber: an office visit and a blood count."""
    plain = Claim(
        "C1", CLINIC, ANN, coverage(), "11", ("J069", "R509"),
        (line(), line(2, 3000, procedure="85025", pointers=(1,))), rendering=DOCTOR,
    )  # fmt: skip
    return replace(plain, **more)  # type: ignore[arg-type]


def secondary() -> Claim:
    """ACME paid $70 of $120.50, cut $30.50 by contract and left $20 to Ann; DEMO is asked next."""
    decision = LineDecision(
        "ACME1", 7000, "99213", date(2026, 10, 26),
        adjustments=(Adjustment("CO", "45", 3050), Adjustment("PR", "2", 2000)),
    )  # fmt: skip
    # 2320 carries neither the subscriber's birth date nor where that payer's claims go
    ann, acme = replace(ANN, birth_on=None, sex="U"), replace(ACME, receiver_id="")
    first = OtherPayer(acme, ann, "18", "MEM000001", "P", "GRP100", 7000, "ICN1")
    return claim(
        coverage=replace(coverage(DEMO), rank=2),
        sequence="S",
        lines=(line(decisions=(decision,)),),
        other_payers=(first,),
    )


def drug() -> ClaimLine:
    return line(2, 3000, procedure="J1885", units=Decimal(4), ndc="00000000101")
