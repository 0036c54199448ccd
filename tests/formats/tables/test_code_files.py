"""Files of code sets as their publishers give them out: read as they are, refused as a whole with every bad line named."""

import importlib.util
import io
import re
from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims_service.config import data_folder
from claims_service.domain.code_sets import ListedCode, Meaning
from claims_service.domain.errors import Problem, Rejected
from claims_service.formats.tables import (
    code_tables,
    hcpcs_file,
    icd10cm_files,
    icd10cm_package,
    ncci_files,
    release_names,
)

ORDER = b"""\
00001 J06     0 Acute upper resp infections                                  Acute upper respiratory infections
00002 J069    1 Acute upper respiratory infection, unspecified               Acute upper respiratory infection, unspecified
"""
PTP = b"""\
Copyright
Column1/Column2 Edits
Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale\r
\t\tprior to 1996\tDate\tDate\t0=not allowed\t\r
\t\t\t\t*=no data\t1=allowed\t\r
99213\t36415\t\t20200101\t*\t1\tMisuse of column two code\r
"""

Read = Callable[[BinaryIO], Iterable[Any]]


def problems(read: Read, content: bytes) -> tuple[Problem, ...]:
    with pytest.raises(Rejected) as refused:
        list(read(io.BytesIO(content)))
    return refused.value.problems


def hcpcs_line(code: str, sequence: int, kind: int, words: str, added: str = "20200101", ended: str = "") -> bytes:
    line = f"{code:>5}{sequence:05}{kind}{words:<80}{'Short words':<28}".ljust(268)
    return f"{line}{added:<8}{'20260101':<8}{ended:<8}N".ljust(320).encode() + b"\n"


def test_the_order_file_tells_headings_from_codes() -> None:
    heading, code = icd10cm_files.read_order(io.BytesIO(ORDER))

    assert heading == ListedCode(
        "J06", Meaning("Acute upper resp infections", "Acute upper respiratory infections", billable=False), line=1
    )
    assert code.code == "J069"
    assert code.meaning is not None
    assert code.meaning.billable


def test_the_addenda_add_end_and_reword_codes() -> None:
    change = b"Add:         00004 QA001   1 Short                                                        Long\n"
    ended = change.replace(b"Add:         00004 QA001", b"Delete:      00005 J0690")
    before = change.replace(b"Add:         00004 QA001", b"Revise from: 00006 R509 ")
    after = before.replace(b"Revise from:", b"Revise to:  ").replace(b" Long", b" Other")

    listed = list(icd10cm_files.read_addenda(io.BytesIO(change + ended + before + after)))

    assert [(one.code, one.meaning and one.meaning.long) for one in listed] == [
        ("QA001", "Long"), ("J0690", None), ("R509", "Other"),
    ]  # fmt: skip


def test_a_list_of_changes_is_not_taken_for_the_whole_list() -> None:
    """Taken as complete, it would end 98,000 codes."""
    change = b"Add:         00004 QA001   1 Short                                                        Long\n"

    (problem,) = problems(icd10cm_files.read_order, change)

    assert "addenda" in problem.message
    assert "icd10cm-addenda" in problem.mend


def test_every_bad_line_is_named_and_none_after_the_twenty_fifth() -> None:
    found = problems(
        icd10cm_files.read_order,
        ORDER + b"not a line\n" + ORDER.splitlines(keepends=True)[1] + b"00009 J0*9    1 Short".ljust(77) + b"Long\n",
    )

    assert [problem.where for problem in found] == ["line 3", "line 4", "line 5"]
    assert "order file" in found[0].message
    assert "line 2 already" in found[1].message
    assert all(problem.mend for problem in found)
    assert len(problems(icd10cm_files.read_order, b"bad\n" * 1000)) == 25


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"PK\x03\x04zip", b"\xd0\xcf\x11\xe0sheet", b"\0\0\0\0", b"x" * 300_000]
)
def test_what_is_no_list_is_refused_with_one_sentence(content: bytes) -> None:
    (problem,) = problems(icd10cm_files.read_order, content)

    assert problem.message.endswith(".")
    assert problem.mend


def test_a_hcpcs_text_goes_on_over_its_lines_and_modifiers_have_two_characters() -> None:
    content = (
        hcpcs_line("E0100", 100, 3, "Cane, includes canes of all materials,")
        + hcpcs_line("E0100", 200, 4, "adjustable or fixed")
        + hcpcs_line("J0696", 100, 3, "Injection, ceftriaxone", ended="20260331")
        + hcpcs_line("LT", 100, 7, "Left side")
    )

    cane, drug, left = hcpcs_file.read(io.BytesIO(content))

    assert cane == ListedCode(
        "E0100",
        Meaning("Short words", "Cane, includes canes of all materials, adjustable or fixed"),
        date(2020, 1, 1),
        line=1,
    )
    assert (drug.valid_until, left.code) == (date(2026, 3, 31), "LT")


def test_a_hcpcs_line_that_goes_on_from_nowhere_is_refused() -> None:
    content = hcpcs_line("E0100", 100, 3, "Cane") + hcpcs_line("E0105", 200, 4, "quad or three prong")

    (problem,) = problems(hcpcs_file.read, content)

    assert problem.where == "line 2"
    assert "E0105" in problem.message


@pytest.mark.parametrize(
    ("kind", "content", "code", "words"),
    [
        ("cpt", b'code,description,valid_from,valid_until\n99213,"Office visit, established",1992-01-01,\n', "99213", "Office visit, established"),
        ("cpt", "code\tdescription\n99214\tOffice visit, “longer”\n".encode("cp1252"), "99214", "Office visit, “longer”"),
        ("place_of_service", b"\xef\xbb\xbfcode,name,effective_from\n10,Telehealth in home,2022-01-01\n", "10", "Telehealth in home"),
        ("revenue_code", b"# note\nprefix\tlabel_en\n045\tEmergency room\n", "045", "Emergency room"),
        ("taxonomy", b"Code,Grouping,Display Name\n207Q00000X,Physicians,Family Physician\n", "207Q00000X", "Family Physician"),
        ("rarc", b"code;description\nn130;Look into the plan\n", "N130", "Look into the plan"),
    ],
)  # fmt: skip
def test_lists_come_as_csv_or_tsv_with_their_columns_named(kind: str, content: bytes, code: str, words: str) -> None:
    (found,) = code_tables.read(kind, io.BytesIO(content))

    assert found.meaning is not None
    assert (found.code, found.meaning.long) == (code, words)


def test_a_list_says_what_is_wrong_and_how_to_mend_it() -> None:
    content = b"code,description,valid_from,valid_until\n1,Office\n11,,,\n12,Home,2026-13-01,\n13,Home,2026-02-01,2026-01-01\n9,Nine,,\n"

    found = problems(partial(code_tables.read, "place_of_service"), content)

    assert [problem.where for problem in found] == [f"line {number}" for number in range(2, 7)]
    assert "keep leading zeros" in found[-1].mend
    assert all(problem.mend for problem in found)
    (missing,) = problems(partial(code_tables.read, "cpt"), b"99213,Office visit\n")
    assert "'code'" in missing.message


def test_a_quote_that_is_never_closed_is_found_where_it_opens() -> None:
    content = b'code,description\n11,"Office"\n12,"Home\n' + b"13,Assisted living\n" * 20_000

    (problem,) = problems(partial(code_tables.read, "place_of_service"), content)

    assert problem.where == "line 3"
    assert "Quotes" in problem.message


def test_a_text_in_quotes_may_go_over_two_lines() -> None:
    content = b'code,description\n11,"Office,\nas rented"\n12,Home\n'

    office, home = code_tables.read("place_of_service", io.BytesIO(content))

    assert office.meaning is not None
    assert office.meaning.long == "Office, as rented"
    assert (office.line, home.line) == (2, 4)


READERS: dict[str, Read] = {
    "icd10cm": icd10cm_files.read_order, "addenda": icd10cm_files.read_addenda, "hcpcs": hcpcs_file.read,
    "ptp": ncci_files.read_ptp, "mue": lambda stream: ncci_files.read_mue(stream)[1], "add_on": ncci_files.read_add_ons,
    **{kind: partial(code_tables.read, kind) for kind in code_tables.SHAPES},
}  # fmt: skip
BEGINNINGS = (
    b"", ORDER, PTP, b"code,description,valid_from\n", b"code\tdescription\n", b"HCPCS/CPT Code,Practitioner MUE,MAI,Why\n",
    b"AOC_Edit_Type\tAdd-On_Code\n", b"Add:         00004 QA001   1 ",
)  # fmt: skip


ROWS = st.binary(max_size=200) | st.text('0129AZ,;\t"\r\n *', max_size=200).map(str.encode)


@given(st.sampled_from(sorted(READERS)), st.sampled_from(BEGINNINGS), ROWS)
def test_whatever_a_file_holds_it_is_read_or_refused_with_its_lines(kind: str, beginning: bytes, rest: bytes) -> None:
    """No bytes make a reader fail in any other way, and what is refused says where."""
    told: tuple[Problem, ...] = ()
    try:
        list(READERS[kind](io.BytesIO(beginning + rest)))
    except Rejected as refused:
        told = refused.problems
    assert all(re.fullmatch(r"line \d+|the file", problem.where) and problem.message for problem in told)


def test_a_reason_that_was_switched_off_is_left_out() -> None:
    content = b"code\tlabel_en\tdeactivated\n45\tOver the agreed price\tno\n42\tOver the fee table\tyes\n"

    assert [code.code for code in code_tables.read("carc", io.BytesIO(content))] == ["45"]


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("carc", "carc"),
        ("rarc", "rarc"),
        ("place_of_service", "place_of_service"),
        ("taxonomy", "provider_taxonomy"),
    ],
)
def test_the_lists_that_travel_with_the_product_can_be_imported(kind: str, name: str) -> None:
    with (data_folder("mappings") / "codes" / f"{name}.tsv").open("rb") as stream:
        assert len(list(code_tables.read(kind, stream))) > 40


def test_pairs_come_with_their_days_and_their_reason() -> None:
    (pair,) = ncci_files.read_ptp(io.BytesIO(PTP))

    assert (pair.meaning.column1, pair.meaning.column2, pair.meaning.indicator) == ("99213", "36415", "1")
    assert (pair.first, pair.until, pair.meaning.rationale) == (date(2020, 1, 1), None, "Misuse of column two code")


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (b"99213\t36415\t\t20200101\t*\t7\tx\n", "0, 1 or 9"),
        (b"99213\t36415\t\t2020-1\t*\t1\tx\n", "not a date"),
        (b"99213\t364\t\t20200101\t*\t1\tx\n", "'364'"),
        (b"99213\n", "columns are missing"),
        (b"\t36415\t\t20200101\t*\t1\tx\n", "no procedure code"),
    ],
)
def test_a_bad_pair_is_named_by_its_line(bad: bytes, told: str) -> None:
    (problem,) = problems(ncci_files.read_ptp, PTP + bad)

    assert problem.where == "line 7"
    assert told in problem.message


def test_an_ncci_file_without_its_heading_is_refused() -> None:
    for read in (ncci_files.read_ptp, ncci_files.read_add_ons, lambda stream: ncci_files.read_mue(stream)[1]):
        (problem,) = problems(read, b"99213\t36415\n" * 50)
        assert "heading" in problem.message


@pytest.mark.corpus
def test_the_published_layouts_are_read_as_they_are(shared_data: Path) -> None:
    """Samples with invented codes in the layouts of CMS and NUCC; the pair 9Z001/9Z004 came back with other days."""
    layouts = shared_data / "layouts"

    def read(reader: Read, name: str) -> list[Any]:
        with (layouts / name).open("rb") as stream:
            return list(reader(stream))

    assert [c.code for c in read(icd10cm_files.read_order, "codes/icd10cm-order-SYN.txt")] == ["J06", "J069", "R509"]
    changes = read(icd10cm_files.read_addenda, "codes/icd10cm-order-addenda-SYN.txt")
    assert [(c.code, c.meaning is None) for c in changes] == [("Z99ZZ", False), ("Z99ZY", True), ("Z99ZX", False)]
    hcpcs = read(hcpcs_file.read, "codes/HCPC_SYN_CONTR_ANWEB.txt")
    assert [(c.code, c.valid_until) for c in hcpcs] == [("Z9001", None), ("Z9002", date(2026, 3, 31)), ("ZX", None)]
    assert len(read(partial(code_tables.read, "taxonomy"), "codes/nucc_taxonomy_SYN.csv")) == 3
    assert len(read(partial(code_tables.read, "place_of_service"), "codes/pos_SYN.csv")) == 10
    pairs = read(ncci_files.read_ptp, "ncci/ccipra-syn-f1.txt")
    assert [(p.first.year, p.until and p.until.year) for p in pairs if p.meaning.column2 == "9Z004"] == [
        (2024, 2025),
        (2019, 2022),
    ]
    add_ons = read(ncci_files.read_add_ons, "ncci/AOC_SYN-MCR.txt")
    assert [(a.add_on, a.primary, a.span.meaning.edit_type, a.span.until) for a in add_ons][1::2] == [
        ("9Z011", "CCCCC", "2", None), ("9Z013", "9Z001", "1", date(2025, 12, 31)),
    ]  # fmt: skip
    with (layouts / "ncci/MCR_MUE_PractitionerServices_SYN.csv").open("rb") as stream:
        setting, limits = ncci_files.read_mue(stream)
        assert (setting, [(one.code, one.meaning and one.meaning.units) for one in limits]) == (
            "P", [("9Z001", 1), ("9Z002", 6), ("9Z003", 4), ("9Z007", 0)],
        )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "name", "day"),
    [
        ("icd10cm", "icd10cm-order-2027.txt", date(2026, 10, 1)),
        ("icd10cm", "icd10cm-order-April-2026.txt", date(2026, 4, 1)),
        ("icd10cm-addenda", "icd10cm-order-addenda-2027.txt", date(2026, 10, 1)),
        ("hcpcs", "HCPC2026_OCT_ANWEB.txt", date(2026, 10, 1)),
        ("ncci-mue", "MCR_MUE_PractitionerServices_Eff_10-01-2025.csv", date(2025, 10, 1)),
        ("ncci-mue", "MCR_MUE_PractitionerServices_Eff_13-01-2025.csv", None),
        ("taxonomy", "nucc_taxonomy_261.csv", None),
        ("cpt", "cpt.csv", None),
    ],
)
def test_the_publisher_s_file_name_says_from_when_it_holds(kind: str, name: str, day: date | None) -> None:
    assert release_names.effective_on(kind, name) == day


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("simple_icd_10_cm") is None, reason="simple-icd-10-cm is not installed")
def test_the_package_gives_the_whole_of_icd_10_cm() -> None:
    name, content = icd10cm_package.order_file()
    listed = {code.code: code.meaning for code in icd10cm_files.read_order(io.BytesIO(content))}

    assert name.startswith("simple-icd-10-cm ")
    assert len(listed) > 97_000
    words = "Type 2 diabetes mellitus with diabetic chronic kidney disease"
    assert listed["E1122"] == Meaning(words[:60].strip(), words)
    heading = listed["E11"]
    assert heading is not None
    assert not heading.billable


def test_a_package_that_is_not_installed_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(icd10cm_package, "MODULE", "no_such_package_here")

    with pytest.raises(Rejected) as refused:
        icd10cm_package.order_file()
    assert "pip install simple-icd-10-cm" in refused.value.problems[0].mend
    assert icd10cm_package.published_on() is None
