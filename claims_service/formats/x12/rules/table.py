"""The rules in mappings/x12/rules.tsv: level, severity, sentence and remedy of each by its id."""

from dataclasses import dataclass
from functools import cache
from typing import cast

from claims_service.config import data_folder
from claims_service.formats.x12.findings import Severity


@dataclass(frozen=True, slots=True)
class RuleText:
    """How a rule speaks. level: SNIP 3 to 5."""

    level: int
    severity: Severity
    message: str
    mend: str


@cache
def rule_texts() -> dict[str, RuleText]:
    """Every rule by its id."""
    lines = (data_folder("mappings") / "x12" / "rules.tsv").read_text(encoding="utf-8").splitlines()
    _, *rows = [line.split("\t") for line in lines if line and not line.startswith("# ")]
    return {rule: RuleText(int(level), cast("Severity", severity), message, mend)
            for rule, level, severity, message, mend in rows}  # fmt: skip
