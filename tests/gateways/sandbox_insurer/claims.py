"""Claims to send to a sandbox insurer, and a plain reading of what it answers: split text, no codec."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from claims_service.config import data_folder
from claims_service.domain.claim.claim import Claim, ClaimLine
from claims_service.domain.coverage import Coverage
from claims_service.domain.money import cents
from claims_service.domain.party import Address, BillingProvider, Payer, Person
from claims_service.formats.x12.interchange import Interchange
from claims_service.formats.x12.write_837p import write_837p
from claims_service.gateways.sandbox_insurer import Plan, SandboxInsurer, load_plan

TODAY = date(2026, 11, 20)
SENT_AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
VISIT = date(2026, 10, 29)
CLINIC = BillingProvider(
    "Larkspur Family Clinic", "1990000014", "990000142", "261QP2300X",
    Address("214 Alder Street", "", "Marlow Falls", "OR", "970000214"), "5035550142", submitter_id="LARKSPUR01",
)  # fmt: skip
HOME = Address("9 Tannery Lane", "", "Marlow Falls", "OR", "97000")
NADIA = Person("Brennholt", "Nadia", "", date(1984, 5, 17), "F", HOME)
NADIA_MEMBER = "QH44070911"
PAYERS = {"quillhaven": "QH001", "northfold": "NM001", "oldmill": "OM001", "medicare": "MC001"}


def plan(key: str = "quillhaven") -> Plan:
    return load_plan(data_folder("fixtures") / "insurers", key, today=TODAY)


def insurer(folder: Path, key: str = "quillhaven", **changes: object) -> SandboxInsurer:
    return SandboxInsurer(replace(plan(key), **changes), folder / f"{key}.json")  # type: ignore[arg-type]


def claim(number: str, *services: str, payer: str = "quillhaven", member: str = NADIA_MEMBER) -> Claim:
    """services: "99214 245.00"; all on one day, for the first diagnosis."""
    identifier = PAYERS[payer]
    lines = tuple(
        ClaimLine(n, f"{number}L{n}", service.split()[0], cents(service.split()[1]), VISIT, (1,))
        for n, service in enumerate(services, 1)
    )
    coverage = Coverage(1, 1, Payer(identifier, payer.title(), "CI", payer.upper()), 1, member, NADIA)
    return Claim(number, CLINIC, NADIA, coverage, "11", ("E119",), lines)


def file_of(*claims: Claim, control: int = 1) -> bytes:
    receiver = claims[0].coverage.payer.receiver_id
    return write_837p(Interchange("LARKSPUR01", receiver, control, control, SENT_AT, reference=f"B{control}"), claims)


def segments(content: bytes, *ids: str) -> list[list[str]]:
    """Every segment of these kinds, split at its elements."""
    found = [segment.split("*") for segment in content.decode().split("~") if segment]
    return [segment for segment in found if not ids or segment[0] in ids]


def cuts(segment: Sequence[str]) -> list[tuple[str, str, int]]:
    """(group, reason, cents) of a CAS."""
    return [(segment[1], segment[i], cents(segment[i + 1])) for i in range(2, len(segment), 3)]
