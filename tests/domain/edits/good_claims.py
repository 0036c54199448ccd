"""Good claims as clinics of many specialties send them, drawn by lot: nothing that must be mended is on any of them."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from claims_service.domain.claim.circumstances import Accident, Ambulance, ClaimDates
from claims_service.domain.claim.claim import Adjustment, Claim, ClaimLine, LineDecision, OtherPayer
from claims_service.domain.coverage import Coverage
from claims_service.domain.party import Payer, Person, Provider
from tests.domain.edits.made import CLINIC, COLLEAGUE, DAY, DOCTOR, HOME, HOSPITAL, NORTHFOLD, QUILLHAVEN

PLANS = (
    QUILLHAVEN, NORTHFOLD, Payer("SYNPPO", "Old Mill Trust", "12"), Payer("SYNBLUE", "Blue Harbor", "BL"), Payer("SYNHMO", "Valley HMO", "HM"),
)  # fmt: skip
MEDICARE, MEDICAID = Payer("SYNMEDICARE", "Medicare", "MB"), Payer("SYNMEDICAID", "Medicaid", "MC")
LASTS, FIRSTS = ("OKAFOR", "NGUYEN", "ST. CLAIR", "O'SAMPLE", "BEGAY-TEST"), ("ALMA", "BRUNO", "MAY", "KOFI", "INES")
SPECIALTIES = {
    "family": "207Q00000X", "children": "208000000X", "women": "207V00000X", "bones": "207X00000X", "mind": "103TC0700X",
    "anaesthesia": "207L00000X", "pictures": "2085R0202X", "therapy": "225100000X", "emergency": "207P00000X", "hospital": "208M00000X",
}  # fmt: skip
Line = tuple[str, tuple[str, ...], str]  # code, modifiers, units


class Maker:
    """Draws claims; the same seed draws the same ones."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.number = 0

    def person(self, first_year: int, last_year: int, sex: str = "") -> Person:
        born = date(self.dice.randint(first_year, last_year), self.dice.randint(1, 12), self.dice.randint(1, 28))
        home = replace(
            HOME, line1=f"{self.dice.randint(1, 999)} Sample Road", zip=self.dice.choice(["97202", "972051234"])
        )
        return Person(self.dice.choice(LASTS), self.dice.choice(FIRSTS), "", born, sex or self.dice.choice("FM"), home)

    def claim(
        self,
        specialty: str,
        lines: list[Line],
        diagnoses: tuple[str, ...],
        patient: Person,
        place: str = "11",
        **more: Any,
    ) -> Claim:
        """A claim of one day to the patient's own plan; each line points to one to four of the diagnoses."""
        self.number += 1
        day = DAY - timedelta(self.dice.randrange(120))
        plan = self.dice.choice(PLANS)
        member = f"SYN{self.dice.randrange(10**7):07}"
        coverage = Coverage(
            1, 1, plan, 1, member, patient, group_number=self.dice.choice(["", "G100"]), valid_from=date(2026, 1, 1)
        )
        made = tuple(self.line(n, *line, day, len(diagnoses)) for n, line in enumerate(lines, 1))
        claim = Claim(
            f"C{self.number}", CLINIC, patient, coverage, place, diagnoses, made,
            rendering=replace(DOCTOR, taxonomy=SPECIALTIES.get(specialty, "207Q00000X")), referring=self.dice.choice([None, COLLEAGUE]),
        )  # fmt: skip
        return replace(claim, **more)

    def line(
        self, number: int, code: str, modifiers: tuple[str, ...], units: str, day: date, diagnoses: int
    ) -> ClaimLine:
        most = self.dice.randint(1, min(diagnoses, 4))
        pointers = (1, *self.dice.sample(range(2, diagnoses + 1), most - 1))
        return ClaimLine(
            number, f"C{self.number}L{number}", code, self.dice.randrange(20_00, 900_00), day, pointers, modifiers, Decimal(units),
        )  # fmt: skip

    def some(self, codes: str, most: int) -> list[Line]:
        return [(code, (), "1") for code in self.dice.sample(codes.split(), self.dice.randint(1, most))]


def office(m: Maker) -> Claim:
    visit = m.dice.choice(["99202", "99203", "99212", "99213", "99214"])
    diagnoses = tuple(m.dice.sample("J069 R509 E119 I10 M545 R05 Z79899 F411 E785 K219".split(), m.dice.randint(1, 4)))
    labs = m.some("85025 80053 81002 93000 87880 83036 36415 80061", 4)
    return m.claim("family", [(visit, (), "1"), *labs], diagnoses, m.person(1940, 2007))


def check_up(m: Maker) -> Claim:
    """A child's check-up with a vaccine; the code goes by age."""
    code, year = m.dice.choice([("99391", 2026), ("99392", 2023), ("99393", 2018), ("99394", 2011)])
    child = m.person(year, year)
    child = replace(child, birth_on=date(year, 1, 15))
    parent = m.person(1980, 1992)
    claim = m.claim("children", [(code, (), "1"), ("90460", (), "1"), ("90686", (), "1")], ("Z00129", "Z23"), child)
    return replace(claim, coverage=replace(claim.coverage, subscriber=parent, relationship="19"))


def pregnancy(m: Maker) -> Claim:
    mother = m.person(1986, 2005, "F")
    return m.claim("women", [("99213", (), "1"), ("76801", (), "1")], ("O0991", "Z3A12"), mother)


def delivery(m: Maker) -> Claim:
    claim = m.claim("women", [("59400", (), "1")], ("O80", "Z370"), m.person(1986, 2005, "F"), "21", facility=HOSPITAL)
    return replace(claim, dates=ClaimDates(admitted_on=claim.served_on))


def joint(m: Maker) -> Claim:
    side = m.dice.choice(["RT", "LT"])
    lines: list[Line] = [("99213", ("25",), "1"), ("20610", (side,), "1"), ("73562", (side,), "1")]
    return m.claim("bones", lines[: m.dice.randint(2, 3)], ("M1711", "M25561"), m.person(1940, 1980))


def injury(m: Maker) -> Claim:
    """A fall at home, a car or work, with its day."""
    cause, state = m.dice.choice([("OA", ""), ("AA", "OR"), ("EM", "")])
    claim = m.claim(
        "emergency", [("99283", (), "1"), ("73610", ("RT",), "1")], ("S93401A", "W109XXA"), m.person(1950, 2008), "23"
    )
    return replace(claim, accident=Accident((cause,), claim.served_on - timedelta(m.dice.randrange(3)), state))


def talk(m: Maker) -> Claim:
    return m.claim(
        "mind",
        [(m.dice.choice(["90834", "90837"]), ("95",), "1")],
        ("F411", "F329")[: m.dice.randint(1, 2)],
        m.person(1950, 2006),
        "10",
    )


def ward(m: Maker) -> Claim:
    claim = m.claim(
        "hospital",
        [(m.dice.choice(["99221", "99223", "99232"]), (), "1")],
        ("J189", "I10"),
        m.person(1935, 1990),
        "21",
        facility=HOSPITAL,
    )
    return replace(claim, dates=ClaimDates(admitted_on=claim.served_on - timedelta(m.dice.randrange(3))))


def anaesthesia(m: Maker) -> Claim:
    claim = m.claim(
        "anaesthesia", [("00811", ("AA",), "45")], ("Z1211",), m.person(1945, 1980), "22", facility=HOSPITAL
    )
    return replace(claim, lines=tuple(replace(line, unit_basis="MJ") for line in claim.lines))


def drug(m: Maker) -> Claim:
    claim = m.claim(
        "family",
        [("99214", ("25",), "1"), ("96372", (), "1"), ("J1100", (), "4")],
        ("M545", "M1711"),
        m.person(1945, 1990),
    )
    shot = replace(claim.lines[2], ndc="00641036725", ndc_unit="ML", ndc_quantity=Decimal(1))
    return replace(claim, lines=(*claim.lines[:2], shot))


def therapy(m: Maker) -> Claim:
    return m.claim(
        "therapy", [("97110", ("GP",), "2"), ("97140", ("GP", "59"), "1")], ("M545", "M25511"), m.person(1945, 2000)
    )


def picture(m: Maker) -> Claim:
    return m.claim(
        "pictures",
        [("71046", ("26",), "1")],
        ("R05", "J189"),
        m.person(1940, 2005),
        "22",
        facility=HOSPITAL,
        referring=COLLEAGUE,
    )


def breast(m: Maker) -> Claim:
    return m.claim("pictures", [("77067", (), "1")], ("Z1231",), m.person(1950, 1985, "F"), mammography="123456")


def laboratory(m: Maker) -> Claim:
    return m.claim(
        "family",
        [("80053", ("QW",), "1"), ("85025", (), "1")],
        ("E119", "I10"),
        m.person(1945, 2000),
        "81",
        clia="38D1234567",
    )


def ride(m: Maker) -> Claim:
    how = Ambulance("A", Decimal(m.dice.randint(2, 30)), HOME, HOSPITAL.address)
    return m.claim(
        "emergency", [("A0429", (), "1"), ("A0425", (), "8")], ("R55",), m.person(1935, 1990), "41", ambulance=how
    )


def unlisted(m: Maker) -> Claim:
    claim = m.claim("bones", [("17999", (), "1")], ("L905",), m.person(1960, 2000))
    return replace(claim, lines=(replace(claim.lines[0], description="Removal of a tattoo, 4 sq cm"),))


def second(m: Maker) -> Claim:
    """To the second plan, with what the first decided on each line."""
    claim = office(m)
    first = replace(m.dice.choice(PLANS), identifier="SYNFIRST")
    lines = tuple(
        replace(
            line,
            decisions=(
                LineDecision(
                    "SYNFIRST", line.charge_cents // 2, line.procedure, line.served_on + timedelta(9),
                    adjustments=(Adjustment("CO", "45", line.charge_cents - line.charge_cents // 2),),
                ),
            ),
        )
        for line in claim.lines
    )  # fmt: skip
    paid = sum(line.charge_cents // 2 for line in claim.lines)
    other = OtherPayer(first, claim.patient, "18", "SYN0000009", "P", paid_cents=paid)
    return replace(claim, lines=lines, sequence="S", other_payers=(other,))


def medicare_second(m: Maker) -> Claim:
    claim = second(m)
    return replace(claim, coverage=replace(claim.coverage, payer=MEDICARE), medicare_reason=m.dice.choice(["12", "43"]))


def medicaid_last(m: Maker) -> Claim:
    claim = second(m)
    return replace(claim, coverage=replace(claim.coverage, payer=MEDICAID))


def spouse(m: Maker) -> Claim:
    claim = office(m)
    return replace(claim, coverage=replace(claim.coverage, subscriber=m.person(1950, 1995), relationship="01"))


def replacement(m: Maker) -> Claim:
    return replace(office(m), frequency=m.dice.choice(["7", "8"]), payer_claim_number="ICN0000123")


def nursing(m: Maker) -> Claim:
    return m.claim(
        "family",
        [("99308", (), "1")],
        ("I10", "E119"),
        m.person(1930, 1950),
        m.dice.choice(["31", "32"]),
        facility=HOSPITAL,
    )


def home(m: Maker) -> Claim:
    return m.claim("family", [("99348", (), "1"), ("36415", (), "1")], ("I10",), m.person(1930, 1960), "12")


def supervised(m: Maker) -> Claim:
    claim = office(m)
    helper = Provider(COLLEAGUE.npi, "TESTPA", "IDA", "363A00000X")
    return replace(claim, rendering=helper, supervising=DOCTOR, referring=None, prior_authorization="AP-100")


KINDS: dict[str, Callable[[Maker], Claim]] = {
    kind.__name__: kind
    for kind in (
        office, check_up, pregnancy, delivery, joint, injury, talk, ward, anaesthesia, drug, therapy, picture, breast, laboratory, ride,
        unlisted, second, medicare_second, medicaid_last, spouse, replacement, nursing, home, supervised,
    )
}  # fmt: skip
