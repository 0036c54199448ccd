"""`claims x12`: see, check, answer and copy X12 files. Nothing is posted, and no database is asked."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from itertools import count
from typing import Any, BinaryIO, cast

import click

from claims_service import clock
from claims_service.domain.errors import Rejected
from claims_service.formats.x12.acknowledgements import write_999, write_ta1
from claims_service.formats.x12.check import check as x12_check
from claims_service.formats.x12.findings import Finding
from claims_service.formats.x12.node import text
from claims_service.formats.x12.own_answers import answers_to, back_to_sender, first_isa
from claims_service.formats.x12.second_opinion import LONGEST, installed, second_opinion
from claims_service.formats.x12.tokenizer import Odd, Source, Tokenizer
from claims_service.formats.x12.tree import Entry, Tree
from claims_service.interfaces.cli.x12_files import UNREADABLE, Remembering, each

FINDINGS = ("error", "warning", "notice")

Command = Callable[..., Any]


@click.group()
def command() -> None:
    """See, check, answer and copy X12 files; several at once, - for standard input. Nothing is posted or kept."""


def _files(function: Command) -> Command:
    return click.argument("files", nargs=-1, required=True, metavar="FILE...")(function)


@command.command()
@_files
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line: loops and segments.")
def show(files: tuple[str, ...], *, as_json: bool) -> None:
    """A file as a tree: loops, segments and elements by name. Shows all values, patients' data too."""

    def shown(name: str, stream: BinaryIO) -> int:
        tree = Tree(stream)
        told = False
        if len(files) > 1 and not as_json:
            sys.stdout.write(f"{name}\n")
        for entry in tree:
            told = True
            line = json.dumps({"file": name, **asdict(entry)}, ensure_ascii=False) if as_json else _line(entry)
            sys.stdout.write(f"{line}\n")
        if tree.findings:
            click.echo(f"{name}: {_number(tree.findings)}; `claims x12 check` explains.", err=True)
        return 0 if told else UNREADABLE

    raise SystemExit(each(files, shown, prints_meanwhile=True))


def _line(entry: Entry) -> str:
    """'    12    CLM claim   control_number 12 · charge 150.00'."""
    number = f"{entry.index:>6}" if entry.kind == "segment" and entry.index else " " * 6
    values = " · ".join(f"{one.name or one.place} {one.value}" for one in entry.fields)
    head = f"{entry.id} {entry.name}".strip()
    if entry.kind in ("interchange", "group"):
        head = f"{entry.kind.capitalize()} {entry.name}"
    elif entry.kind == "loop":
        head = f"[{entry.id}] {entry.name}"
    return f"{number}  {'  ' * entry.depth}{head}{': ' if values else ''}{values}"


@command.command()
@_files
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line: a file and its findings.")
@click.option("--strict", is_flag=True, help="Add what pyx12, another validator, finds, where it is installed.")
def check(files: tuple[str, ...], *, as_json: bool, strict: bool) -> None:
    """What is wrong in a file, where, and how to mend it. Exit 0: no errors; 1: errors; 2: not readable."""
    if strict and not installed():
        click.echo("pyx12 is not installed, so there is no second opinion: pip install pyx12.", err=True)

    def judged(name: str, stream: BinaryIO) -> int:
        source: Source = stream.read() if strict else stream
        checked = x12_check(source)
        findings = list(checked.findings)
        if strict and installed() and isinstance(source, bytes):
            findings += _second(name, source)
        _tell(name, findings, as_json=as_json, readable=not checked.unreadable)
        return UNREADABLE if checked.unreadable else int(any(one.severity == "error" for one in findings))

    raise SystemExit(each(files, judged))


def _second(name: str, content: bytes) -> list[Finding]:
    if len(content) > LONGEST:
        click.echo(f"{name}: pyx12 is asked only about files of up to {LONGEST // 1_000_000} MB.", err=True)
        return []
    return second_opinion(content)


def _tell(name: str, findings: Sequence[Finding], *, as_json: bool, readable: bool) -> None:
    if as_json:
        told = [{**asdict(one), "where": one.where} for one in findings]
        counts = {severity: sum(one.severity == severity for one in findings) for severity in FINDINGS}
        body = {"file": name, "readable": readable, **counts, "findings": told}
        sys.stdout.write(json.dumps(body, ensure_ascii=False) + "\n")
        return
    for one in findings:
        sys.stdout.write(f"{one.severity}, level {one.level}, {one.where or 'the file'} ({one.rule})\n")
        sys.stdout.write(f"    {one.message} {one.mend}".rstrip() + "\n")
    sys.stdout.write(f"{name}: {_number(findings)}.\n")


def _number(findings: Sequence[Finding]) -> str:
    """'2 errors, 1 notice'."""
    found = Counter[str](one.severity for one in findings)
    parts = [f"{found[one]:,} {one}{'s' * (found[one] != 1)}" for one in FINDINGS if found[one]]
    return ", ".join(parts) or "nothing to find fault with"


@command.command()
@_files
def echo(files: tuple[str, ...]) -> None:
    """Read a file and write it back, byte for byte."""

    def copied(_: str, stream: BinaryIO) -> int:
        out = sys.stdout.buffer
        tokens = Tokenizer(stream)
        for raws in tokens:
            marks, filler = tokens.marks, tokens.filler
            exact = (
                raw.exact if isinstance(raw, Odd) else text(raw.split(marks.element), marks, filler) for raw in raws
            )
            out.write("".join(exact).encode("latin-1"))
        out.flush()
        return 0

    raise SystemExit(each(files, copied, prints_meanwhile=True))


@command.command()
@_files
@click.option("--control", default=1, show_default=True, help="Interchange control number of the first answer.")
def ack(files: tuple[str, ...], control: int) -> None:
    """Our answer to a file: a TA1 for its interchanges, a 999 for its groups, by our own check."""
    numbers, now = count(control), clock.now().astimezone()

    def answered(name: str, stream: BinaryIO) -> int:
        source = Remembering(stream)
        envelopes, groups = answers_to(cast("BinaryIO", source))
        isa = first_isa(source.beginning)
        if not envelopes and not groups:
            click.echo(f"{name}: there is nothing in it to answer.", err=True)
            return 0 if isa else UNREADABLE
        try:
            made = write_ta1(back_to_sender(isa, next(numbers), now), envelopes) if envelopes else b""
            made += write_999(back_to_sender(isa, next(numbers), now), groups) if groups else b""
        except Rejected as refused:
            click.echo(f"{name} can't be answered:\n{refused}", err=True)
            return UNREADABLE
        sys.stdout.buffer.write(made)
        sys.stdout.buffer.flush()
        return 0

    raise SystemExit(each(files, answered))
