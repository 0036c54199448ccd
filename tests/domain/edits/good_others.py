"""A facility's and a dentist's claim that nothing can be said against, and many of their kinds drawn with a seed."""

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from claims_service.domain.claim.dental import DentalClaim, DentalLine, Tooth
from claims_service.domain.claim.institutional import (
    CodedValue,
    FoundDiagnosis,
    InstitutionalClaim,
    Occurrence,
    RevenueLine,
    Surgery,
)
from tests.domain.edits.made import CLINIC, COLLEAGUE, DAY, DOCTOR, GOOD

LEFT = date(2026, 10, 18)
BED = RevenueLine(1, "0120", 2700_00, Decimal(3), "DA")
STAY = InstitutionalClaim(
    "I1", CLINIC, GOOD.patient, GOOD.coverage, "11", DAY, LEFT, "1", "01", (FoundDiagnosis("J189", "Y"), FoundDiagnosis("I10", "N")),
    (BED, RevenueLine(2, "0305", 30_00, procedure="85025"), RevenueLine(3, "0250", 80_00)), admission_source="1", admitted_on=DAY,
    admitted_time="0930", discharge_time="1400", admitting_diagnosis="R0602", drg="194",
    surgeries=(Surgery("0BH17EZ", date(2026, 10, 16)),), occurrences=(Occurrence("11", date(2026, 10, 13)),),
    values=(CodedValue("80", Decimal(3)),), conditions=("09",), attending=DOCTOR, operating=COLLEAGUE,
)  # fmt: skip
EMERGENCY = replace(
    STAY, type_of_bill="13", statement_until=DAY, admitted_on=None, admitted_time="", discharge_time="", admitting_diagnosis="", drg="",
    surgeries=(), operating=None, values=(), diagnoses=(FoundDiagnosis("R0602"),), visit_reasons=("R0602",),
    lines=(RevenueLine(1, "0450", 600_00, procedure="99284", served_on=DAY), RevenueLine(2, "0250", 40_00, served_on=DAY)),
)  # fmt: skip
FILLING = DentalLine(1, "D2392", 210_00, teeth=(Tooth("14", ("M", "O")),), pointers=(1,))
DENTIST = DentalClaim(
    "D1", CLINIC, GOOD.patient, GOOD.coverage, "11", (FILLING,), ("K029",), served_on=DAY, rendering=DOCTOR
)
Draw = random.Random


def _stay(dice: Draw, kind: str = "11", status: str = "01", **changes: object) -> InstitutionalClaim:
    days = dice.randint(1, 9)
    begun = DAY - timedelta(dice.randrange(90))
    beds = RevenueLine(1, dice.choice(("0110", "0120", "0200")), dice.randrange(400_00, 9000_00), Decimal(days), "DA")
    until = begun + timedelta(days)
    values: dict[str, object] = {
        "type_of_bill": kind, "patient_status": status, "statement_from": begun, "admitted_on": begun, "statement_until": until,
        "values": (CodedValue("80", Decimal(days)),), "lines": (beds, *STAY.lines[1:]),
        "surgeries": tuple(Surgery("0DTJ4ZZ", begun + timedelta(n)) for n in range(dice.randint(0, days))),
        "occurrences": (Occurrence("11", begun - timedelta(2)),),
    }  # fmt: skip
    return replace(STAY, **{**values, **changes})  # type: ignore[arg-type]


def _died(dice: Draw) -> InstitutionalClaim:
    made = _stay(dice, status="20")
    return replace(made, occurrences=(Occurrence("55", made.statement_until),))


def _born(dice: Draw) -> InstitutionalClaim:
    made = _stay(dice, admission_type="4", admission_source="5", surgeries=())
    return replace(made, patient=replace(made.patient, birth_on=made.statement_from))


def _leave(dice: Draw) -> InstitutionalClaim:
    """A day of the stay was spent at home and is not covered."""
    made = _stay(dice)
    days = (made.statement_until - made.statement_from).days
    away = Occurrence("74", made.statement_from, made.statement_from)
    return replace(made, values=(CodedValue("80", Decimal(days - 1)), CodedValue("81", Decimal(1))), spans=(away,))


def _one_day(dice: Draw) -> InstitutionalClaim:
    made = _stay(dice, surgeries=())
    bed = replace(made.lines[0], units=Decimal(1))
    return replace(
        made, statement_until=made.statement_from, discharge_time="2300", values=(CodedValue("80", Decimal(1)),),
        lines=(bed, *made.lines[1:]),
    )  # fmt: skip


def _outpatient(dice: Draw) -> InstitutionalClaim:
    code, procedure, modifiers = dice.choice(
        [
            ("0301", "80053", ()),
            ("0320", "71046", ()),
            ("0420", "97110", ("GP",)),
            ("0510", "99213", ()),
            ("0270", "", ()),
        ]
    )
    day = DAY - timedelta(dice.randrange(90))
    line = RevenueLine(1, code, dice.randrange(20_00, 900_00), procedure=procedure, modifiers=modifiers, served_on=day)
    return replace(
        EMERGENCY, admission_type="3", statement_from=day, statement_until=day, visit_reasons=(), lines=(line,)
    )


STAY_KINDS: Mapping[str, Callable[[Draw], InstitutionalClaim]] = {
    "a stay in hospital": _stay,
    "a death": _died,
    "a birth": _born,
    "a day of leave": _leave,
    "out the same day": _one_day,
    "skilled nursing": lambda dice: _stay(dice, "21", drg="", admitted_time="", discharge_time="", surgeries=()),
    "an emergency": lambda dice: replace(EMERGENCY, admission_type=dice.choice("12")),
    "an outpatient": _outpatient,
}


def _teeth(dice: Draw, code: str, teeth: str, surfaces: str = "", **more: object) -> DentalClaim:
    tooth = Tooth(dice.choice(teeth.split()), tuple(surfaces))
    line = replace(FILLING, procedure=code, teeth=(tooth,), charge_cents=dice.randrange(50_00, 1500_00))
    return replace(DENTIST, lines=(replace(line, **more),))  # type: ignore[arg-type]


def _child(dice: Draw, code: str, teeth: str, surfaces: str = "") -> DentalClaim:
    made = _teeth(dice, code, teeth, surfaces)
    return replace(made, patient=replace(made.patient, birth_on=date(dice.randint(2016, 2021), 3, 1)))


def _scaling(dice: Draw) -> DentalClaim:
    areas = dice.sample(("10", "20", "30", "40"), 2)
    lines = [
        replace(FILLING, number=n, procedure="D4341", teeth=(), oral_cavity=(area,)) for n, area in enumerate(areas, 1)
    ]
    return replace(DENTIST, lines=tuple(lines))


DENTAL_KINDS: Mapping[str, Callable[[Draw], DentalClaim]] = {
    "a back filling": lambda dice: _teeth(dice, "D2392", "2 3 4 5 14 19 30", dice.choice(("MO", "DO", "OB"))),
    "a front filling": lambda dice: _teeth(dice, "D2331", "6 8 9 11 24 27", dice.choice(("MI", "DL", "MF"))),
    "a root canal": lambda dice: _teeth(dice, "D3330", "3 14 18 31"),
    "a first crown": lambda dice: _teeth(dice, "D2740", "3 8 14 30", prosthesis="I"),
    "a new crown": lambda dice: _teeth(
        dice, "D2740", "3 8 14", prosthesis="R", replaces_on=date(dice.randint(2001, 2019), 5, 2)
    ),
    "a tooth out": lambda dice: _teeth(dice, "D7140", "1 16 17 32 12"),
    "a milk tooth's crown": lambda dice: _child(dice, "D2930", "A B I J K T"),
    "a child's sealant": lambda dice: _child(dice, "D1351", "3 14 19 30", "O"),
    "a check-up": lambda dice: replace(
        _teeth(dice, "D0120", "1"), lines=(replace(FILLING, procedure="D0120", teeth=()),)
    ),
    "scaling": _scaling,
}
