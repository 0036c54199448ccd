"""The rules of this house that a machine can judge. Each gives its findings as "file:line what", none when all is well."""

import ast
import dataclasses
import re
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from claims_service.config import Config

LONGEST_FILE = 400
EXACT = ("domain", "store", "workflow", "queries", "formats")
EMPTY_WORDS = {
    "utils",
    "util",
    "helpers",
    "helper",
    "manager",
    "service",
    "services",
    "data",
    "process",
    "misc",
    "common",
}
XML_READERS = {"XMLParser", "XMLPullParser", "HTMLParser", "fromstring", "fromstringlist", "parse", "iterparse", "XML"}
CLOCKS = {
    **dict.fromkeys(("now", "today", "utcnow"), ("date", "datetime")),
    **dict.fromkeys(("time", "localtime", "gmtime"), ("time",)),
}
NOT_OURS = ("vendor/", "requirements/", "LICENSE", "fixtures/", "mappings/", "tests/golden/", ".ttf", ".woff2", ".png")
# written in pieces, so that this file does not break its own rules
# Three X in a row are also a Medicare code (GLOB DAYS), so only at the start of a comment are they a mark.
UNFINISHED = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "# ?XX" + "X", "HA" + "CK", "NotImplemented" + "Error")))
MACHINE = re.compile(
    "|".join((r"(?<![\w.])/(?:wo" + "rk|ro" + r"ot|t" + r"mp)/", "pyp" + "i.org", "python" + "hosted", "npm" + "js"))
)

# each step is the migration tool's own picture of the schema that day, and never changes again
WRITTEN_BY_TOOL = "claims_service/store/migrations/"

Rule = Callable[[Path], Iterator[str]]


def modules(root: Path, *folders: str) -> Iterator[tuple[str, str]]:
    """Name and text of each Python file under the folders."""
    for folder in folders:
        for file in sorted((root / folder).rglob("*.py")):
            yield file.relative_to(root).as_posix(), file.read_text(encoding="utf-8")


def nodes(root: Path, *folders: str) -> Iterator[tuple[str, ast.AST]]:
    for name, text in modules(root, *folders):
        for node in _walked(text):
            yield name, node


@cache
def _walked(text: str) -> tuple[ast.AST, ...]:
    """Several rules look at the same modules."""
    return tuple(ast.walk(ast.parse(text)))


def own_files(root: Path) -> Iterator[tuple[str, str]]:
    """Name and text of every text file that is kept under version control and written here."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True).stdout.split("\0")
    found = [name for name in listed if name] or [
        f.relative_to(root).as_posix() for f in root.rglob("*") if f.is_file()
    ]
    for name in found:
        if not any(part in name for part in NOT_OURS) and (root / name).is_file():
            try:
                yield name, (root / name).read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue


def lines_matching(root: Path, pattern: re.Pattern[str]) -> Iterator[str]:
    for name, text in own_files(root):
        for number, line in enumerate(text.splitlines(), 1):
            if found := pattern.search(line):
                yield f"{name}:{number} {found.group()}"


def long_files(root: Path) -> Iterator[str]:
    """A file holds one idea, so it fits in 400 lines."""
    for name, text in modules(root, "claims_service", "tests"):
        if (count := text.count("\n")) > LONGEST_FILE and not name.startswith(WRITTEN_BY_TOOL):
            yield f"{name}:{count} lines"


def inexact_money(root: Path) -> Iterator[str]:
    """Money is whole cents: no float, and no division that makes one."""
    for name, node in nodes(root, *(f"claims_service/{folder}" for folder in EXACT)):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield f"{name}:{node.lineno} {node.value}"
        elif isinstance(node, ast.Name) and node.id == "float":
            yield f"{name}:{node.lineno} float"
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and "_cents" in ast.unparse(node):
            yield f"{name}:{node.lineno} {ast.unparse(node)}"


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module]
    return []


def database_outside_the_store(root: Path) -> Iterator[str]:
    """peewee lives in claims_service/store alone."""
    for name, node in nodes(root, "claims_service"):
        if not name.startswith("claims_service/store/"):
            for module in imported(node):
                if module.split(".")[0] in ("peewee", "playhouse", "sqlite3", "psycopg"):
                    yield f"{name} {module}"


def second_xml_parser(root: Path) -> Iterator[str]:
    """XML from strangers is read by one hardened parser, made in one module."""
    readers: dict[str, str] = {}
    for name, node in nodes(root, "claims_service"):
        if any(module.split(".")[0] in ("xml", "defusedxml") for module in imported(node)):
            yield f"{name} reads XML without lxml"
        if made := xml_reader(node):
            readers[name] = made
    if len(readers) > 1:
        yield from (f"{name} {made}" for name, made in readers.items())


def xml_reader(node: ast.AST) -> str | None:
    """lxml's way of reading that this node calls or imports."""
    if isinstance(node, ast.ImportFrom) and node.module == "lxml.etree":
        return next((alias.name for alias in node.names if alias.name in XML_READERS), None)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in XML_READERS:
        owner = ast.unparse(node.func.value).split(".")[-1]
        return ast.unparse(node.func) if owner in ("etree", "objectify", "html", "lxml") else None
    return None


def clock_readings(root: Path) -> Iterator[str]:
    """Time comes from claims_service/clock.py alone, so that a test can say what day it is."""
    for name, node in nodes(root, "claims_service"):
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS and name != "claims_service/clock.py":
            source = ast.unparse(node)
            if source.split(".")[-2] in CLOCKS[node.attr]:
                yield f"{name}:{node.lineno} {source}"


def empty_names(root: Path) -> Iterator[str]:
    """Every file and folder is named with a word a biller uses, none with a word that says nothing."""
    for file in (root / "claims_service").rglob("*.py"):
        name = file.relative_to(root)
        if EMPTY_WORDS & {part.removesuffix(".py") for part in name.parts[1:]}:
            yield str(name)


def silent_modules(root: Path) -> Iterator[str]:
    """Each module, public class and public function of the package says in a line what it is."""
    for name, text in modules(root, "claims_service"):
        tree = ast.parse("" if name.startswith(WRITTEN_BY_TOOL) else text)
        if tree.body and ast.get_docstring(tree) is None:
            yield f"{name}:1 module"
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith(
                "_"
            ):
                if ast.get_docstring(node) is None and not _is_overload(node):
                    yield f"{name}:{node.lineno} {node.name}"


def _is_overload(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and any(
        isinstance(mark, ast.Name) and mark.id == "overload" for mark in node.decorator_list
    )


def unfinished_work(root: Path) -> Iterator[str]:
    """What is here is finished; what is not is written down elsewhere."""
    yield from lines_matching(root, UNFINISHED)


def machine_paths(root: Path) -> Iterator[str]:
    """Nothing names one person's machine or where packages come from."""
    yield from lines_matching(root, MACHINE)


def undocumented_settings(root: Path) -> Iterator[str]:
    """Each setting has its reason in config.py and its line, with the default, in .env.example."""
    source, example = (root / "claims_service/config.py").read_text(), (root / ".env.example").read_text()
    shown = dict(re.findall(r"^(?:# )?CLAIMS_([A-Z0-9_]+)=(.*)$", example, re.MULTILINE))
    for setting in dataclasses.fields(Config):
        if not re.search(rf'^    {setting.name}: [^\n]+\n    """', source, re.MULTILINE):
            yield f"claims_service/config.py {setting.name} has no reason"
        value = shown.pop(setting.name.upper(), None)
        default = str(setting.default).lower() if isinstance(setting.default, bool) else str(setting.default)
        if value is None or (value and value != default):
            yield f".env.example CLAIMS_{setting.name.upper()} is missing or differs from the default"
    yield from (f".env.example CLAIMS_{name} is no setting" for name in shown)


def loose_locks(root: Path) -> Iterator[str]:
    """Every locked package has its hashes and comes from nowhere in particular; what runs is what was tested."""
    pinned: dict[str, dict[str, str]] = {}
    for lock in ("test", "runtime", "build"):
        text = (root / f"requirements/{lock}.lock").read_text()
        pinned[lock] = dict(re.findall(r"^([a-z0-9][a-z0-9.-]*)==(\S+)", text, re.MULTILINE))
        if re.search(r"https?://|index-url|find-links", text):
            yield f"{lock}.lock names a place"
        for entry in re.split(r"\n(?=\S)", text):
            if "==" in entry.split("\n")[0] and "--hash=sha256:" not in entry:
                yield f"{lock}.lock has no hash for {entry.split()[0]}"
    for name, version in pinned["runtime"].items():
        if pinned["test"].get(name) != version:
            yield f"runtime.lock {name} {version} is not the one tested"


RULES: tuple[Rule, ...] = (
    long_files,
    inexact_money,
    database_outside_the_store,
    second_xml_parser,
    clock_readings,
    empty_names,
    silent_modules,
    unfinished_work,
    machine_paths,
    undocumented_settings,
    loose_locks,
)
