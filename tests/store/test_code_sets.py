"""Code sets in the store: a new release closes what it leaves out and forgets nothing."""

from collections.abc import Iterable
from datetime import date

import peewee
import pytest

from claims_service.domain.code_sets import CodeSet, ListedCode, Meaning, Standing
from claims_service.domain.errors import Conflict
from claims_service.store import code_sets
from claims_service.store.code_releases import NewRelease
from claims_service.store.connection import run, write
from claims_service.store.timelines import Changes
from tests.clinic import NOW

LAST_YEAR, THIS_YEAR, NEXT_YEAR = date(2025, 10, 1), date(2026, 10, 1), date(2027, 10, 1)
SEPTEMBER_30 = date(2026, 9, 30)


def imported(day: date, listed: Iterable[str], *, complete: bool = True, gone: Iterable[str] = ()) -> Changes:
    """codes as "J069" or "J069 other words"; "J06!" is a heading."""
    entries: list[ListedCode[Meaning]] = []
    for one in listed:
        code, _, words = one.partition(" ")
        meaning = Meaning(words or f"Short of {code}", words or f"What {code} means", billable="!" not in code)
        entries.append(ListedCode(code.strip("!"), meaning))
    entries += [ListedCode(code, None) for code in gone]
    release = NewRelease("icd10cm", f"icd10cm-order-{day.year + 1}.txt", f"{day}{listed}", day, complete)
    return code_sets.add_release(release, entries, by="command", at=NOW)


def icd(*codes: str) -> CodeSet:
    return code_sets.load({"icd10cm": codes})["icd10cm"]


def rows() -> list[tuple[object, ...]]:
    return list(run("select code, valid_from, valid_until, long, billable from listed_code order by 1, 2").fetchall())


def test_a_code_the_new_year_leaves_out_ends_and_stays_answerable(store: peewee.Database) -> None:
    imported(LAST_YEAR, ["J069", "R509"])
    changes = imported(THIS_YEAR, ["J069", "U999"])

    found = icd("J069", "R509", "U999", "X999")
    assert changes == Changes(listed=2, added=1, changed=0, closed=1)
    assert found.valid_on("R509", SEPTEMBER_30)
    assert found.standing("R509", THIS_YEAR) is Standing.RETIRED
    assert found.standing("U999", SEPTEMBER_30) is Standing.NOT_YET
    assert found.standing("U999", THIS_YEAR) is Standing.VALID
    assert found.standing("X999", THIS_YEAR) is Standing.UNKNOWN
    assert found.since == LAST_YEAR


def test_a_code_that_turns_into_a_heading_keeps_what_it_was(store: peewee.Database) -> None:
    """Each October a few codes get longer ones below them: billable for a visit of September, a heading from October."""
    imported(LAST_YEAR, ["G40C"])
    imported(THIS_YEAR, ["G40C!", "G40C1"])

    found = icd("G40C")
    assert found.billable("G40C", SEPTEMBER_30)
    assert found.standing("G40C", THIS_YEAR) is Standing.HEADING


def test_the_years_may_come_in_any_order(store: peewee.Database) -> None:
    """Two clinics, one with the files in order, one with them as they were found: both know the same of every day."""
    years = {
        LAST_YEAR: ["J069", "R509", "K210 Old words"],
        THIS_YEAR: ["J069", "K210 New words"],
        NEXT_YEAR: ["J069", "R509", "K210 New words"],
    }
    imported(LAST_YEAR, years[LAST_YEAR])
    imported(NEXT_YEAR, years[NEXT_YEAR])
    imported(THIS_YEAR, years[THIS_YEAR])

    found = icd("J069", "R509", "K210")
    assert [found.valid_on("R509", day) for day in (LAST_YEAR, SEPTEMBER_30, THIS_YEAR, date(2027, 9, 30), NEXT_YEAR)] == [
        True, True, False, False, True,
    ]  # fmt: skip
    assert [found.meaning("K210", day).long for day in years] == ["Old words", "New words", "New words"]  # type: ignore[union-attr]
    assert len([row for row in rows() if row[0] == "J069"]) == 1


def test_the_same_codes_again_change_nothing(store: peewee.Database) -> None:
    imported(LAST_YEAR, ["J069", "R509"])
    imported(THIS_YEAR, ["J069"])
    before = rows()

    assert imported(THIS_YEAR, ["J069"]) == Changes(listed=1)
    assert imported(LAST_YEAR, ["J069", "R509"]) == Changes(listed=2)
    assert rows() == before


def test_a_mended_file_of_the_same_day_takes_the_place_of_the_first(store: peewee.Database) -> None:
    imported(THIS_YEAR, ["J069 Wrogn words", "R509"])
    imported(THIS_YEAR, ["J069 Right words", "K210"])

    found = icd("J069", "R509", "K210")
    assert found.meaning("J069", THIS_YEAR) == Meaning("Right words", "Right words")
    assert not found.valid_on("R509", THIS_YEAR)
    assert len([row for row in rows() if row[0] == "R509"]) == 1, "the row stays, for no day"
    imported(THIS_YEAR, ["J069 Right words", "R509 Back again"])
    assert icd("R509").meaning("R509", THIS_YEAR) == Meaning("Back again", "Back again")


def test_a_list_of_changes_leaves_the_other_codes_alone(store: peewee.Database) -> None:
    """The April changes add and end a few codes; 98,000 others go on."""
    imported(THIS_YEAR, ["J069", "R509"])
    april = date(2027, 4, 1)
    changes = imported(april, ["U100"], complete=False, gone=["R509"])

    found = icd("J069", "R509", "U100")
    assert changes == Changes(listed=2, added=1, closed=1)
    assert found.valid_on("J069", april)
    assert found.last_day("R509") == date(2027, 3, 31)
    assert found.standing("U100", THIS_YEAR) is Standing.NOT_YET


def test_changes_need_the_list_they_change(store: peewee.Database) -> None:
    with pytest.raises(Conflict, match="complete file"):
        imported(THIS_YEAR, ["U100"], complete=False)
    assert rows() == []


def test_a_complete_file_does_not_undo_the_changes_laid_upon_it(store: peewee.Database) -> None:
    imported(THIS_YEAR, ["J069"])
    imported(date(2027, 4, 1), ["U100"], complete=False)

    with pytest.raises(Conflict, match="04/01/2027"):
        imported(THIS_YEAR, ["J069", "K210"])
    assert icd("U100").valid_on("U100", date(2027, 4, 1))


def test_no_code_is_ever_deleted(store: peewee.Database) -> None:
    imported(THIS_YEAR, ["J069"])

    with pytest.raises(peewee.DatabaseError, match="never changed or deleted"), write():
        run("delete from listed_code")
    assert len(rows()) == 1


def test_a_revenue_code_stands_under_its_group(store: peewee.Database) -> None:
    """The group 045 is listed, 0450 is not: an emergency room line is good. 0999 belongs to no group."""
    meaning = Meaning("Emergency room", "Emergency room")
    release = NewRelease("revenue_code", "revenue.tsv", "1", THIS_YEAR, complete=True)
    code_sets.add_release(release, [ListedCode("045", meaning)], by="command", at=NOW)

    found = code_sets.load({"revenue_code": ["0450", "0999"]})["revenue_code"]
    assert found.billable("0450", THIS_YEAR)
    assert found.standing("0999", THIS_YEAR) is Standing.UNKNOWN


def test_a_set_that_was_never_loaded_says_nothing(store: peewee.Database) -> None:
    assert code_sets.load({"cpt": ["99213"]})["cpt"].standing("99213", THIS_YEAR) is Standing.NOT_COVERED
