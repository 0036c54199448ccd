"""What the name of a code file says: from which day it speaks, and for NCCI pairs whom they are for."""

import re
from datetime import date, datetime

_QUARTERS = {"JAN": 1, "APR": 4, "JUL": 7, "OCT": 10}


def effective_on(kind: str, name: str) -> date | None:
    """The first day of service a release speaks of, from the publisher's own file name; None where it doesn't say.

    icd10cm-order-2027.txt is the fiscal year 2027, which begins on October 1, 2026; HCPC2026_OCT_ANWEB.txt is a quarter.
    """
    if kind.startswith("icd10cm") and (
        found := re.search(r"icd10cm.*?(april|apr)?[-_]?(20\d{2})", name, re.IGNORECASE)
    ):
        return date(int(found[2]), 4, 1) if "apr" in name.casefold() else date(int(found[2]) - 1, 10, 1)
    if kind == "hcpcs" and (found := re.search(r"HCPC(20\d{2})[-_](JAN|APR|JUL|OCT)", name, re.IGNORECASE)):
        return date(int(found[1]), _QUARTERS[found[2].upper()], 1)
    if kind in ("rvu", "rvu-qpp", "gpci"):
        return _quarter(name)
    if kind == "ncci-mue" and (found := re.search(r"Eff[-_](\d{2}-\d{2}-20\d{2})", name, re.IGNORECASE)):
        try:
            return datetime.strptime(f"{found[1]} +0000", "%m-%d-%Y %z").date()
        except ValueError:
            return None
    return None


def _quarter(name: str) -> date | None:
    """RVU26A..., PPRRVU2026_Jan_nonQPP.csv, GPCI2026_APR.csv."""
    if found := re.search(r"RVU(?:20)?(\d{2})([A-D])", name, re.IGNORECASE):
        return date(2000 + int(found[1]), 1 + 3 * "ABCD".index(found[2].upper()), 1)
    if found := re.search(r"(?:RVU|GPCI)[-_ ]?(?:20)?(\d{2})[-_ ]?(JAN|APR|JUL|OCT)", name, re.IGNORECASE):
        return date(2000 + int(found[1]), _QUARTERS[found[2].upper()], 1)
    return None


def is_for_qualifying(name: str) -> bool:
    """Whether a relative value file is that of qualifying APM participants: ..._QPP, and not ..._nonQPP."""
    return re.search(r"(?<!non)(?<!non[-_ ])QPP", name, re.IGNORECASE) is not None


def ptp_setting(name: str) -> str:
    """P for ccipra-… (practitioners), O for ccioph-… (outpatient hospitals); empty where the name doesn't say."""
    lower = name.casefold()
    return "P" if "ccipra" in lower else "O" if "ccioph" in lower else ""
