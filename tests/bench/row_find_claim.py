"""find_claim: the slowest of a hundred ways to find one of a million claims: patient, number, insurer, state, page after page."""

import hashlib
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

from claims_service.queries import accounts, claim_list
from claims_service.queries.claim_list import Wanted
from claims_service.store import connection, migrate
from tests import clinic
from tests.bench.registry import Measurement, row
from tests.clinic import NOW

CLAIMS, PEOPLE, INSURERS, SEARCHES = 1_000_000, 200_000, 40, 1_000
FIRST_DAY, DAYS = date(2023, 11, 20), 1_096
# Most claims of three years are decided; what waits is a few in a hundred.
STATES: tuple[str, ...] = (
    ("decided",) * 930
    + ("accepted",) * 30
    + ("sent",) * 12
    + ("received",) * 8
    + ("ready",) * 6
    + ("needs_mending",) * 5
)
STATES += ("sent_back",) * 3 + ("replaced",) * 4 + ("void",) * 2
SYLLABLES = ("al", "ber", "co", "den", "el", "fin", "gar", "hol", "ing", "jo", "kel", "lam", "mon", "nor", "or", "pet")
INSTANT = "2026-11-20T17:00:00.000000Z"


def family(number: int) -> str:
    """4096 family names, some of them common."""
    one, two, three = number % 16, number // 16 % 16, number // 256 % 16
    return f"{SYLLABLES[one]}{SYLLABLES[two]}{SYLLABLES[three]}".capitalize()


def given(number: int) -> str:
    return f"{SYLLABLES[number * 7 % 16]}{SYLLABLES[number * 3 % 11]}".capitalize()


def people() -> Iterator[tuple[object, ...]]:
    for n in range(3, PEOPLE + 3):
        day = date(1940, 1, 1) + timedelta(days=n % 29_000)
        yield n, 1, f"R{n:07}", family(n * 31), given(n), day.isoformat(), INSTANT


def claims() -> Iterator[tuple[object, ...]]:
    chance = random.Random(6)
    for n in range(1, CLAIMS + 1):
        patient, payer = (
            chance.randrange(3, PEOPLE + 3),
            min(chance.randrange(1, INSURERS + 1), chance.randrange(1, INSURERS + 1)),
        )
        day = (FIRST_DAY + timedelta(days=n * DAYS // CLAIMS)).isoformat()
        state = chance.choice(STATES)
        known = f"ICN{n * 7919 % 10**9:09}" if state in ("decided", "accepted", "replaced") else ""
        yield (
            n,
            1,
            n,
            patient,
            payer,
            "P",
            f"C1{n:07}",
            "1",
            state,
            chance.randrange(20, 900) * 100,
            day,
            known,
            INSTANT,
            INSTANT,
            INSTANT,
        )


def fill(file: Path) -> None:
    """Rows as a million built claims leave them; their visits and lines are not asked for here."""
    database = sqlite3.connect(file)
    database.executescript(
        "pragma synchronous=off; pragma journal_mode=off; pragma foreign_keys=off; pragma cache_size=-200000;"
    )
    database.executemany(
        "insert into payer (id, practice_id, identifier, name, filing, receiver_id, phone, line1, city, state, zip, timely_filing_days,"
        " originator) values (?, 1, ?, ?, 'CI', ?, '', '', '', '', '', 365, '')",
        [(n, f"INS{n}", f"Insurer {n}", f"INS{n}") for n in range(3, INSURERS + 1)],
    )
    database.executemany(
        "insert into patient (id, practice_id, reference, last, first, birth_on, created_at, middle, sex, line1, line2, city, state,"
        " zip, phone, email, language) values (?, ?, ?, ?, ?, ?, ?, '', 'U', '', '', '', '', '', '', '', 'en')",
        people(),
    )
    database.executemany(
        "insert into claim (id, practice_id, encounter_id, patient_id, payer_id, sequence, control_number, frequency, state,"
        " charge_cents, served_on, payer_claim_number, built_at, changed_at, sent_at, other_payers, version)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', 1)",
        claims(),
    )
    database.commit()
    database.execute("pragma journal_mode=wal")
    database.close()


def searches() -> Iterator[Callable[[], list[int]]]:
    """What billers ask: a name, a number of ours or the insurer's, an insurer, a state, both, the largest, and pages far behind."""
    chance = random.Random(9)
    for _ in range(SEARCHES // 8):
        n, patient = chance.randrange(1, CLAIMS), chance.randrange(3, PEOPLE)
        payer, state = chance.randrange(1, INSURERS + 1), chance.choice(sorted(set(STATES) - {"void"}))
        far = f"{FIRST_DAY + timedelta(days=chance.randrange(DAYS))}~{n}"
        yield named(f"{family(patient * 31)} {given(patient)[:2]}")
        yield named(family(patient * 31)[: chance.randint(3, 6)])
        yield numbered(f"C1{n:07}")
        yield numbered(f"ICN{n * 7919 % 10**9:09}"[: chance.randint(9, 12)])
        yield paged(Wanted("all", payer=payer, after=far))
        yield paged(Wanted("all", state=state, after=far))
        yield paged(Wanted("all", payer=payer, state=state))
        yield paged(Wanted("all", sort=chance.choice(sorted(claim_list.SORTS)), descending=True))


def named(typed: str) -> Callable[[], list[int]]:
    def ask() -> list[int]:
        people = [one.id for one in accounts.find(1, typed)]
        return [claim.id for claim in claim_list.find(1, typed, day=None, cents=None, patients=people)]

    return ask


def numbered(typed: str) -> Callable[[], list[int]]:
    return lambda: [claim.id for claim in claim_list.find(1, typed, day=None, cents=None)]


def paged(wanted: Wanted) -> Callable[[], list[int]]:
    return lambda: [claim.id for claim in claim_list.page_of(1, wanted, now=NOW).claims]


def slowest_of_a_hundred(asked: Iterator[Callable[[], list[int]]]) -> tuple[float, str]:
    """The 99th percentile in milliseconds, and a digest of what was found."""
    took, digest = [], hashlib.sha256()
    for ask in asked:
        start = time.perf_counter()
        found = ask()
        took.append(time.perf_counter() - start)
        digest.update(repr(found).encode())
    return sorted(took)[len(took) * 99 // 100] * 1000, digest.hexdigest()


def index_alone(folder: Path) -> float:
    """SQLite asked for fifty rows behind a place in an index of a million, and for the fifty rows they name."""
    database = sqlite3.connect(folder / "floor.db")
    if not database.execute("select 1 from sqlite_master where name = 'one'").fetchone():
        database.execute("create table one (id integer primary key, state text, day text, text text)")
        filler = "x" * 200
        rows = ((n, STATES[n % 1000], f"{FIRST_DAY + timedelta(days=n % DAYS)}", filler) for n in range(CLAIMS))
        database.executemany("insert into one values (?, ?, ?, ?)", rows)
        database.execute("create index one_by on one (state, day, id)")
        database.commit()
    chance = random.Random(9)

    def ask() -> list[int]:
        place = (
            chance.choice(STATES),
            f"{FIRST_DAY + timedelta(days=chance.randrange(DAYS))}",
            chance.randrange(CLAIMS),
        )
        sql = "select id, text from one where state = ? and (day, id) > (?, ?) order by day, id limit 50"
        return [key for key, _ in database.execute(sql, place).fetchall()]

    value, _ = slowest_of_a_hundred(iter([ask] * SEARCHES))
    database.close()
    return value


@row("find_claim", "ms", floor=index_alone)
def find_claim(folder: Path) -> Measurement:
    file = folder / "claims.db"
    fresh = not file.exists()
    connection.connect(f"sqlite:///{file}")
    if fresh:
        migrate.upgrade()
        with connection.opened():
            clinic.found()
        fill(file)
    with connection.opened():
        value, digest = slowest_of_a_hundred(searches())
    return Measurement(value, digest, CLAIMS)
