"""The floor of a patient's page: a small Flask page of 30 rows out of one indexed SQLite query, and nothing else."""

import sqlite3
import threading
from pathlib import Path

from flask import Flask, render_template

from tests.bench.served import CONNECTIONS, Asked, served

PATIENTS, LINES, PAGES = 10_000, 30, 300
PAGE = """<!doctype html><html lang="en"><head><title>My bill</title></head><body><h1>My bill</h1><table>
{% for line in lines %}<tr><td>{{ line[0] }}</td><td>{{ line[1] }}</td><td>{{ line[2] }}</td></tr>
{% endfor %}</table></body></html>"""


def reference_page(folder: Path) -> float:
    """Pages a second from the same server over as many connections as the bill is asked for."""
    file = folder / "portal.db"
    _fill(file)
    app = Flask(__name__)
    template = app.jinja_env.from_string(PAGE)
    lines_of = "select served_on, what, cents from line where patient = ? order by served_on"
    own = threading.local()

    @app.get("/bill/<int:patient>")
    def bill(patient: int) -> str:
        if not hasattr(own, "database"):
            own.database = sqlite3.connect(file)
        return render_template(template, lines=own.database.execute(lines_of, (patient,)).fetchall())

    asked = [
        Asked(tuple(f"/bill/{(one * PAGES + number) * 7919 % PATIENTS}" for number in range(PAGES)))
        for one in range(CONNECTIONS)
    ]
    found = served(app, asked, PAGES)
    assert all(body.count(b"<tr>") == LINES for body in found.bodies)
    return found.rate


def _fill(file: Path) -> None:
    if file.exists():
        return
    database = sqlite3.connect(file)
    database.execute("create table line (patient integer, served_on text, what text, cents integer)")
    made = (
        (patient, f"2026-{n % 12 + 1:02d}-{n % 28 + 1:02d}", f"Office visit {n}", 100 * n)
        for patient in range(PATIENTS)
        for n in range(LINES)
    )
    database.executemany("insert into line values (?, ?, ?, ?)", made)
    database.execute("create index line_of_patient on line (patient, served_on)")
    database.commit()
    database.close()
