"""The guides themselves: what they hold, which of them a file is read by, and what an outside map says of them."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from claims_service.formats.x12.findings import Finding, errors
from claims_service.formats.x12.guide import GUIDES, guide, guide_name, segment_definitions
from claims_service.formats.x12.guide_lines import ElementUse, SegmentUse
from claims_service.formats.x12.pattern import Marks, compiled, faults
from claims_service.formats.x12.reader import Reader
from claims_service.formats.x12.write_837p import write_837p
from tests.formats.x12 import compare_pyx12
from tests.formats.x12.examples import ENVELOPE, claim

NAMES = sorted({*GUIDES.values()})
CLAIMS = write_837p(ENVELOPE, [claim()])
KINDS = {name.upper(): name for name in NAMES}  # what the index of the corpus calls them
SAMPLES = {"837p": 6, "837i": 2, "837d": 1, "835": 3, "999": 2, "277ca": 1, "270": 1, "271": 1, "276": 1, "277": 1}


NO_ISA = "kputnam__stupidedi/1.edi"  # its sender has 22 characters where an ISA holds 15
FAULTY = {
    "1.era": ["TA105=001 IEA02"],  # the interchange ends with the control number of another
    "271_active_response.x12": ["AK905=1 GS01"],  # GS01 says HS, the group of the 270
    "271_ls_le_wrapper.x12": ["AK905=1 GS01", "IK304=2", "IK304=3"],  # and LS encloses a REF, not the NM1 of a 2120
    "271_multiple_eb_segments.x12": ["AK905=1 GS01"],
    "271_rejected_subscriber.x12": ["AK905=1 GS01"],
    "batch_with_one_bad_transaction.x12": ["IK403=7 NM102"],  # bad by its name
    "subscriber-health-benefit-check-error.271": ["IK502=3 SE02"],  # SE02 is not ST02
    "ugly_271_rejects_aaa.x12": ["IK403=4 TRN03"],  # TRN03 has ten characters
    "x12sdk_277.edi": ["IK403=1 BHT06"],  # BHT06 = DG is required
}


def read(content: bytes) -> tuple[set[str], list[Finding]]:
    """The guides a file is read by, and its findings of severity error."""
    reader = Reader(content, check=True)
    guides = {part.envelope.guide for part in reader if part.kind != "ta1"}
    return guides, errors(reader.findings)


def uses(name: str) -> Iterator[SegmentUse]:
    for loop in guide(name).loops.values():
        yield from (*loop.segments, *loop.closing)


@pytest.mark.parametrize("name", compare_pyx12.MAPS)
def test_a_guide_differs_from_pyx12_only_where_the_list_says_why(name: str) -> None:
    found = {one.place for one in compare_pyx12.differences(name)}
    known = {one.place: one.reason for one in compare_pyx12.listed() if one.guide == name}

    assert found - set(known) == set(), "new: run python -m tests.formats.x12.compare_pyx12 --write and give reasons"
    assert set(known) - found == set(), "gone: run python -m tests.formats.x12.compare_pyx12 --write"
    assert [place for place, reason in known.items() if len(reason.split()) < 4] == []


def test_the_comparison_sees_each_kind_of_fact(monkeypatch: pytest.MonkeyPatch) -> None:
    """Six facts of a map are changed, one at a time: each comes out as a difference at its place."""
    theirs = compare_pyx12.pyx12_facts("837p")
    listed = {one.place for one in compare_pyx12.listed()}
    changes = {
        ("2310A", "", "", "repeat"): "9",
        ("2320", "", "", "usage"): "R",
        ("2010AA", "N3", "", "segment"): "S1",
        ("2300", "CLM", "02", "usage"): "S",
        ("2300", "CLM", "02", "type"): "R 1..9",
        ("2300", "CLM", "07", "codes"): "A",
    }
    for place, value in changes.items():
        assert place in theirs
        monkeypatch.setattr(
            compare_pyx12, "pyx12_facts", lambda name, place=place, value=value: theirs | {place: value}
        )
        new = [one.place for one in compare_pyx12.differences("837p") if one.place not in listed]
        assert [one[1:5] for one in new] == [place]


@pytest.mark.corpus
def test_every_sample_of_ours_is_read_by_its_guide_without_an_error(shared_data: Path) -> None:
    seen: dict[str, int] = {}
    for file in sorted((shared_data / "layouts" / "x12").iterdir()):
        if file.name.startswith("ta1"):
            continue
        guides, found = read(file.read_bytes())
        kind = file.name.partition("_")[0]
        assert (guides, found) == ({kind}, []), file.name
        seen[kind] = seen.get(kind, 0) + 1

    assert {kind: seen.get(kind, 0) >= least for kind, least in SAMPLES.items()} == dict.fromkeys(SAMPLES, True)


@pytest.mark.corpus
def test_every_file_of_the_corpus_is_read_by_the_guide_of_its_kind(shared_data: Path) -> None:
    """Those that pyx12 accepts have no error, and neither have the kinds that pyx12 has no map for, but for named faults."""
    with (shared_data / "x12" / "INDEX.tsv").open(encoding="utf-8") as index:
        rows = [row for row in csv.DictReader(index, delimiter="\t") if row["type"] in KINDS]
    unlisted, counts = {}, dict.fromkeys(KINDS, 0)
    for row in rows:
        guides, found = read((shared_data / "x12" / row["path"]).read_bytes())
        assert guides == (set() if row["path"] == NO_ISA else {KINDS[row["type"]]}), row["path"]
        counts[row["type"]] += 1
        trusted = row["pyx12_4.0.0"].startswith("ACCEPT") or row["type"] in ("837D", "270", "271", "276", "277")
        if trusted and found:
            unlisted[row["path"].rpartition("/")[2]] = sorted({f"{one.rule} {one.element}".strip() for one in found})

    assert unlisted == FAULTY
    assert {kind for kind, count in counts.items() if not count} == {"278"}
    assert sum(counts.values()) > 100


@pytest.mark.parametrize(
    ("gs01", "st01", "versions", "name"),
    [
        ("HC", "837", ("005010X222A1",), "837p"),
        ("HC", "837", ("005010X222",), "837p"),
        ("HC", "837", ("005010X222A2",), "837p"),
        ("HC", "837", ("005010X223A3",), "837i"),
        ("HC", "837", ("005010X224A3",), "837d"),
        ("HC", "837", ("004010X096A1",), "837i"),
        ("HC", "837", ("004010X097A1",), "837d"),
        ("HC", "837", ("", "005010X223A2"), "837i"),
        ("HC", "837", ("005010", "005010X224A2"), "837d"),
        ("HC", "837", ("",), "837p"),
        ("HP", "835", ("004010X091A1",), "835"),
        ("HN", "277", ("005010X214",), "277ca"),
        ("HN", "277", ("005010X212",), "277"),
        ("HN", "277", ("004010X093A1",), "277"),
        ("HS", "270", ("005010X279",), "270"),
        ("HS", "271", ("005010X279A1",), "271"),
        ("HI", "278", ("005010X217",), "278"),
        ("HI", "278", ("004010X094A1",), "278"),
        ("FA", "997", ("005010",), None),
        ("PO", "850", ("004010",), None),
        ("HC", "834", ("005010X220A1",), None),
    ],
)
def test_group_and_version_pick_the_guide(gs01: str, st01: str, versions: tuple[str, ...], name: str | None) -> None:
    assert guide_name(gs01, st01, *versions) == name


def test_a_neighbour_version_is_read_with_a_warning_and_another_release_with_an_error() -> None:
    """A payer that still names X222 is paid attention to; a file of 2003 is read, but not trusted."""
    for version, severity in (("005010X222", "warning"), ("005010X222A2", "warning"), ("004010X098A1", "error")):
        reader = Reader(CLAIMS.replace(b"005010X222A1", version.encode()), check=True)
        assert [part.kind for part in reader] == ["claim", "transaction"]
        assert [(one.rule, one.severity) for one in reader.findings] == [("AK905=2", severity)]


def test_a_group_that_does_not_fit_its_transactions_is_found() -> None:
    reader = Reader(CLAIMS.replace(b"GS*HC*", b"GS*HP*"), check=True)

    assert [part.kind for part in reader] == ["claim", "transaction"]
    assert [(one.rule, one.element, one.severity) for one in reader.findings] == [("AK905=1", "GS01", "error")]


def test_a_reader_for_one_kind_passes_over_the_others() -> None:
    reader = Reader(CLAIMS, guides=("837i",))

    assert [part.kind for part in reader] == ["transaction"]
    assert [one.rule for one in reader.findings] == ["IK502=1"]
    assert "005010X223A2" in reader.findings[0].mend


REVIEW = (
    "GS*HI*PLAN*CLINIC*20261104*0930*7*X*005010X217~ST*278*0001*005010X217~BHT*0007*11*A1*20261104*0930*18~"
    "HL*1**20*1~NM1*X3*2*TESTWELL*****PI*TW001~HL*2*1*21*1~NM1*1P*2*LAKESIDE*****XX*1234567893~"
    "HL*3*2*22*1~NM1*IL*1*TESTPATIENT*IDA****MI*TWM0000010~HL*4*3*EV*1~TRN*2*REQ1*9TESTWELL1~UM*HS*I**11:B~"
    "HCR*A1*AUTH77~HI*ABK:R130~NM1*DK*1*DOCTOR*DEE****XX*1234567893~HL*5*4*SS*0~HCR*A1*AUTH77~"
    "DTP*472*RD8*20261101-20261130~SV1*HC:97110*80*UN*4~HL*6*4*SS*0~HCR*A3~SV1*HC:97112*80*UN*4~SE*22*0001~GE*1*7~"
)


def test_an_answer_to_a_prior_authorization_is_read_by_its_events_and_services() -> None:
    """A plan grants one of two therapies: the event holds both services, each with its decision."""
    head = CLAIMS.partition(b"GS*")[0].decode()
    control = head.split("*")[13]
    reader = Reader(f"{head}{REVIEW}IEA*1*{control}~".encode(), check=True)

    event, whole = list(reader)

    assert reader.findings == []
    assert (event.envelope.guide, whole.complete) == ("278", True)
    assert [above.loop.id for above in event.parents] == ["ST", "2000A", "2000B", "2000C"]
    assert [service.value("HCR", "", 1) for service in event.node.loops("2000F")] == ["A1", "A3"]


@pytest.mark.parametrize("name", [*NAMES, "ta1"])
def test_each_segment_of_a_guide_matches_its_own_example(name: str) -> None:
    """The shortest and the fullest form of every segment are built from the guide and found without a fault."""
    marks = Marks()
    for use in uses(name):
        for full in (False, True):
            elements = [use.id, *_example(use.elements, full=full)]
            for note in use.notes:
                if note[0] == "E" and full:
                    elements[int(note[3:5])] = ""
            while not elements[-1]:
                elements.pop()
            found = [one for one in faults(use, elements, marks) if full or one.code != "2"]
            assert found == [], (use.loop, use.id, full)
            assert compiled(use, marks).fullmatch("*".join(elements)), (use.loop, use.id, full)


def _example(used: tuple[ElementUse, ...], *, full: bool) -> list[str]:
    last = max((use.position for use in used if full or use.required), default=0)
    values = [""] * last
    for use in used:
        if use.position <= last and (full or use.required):
            values[use.position - 1] = ":".join(_example(use.parts, full=full)) if use.parts else _value(use)
    return values


def _value(use: ElementUse) -> str:
    if use.codes:
        return use.codes[0]
    element = use.element
    dates = {"+D8": "20261104", "+RD8": "20261104-20261105", "+DT": "202611040930", "+TM": "0930"}
    kinds: dict[str, Callable[[], str]] = {
        "DT": lambda: "20261104"[-element.longest :],
        "TM": lambda: "0930",
        "N0": lambda: "1" * element.shortest,
        "R": lambda: "1" * element.shortest,
    }
    for start, text in dates.items():
        if element.type.startswith(start):
            return text
    return kinds.get(element.type, lambda: "A" * element.shortest)()


@pytest.mark.parametrize("name", NAMES)
def test_no_two_loops_or_segments_of_a_guide_can_be_mistaken_for_each_other(name: str) -> None:
    """Where several segments of one kind may stand in a loop, their telling codes keep them apart."""
    for loop in guide(name).loops.values():
        seen: set[tuple[str, str]] = set()
        for use in (*loop.segments[1:], *loop.closing):
            keys = {(use.id, code) for code in use.codes or ("",)}
            assert not keys & seen, (loop.id, use.id, use.label)
            seen |= keys


def test_a_repeating_element_is_held_to_its_codes_and_its_number() -> None:
    """EB03 lists service types: 30^88 is right, 30^?? is not, and neither are a hundred of them."""
    use, marks = guide("271").use("2110C", "EB"), Marks()

    assert compiled(use, marks).fullmatch("EB*1*IND*30^88^98")
    assert [one.code for one in faults(use, ["EB", "1", "IND", "30^ZZZ"], marks)] == ["7"]
    assert [one.place for one in faults(use, ["EB", "1", "IND", "^".join(["30"] * 100)], marks)] == ["03"]


def test_dates_follow_the_format_named_beside_them() -> None:
    """An admission at 14:30 is a D8 or DT, a discharge a time, a statement period two dates."""
    marks = Marks()
    checks = [
        ("435", "DT", "202611041430", True),
        ("435", "D8", "20261104", True),
        ("435", "DT", "20261104143", False),
        ("096", "TM", "1430", True),
        ("096", "TM", "2530", False),
        ("434", "RD8", "20261101-20261104", True),
        ("434", "RD8", "20261101", False),
    ]
    for qualifier, form, text, right in checks:
        use = guide("837i").use("2300", "DTP", qualifier)
        assert (faults(use, ["DTP", qualifier, form, text], marks) == []) is right, (qualifier, form, text)


def test_every_segment_of_the_dictionary_is_used_by_a_guide_or_the_envelope() -> None:
    used = {use.id for name in (*NAMES, "ta1") for use in uses(name)}

    assert set(segment_definitions()) - used == {"ISA", "GS", "ST", "SE", "GE", "IEA"}


@pytest.mark.parametrize(
    ("name", "loop", "segment", "code", "text", "broken"),
    [
        ("837p", "2010BA", "NM1", "IL", "NM1*IL*2*ACME*****MI", "08 2"),  # P: a qualifier without its number
        ("837p", "2300", "PWK", "EL", "PWK*OZ*EL***AC", "05 2"),
        ("837p", "2010AA", "N4", "", "N4*PARIS*IL*62701*US***IL", "02 10"),  # E: a state and a subdivision
        ("837p", "2010AA", "N4", "", "N4*PARIS***FR***IDF", ""),
        ("837p", "2010AA", "N4", "", "N4*PARIS*****", ""),
        ("837p", "2010AA", "N4", "", "N4*PARIS******IDF", "07 2"),  # C: a subdivision without its country
        ("837p", "2430", "CAS", "", "CAS*CO*45*10****5", "07 2"),  # C: a quantity without its reason
        ("837p", "2400", "HCP", "", "HCP**5", "01 1"),
        ("837p", "2440", "FRM", "", "FRM*1", "02 2"),  # R: a question without any answer
        ("270", "2110C", "EQ", "", "EQ***FAM", "01 2"),
        ("271", "2115C", "III", "", "III***44", "03 2"),
    ],
)
def test_a_broken_syntax_note_is_named(name: str, loop: str, segment: str, code: str, text: str, broken: str) -> None:
    use, elements = guide(name).use(loop, segment, code), text.split("*")
    while not elements[-1]:
        elements.pop()

    found = faults(use, elements, Marks())

    assert [f"{one.place} {one.code}" for one in found][:1] == ([broken] if broken else [])
