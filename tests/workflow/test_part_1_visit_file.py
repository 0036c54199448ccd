"""Visits as a CSV: what is right is taken once, what is wrong is told with its line, and a dry run leaves nothing."""

import hashlib
import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims_service.config import data_folder
from claims_service.formats.tables.visit_file import read
from claims_service.store import connection, encounters, tables
from claims_service.store.connection import run
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.import_records import import_records
from claims_service.workflow.import_visits import check_visits, import_visits
from tests.clinic import BILLER, NOW, TODAY, Clinic, found
from tests.store_fixtures import Databases
from tests.workflow.test_import_records import bundle

HEAD = "reference,patient,served_on,place,provider,diagnoses,procedure,modifiers,pointers,units,charge"
GOOD = f"""{HEAD}
A1,P1,2026-11-10,11,1990000022,J06.9 R50.9,99213,25,A,1,
A1,,,,,,85025,,AB,1,
A2,P1,11/11/2026,11,1990000022,J06.9,99214,,,1,175.50
"""


@pytest.fixture
def clinic(databases: Databases) -> Iterator[Clinic]:
    url = databases.migrated("sqlite")
    connection.connect(url)
    with connection.opened():
        made = found()
        tables.Patient.update(reference="P1").where(tables.Patient.id == made.alma).execute()
        yield made
    databases.remove(url)


def everything() -> str:
    """A digest of every row."""
    digest = hashlib.sha256()
    for model in tables.ALL:
        digest.update(repr(run(f'select * from "{model._meta.table_name}" order by 1').fetchall()).encode())
    return digest.hexdigest()


def test_a_file_of_visits_becomes_claims(clinic: Clinic) -> None:
    """$120.00 + $30.00 from the price list, and $175.50 as the file says: $325.50."""
    report = import_visits(clinic.practice, ("a.csv", GOOD.encode()), by=BILLER, now=NOW, today=TODAY)

    built = build_claims(clinic.practice, by=BILLER, now=NOW, today=TODAY)
    visits = encounters.load(clinic.practice, report.added)

    assert (report.found, len(report.added), report.known, report.problems) == (2, 2, 0, ())
    assert built.charge_cents == 325_50
    assert [line.pointers for line in visits[report.added[0]].encounter.lines] == [(1,), (1, 2)]


def test_a_file_twice_counts_once_however_it_is_cut(clinic: Clinic) -> None:
    """One visit at a time, then all again: two visits, and the file is kept each time its end is reached."""
    first = import_visits(clinic.practice, ("a.csv", GOOD.encode()), most=1, by=BILLER, now=NOW, today=TODAY)
    rest = import_visits(clinic.practice, ("a.csv", GOOD.encode()), start=first.done, most=1, by=BILLER, now=NOW, today=TODAY)  # fmt: skip
    again = import_visits(clinic.practice, ("a.csv", GOOD.encode()), by=BILLER, now=NOW, today=TODAY)

    assert (first.done, rest.done, rest.is_finished) == (1, 2, True)
    assert (len(first.added), len(rest.added), len(again.added), again.known) == (1, 1, 0, 2)
    assert run("select count(*) from encounter").fetchone()[0] == 2


def test_a_dry_run_leaves_nothing_behind(clinic: Clinic) -> None:
    before = everything()

    rows = check_visits(clinic.practice, GOOD.encode(), today=TODAY)
    records = import_records(
        clinic.practice, [("a.json", json.dumps(bundle()).encode())], by=BILLER, now=NOW, dry_run=True
    )

    assert (rows.found, len(rows.added), rows.known) == (2, 2, 0)
    assert records.patients == 1
    assert everything() == before


def test_every_wrong_line_is_told_with_its_column_and_the_right_ones_are_taken(clinic: Clinic) -> None:
    text = f"""{HEAD}
OK,P1,2026-11-10,11,1990000022,J06.9,99213,,,1,
NOBODY,P9,2026-11-10,11,1990000022,J06.9,99213,,,1,
DOCTOR,P1,2026-11-10,11,1234567893,J06.9,99213,,,1,
DAY,P1,31/31/2026,11,1990000022,J06.9,99213,,,1,
LATER,P1,2027-01-01,11,1990000022,J06.9,99213,,,1,
CODES,P1,2026-11-10,11,1990000022,J06.9,99213,,,1,
CODES,,,,,,850,,Q,many,
CODES,,,,,,85025,,B,1,
,P1,2026-11-10,11,1990000022,J06.9,99213,,,1,
TWO,P1,2026-11-10,11,1990000022,J06.9,99213,,,1,
TWO,P7,,,,,99214,,,1,
"""
    report = import_visits(clinic.practice, ("a.csv", text.encode()), by=BILLER, now=NOW, today=TODAY)

    told = [(p.line, p.column) for p in report.problems]
    assert told == [
        (3, "patient"), (4, "provider"), (5, "served_on"), (6, "served_on"), (8, "pointers"), (10, "reference"), (12, "patient"),
    ]  # fmt: skip
    assert all(p.message and p.message.endswith(".") for p in report.problems)
    assert len(report.added) == 1


def test_the_problems_of_a_visit_stand_at_their_own_lines(clinic: Clinic) -> None:
    """A code of the wrong shape in the second row of a visit that begins on line 2 is told for line 3."""
    text = f"{HEAD}\nV,P1,2026-11-10,11,1990000022,J06.9,99213,,,1,\nV,,,,,,850,,,1,\nW,P1,2026-11-10,,1990000022,cold,99213,,,1,\n"

    report = check_visits(clinic.practice, text.encode(), today=TODAY)

    assert [(p.line, p.column, p.reference) for p in report.problems] == [(3, "procedure", "V"), (4, "diagnoses", "W")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"name,date\nx,y\n", "column is missing"),
        (HEAD.encode(), "no visits"),
        (b"\xff\xfe\x00\x01", "column is missing"),
        (HEAD.encode() + b'\n"A1,P1' + b"x" * 200_000, "can't be read"),
    ],
)
def test_a_file_that_is_no_list_of_visits_is_told_as_such(clinic: Clinic, content: bytes, said: str) -> None:
    report = check_visits(clinic.practice, content, today=TODAY)

    assert said in report.problems[0].message
    assert report.added == ()


def test_heads_of_other_systems_semicolons_and_old_encodings_are_read() -> None:
    text = "Visit ID;MRN;DOS;NPI;Dx;CPT;Note;Room\r\nA1;P1;11/10/26;1990000022;J06.9,R50.9;99213;Año;4\r\n"

    file = read(text.encode("cp1252"), today=TODAY)

    assert file.problems == ()
    assert file.unread == ("Room",)
    assert file.visits[0].visit.note == "Año"
    assert file.visits[0].visit.lines[0].pointers == (1, 2)


def test_teeth_drugs_and_a_second_provider_come_in_as_they_are_written(clinic: Clinic) -> None:
    """A filling on a tooth, 1.5 ml of a drug, and a service of another provider, who gets a claim of their own."""
    second = tables.Provider.create(practice=clinic.practice, npi="1990000030", last="Amadi", first="Kofi").id
    text = """reference,kind,patient,served_on,provider,diagnoses,procedure,charge,tooth,surfaces,ndc,ndc_quantity,ndc_unit,line_provider
T,D,P1,2026-11-10,1990000022,K02.9,D2392,210,14,mo,,,,
M,,P1,2026-11-10,1990000022,J06.9,J0696,20,,,00409-7337-01,1.5,ml,
M,,,,,,99213,,,,,,,1990000030
X,,P1,2026-11-10,1990000022,J06.9,99213,,,,,,,1234567893
Y,,P1,2026-11-10,1990000022,J06.9,99213,,99,,,lots,,
"""
    report = import_visits(clinic.practice, ("a.csv", text.encode()), by=BILLER, now=NOW, today=TODAY)

    assert [(p.line, p.column) for p in report.problems] == [(5, "line_provider"), (6, "ndc_quantity")]
    kept = [
        recorded.encounter
        for recorded in encounters.load(clinic.practice, encounters.waiting(clinic.practice)).values()
    ]
    first, drug, other = [(v.reference, v.kind, v.rendering_id) for v in kept]
    assert first == ("T", "D", clinic.doctor)
    assert drug == ("M", "P", clinic.doctor)
    assert other == ("M/2", "P", second)
    assert (kept[0].lines[0].detail.tooth, kept[0].lines[0].detail.surfaces) == ("14", "MO")
    assert str(kept[1].lines[0].detail.ndc_quantity) == "1.5"


def test_the_example_file_is_right() -> None:
    file = read((data_folder("fixtures") / "visits_example.csv").read_bytes(), today=TODAY)

    assert (file.found, file.problems, file.unread) == (3, (), ())
    assert sum(len(visit.visit.lines) for visit in file.visits) == 6


@given(st.binary(max_size=300), st.text(max_size=200))
def test_whatever_the_bytes_there_is_an_answer(content: bytes, text: str) -> None:
    read(content, today=TODAY)
    file = read(f"{HEAD}\n{text}".encode("utf-8", "replace"), today=TODAY)
    assert file.visits or file.problems
