"""What is made of reads is kept while they give the same rows, on both engines, and never longer."""

import sys
import threading
from collections.abc import Callable

import pytest

from claims_service.domain.errors import NotFound
from claims_service.queries.kept import KeptOfReads
from claims_service.store.connection import opened, run, write
from claims_service.store.tables import Practice
from tests.clinic import Clinic

NAMES = "select first, last, language from patient where practice_id = ? order by id"
OF_ONE = "select sum(id), min(first) from patient where last = ?"


class Card:
    """A text made of three reads, one of them by a model; told how often it was made."""

    def __init__(self, practice: int, last: str = "Nobody") -> None:
        self.practice, self.last, self.times = practice, last, 0

    def __call__(self) -> str:
        self.times += 1
        clinic = Practice.get_by_id(self.practice)
        return f"{clinic.name}: {run(NAMES, (self.practice,)).fetchall()} {run(OF_ONE, (self.last,)).fetchall()}"


CHANGES: dict[str, Callable[[Clinic], tuple[str, tuple[object, ...]]]] = {
    "another value": lambda c: ("update patient set first = 'Alva' where id = ?", (c.alma,)),
    "nothing in place of something": lambda c: ("update patient set first = '' where id = ?", (c.alma,)),
    "a comma that looks like a border": lambda c: (
        "update patient set first = first || ''',''' || last, last = '' where id = ?",
        (c.alma,),
    ),
    "a row read by a model": lambda c: ("update practice set name = 'Lakeside' where id = ?", (c.practice,)),
    "a row where none was": lambda c: ("update patient set last = 'Nobody' where id = ?", (c.bruno,)),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_thing_is_made_once_and_again_after_a_row_it_was_made_of_is_another(clinic: Clinic, what: str) -> None:
    kept: KeptOfReads[str] = KeptOfReads(100_000)
    card = Card(clinic.practice)
    first = kept.made(("card",), card)
    assert kept.made(("card",), card) == first
    assert card.times == 1

    with write():
        run(*CHANGES[what](clinic))
    again = kept.made(("card",), card)
    assert card.times == 2
    assert again == Card(clinic.practice)()
    assert again != first
    assert kept.made(("card",), card) == again
    assert card.times == 2


def test_a_row_that_was_not_read_makes_nothing_anew(clinic: Clinic) -> None:
    kept: KeptOfReads[str] = KeptOfReads(100_000)
    card = Card(clinic.practice)
    kept.made(("card",), card)
    with write():
        run("update patient set line1 = 'Elsewhere' where practice_id = ?", (clinic.practice,))
    kept.made(("card",), card)
    assert card.times == 1


def test_what_changes_while_it_is_made_is_seen_by_the_next(clinic: Clinic) -> None:
    """Bruno is renamed between two reads: the card made of the state before is not given out once more."""
    kept: KeptOfReads[str] = KeptOfReads(100_000)

    def rename() -> None:
        with opened(), write():
            run("update patient set first = 'Benno' where id = ?", (clinic.bruno,))

    def slow() -> str:
        before = run(NAMES, (clinic.practice,)).fetchall()
        other = threading.Thread(target=rename)
        other.start()
        other.join()
        assert run(NAMES, (clinic.practice,)).fetchall() == before, "one state of the database"
        return str(before)

    assert "Benno" not in kept.made(("card",), slow)
    assert "Benno" in kept.made(("card",), lambda: str(run(NAMES, (clinic.practice,)).fetchall()))


def test_another_key_makes_its_own_and_what_is_no_longer_good_is_made_anew(clinic: Clinic) -> None:
    kept: KeptOfReads[str] = KeptOfReads(100_000)
    card = Card(clinic.practice)
    kept.made(("card", "en"), card)
    kept.made(("card", "es"), card)
    assert card.times == 2
    kept.made(("card", "en"), card, lambda _: False)
    assert card.times == 3


def test_what_could_not_be_made_is_not_kept_and_leaves_no_transaction_open(clinic: Clinic) -> None:
    kept: KeptOfReads[str] = KeptOfReads(100_000)

    def nobody() -> str:
        run(NAMES, (clinic.practice,))
        raise NotFound("patient")

    with pytest.raises(NotFound):
        kept.made(("card",), nobody)
    with write():
        run("update patient set first = 'Alva' where id = ?", (clinic.alma,))
    assert "Alva" in kept.made(("card",), Card(clinic.practice))


def test_what_the_reads_gave_counts_against_the_room(clinic: Clinic) -> None:
    kept: KeptOfReads[str] = KeptOfReads(sys.getsizeof("x") + 600, sys.getsizeof)
    card = Card(clinic.practice)
    for _ in range(2):
        kept.made(("card",), card)
    assert card.times == 2, "it has no room for the rows"
