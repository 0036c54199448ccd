"""A clinic served to phones: who walks through it, in English by day and in Spanish by night."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from claims_service import clock
from claims_service.access import guard, people, portal_links
from claims_service.domain.actor import COMMAND
from claims_service.domain.ledger.accounts import PATIENT_OWES
from claims_service.domain.party import Person
from claims_service.store import connection, journal, patients, tables
from tests.access.world import PASSWORD
from tests.browser.visits import PHONE, OpenPage, open_page, served
from tests.browser.walks.walker import Scheme, Walker
from tests.clinic import NOW, Clinic
from tests.interfaces.portal.conftest import Portal, living_portal

__all__ = ["living_portal", "open_page"]
BORN = "01/01/1980"


@dataclass(frozen=True)
class Town:
    """The clinic of the portal's tests, a language and a scheme. Alma owes $100.60 for one visit."""

    portal: Portal
    address: str
    open_page: OpenPage
    language: str
    scheme: Scheme

    @property
    def clinic(self) -> Clinic:
        return self.portal.clinic

    def stranger(self) -> Walker:
        """A phone with nothing open."""
        page = self.open_page("about:blank", width=PHONE, scheme=self.scheme)
        return Walker(page, self.address, self.language, self.scheme)

    def patient(self, patient: int = 0) -> Walker:
        """Alma, or another, with the link from a message open in front of her and her date of birth typed."""
        patient = patient or self.clinic.alma
        with connection.opened():
            tables.Patient.update(language=self.language).where(tables.Patient.id == patient).execute()
            token = portal_links.make(self.clinic.practice, patient, by=COMMAND, now=clock.now())
        walker = self.stranger()
        walker.opens(f"/portal/link/{token}?lang={self.language}")
        walker.writes("Date of birth of the patient", BORN)
        walker.presses("Open my bill")
        return walker

    def staff(self, role: str) -> Walker:
        """Somebody of the staff, who signs in with e-mail and password. Their pages are in English."""
        email = f"{role}@lakeside.example"
        with connection.opened():
            newcomer = people.Newcomer(email, "Priya Castellane", role, PASSWORD, None)
            passwords = guard.access_of(self.portal.app).passwords
            people.add(self.clinic.practice, newcomer, passwords=passwords, by=COMMAND, now=clock.now())
        walker = Walker(self.open_page("about:blank", width=PHONE, scheme=self.scheme), self.address, "en", self.scheme)
        walker.opens("/staff/sign-in")
        walker.writes("E-mail", email)
        walker.writes("Password", PASSWORD)
        walker.presses("Sign in")
        return walker

    def self_payer(self) -> int:
        """Cora, who has no plan."""
        with connection.opened(), connection.write():
            cora = Person("Testpatient", "Cora", "", tables.Patient.get_by_id(self.clinic.alma).birth_on, "F")
            new = patients.NewPatient("P3", cora, email="cora@example.org")
            (made,) = patients.add_many(self.clinic.practice, [new], at=NOW)
        return made

    def owed(self, patient: int = 0) -> int:
        """Cents, as the journal says."""
        with connection.opened():
            return journal.balance(self.clinic.practice, PATIENT_OWES, patient=patient or self.clinic.alma)


@pytest.fixture
def standing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clinic's clock stands at the day of its stories, so that the walks are the same on every day."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture(params=[("en", "light"), ("es", "dark")], ids=["english by day", "spanish by night"])
def town(standing: None, living_portal: Portal, open_page: OpenPage, request: pytest.FixtureRequest) -> Iterator[Town]:
    language, scheme = request.param
    with served(living_portal.app) as address:
        yield Town(living_portal, address, open_page, language, scheme)
