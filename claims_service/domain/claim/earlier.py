"""What a patient had here before, and the days after a surgery that its price pays for."""

from dataclasses import dataclass
from datetime import date, timedelta

NEW_PATIENT_YEARS = 3  # CPT: no face-to-face service of the group's same specialty within three years
GLOBAL_DAYS = {"010": 10, "090": 90}  # GLOB DAYS of Medicare's relative value file
_BLOOD_DRAWS = frozenset({"36415", "36416"})


@dataclass(frozen=True, slots=True)
class Giver:
    """Who gave a service, as far as it matters whether two are colleagues of one specialty. specialty: taxonomy code."""

    npi: str = ""
    specialty: str = ""

    def is_like(self, other: "Giver") -> bool:
        """The same person, or one of the same specialty; unknown specialties are alike to nobody."""
        return bool(self.npi and self.npi == other.npi) or bool(self.specialty and self.specialty == other.specialty)


@dataclass(frozen=True, slots=True)
class EarlierService:
    """One service of another claim."""

    served_on: date
    procedure: str
    giver: Giver


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The days that the price of a surgery pays for: for 90 days one day before it as well (Medicare's manual 12, 40.1)."""

    procedure: str
    served_on: date
    days: int
    giver: Giver

    @property
    def first(self) -> date:
        return self.served_on - timedelta(days=1 if self.is_major else 0)

    @property
    def until(self) -> date:
        return self.served_on + timedelta(days=self.days)

    @property
    def is_major(self) -> bool:
        """With 90 days: the visit that decided on it carries 57."""
        return self.days == GLOBAL_DAYS["090"]

    def holds(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.first <= day <= self.until


def is_face_to_face(code: str) -> bool:
    """Whether who bills the code has met the patient: visits, surgery, psychiatry, eye examinations and therapy."""
    visit = "99202" <= code <= "99499" or "90785" <= code <= "90899" or "92002" <= code <= "92014"
    surgery = "10004" <= code <= "69990" and code not in _BLOOD_DRAWS
    return len(code) == 5 and code.isdigit() and (visit or surgery or "97010" <= code <= "97799")


def three_years_before(day: date) -> date:
    """The first day that still counts."""
    try:
        return day.replace(year=day.year - NEW_PATIENT_YEARS)
    except ValueError:  # February 29
        return day.replace(year=day.year - NEW_PATIENT_YEARS, day=28)
