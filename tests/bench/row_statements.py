"""statement_run: every patient of a clinic billed and each statement put on paper, beside typst alone on the same pages."""

import hashlib
import json
import time
from datetime import UTC, datetime
from datetime import time as clock_time
from pathlib import Path
from typing import Any
from unittest.mock import patch

import typst

from claims_service.domain.patient import frozen
from claims_service.formats.documents import statement_pdf as paper
from claims_service.formats.documents.statement_pdf import statement_pdf
from claims_service.store import bills, connection
from claims_service.workflow.bill_patient import bill_patients
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.incoming import IncomingFile
from claims_service.workflow.post_remittance import post_remittance
from claims_service.workflow.submit_claims import submit_claims
from tests.bench.clinic_of_size import with_visits
from tests.bench.registry import Measurement, row
from tests.bench.row_posting import remittance
from tests.clinic import BILLER, NOW, TODAY, Clinic

VISITS = 450  # of 150 patients


def typst_alone(folder: Path) -> float:
    """Statements a second: the pages of the same statements, with everything that is on them prepared beforehand."""
    clinic = _decided(folder)
    with connection.opened():
        made = bill_patients(clinic.practice, None, by=BILLER, now=NOW, today=TODAY)
        pages = [_page(clinic, statement) for statement in made.statements]
    folder_of_pages = Path(paper.__file__).parent
    compiler = typst.Compiler(
        str(folder_of_pages / "statement.typ"), root=str(folder_of_pages), font_paths=[str(folder_of_pages / "fonts")],
        ignore_system_fonts=True,
    )  # fmt: skip
    on = datetime.combine(TODAY, clock_time(), UTC)
    start = time.perf_counter()
    for page in pages:
        compiler.compile(format="pdf", sys_inputs={"data": page}, pdf_standards=["ua-1"], timestamp=on)
    return len(pages) / (time.perf_counter() - start)


@row("statement_run", "statements/s", floor=typst_alone)
def statement_run(folder: Path) -> Measurement:
    clinic = _decided(folder)
    digest = hashlib.sha256()
    with connection.opened():
        start = time.perf_counter()
        made = bill_patients(clinic.practice, None, by=BILLER, now=NOW, today=TODAY)
        for statement in made.statements:
            told = frozen.statement(bills.statement_content(clinic.practice, statement))
            digest.update(statement_pdf(told, "en"))
        seconds = time.perf_counter() - start
    assert len(made.statements) == VISITS // 3
    return Measurement(len(made.statements) / seconds, digest.hexdigest(), len(made.statements))


def _decided(folder: Path) -> Clinic:
    """A clinic whose insurer has answered every claim and left a share to each patient."""
    clinic = with_visits(folder, VISITS)
    with connection.opened():
        build_claims(clinic.practice, by=BILLER, now=NOW, today=TODAY)
        submit_claims(clinic.practice, by=BILLER, now=NOW)
        numbers = connection.run("select control_number from claim order by id").fetchall()
        content = remittance(number for (number,) in numbers)
        post_remittance(clinic.practice, [IncomingFile("bench.835", content)], by=BILLER, now=NOW, today=TODAY)
    return clinic


def _page(clinic: Clinic, statement: int) -> str:
    """What typst is given for a statement."""
    given: list[Any] = []

    def keep(_template: str, content: Any, _on: object) -> bytes:
        given.append(content)
        return b""

    with patch.object(paper, "pdf", keep):
        statement_pdf(frozen.statement(bills.statement_content(clinic.practice, statement)), "en")
    return json.dumps(given[0], ensure_ascii=False)
