"""The floor of a patient's page: a small Flask page of 30 rows out of one indexed SQLite query, and nothing else."""

import sqlite3
import time
from pathlib import Path

from flask import Flask, render_template

PATIENTS, LINES, PAGES = 10_000, 30, 400
PAGE = """<!doctype html><html lang="en"><head><title>My bill</title></head><body><h1>My bill</h1><table>
{% for line in lines %}<tr><td>{{ line[0] }}</td><td>{{ line[1] }}</td><td>{{ line[2] }}</td></tr>
{% endfor %}</table></body></html>"""


def reference_page(folder: Path) -> float:
    """Pages a second, one after the other, without a network between."""
    app = Flask(__name__)
    template = app.jinja_env.from_string(PAGE)
    database = _filled(folder / "portal.db")
    lines_of = "select served_on, what, cents from line where patient = ? order by served_on"

    @app.get("/bill/<int:patient>")
    def bill(patient: int) -> str:
        return render_template(template, lines=database.execute(lines_of, (patient,)).fetchall())

    client = app.test_client()
    start = time.perf_counter()
    for number in range(PAGES):
        answer = client.get(f"/bill/{number * 7919 % PATIENTS}")
        assert answer.data.count(b"<tr>") == LINES
    seconds = time.perf_counter() - start
    database.close()
    return PAGES / seconds


def _filled(file: Path) -> sqlite3.Connection:
    is_new = not file.exists()
    database = sqlite3.connect(file)
    if is_new:
        database.execute("create table line (patient integer, served_on text, what text, cents integer)")
        made = (
            (patient, f"2026-{n % 12 + 1:02d}-{n % 28 + 1:02d}", f"Office visit {n}", 100 * n)
            for patient in range(PATIENTS)
            for n in range(LINES)
        )
        database.executemany("insert into line values (?, ?, ?, ?)", made)
        database.execute("create index line_of_patient on line (patient, served_on)")
        database.commit()
    return database
