"""Contracts as a manager loads and tries them from the command line."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from claims_service.interfaces.cli.main import commands
from claims_service.store import connection
from tests import clinic as clinics
from tests.contract_files import GPCI, LOCALITY, RVU, contract
from tests.store_fixtures import Databases


@pytest.fixture(autouse=True)
def database(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    url = databases.migrated("sqlite")
    monkeypatch.setenv("CLAIMS_DATABASE_URL", url)
    connection.connect(url)
    clinics.found()
    connection.database.close()
    yield
    connection.database.close()
    databases.remove(url)


def claims(*words: object) -> Result:
    result = CliRunner().invoke(commands, [*map(str, words)])
    connection.database.close()
    return result


def written(folder: Path, name: str, content: bytes) -> Path:
    file = folder / name
    file.write_bytes(content)
    return file


def test_a_contract_on_medicares_prices_from_the_files_to_a_price_that_explains_itself(tmp_path: Path) -> None:
    """130% of $102.78 for an office visit in the city: $133.62."""
    file = written(tmp_path, "ppo.csv", contract(f"MPFS,99202,99499,,,,130,,{LOCALITY},N", first="2026-03-01"))
    assert claims("codes", "import", "rvu", written(tmp_path, "RVU26A.csv", RVU.encode())).exit_code == 0
    assert claims("codes", "import", "gpci", written(tmp_path, "GPCI2026_JAN.csv", GPCI.encode())).exit_code == 0

    dry = claims("contract", "import", file, "--payer", "qh001", "--dry-run")
    wet = claims("contract", "import", file, "--payer", "Quillhaven Health")
    priced = claims("contract", "price", "99213", "--payer", "QH001", "--date", "2026-03-02")

    assert dry.output.splitlines() == [
        "PPO 2026: 1 term, from 03/01/2026 until a later contract.",
        "It takes over from “Quillhaven contract”.",
        "Nothing was written: leave --dry-run out to import it.",
    ]
    assert wet.output.splitlines() == dry.output.splitlines()[:2]
    assert priced.exit_code == 0
    assert priced.output.splitlines()[-2:] == ["130% of $102.7812 = $133.6156.", "$133.62 is expected."]
    assert "PPO 2026" in claims("contract", "list").output
    assert "CITY OF TESTS" in priced.output


def test_the_example_of_the_docs_prices_as_the_docs_say(tmp_path: Path) -> None:
    """The page for managers is run: its file, its dry run and its price."""
    page = (Path(__file__).parents[3] / "docs" / "contracts.md").read_text(encoding="utf-8")
    example, dry, priced = page.split("```\n")[1::2][:3]
    file = written(tmp_path, "ppo-2026.csv", example.encode())
    claims("codes", "import", "rvu", written(tmp_path, "RVU26A.csv", RVU.encode()))
    claims("codes", "import", "gpci", written(tmp_path, "GPCI2026_JAN.csv", GPCI.encode()))

    tried = claims("contract", "import", file, "--payer", "QH001", "--dry-run").output
    assert tried.replace("Quillhaven contract", "Quillhaven Health contract") == dry.partition("\n")[2]
    claims("contract", "import", file, "--payer", "QH001")
    assert (
        claims("contract", "price", "99213", "--payer", "QH001", "--date", "2026-03-02").output
        == priced.partition("\n")[2]
    )


def test_a_bad_file_tells_every_row_and_the_command_fails(tmp_path: Path) -> None:
    file = written(tmp_path, "bad.csv", contract("FLAT,9921,,,,,,1,,", "FLAT,99213,,,,,,,,"))
    result = claims("contract", "import", file, "--payer", "QH001")

    assert result.exit_code == 1
    assert "line 2: '9921' is no procedure code. Five characters" in result.output
    assert "line 3: The amount can't be read" in result.output
    assert result.output.splitlines()[-1] == "Not taken: bad.csv"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--payer", "Nobody"), "No insurer is called 'Nobody'. There are: QH001 (Quillhaven Health)"),
        (("--payer", "QH001", "--units", "many"), "plain numbers"),
        (("--payer", "QH001", "--units", "0"), "more than 0"),
    ],
)
def test_what_can_not_be_priced_is_said_in_a_sentence(words: tuple[str, ...], told: str) -> None:
    result = claims("contract", "price", "99213", *words)

    assert result.exit_code == 2
    assert told in result.output
