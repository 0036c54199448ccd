"""A small clinic to tell stories with: two insurers, a doctor, patients; one thing is changed in each test."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from claims_service.domain.actor import Actor
from claims_service.domain.encounter import Encounter, ServiceLine
from claims_service.domain.party import Address, Person
from claims_service.store import contracts, fees, patients, tables
from claims_service.store.connection import write

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
VISIT_DAY = date(2026, 11, 10)
BILLER = Actor("user:1", "biller", "127.0.0.1")
MANAGER = Actor("user:2", "manager", "127.0.0.1")
PRICES = {"99213": 120_00, "99214": 180_00, "85025": 30_00, "36415": 15_00, "11102": 140_00, "93000": 60_00}


@dataclass(frozen=True)
class Clinic:
    """Ids of what was made."""

    practice: int
    doctor: int
    quillhaven: int
    northfold: int
    alma: int
    bruno: int

    def visit(self, patient: int | None = None, *codes: str, reference: str = "V1", **changes: Any) -> Encounter:
        """A visit of Alma with an office visit and a blood count: $150.00."""
        lines = tuple(ServiceLine(code, (1,)) for code in codes or ("99213", "85025"))
        values: dict[str, Any] = {
            "patient_id": patient or self.alma, "served_on": VISIT_DAY, "place_of_service": "11", "rendering_id": self.doctor,
            "diagnoses": ("J069", "R509"), "lines": lines, "reference": reference,
        }  # fmt: skip
        return Encounter(**{**values, **changes})


def found(name: str = "Lakeside Clinic", npi: str = "1990000014", *, suffix: str = "") -> Clinic:
    """Write the clinic to the connected database. Two practices: give the second another name, NPI and suffix."""
    with write():
        practice = tables.Practice.create(
            name=name, npi=npi, tax_id="990000001", taxonomy="207Q00000X", phone="5035550142", contact="BILLING OFFICE",
            submitter_id=f"LAKESIDE{suffix}", line1="1 Example Street", city="Portland", state="OR", zip="972010001",
        ).id  # fmt: skip
        doctor = tables.Provider.create(
            practice=practice, npi="1990000022", last="Voss", first="Imani", taxonomy="207Q00000X"
        ).id
        quillhaven = _payer(practice, "QH001", "Quillhaven Health")
        northfold = _payer(practice, "NF002", "Northfold Mutual")
        fees.add(
            practice,
            "Clinic prices",
            [(code, "", cents) for code, cents in PRICES.items()],
            valid_from=date(2026, 1, 1),
        )
        allowed = [(code, "", cents * 3 // 4) for code, cents in PRICES.items()]
        contracts.add_flat(
            practice, quillhaven, "Quillhaven contract", allowed, valid_from=date(2026, 1, 1), by=BILLER.name, at=NOW
        )
        home = Address("2 Sample Road", "", "Portland", "OR", "97202")
        people = [
            patients.NewPatient(
                f"P1{suffix}", Person("Testpatient", "Alma", "", date(1980, 1, 1), "F", home), email="alma@example.org"
            ),
            patients.NewPatient(f"P2{suffix}", Person("Testpatient", "Bruno", "", date(1975, 5, 5), "M", home)),
        ]
        alma, bruno = patients.add_many(practice, people, at=NOW)
        start = date(2026, 1, 1)
        patients.add_coverages(
            practice,
            [
                patients.NewCoverage(alma, quillhaven, "QHM0000001", group_number="GRP100", valid_from=start),
                patients.NewCoverage(bruno, quillhaven, "QHM0000002", valid_from=start),
                patients.NewCoverage(bruno, northfold, "NFM0000002", rank=2, valid_from=start),
            ],
        )
    return Clinic(practice, doctor, quillhaven, northfold, alma, bruno)


def _payer(practice: int, identifier: str, name: str) -> int:
    row = tables.Payer.create(
        practice=practice, identifier=identifier, name=name, filing="CI", receiver_id=identifier, line1="7 Payer Boulevard",
        city="Salem", state="OR", zip="973010001",
    )  # fmt: skip
    return int(row.id)
