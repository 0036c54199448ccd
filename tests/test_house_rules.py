"""The house keeps its rules, and each rule is able to catch who breaks it."""

import re
import shutil
from pathlib import Path

import pytest

from tests import house_rules

ROOT = Path(__file__).resolve().parent.parent

# file, what is planted in it (at the end), the rule that must notice
PLANTED = [
    ("claims_service/domain/long.py", '"""Long."""\n' + "x = 1\n" * 400, house_rules.long_files),
    ("claims_service/domain/rates.py", '"""Rates."""\nRATE = 0.8\n', house_rules.inexact_money),
    ("claims_service/workflow/split.py", '"""Split."""\nhalf = total_cents / 2\n', house_rules.inexact_money),
    ("claims_service/formats/read.py", '"""Read."""\npaid = float("12.10")\n', house_rules.inexact_money),
    (
        "claims_service/queries/aging.py",
        '"""Aging."""\nfrom peewee import fn\n',
        house_rules.database_outside_the_store,
    ),
    ("claims_service/queries/raw.py", '"""Raw."""\nimport sqlite3\n', house_rules.database_outside_the_store),
    ("claims_service/formats/a.py", '"""A."""\nimport xml.etree.ElementTree\n', house_rules.second_xml_parser),
    ("claims_service/workflow/post.py", '"""Post."""\nday = date.today()\n', house_rules.clock_readings),
    ("claims_service/workflow/late.py", '"""Late."""\nat = datetime.datetime.now(UTC)\n', house_rules.clock_readings),
    ("claims_service/domain/utils.py", '"""Anything."""\n', house_rules.empty_names),
    ("claims_service/domain/manager/claim.py", '"""Anything."""\n', house_rules.empty_names),
    ("claims_service/domain/mute.py", "def post() -> None: ...\n", house_rules.silent_modules),
    ("docs/plan.md", "TO" + "DO: write this\n", house_rules.unfinished_work),
    ("docs/howto.md", "see /ro" + "ot/claims\n", house_rules.machine_paths),
    (".env.example", "CLAIMS_COLOUR=red\n", house_rules.undocumented_settings),
]


@pytest.mark.parametrize("rule", house_rules.RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_the_rule(rule: house_rules.Rule) -> None:
    assert list(rule(ROOT)) == []


def small_house(folder: Path) -> Path:
    """A copy of the few files that every rule needs, with nothing wrong in it."""
    for name in ("claims_service/config.py", "claims_service/clock.py", ".env.example"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
    shutil.copytree(ROOT / "requirements", folder / "requirements")
    (folder / "tests").mkdir()
    return folder


def plant(house: Path, name: str, text: str) -> None:
    (house / name).parent.mkdir(parents=True, exist_ok=True)
    with (house / name).open("a") as file:
        file.write(text)


@pytest.mark.parametrize("rule", house_rules.RULES, ids=lambda rule: rule.__name__)
def test_a_small_house_in_order_breaks_no_rule(rule: house_rules.Rule, tmp_path: Path) -> None:
    assert list(rule(small_house(tmp_path))) == []


@pytest.mark.parametrize(("name", "text", "rule"), PLANTED)
def test_a_planted_fault_is_noticed(name: str, text: str, rule: house_rules.Rule, tmp_path: Path) -> None:
    house = small_house(tmp_path)

    plant(house, name, text)

    assert any(name.rpartition("/")[2] in finding for finding in rule(house))


def test_a_second_module_that_parses_xml_is_noticed(tmp_path: Path) -> None:
    house = small_house(tmp_path)
    plant(house, "claims_service/formats/first.py", '"""One."""\nparser = etree.XMLParser()\n')
    assert list(house_rules.second_xml_parser(house)) == []

    plant(house, "claims_service/formats/second.py", '"""Two."""\ntree = lxml.etree.fromstring(b"")\n')

    assert len(list(house_rules.second_xml_parser(house))) == 2


def test_a_setting_without_its_reason_is_noticed(tmp_path: Path) -> None:
    house = small_house(tmp_path)
    settings = (house / "claims_service/config.py").read_text()

    (house / "claims_service/config.py").write_text(
        settings.replace('    port: int = 8000\n    """TCP', "    port: int = 8000\n    # TCP")
    )

    assert list(house_rules.undocumented_settings(house)) == ["claims_service/config.py port has no reason"]


@pytest.mark.parametrize(
    ("lock", "old", "new"),
    [
        ("runtime", "peewee==4", "peewee==5"),
        ("test", "--hash=sha256:", "--hash=md5:"),
        ("build", "hatchling==", "--index-url https://example.org/simple\nhatchling=="),
    ],
)
def test_a_loose_lock_is_noticed(lock: str, old: str, new: str, tmp_path: Path) -> None:
    house = small_house(tmp_path)
    file = house / "requirements" / f"{lock}.lock"

    file.write_text(file.read_text().replace(old, new))

    assert any(lock in finding for finding in house_rules.loose_locks(house))


def test_a_check_is_one_of_the_numbered_ones() -> None:
    """A mark with a number that nobody asked for would never be counted."""
    numbers = [
        int(number)
        for _, text in house_rules.modules(ROOT, "tests")
        for number in re.findall(r"^\s*@pytest\.mark\.check\((\d+)\)", text, re.MULTILINE)
    ]

    assert numbers
    assert all(1 <= number <= 96 for number in numbers)
