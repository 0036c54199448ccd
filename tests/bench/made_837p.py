"""Made 837P files and claims of three lines, alike to the byte in what they say, for the x12 rows."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from claims_service.domain.claim.claim import Claim, ClaimLine
from claims_service.domain.coverage import Coverage
from claims_service.domain.party import Address, BillingProvider, Payer, Person, Provider
from tests.bench.floors import ISA

CLAIMS_IN_TRANSACTION = 5000
HEAD = """BHT*0019*00*1*20261101*0900*CH~NM1*41*2*SUNRISE CLINIC*****46*SUNRISE~PER*IC*BILLING*TE*5035550100
NM1*40*2*ACME HEALTH*****46*ACMEPAYER~HL*1**20*1~PRV*BI*PXC*207Q00000X~NM1*85*2*SUNRISE CLINIC*****XX*1234567893
N3*5 CLINIC WAY~N4*SPRINGFIELD*IL*627010001~REF*EI*123456789""".replace("\n", "~").split("~")

CLINIC = BillingProvider(
    "SUNRISE CLINIC", "1234567893", "123456789", "207Q00000X", Address("5 CLINIC WAY", "", "SPRINGFIELD", "IL", "627010001"),
    "5035550100", "BILLING", "SUNRISE",
)  # fmt: skip
INSURER = Payer("12345", "ACME HEALTH", "CI", "ACMEPAYER")
HOME = Address("1 MAIN ST", "", "SPRINGFIELD", "IL", "62701")
BORN, SERVED = date(1970, 1, 1), date(2026, 1, 1)


def make_837p(path: Path, claims: int) -> None:
    """Write a valid 837P of `claims` claims (about 490 bytes each), up to 5,000 in a transaction."""
    firsts = range(0, claims, CLAIMS_IN_TRANSACTION)
    with path.open("w") as out:
        out.write(ISA.format("SUNRISE", "ACMEPAYER"))
        out.write("GS*HC*SUNRISE*ACMEPAYER*20261101*0900*1*X*005010X222A1~")
        for control, first in enumerate(firsts, 1):
            last = min(first + CLAIMS_IN_TRANSACTION, claims)
            out.write(f"ST*837*{control:04}*005010X222A1~" + "~".join(HEAD) + "~")
            for n in range(first, last):
                out.write("~".join(claim_of_837p(n, n - first + 2)) + "~")
            out.write(f"SE*{len(HEAD) + (last - first) * 23 + 2}*{control:04}~")
        out.write(f"GE*{len(firsts)}*1~IEA*1*000000001~")


def claim_of_837p(n: int, level: int) -> list[str]:
    """The 23 segments of one claim of $361.50."""
    body = [
        f"HL*{level}*1*22*0",
        f"SBR*P*18*GRP{n % 50}******CI",
        f"NM1*IL*1*DOE{n % 997}*JANE*Q***MI*MEM{n:09d}",
        "N3*1 MAIN ST",
        "N4*SPRINGFIELD*IL*62701",
        "DMG*D8*19700101*F",
        "NM1*PR*2*ACME HEALTH*****PI*12345",
        f"CLM*{n}-1*361.5***11:B:1*Y*A*Y*Y",
        "HI*ABK:E119*ABF:I10*ABF:Z794",
        "NM1*82*1*SMITH*ADAM****XX*1234567801",
        "PRV*PE*PXC*207Q00000X",
    ]
    for line in (1, 2, 3):
        body += [f"LX*{line}", f"SV1*HC:9921{line}*120.5*UN*1***1:2", "DTP*472*D8*20260101", f"REF*6R*{n}{line}"]
    return body


def claims_to_write(count: int) -> Iterator[Claim]:
    """The same claims as values, ready to be written."""
    doctor = Provider("1234567801", "SMITH", "ADAM", "207Q00000X")
    for n in range(count):
        person = Person(f"DOE{n % 997}", "JANE", "Q", BORN, "F", HOME)
        coverage = Coverage(0, 0, INSURER, 1, f"MEM{n:09d}", person, "18", f"GRP{n % 50}")
        lines = tuple(ClaimLine(k, f"{n}{k}", f"9921{k}", 120_50, SERVED, (1, 2)) for k in (1, 2, 3))
        yield Claim(f"{n}-1", CLINIC, person, coverage, "11", ("E119", "I10", "Z794"), lines, rendering=doctor)
