"""`claims x12` as people type it: a file seen, checked, answered and copied, and nothing that ends in a trace."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from claims_service.formats.x12 import second_opinion
from claims_service.formats.x12.acknowledgements import read_acknowledgements
from claims_service.formats.x12.write_837p import write_837p
from claims_service.interfaces.cli import x12_command
from tests.factories835 import file_835, payment, remittance
from tests.formats.x12.examples import ENVELOPE, claim
from tests.formats.x12.test_reading import sample_files

CLAIMS = write_837p(ENVELOPE, [claim(), claim(control_number="C2")])
PAID = file_835(remittance([payment("C1")]))


def run(*words: str, piped: bytes = b"") -> Result:
    return CliRunner().invoke(x12_command.command, list(words), input=piped)


@pytest.fixture
def claims_file(tmp_path: Path) -> Path:
    file = tmp_path / "claims.837"
    file.write_bytes(CLAIMS)
    return file


def test_a_file_is_shown_with_the_names_of_its_loops_and_values(claims_file: Path) -> None:
    """$150.50 for Ann stands under its subscriber, each segment with the number by which findings know it."""
    shown = run("show", str(claims_file))

    assert shown.exit_code == 0
    lines = [" ".join(line.split()) for line in shown.stdout.splitlines()]
    assert "[2010AA] Billing provider" in lines
    assert (
        "20 CLM claim: id C1 · charge 150.5 · code 11 · qualifier B · frequency 1 · signature Y · assignment A"
        in "\n".join(lines)
    )
    assert lines.index("[2000B] Subscriber level") < lines.index("[2300] Claim") < lines.index("[2400] Service line")
    assert shown.stdout.count("[2300] Claim") == 2


def test_every_segment_of_a_transaction_is_shown_once_and_in_its_place(claims_file: Path) -> None:
    shown = run("show", "--json", str(claims_file))

    entries = [json.loads(line) for line in shown.stdout.splitlines()]
    segments = [entry for entry in entries if entry["kind"] == "segment"]
    body = CLAIMS[CLAIMS.index(b"BHT*") : CLAIMS.index(b"SE*")].decode().split("~")[:-1]
    assert [(one["index"], one["id"]) for one in segments] == [
        (number, raw.split("*")[0]) for number, raw in enumerate(body, 2)
    ]
    assert next(one for one in segments if one["id"] == "CLM")["fields"][1] == {
        "place": "02", "name": "charge", "value": "150.5",
    }  # fmt: skip


def test_a_sound_file_has_nothing_to_find_fault_with(claims_file: Path) -> None:
    checked = run("check", str(claims_file))

    assert checked.exit_code == 0
    assert " error" not in checked.stdout


def test_a_fault_is_told_with_its_place_and_how_to_mend_it_and_without_the_value() -> None:
    checked = run("check", "-", piped=CLAIMS.replace(b"DMG*D8*19800101", b"DMG*D8*19801399", 1))

    assert checked.exit_code == 1
    assert "error, level 1, ST 0001, loop 2010BA, segment 18, DMG02 (IK403=8)" in checked.stdout
    assert "is not a date. Write year, month and day as digits." in checked.stdout
    assert "19801399" not in checked.output


def test_findings_come_in_the_order_of_the_file() -> None:
    bad = CLAIMS.replace(b"~HI*", b"~QQ*1~HI*").replace(b"DMG*D8*19800101", b"DMG*D8*19801399", 1)

    told = json.loads(run("check", "--json", "-", piped=bad).stdout)

    assert told["error"] >= 3
    assert [one["segment_index"] for one in told["findings"]] == sorted(
        one["segment_index"] for one in told["findings"]
    )


def test_of_several_files_each_is_told_and_the_worst_decides(claims_file: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.835"
    cut.write_bytes(PAID[:-60])

    some = run("check", str(claims_file), str(cut))
    none = run("check", str(claims_file), str(tmp_path / "gone.835"), str(tmp_path))

    assert some.exit_code == 1
    assert "The SE that ends the transaction is missing" in some.stdout
    assert none.exit_code == 2
    assert "gone.835 can't be read: No such file or directory." in none.stderr
    assert "claims.837: " in none.stdout


@pytest.mark.parametrize("word", ["check", "show", "ack"])
@pytest.mark.parametrize("content", [b"", b"Dear Sir or Madam", b"ISA*00", b"\x00" * 500])
def test_what_is_no_x12_ends_with_two(word: str, content: bytes) -> None:
    assert run(word, "-", piped=content).exit_code == 2


@pytest.mark.parametrize("content", [b"", b"no X12 \xff\x00", CLAIMS, CLAIMS + PAID, CLAIMS.replace(b"~", b"~\r\n")])
def test_what_is_read_is_written_back_byte_for_byte(content: bytes) -> None:
    copied = run("echo", "-", piped=content)

    assert copied.exit_code == 0
    assert copied.stdout_bytes == content


def test_the_answer_goes_back_to_the_sender_and_says_what_was_refused() -> None:
    """LAKESIDE sent two claims to ACME, one segment of them unknown: ACME's TA1 takes the file, its 999 refuses."""
    answer = run("ack", "-", "--control", "7", piped=CLAIMS.replace(b"~HI*", b"~QQ*1~HI*", 1)).stdout_bytes

    envelope, group = read_acknowledgements(answer)
    assert answer.startswith(b"ISA*00*          *00*          *ZZ*ACME           *ZZ*LAKESIDE       *")
    assert answer.count(b"*000000007*0*T*") == answer.count(b"*000000008*0*T*") == 1
    assert envelope.code == "A"  # type: ignore[union-attr]
    assert group.code == "R"  # type: ignore[union-attr]


def test_a_second_opinion_is_added_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = CLAIMS.replace(b"DMG*D8*19800101", b"DMG*D8*19801399", 1)

    both = run("check", "--strict", "-", piped=bad)
    monkeypatch.setattr(x12_command, "installed", lambda: False)
    one = run("check", "--strict", "-", piped=bad)

    assert "(pyx12 IK403=8)\n    pyx12 finds: the date is not a date." in both.stdout
    assert "19801399" not in both.output
    assert "pyx12 is not installed" in one.stderr
    assert "pyx12" not in one.stdout


def test_the_second_opinion_never_stops_the_first() -> None:
    for content in (b"", b"ISA", CLAIMS[:300], CLAIMS.replace(b"HL*", b"HX*"), CLAIMS.replace(b"005010X222A1", b"9")):
        assert all(one.rule.startswith("pyx12 ") for one in second_opinion.second_opinion(content))


def test_a_pipe_that_closes_early_ends_without_a_trace(claims_file: Path) -> None:
    many = claims_file.with_name("many.837")
    many.write_bytes(write_837p(ENVELOPE, [claim(control_number=f"C{number}") for number in range(2000)]))
    start = [
        sys.executable,
        "-c",
        "from claims_service.interfaces.cli.main import main; main()",
        "x12",
        "show",
        str(many),
    ]
    with subprocess.Popen(start, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert b"Interchange" in process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()

    assert b"Traceback" not in said


def test_escape_codes_in_a_file_never_reach_the_screen() -> None:
    """A name that would clear the terminal is shown with a mark in its place; one in UTF-8 reads as it was written."""
    hostile = CLAIMS.replace(b"LAKESIDE CLINIC", b"LAKE\x1b[2J\xc3\x89")

    shown = run("show", "-", piped=hostile)

    assert "LAKE\ufffd[2JÉ" in shown.stdout
    assert "\x1b" not in shown.stdout


def _faults_of(files: list[Path]) -> list[str]:
    """The files that a command can't cope with."""
    faults = []
    for file in files:
        content = file.read_bytes()
        echoed, shown, checked = (run(word, str(file)) for word in ("echo", "show", "check"))
        if echoed.stdout_bytes != content:
            faults.append(f"echo {file.name}")
        for word, done in (("show", shown), ("check", checked)):
            if not isinstance(done.exception, SystemExit | None) or "Traceback" in done.output:
                faults.append(f"{word} {file.name}")
    return faults


def beginning_with_an_isa(folder: Path) -> list[Path]:
    return [
        file for file in sample_files(folder) if file.read_bytes().lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"ISA")
    ]


@pytest.mark.corpus
def test_every_sample_file_is_copied_shown_and_checked(shared_data: Path) -> None:
    files = beginning_with_an_isa(shared_data)

    assert len(files) > 100
    assert _faults_of(files) == []
