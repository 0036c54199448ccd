"""The claims list page by page, and finding one claim by what people remember of it."""

from datetime import timedelta

import pytest

from claims_service.queries import accounts, claim_list
from claims_service.queries.claim_list import Wanted
from claims_service.store.connection import run
from tests.clinic import NOW, VISIT_DAY, Clinic
from tests.workflow.cycle import ready, sent


def walk(clinic: Clinic, **wanted: object) -> list[list[int]]:
    """Every page of a view from the first on."""
    pages: list[list[int]] = []
    after = ""
    while not pages or after:
        page = claim_list.page_of(clinic.practice, Wanted("all", after=after, **wanted), now=NOW)  # type: ignore[arg-type]
        pages.append([claim.id for claim in page.claims])
        after = page.after
    return pages


@pytest.mark.parametrize("sort", claim_list.SORTS)
@pytest.mark.parametrize("descending", [False, True])
def test_page_after_page_shows_every_claim_once_and_back_again_the_same(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, sort: str, descending: bool
) -> None:
    """Seven claims, two of one day and most of one charge, three a page."""
    monkeypatch.setattr(claim_list, "PAGE", 3)
    ready(clinic, 6)
    ready(clinic, 1, "93000", patient=clinic.bruno)

    pages = walk(clinic, sort=sort, descending=descending)

    assert [len(page) for page in pages] == [3, 3, 1]
    assert sorted(claim for page in pages for claim in page) == list(range(1, 8))
    page = claim_list.page_of(
        clinic.practice,
        Wanted("all", sort=sort, descending=descending, after=_after(clinic, sort, descending)),
        now=NOW,
    )
    back = claim_list.page_of(
        clinic.practice, Wanted("all", sort=sort, descending=descending, before=page.before), now=NOW
    )
    assert [claim.id for claim in back.claims] == pages[0]
    assert (back.before, bool(back.after)) == ("", True)


def _after(clinic: Clinic, sort: str, descending: bool) -> str:
    return claim_list.page_of(clinic.practice, Wanted("all", sort=sort, descending=descending), now=NOW).after


@pytest.mark.parametrize("cursor", ["x", "~", "1~", "2026-11-10", "'; drop table claim--~1", "9" * 80 + "~1"])
def test_a_cursor_that_cannot_be_read_shows_the_first_page(clinic: Clinic, cursor: str) -> None:
    ready(clinic, 2)

    page = claim_list.page_of(clinic.practice, Wanted("all", after=cursor), now=NOW)

    assert len(page.claims) == 2


def test_a_claim_is_found_by_number_in_whole_by_its_beginning_by_its_digits_and_by_the_insurers(clinic: Clinic) -> None:
    head, _ = ready(clinic, 2)
    run("update claim set payer_claim_number = 'QH7788' where id = ?", (head.id,))

    for typed in (head.control_number, "1", head.control_number[:4], "c1000-0001", "QH77"):
        found = claim_list.find(clinic.practice, typed, day=None, cents=None)
        assert (head.id in [claim.id for claim in found]) == (len(typed) > 1), typed


def test_claims_are_found_by_the_patients_name(clinic: Clinic) -> None:
    """ "test" begins two names: their claims are listed; "lma" is part of one only."""
    (hers,) = ready(clinic, 1)
    (his,) = ready(clinic, 1, patient=clinic.bruno)

    both = accounts.find(clinic.practice, "test")
    found = claim_list.find(clinic.practice, "test", day=None, cents=None, patients=[one.id for one in both])

    assert {claim.id for claim in found} == {hers.id, his.id}
    assert [one.id for one in accounts.find(clinic.practice, "lma")] == [clinic.alma]
    assert [one.id for one in accounts.find(clinic.practice, "testpatient, br")] == [clinic.bruno]
    assert [one.id for one in accounts.find(clinic.practice, "p2")] == [clinic.bruno]


def test_no_answer_is_told_by_each_insurers_own_limit(clinic: Clinic) -> None:
    """The common limit is 30 days: a claim sent 29 days ago waits, one sent 31 days ago is silent."""
    sent(clinic, 2)
    run("update claim set sent_at = ? where id = 1", (NOW - timedelta(days=29),))
    run("update claim set sent_at = ? where id = 2", (NOW - timedelta(days=31),))

    silent = claim_list.page_of(clinic.practice, Wanted("silent"), now=NOW)

    assert [claim.id for claim in silent.claims] == [2]
    assert claim_list.view_counts(clinic.practice, now=NOW)["silent"] == 1


def test_filters_on_days_and_insurer_narrow_every_page(clinic: Clinic) -> None:
    ready(clinic, 3)

    day = claim_list.page_of(clinic.practice, Wanted("all", served_from=VISIT_DAY, payer=clinic.quillhaven), now=NOW)
    none = claim_list.page_of(clinic.practice, Wanted("all", payer=clinic.northfold), now=NOW)

    assert [claim.id for claim in day.claims] == [1]
    assert none.claims == ()
