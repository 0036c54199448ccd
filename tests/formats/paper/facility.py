"""An invented stay in hospital to print."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from claims_service.domain.claim.claim import OtherPayer
from claims_service.domain.claim.institutional import (
    CodedValue,
    FoundDiagnosis,
    InstitutionalClaim,
    Occurrence,
    RevenueLine,
    Surgery,
)
from claims_service.domain.party import Provider
from tests.formats.x12.examples import ANN, CLINIC, DEMO, DOCTOR, coverage

ADMITTED = date(2026, 10, 5)


def stay(lines: int = 4, **more: Any) -> InstitutionalClaim:
    """Three days in hospital, $100.00 a line; ACME pays first and DEMO next."""
    billed = tuple(
        RevenueLine(
            n, "0301", 100_00, Decimal(n), procedure="85025", modifiers=("25",), served_on=ADMITTED + timedelta(n % 3)
        )
        for n in range(1, lines + 1)
    )
    plain = InstitutionalClaim(
        "STAY1", CLINIC, ANN, coverage(), "11", ADMITTED, date(2026, 10, 8), "1", "01",
        (FoundDiagnosis("J18.9", "Y"), FoundDiagnosis("I10", "N"), FoundDiagnosis("E119")), billed,
        admission_source="1", admitted_on=ADMITTED, admitted_time="0830", discharge_time="1100", admitting_diagnosis="R0602",
        drg="194", surgeries=(Surgery("0BH17EZ", date(2026, 10, 6)), Surgery("0BH17EA", date(2026, 10, 7))),
        spans=(Occurrence("71", date(2026, 8, 1), date(2026, 8, 3)),), occurrences=(Occurrence("11", date(2026, 10, 3)),),
        values=(CodedValue("80", Decimal(3)), CodedValue("01", Decimal("1000.50"))), conditions=("09", "C1"),
        attending=DOCTOR, operating=Provider("1222222223", "KNIFE", "KIM", numbers=(("0B", "IL-9"),)),
        prior_authorization="AUTH1", medical_record="MRN1",
        other_payers=(OtherPayer(DEMO, ANN, "18", "D9", "S"),),
    )  # fmt: skip
    return replace(plain, **more)
