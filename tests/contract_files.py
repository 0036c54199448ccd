"""Contracts and Medicare's files in the documented layouts, with invented codes, as tests import them."""

import io
from datetime import date

from claims_service.domain.actor import COMMAND
from claims_service.workflow.import_codes import Wanted, import_codes
from claims_service.workflow.import_contract import ContractImport, import_contract
from tests.clinic import NOW, Clinic

JANUARY_1 = date(2026, 1, 1)
COLUMNS = "contract,effective_from,effective_to,basis,code_from,code_to,modifier,pos,provider_class,percent,amount,locality,lesser_of_charge"
RVU_HEADING = """2026 National Physician Fee Schedule Relative Value File,,,,,,,,,,,,,,,,,,,,,,,,,
RELEASED 01/01/2026,,,,,,,,,,,,,,,,,,,,,,,,,
,,,STATUS,FOR MEDICARE,WORK,NON-FAC,NA,FACILITY,NA,MP,NON-FACILITY,FACILITY,PCTC,GLOB,PRE,INTRA,POST,MULT,BILAT,ASST,CO-,TEAM,PRICING,ENDO,CONV
HCPCS,MOD,DESCRIPTION,CODE,PAYMENT,RVU,PE RVU,INDICATOR,PE RVU,INDICATOR,RVU,TOTAL,TOTAL,IND,DAYS,OP,OP,OP,PROC,SURG,SURG,SURG,SURG,IND,BASE,FACTOR
"""
RVU = f"""{RVU_HEADING}99213,,Made-up visit,A,,1.30,1.46,,0.57,,0.10,2.86,1.97,0,XXX,0,0,0,0,0,0,0,0,9,,33.4009
85025,,Made-up count,X,,0.00,0.00,,0.00,,0.00,0.00,0.00,9,XXX,0,0,0,9,9,9,9,9,9,,33.4009
11102,,"Made-up, biopsy",A,,0.66,2.20,,0.38,,0.05,2.91,1.09,0,000,0,0,0,2,0,1,0,0,9,,33.4009
93000,26,Made-up test,A,,0.17,0.07,,0.07,NA,0.01,0.25,0.25,1,XXX,0,0,0,0,0,0,0,0,9,,33.4009
"""
GPCI = """Addendum E,,,,,,,
Medicare Administrative Contractor (MAC),State,Locality Number,Locality Name,{}
2102,ZZ,1,CITY OF TESTS*,0.970,1.040,1.120,0.900
* a note of the publisher,,,,,,,
""".format("2026 PW GPCI (without 1.0 Floor),2026 PW GPCI (with 1.0 Floor),2026 PE GPCI,2026 MP GPCI")
LOCALITY = "0210201"


def contract(*rows: str, first: str = "2026-01-01", until: str = "", name: str = "PPO 2026") -> bytes:
    """A file of terms; each row begins with its basis."""
    return "\n".join([COLUMNS, *(f"{name},{first},{until},{row}" for row in rows), ""]).encode()


def taken(clinic: Clinic, content: bytes, *, name: str = "ppo.csv", **how: bool) -> ContractImport:
    """A contract with Quillhaven, imported."""
    return import_contract(clinic.practice, clinic.quillhaven, (name, content), by=COMMAND, now=NOW, **how)


def import_medicare() -> None:
    """Medicare's prices of January 2026 in one locality."""
    for kind, name, content in (("rvu", "RVU26A.csv", RVU), ("gpci", "GPCI2026_JAN.csv", GPCI)):
        (done,) = import_codes(Wanted(kind), [(name, io.BytesIO(content.encode()))], by=COMMAND, now=NOW)
        assert done.problems == ()
