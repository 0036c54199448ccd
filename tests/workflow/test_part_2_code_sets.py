"""Code files come in whole or not at all, twice is once, and every practice's audit trail says so."""

import io
from datetime import date
from pathlib import Path

import peewee
import pytest

from claims_service.domain.code_sets import Standing
from claims_service.store import code_sets, ncci
from claims_service.store.connection import run
from claims_service.workflow.import_codes import KINDS, ImportedFile, Wanted, import_codes
from tests import clinic as clinics
from tests.clinic import BILLER, NOW, VISIT_DAY, Clinic
from tests.code_files import order_file

OCTOBER, SEPTEMBER_30 = date(2026, 10, 1), date(2026, 9, 30)
PTP_HEADING = "Copyright\n\nColumn 1\tColumn 2\t*\tEffective\tDeletion\tModifier\tRationale\n\t\t\tDate\tDate\t\t\n"


def taken(kind: str, *files: tuple[str, bytes], day: date | None = None, retire: bool = False) -> list[ImportedFile]:
    wanted = Wanted(kind, day, retire=retire)
    return import_codes(wanted, [(name, io.BytesIO(content)) for name, content in files], by=BILLER, now=NOW)


def pairs(*rows: str) -> bytes:
    return (PTP_HEADING + "".join("\t".join(row.split(" ", 6)) + "\n" for row in rows)).encode()


def count(table: str) -> int:
    return int(run(f"select count(*) from {table}").fetchone()[0])


def test_a_code_retired_on_october_1_is_still_valid_for_a_visit_of_september_30(clinic: Clinic) -> None:
    last, new = taken(
        "icd10cm",
        ("icd10cm-order-2026.txt", order_file(["J069", "R509"])),
        ("icd10cm-order-2027.txt", order_file(["J069", "QA001"])),
    )

    icd = code_sets.load({"icd10cm": ["R509", "QA001"]})["icd10cm"]
    assert (last.effective_on, new.effective_on) == (date(2025, 10, 1), OCTOBER)
    assert new.changes is not None
    assert (new.changes.added, new.changes.closed) == (1, 1)
    assert icd.standing("R509", SEPTEMBER_30) is Standing.VALID
    assert icd.standing("R509", OCTOBER) is Standing.RETIRED
    assert icd.standing("QA001", SEPTEMBER_30) is Standing.NOT_YET


def test_the_same_release_twice_changes_nothing(clinic: Clinic) -> None:
    file = ("icd10cm-order-2027.txt", order_file(["J069", "R509"]))
    taken("icd10cm", file)
    before = [
        tuple(row)
        for table in ("listed_code", "code_release", "audit")
        for row in run(f"select * from {table}").fetchall()
    ]

    (again,) = taken("icd10cm", file)

    assert again.already
    assert before == [
        tuple(row)
        for table in ("listed_code", "code_release", "audit")
        for row in run(f"select * from {table}").fetchall()
    ]


def test_of_a_bad_file_nothing_is_taken_and_the_next_file_is(clinic: Clinic) -> None:
    """Two thousand good lines and one bad: the set stays as it was. The other file of the same command goes in."""
    good = order_file(f"J{number:03}" for number in range(100, 1000))
    bad, fine = taken(
        "icd10cm",
        ("icd10cm-order-2026.txt", good + b"00901 J0*9    1 oops\n"),
        ("icd10cm-order-2027.txt", order_file(["J069"])),
    )

    assert [problem.where for problem in bad.problems] == ["line 901"]
    assert fine.problems == ()
    assert count("listed_code") == 1
    assert count("code_release") == 1


def test_a_file_that_was_cut_off_does_not_end_the_rest(clinic: Clinic) -> None:
    """A download that broke off after 100 of 900 codes would retire 800; a person may still say that it is meant."""
    codes = [f"J{number:03}" for number in range(100, 1000)]
    taken("icd10cm", ("icd10cm-order-2026.txt", order_file(codes)))

    (cut,) = taken("icd10cm", ("icd10cm-order-2027.txt", order_file(codes[:100])))
    assert "800 of 900" in cut.problems[0].message
    assert code_sets.load({"icd10cm": ["J999"]})["icd10cm"].valid_on("J999", OCTOBER)

    (meant,) = taken("icd10cm", ("icd10cm-order-2027.txt", order_file(codes[:100])), retire=True)
    assert meant.changes is not None
    assert meant.changes.closed == 800


def test_a_file_whose_name_says_no_day_asks_for_it(clinic: Clinic) -> None:
    (asked,) = taken("cpt", ("our-cpt.csv", b"code,description\n99213,Office visit\n"))
    (given,) = taken("cpt", ("our-cpt.csv", b"code,description\n99213,Office visit\n"), day=OCTOBER)

    assert "--from" in asked.problems[0].mend
    assert given.changes is not None
    assert given.changes.added == 1


def test_every_practice_reads_in_its_audit_trail_who_changed_the_codes(clinic: Clinic) -> None:
    other = clinics.found("Hilltop Clinic", "1990000048", suffix="B")

    taken("icd10cm", ("icd10cm-order-2027.txt", order_file(["J069"])))

    rows = run("select practice_id, who, subject from audit where action = 'codes.import' order by 1").fetchall()
    assert [tuple(row) for row in rows] == [
        (p, BILLER.name, "codes:icd10cm") for p in (clinic.practice, other.practice)
    ]


def test_the_parts_of_a_quarter_s_pairs_add_up_and_the_next_quarter_ends_some(clinic: Clinic) -> None:
    """Four parts a quarter. A pair that ends in the next quarter's file is still bound for a visit before."""
    first = pairs("11102 36415 . 20240101 * 0 Misuse", "11102 36416 . 20240101 * 1 Misuse")
    second = pairs("99213 93000 . 20250101 * 1 Standards of practice")
    later = pairs("11102 36415 . 20240101 20260930 0 Misuse", "11102 36416 . 20240101 * 1 Misuse")
    name = "ccipra-v32{}r0-f{}.txt".format

    one, two = taken("ncci-ptp", (name(2, 1), first), (name(2, 2), second))
    (ended,) = taken("ncci-ptp", (name(3, 1), later))
    (again,) = taken("ncci-ptp", (name(3, 1), later))

    assert one.changes is not None
    assert two.changes is not None
    assert ended.changes is not None
    assert [(c.listed, c.added, c.changed) for c in (one.changes, two.changes, ended.changes)] == [
        (2, 2, 0),
        (1, 1, 0),
        (2, 0, 1),
    ]
    assert again.already
    ptp = ncci.load("P", [["11102", "36415", "93000"]]).ptp
    assert not ptp.allows(("36415", "11102"), ["59"], SEPTEMBER_30)
    assert ptp.allows(("36415", "11102"), [], OCTOBER)
    assert ncci.load("O", [["11102", "36415"]]).ptp.edit(("11102", "36415"), SEPTEMBER_30) is None


def test_pairs_of_a_file_without_a_telling_name_ask_whom_they_are_for(clinic: Clinic) -> None:
    content = pairs("11102 36415 . 20240101 * 0 Misuse")

    (asked,) = taken("ncci-ptp", ("pairs.txt", content))
    (given,) = import_codes(Wanted("ncci-ptp", setting="O"), [("pairs.txt", io.BytesIO(content))], by=BILLER, now=NOW)

    assert "--setting" in asked.problems[0].mend
    assert given.problems == ()
    assert ncci.load("O", [["11102", "36415"]]).ptp.edit(("36415", "11102"), VISIT_DAY) is not None


def test_units_hold_for_their_quarter(clinic: Clinic) -> None:
    """One blood draw a day until September, two from October; a limit that the new quarter leaves out is gone from then on."""
    heading = (
        "Copyright,,,\n\nHCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale\n"
    )
    july = f"{heading}36415,1,3 Date of Service Edit: Clinical,Clinical: Data\n93000,3,1 Line Edit,Nature of Service\n"
    october = f"{heading}36415,2,3 Date of Service Edit: Clinical,Clinical: Data\n"

    taken("ncci-mue", ("MCR_MUE_PractitionerServices_Eff_07-01-2026.csv", july.encode()))
    taken("ncci-mue", ("MCR_MUE_PractitionerServices_Eff_10-01-2026.csv", october.encode()))

    mue = ncci.load("P", [["36415", "93000"]]).mue
    assert [limit and limit.units for limit in (mue.limit("36415", SEPTEMBER_30), mue.limit("36415", OCTOBER))] == [
        1,
        2,
    ]
    assert mue.limit("93000", SEPTEMBER_30) is not None
    assert mue.limit("93000", OCTOBER) is None


def test_add_on_codes_know_their_primaries(clinic: Clinic) -> None:
    heading = "Copyright\nAOC_Edit_Type\tAdd-On_Code\tAOC_DelDT\tPrimary_Code\tPrimary_Code_DelDT\tAOC_Edit_EffDT\tAOC_Edit_DelDT\tNotes\n"
    rows = "1\t99417\t\t99215\t\t2021001\t\t\n1\t99417\t\t99205\t\t2021001\t2026273\t\n"

    taken("ncci-add-on", ("AOC_V2026Q4-MCR.txt", (heading + rows).encode()))

    add_ons = ncci.load("P", [["99417"]]).add_ons
    assert not add_ons.lacks_primary("99417", ["99205"], SEPTEMBER_30)
    assert add_ons.lacks_primary("99417", ["99205"], OCTOBER)
    assert not add_ons.lacks_primary("99417", ["99215"], OCTOBER)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_kind_takes_what_is_not_its_file(kind: str, store: peewee.Database) -> None:
    (refused,) = taken(kind, ("ccipra-v323r0-f1.txt", b"%PDF-1.7 not a list"), day=OCTOBER)

    assert len(refused.problems) == 1
    assert count("code_release") == 0


@pytest.mark.corpus
def test_the_sample_files_of_every_kind_go_in(shared_data: Path, clinic: Clinic) -> None:
    layouts = shared_data / "layouts"
    samples = {
        "icd10cm": "codes/icd10cm-order-SYN.txt", "icd10cm-addenda": "codes/icd10cm-order-addenda-SYN.txt",
        "hcpcs": "codes/HCPC_SYN_CONTR_ANWEB.txt", "taxonomy": "codes/nucc_taxonomy_SYN.csv",
        "place-of-service": "codes/pos_SYN.csv", "ncci-ptp": "ncci/ccipra-syn-f1.txt", "ncci-add-on": "ncci/AOC_SYN-MCR.txt",
        "ncci-mue": "ncci/MCR_MUE_PractitionerServices_SYN.csv",
    }  # fmt: skip
    for kind, name in samples.items():
        (done,) = taken(kind, (Path(name).name, (layouts / name).read_bytes()), day=OCTOBER)
        assert done.problems == (), kind
