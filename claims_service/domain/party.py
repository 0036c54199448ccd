"""People and organizations on a claim."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Address:
    """A US postal address; zip holds 5 or 9 digits without a dash."""

    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""

    @property
    def complete(self) -> bool:
        return bool(self.line1 and self.city and self.state and self.zip)


@dataclass(frozen=True, slots=True)
class Person:
    """A patient or subscriber. sex: F, M or U (837P DMG03)."""

    last: str
    first: str
    middle: str = ""
    birth_on: date | None = None
    sex: str = "U"
    address: Address = field(default_factory=Address)
    suffix: str = ""

    @property
    def full_name(self) -> str:
        return f"{self.first} {self.last}".strip()


@dataclass(frozen=True, slots=True)
class Provider:
    """A person or organization that gives, refers or hosts care; last holds the name of an organization (first empty).

    numbers: others beside the NPI as (qualifier, number): 0B state licence, 1G UPIN, G2 the payer's, LU location.
    """

    npi: str
    last: str
    first: str = ""
    taxonomy: str = ""
    address: Address = field(default_factory=Address)
    middle: str = ""
    suffix: str = ""
    numbers: tuple[tuple[str, str], ...] = ()

    @property
    def is_person(self) -> bool:
        return bool(self.first)

    @property
    def full_name(self) -> str:
        return f"{self.first} {self.last}".strip()


@dataclass(frozen=True, slots=True)
class BillingProvider:
    """The practice as it bills (837P 2010AA): street address with nine-digit ZIP, tax id of nine digits."""

    name: str
    npi: str
    tax_id: str
    taxonomy: str
    address: Address
    phone: str
    contact: str = "BILLING OFFICE"
    submitter_id: str = ""
    pay_to: Address | None = None


@dataclass(frozen=True, slots=True)
class Payer:
    """An insurer. identifier = NM109 with qualifier PI; filing = SBR09 claim filing indicator."""

    identifier: str
    name: str
    filing: str = "CI"
    receiver_id: str = ""
    address: Address = field(default_factory=Address)


def spoken_phone(phone: str) -> str:
    """5035550142 as "(503) 555-0142"; another shape stays as it is."""
    digits = "".join(mark for mark in phone if mark.isdigit())
    return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}" if len(digits) == 10 else phone
