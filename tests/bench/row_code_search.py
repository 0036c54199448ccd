"""code_search: the slowest of a hundred look-ups among as many codes as ICD-10-CM has, beside the word index asked by itself."""

import hashlib
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from claims_service.queries import codes
from claims_service.store import connection, migrate
from tests import clinic
from tests.bench.registry import Measurement, row
from tests.code_files import BODY, STAGE, import_icd10cm, invented

CODES, SEARCHES = 97_000, 1_000
DAY = date(2026, 11, 20)


def typed() -> Iterator[str]:
    """What people type: beginnings of codes, beginnings of words, words that many codes share."""
    chosen = random.Random(8)
    for _ in range(SEARCHES // 4):
        number = chosen.randrange(CODES)
        yield invented(number)[: chosen.randint(2, 5)]
        yield f"q{number}"[: chosen.randint(3, 6)]
        yield f"{chosen.choice(BODY)} {chosen.choice(STAGE)[: chosen.randint(3, 12)]} q{number}q"
        yield " ".join(chosen.sample(["disorder", "named", *BODY, "encounter", "initial"], chosen.randint(1, 3)))


def slowest_of_a_hundred(ask: Callable[[str], object]) -> float:
    """The 99th percentile in milliseconds."""
    took = []
    for words in typed():
        start = time.perf_counter()
        ask(words)
        took.append(time.perf_counter() - start)
    return sorted(took)[len(took) * 99 // 100] * 1000


def word_index_alone(folder: Path) -> float:
    """SQLite's word index over the same texts, asked for its first twelve."""
    database = sqlite3.connect(folder / "floor.db")
    if not database.execute("select 1 from sqlite_master where name = 'words'").fetchone():
        database.execute("create virtual table words using fts5(text, prefix='3')")
        database.executemany("insert into words values (?)", ((invented(number),) for number in range(CODES)))
        database.commit()

    def ask(words: str) -> list[tuple[str]]:
        wanted = " AND ".join(f'"{word}" *' for word in words.split())
        sql = "select text from words where words match ? order by rowid limit 12"
        return database.execute(sql, (wanted,)).fetchall()

    value = slowest_of_a_hundred(ask)
    database.close()
    return value


@row("code_search_p99", "ms", floor=word_index_alone)
def code_search(folder: Path) -> Measurement:
    fresh = not (folder / "codes.db").exists()
    connection.connect(f"sqlite:///{folder / 'codes.db'}")
    with connection.opened():
        if fresh:
            migrate.upgrade()
            clinic.found()
            import_icd10cm(2026, map(invented, range(CODES)))
        found: list[str] = []
        value = slowest_of_a_hundred(lambda words: found.extend(h.code for h in codes.find(1, "icd10", words, on=DAY)))
    return Measurement(value, hashlib.sha256(" ".join(found).encode()).hexdigest(), CODES)
