"""Files large and small are kept in parts and come back byte for byte."""

import io

import pytest
from peewee import Database
from playhouse.migrations import Runner

from claims_service.domain.errors import NotFound
from claims_service.store import files, migrate
from claims_service.store.connection import run
from tests import clinic as clinics
from tests.clinic import NOW, Clinic

SIZES = (0, 1, files.PART_BYTES, 2 * files.PART_BYTES + 7)


def content_of(size: int) -> bytes:
    """Every byte there is, none at the same place of two parts."""
    return bytes(range(251)) * (size // 251) + bytes(range(size % 251))


def keep(practice: int, content: bytes, *, as_stream: bool) -> int:
    new = files.NewFile("in", "bank", "statement.csv", io.BytesIO(content) if as_stream else content)
    return files.add(practice, new, by="Test", at=NOW)


@pytest.mark.parametrize("as_stream", [False, True])
def test_a_file_comes_back_byte_for_byte_and_is_known_again(clinic: Clinic, as_stream: bool) -> None:
    """Empty, a byte, exactly one row, two rows and seven bytes: each with its size, and no row holds more than it should."""
    for size in SIZES:
        content = content_of(size)
        file = keep(clinic.practice, content, as_stream=as_stream)

        assert files.content_of(clinic.practice, file) == content
        assert files.earlier(clinic.practice, io.BytesIO(content), "bank") == file
        assert run("select size from exchange_file where id = ?", (file,)).fetchone()[0] == size
    (longest,) = run("select max(length(content)) from file_part").fetchone()
    assert longest == files.PART_BYTES


def test_the_bytes_of_another_practice_are_not_given(clinic: Clinic) -> None:
    file = keep(clinic.practice, b"ours", as_stream=False)

    with pytest.raises(NotFound):
        files.content_of(clinic.practice + 1, file)
    assert files.contents(clinic.practice + 1, [file]) == {file: b""}


def test_a_file_with_line_ends_added_on_the_way_is_the_same_file() -> None:
    """Also where a line end falls between two parts of it."""
    content = b"ST*835*0001~" * (files.PART_BYTES // 12 + 100)
    wrapped = content.replace(b"~", b"~\r\n")

    assert files.digest(io.BytesIO(wrapped)) == files.digest(wrapped) == files.digest(content)


def test_files_from_before_are_cut_into_parts_and_put_together_again(store: Database) -> None:
    """A database whose rows hold whole files is brought up to now, back, and up again; not a byte is lost."""
    practice = clinics.found().practice
    kept = {keep(practice, content_of(size), as_stream=False): content_of(size) for size in SIZES}
    runner = Runner(store, str(migrate.FOLDER))

    runner.down("0045_file_parts")
    whole = dict(run("select id, content from exchange_file order by id").fetchall())
    runner.up()

    assert {file: bytes(content) for file, content in whole.items()} == kept
    assert {file: files.content_of(practice, file) for file in kept} == kept
