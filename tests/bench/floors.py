"""Floors: what this machine can do at best, to divide the product's own rates by. Change one only to make it faster."""

import hashlib
import os
import random
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

ISA = "ISA*00*          *00*          *ZZ*{:<15}*ZZ*{:<15}*261101*0900*^*00501*000000001*0*P*:~"
HEAD_835 = """BPR*I*{dollars}*C*ACH*CCP*01*111000025*DA*123456*1512345678**01*222000111*DA*987654*20261101
TRN*1*EFT000000001*1512345678|DTM*405*20261031|N1*PR*ACME HEALTH PLAN|N3*1 PAYER WAY|N4*DALLAS*TX*752011234
REF*2U*12345|PER*BL*EDI SUPPORT*TE*8005551212|N1*PE*SUNRISE CLINIC*XX*1234567893|REF*TJ*123456789|LX*1"""
REMITTANCE_CLAIMS = 12_000


def make_835(path: Path, claims: int) -> None:
    """Write one balanced 835 of `claims` claims with three lines each (about 410 bytes a claim)."""
    head = ["ST*835*0001", *HEAD_835.format(dollars=claims * 180).replace("\n", "|").split("|")]
    count = len(head)
    with path.open("w") as out:
        out.write(ISA.format("ACMEPAYER", "SUNRISECLINIC"))
        out.write("GS*HP*ACMEPAYER*SUNRISECLINIC*20261101*0900*1*X*005010X221A1~" + "~".join(head) + "~")
        for n in range(claims):
            body = claim_of_835(n)
            out.write("~".join(body) + "~")
            count += len(body)
        out.write(f"SE*{count + 1}*0001~GE*1*1~IEA*1*000000001~")


def claim_of_835(n: int) -> list[str]:
    """One paid claim: $300 charged, $180 paid, $30 to the patient, $90 contractual."""
    body = [
        f"CLP*CLM{n:08d}*1*300*180*30*12*ICN{n:012d}*11*1",
        f"NM1*QC*1*DOE{n % 997:03d}*JANE*Q***MI*MBR{n:09d}",
        "DTM*232*20261001",
        "AMT*AU*210",
    ]
    for line in (1, 2, 3):
        body += [f"SVC*HC:9921{line}:25*100*60**1", "DTM*472*20261001", "CAS*CO*45*30", "CAS*PR*3*10"]
        body += [f"REF*6R*{n:08d}L{line}", "AMT*B6*70"]
    return body


def segments(path: Path, chunk: int = 1 << 18) -> Iterator[str]:
    """Segments of a file, streamed in chunks: constant memory."""
    with path.open(newline="", encoding="latin-1") as file:
        rest = ""
        while block := file.read(chunk):
            *whole, rest = (rest + block).split("~")
            yield from whole


def cents(text: str) -> int:
    """'12.5' -> 1250."""
    whole, _, part = text.partition(".")
    return int(whole or 0) * 100 + int((part + "00")[:2])


def remittance_file(folder: Path) -> Path:
    """The 835 that the floors below read, made once in the folder."""
    file = folder / "in.835"
    if not file.exists():
        make_835(file, REMITTANCE_CLAIMS)
    return file


def x12_split(folder: Path) -> float:
    """Segments and elements in chunks, grouped by claim, thrown away. Megabytes a second."""
    return split_rate(remittance_file(folder), "CLP")


def split_rate(path: Path, opener: str) -> float:
    """x12_split over any file; opener: the segment that begins a claim."""
    group: list[list[str]] = []
    start = time.perf_counter()
    for segment in segments(path):
        elements = segment.split("*")
        if elements[0] == opener:
            group = []
        group.append(elements)
    return path.stat().st_size / 1e6 / (time.perf_counter() - start)


def x12_format(_folder: Path, claims: int = 20_000) -> float:
    """Bytes of 837P claims of three lines from f-strings, no checks. Claims a second."""
    start = time.perf_counter()
    for n in range(claims):
        body = [
            f"HL*{n * 2}*1*22*0",
            f"SBR*P*18*GRP{n % 50}******CI",
            f"NM1*IL*1*DOE{n % 997}*JANE*Q***MI*MEM{n:09d}",
            "N3*1 MAIN ST",
            "N4*SPRINGFIELD*IL*62701",
            "DMG*D8*19700101*F",
            "NM1*PR*2*ACME HEALTH*****PI*12345",
            f"CLM*{n}-1*361.5***11:B:1*Y*A*Y*Y",
            "HI*ABK:E119*ABF:I10*ABF:Z794",
            "NM1*82*1*SMITH*ADAM****XX*1234567893",
            "PRV*PE*PXC*207Q00000X",
        ]
        for line in (1, 2, 3):
            body += [f"LX*{line}", f"SV1*HC:9921{line}*120.5*UN*1***1:2", "DTP*472*D8*20260101", f"REF*6R*{n}{line}"]
        "~".join(body)
    return claims / (time.perf_counter() - start)


def open_durable(path: Path) -> sqlite3.Connection:
    """A new SQLite file whose commits survive a power cut."""
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("pragma journal_mode=wal")
    db.execute("pragma synchronous=full")
    return db


def reference_posting(folder: Path) -> float:
    """An 835 streamed into a double-entry table in one durable transaction, unchecked and unmatched. Claims a second."""
    path = remittance_file(folder)
    db = open_durable(folder / "post.db")
    db.execute("create table payment(id integer primary key, claim text unique, cents int, adjusted int, patient int)")
    db.execute("create table entry(id integer primary key, txn int, account int, cents int, kind text, claim text)")
    start = time.perf_counter()
    db.execute("begin immediate")
    count = _post(db, path)
    db.execute("commit")
    seconds = time.perf_counter() - start
    assert db.execute("select sum(cents) from entry").fetchone() == (0,)
    db.close()
    return count / seconds


def _post(db: sqlite3.Connection, path: Path) -> int:
    count, claim = 0, ""
    payments: list[tuple[object, ...]] = []
    entries: list[tuple[object, ...]] = []

    def flush() -> None:
        db.executemany("insert into payment values(?,?,?,?,?)", payments)
        db.executemany("insert into entry(txn,account,cents,kind,claim) values(?,?,?,?,?)", entries)
        payments.clear()
        entries.clear()

    for segment in segments(path):
        kind = segment[:3]
        if kind == "CLP":
            e = segment.split("*")
            count, claim, paid = count + 1, e[1], cents(e[4])
            payments.append((count, claim, paid, cents(e[3]) - paid - cents(e[5]), cents(e[5])))
            if count % 2000 == 0:
                flush()
        elif kind == "SVC":
            paid = cents(segment.split("*")[3])
            entries += [(count, 1000, paid, "pay", claim), (count, 2000, -paid, "pay", claim)]
        elif kind == "CAS":
            e = segment.split("*")
            for i in range(2, len(e) - 1, 3):
                amount, reason = cents(e[i + 1]), e[1] + e[i]
                entries += [(count, 3000, amount, reason, claim), (count, 2000, -amount, reason, claim)]
    flush()
    return count


def reference_submission(folder: Path, claims: int = 20_000) -> float:
    """Claims a second, written in durable transactions of 1,000.

    Per claim: 1 claim row, 3 line rows, 4 journal rows, 1 FHIR body of 2.8 kB, 1 chained audit row, 500 bytes of 837.
    """
    db = open_durable(folder / "write.db")
    db.execute(
        "create table claim(id integer primary key, practice int, patient int, control text unique, cents int, state int)"
    )
    db.execute("create table line(id integer primary key, claim int, code text, units int, cents int)")
    db.execute("create table entry(id integer primary key, txn int, account int, cents int, claim int)")
    db.execute("create table resource(id integer primary key, kind text, body blob)")
    db.execute("create table audit(id integer primary key, what text, chain blob)")
    body, chain = os.urandom(1400).hex().encode(), b""
    start = time.perf_counter()
    with (folder / "out.837").open("w") as out:
        for first in range(0, claims, 1000):
            ids = range(first, first + 1000)
            audit = []
            for n in ids:
                chain = hashlib.sha256(chain + f"submit|{n}|2026-11-01T09:00:00Z|biller".encode()).digest()
                audit.append((n, "submit", chain))
                out.write(f"HL*{n}*1*22*0~SBR*P*18*******CI~CLM*{n}*300***11:B:1*Y*A*Y*Y~HI*ABK:E119~")
                out.write("".join(f"LX*{k}~SV1*HC:9921{k}*100*UN*1***1~DTP*472*D8*20261001~" for k in (1, 2, 3)))
            _write(db, ids, body, audit)
    seconds = time.perf_counter() - start
    db.close()
    return claims / seconds


def _write(db: sqlite3.Connection, ids: range, body: bytes, audit: list[tuple[int, str, bytes]]) -> None:
    journal = ((2000, 30000), (4000, -30000), (2000, 0), (4000, 0))
    db.execute("begin immediate")
    db.executemany("insert into claim values(?,?,?,?,?,?)", ((n, n % 10, n % 5000, f"C{n}", 30000, 1) for n in ids))
    lines = ((n, f"9921{k}", 1, 10000) for n in ids for k in (1, 2, 3))
    db.executemany("insert into line(claim,code,units,cents) values(?,?,?,?)", lines)
    entries = ((n, account, amount, n) for n in ids for account, amount in journal)
    db.executemany("insert into entry(txn,account,cents,claim) values(?,?,?,?)", entries)
    db.executemany("insert into resource values(?,?,?)", ((n, "Claim", body) for n in ids))
    db.executemany("insert into audit values(?,?,?)", audit)
    db.execute("commit")


def reference_matching(folder: Path, lines: int = 100_000) -> float:
    """Bank lines joined to announced money by number and amount in memory, a match and an entry each in one durable transaction.

    Nothing is told by amount alone, nothing booked by payer, checked or audited. Bank lines a second.
    """
    db = open_durable(folder / "match.db")
    for name in ("line", "announced"):
        db.execute(f"create table {name}(id integer primary key, number text, cents int)")
    db.execute("create table match(id integer primary key, line int, announced int, cents int)")
    db.execute("create table entry(id integer primary key, debit int, credit int, cents int, match int)")
    db.execute("begin")
    for name in ("line", "announced"):
        db.executemany(
            f"insert into {name} values(?,?,?)", ((n, f"EFT{n:09}", 10_000 + n) for n in range(1, lines + 1))
        )
    db.execute("commit")
    start = time.perf_counter()
    db.execute("begin immediate")
    waiting = {(number, cents): key for key, number, cents in db.execute("select * from announced")}
    found = [(key, waiting[number, cents], cents) for key, number, cents in db.execute("select * from line")]
    db.executemany("insert into match(line, announced, cents) values(?,?,?)", found)
    entries = ((1000, 2000, cents, n) for n, (_, _, cents) in enumerate(found, 1))
    db.executemany("insert into entry(debit, credit, cents, match) values(?,?,?,?)", entries)
    db.execute("commit")
    seconds = time.perf_counter() - start
    db.close()
    return lines / seconds


AGING = """select payer, sum(case when day >= 20420 then cents end),
sum(case when day between 20390 and 20419 then cents end), sum(case when day < 20390 then cents end)
from claim where cents <> 0 group by payer"""


def reference_aging(folder: Path, claims: int = 1_000_000) -> float:
    """Buckets by insurer over open claims (one in five) through a partial covering index. Milliseconds for one query."""
    file = folder / "aging.db"
    if not file.exists():
        dice = random.Random(1)
        db = open_durable(file)
        db.execute("create table claim(id integer primary key, payer int, day int, cents int)")
        db.execute("begin")
        made = ((n, n % 40, 20000 + dice.randrange(450), 0 if dice.random() < 0.8 else 5000) for n in range(claims))
        db.executemany("insert into claim values(?,?,?,?)", made)
        db.execute("create index open_claim on claim(payer, day, cents) where cents <> 0")
        db.execute("commit")
        db.close()
    db = sqlite3.connect(file)
    start = time.perf_counter()
    assert len(db.execute(AGING).fetchall()) == 40
    milliseconds = (time.perf_counter() - start) * 1000
    db.close()
    return milliseconds
