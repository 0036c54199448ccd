"""A visit too large for one claim is taken apart without losing a service, a cent or a reason, and several become one."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims_service.domain.encounter import Encounter, ServiceLine
from claims_service.domain.errors import Rejected
from claims_service.domain.line_detail import LineDetail
from claims_service.domain.visit_parts import apart, is_whole, together

DAY = date(2026, 11, 10)
CODES = tuple(f"M{number:02}{tail}" for number in range(10, 34) for tail in "12")


@st.composite
def visits(draw: st.DrawFn) -> Encounter:
    """Up to 130 services by up to three providers for up to 48 reasons."""
    reasons = draw(st.integers(1, 48))
    pointers = st.lists(st.integers(1, reasons), min_size=1, max_size=4, unique=True).map(tuple)
    providers = st.sampled_from([None, None, 1, 2, 3]).map(lambda key: LineDetail(rendering_id=key))
    lines = draw(st.lists(st.tuples(pointers, st.integers(0, 90_000), providers), min_size=1, max_size=130))
    services = tuple(ServiceLine("99213", p, charge_cents=cents, detail=detail) for p, cents, detail in lines)
    return Encounter(7, DAY, "11", 1, CODES[:reasons], services, "V1")


def told(visit: Encounter) -> list[tuple[int | None, tuple[str, ...], int | None]]:
    """Each service as provider, reasons in order, and cents."""
    return [
        (
            line.detail.rendering_id or visit.rendering_id,
            tuple(visit.diagnoses[p - 1] for p in line.pointers),
            line.charge_cents,
        )
        for line in visit.lines
    ]


@given(visits())
def test_every_part_fits_a_claim_and_nothing_is_lost(visit: Encounter) -> None:
    parts = apart(visit)

    assert all(is_whole(part) for part in parts)
    assert sorted(map(repr, told(visit))) == sorted(repr(line) for part in parts for line in told(part))
    assert sum(line.charge_cents or 0 for part in parts for line in part.lines) == sum(
        line.charge_cents or 0 for line in visit.lines
    )
    assert len({part.reference for part in parts}) == len(parts)
    assert parts[0].reference == "V1"
    assert apart(parts[0]) == (parts[0],)


def test_sixty_services_make_two_claims() -> None:
    visit = Encounter(7, DAY, "11", 1, ("J069",), (ServiceLine("99213", (1,)),) * 60, "V1")

    first, second = apart(visit)

    assert (len(first.lines), len(second.lines), second.reference) == (50, 10, "V1/2")


def therapy(day: int, **changes: object) -> Encounter:
    codes = ("F411",) if day % 2 else ("F411", "F329")
    visit = Encounter(7, date(2026, 11, day), "11", 1, codes, (ServiceLine("90834", (len(codes),)),), f"T{day}")
    return replace(visit, **changes)  # type: ignore[arg-type]


def test_a_week_of_therapy_becomes_one_visit_with_each_service_on_its_own_day() -> None:
    week = together([therapy(4), therapy(2), therapy(3, place_of_service="10")], "T2+2")

    assert week.served_on == date(2026, 11, 2)
    assert week.diagnoses == ("F411", "F329")
    assert [line.served_on.day for line in week.lines if line.served_on] == [2, 3, 4]
    assert [line.pointers for line in week.lines] == [(2,), (1,), (2,)]
    assert [line.place_of_service for line in week.lines] == ["", "10", ""]


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (therapy(3, patient_id=8), "patient"),
        (therapy(3, rendering_id=2), "provider"),
        (therapy(3, prior_authorization="A1"), "approval"),
        (therapy(3, kind="D"), "kind"),
        (therapy(3, lines=(ServiceLine("90834", (1,)),) * 50), "services"),
    ],
)
def test_what_does_not_go_together_is_told(other: Encounter, said: str) -> None:
    with pytest.raises(Rejected, match=said):
        together([therapy(2), other], "T")


def test_a_drug_needs_quantity_and_unit_and_a_surface_its_tooth() -> None:
    for detail in (
        LineDetail(ndc_quantity=Decimal(1)),
        LineDetail(surfaces="MO"),
        LineDetail(tooth="33"),
        LineDetail(area="50"),
    ):
        with pytest.raises(Rejected):
            Encounter(7, DAY, "11", 1, ("J069",), (ServiceLine("D2391", (1,), detail=detail),), "V1", kind="D")
