"""One edit as data: what is wrong, how to mend it, where it stands on the claim, who asks for it, and when it holds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from claims_service.domain import codes
from claims_service.domain.claim.claim import Claim, ClaimLine
from claims_service.domain.claim.dental import DentalLine
from claims_service.domain.claim.edits.finding import Facts, Finding
from claims_service.domain.claim.institutional import RevenueLine

OnClaim = Callable[[Claim, Facts], bool]
OnLine = Callable[[Claim, ClaimLine, Facts], bool]
OnDiagnosis = Callable[[Claim, int, Facts], bool]


_said_plainly = lru_cache(maxsize=4096)(Finding)  # many claims of a batch break the same edit at the same place


@dataclass(frozen=True, slots=True)
class Edit:
    """severity: must or look (see Finding). sentence and mend: plain words; {claim}, {line}, {code} and {facts} in braces.

    x12: loop and element. fhir: path in Claim (R4). source: the guide, law, list or rule it comes from.
    since, until: first and last day of service on which it holds, None = always.
    place: field path on the form; of a line's edits it stands behind "lines[n]".
    """

    id: str
    severity: str
    sentence: str
    mend: str
    x12: str
    fhir: str
    source: str
    place: str = ""
    since: date | None = None
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether services of that day are judged by it."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    def found(self, place: str, **words: object) -> Finding:
        """What to say where it is broken."""
        if "{" not in self.sentence and "{" not in self.mend:
            return _said_plainly(self.id, self.severity, place, self.sentence, self.mend, self.source)
        return Finding(
            self.id, self.severity, place, self.sentence.format(**words), self.mend.format(**words), self.source
        )


@dataclass(frozen=True, slots=True)
class ClaimEdit:
    """An edit asked once of the whole claim. words: what its sentence says beside {claim} and {facts}."""

    edit: Edit
    broken: OnClaim
    words: Callable[[Claim, Facts], Mapping[str, object]] | None = None

    def finding(self, claim: Claim, facts: Facts) -> Finding:
        words = self.words(claim, facts) if self.words else {}
        return self.edit.found(self.edit.place, claim=claim, facts=facts, **words)


@dataclass(frozen=True, slots=True)
class LineEdit:
    """An edit asked of each line, by the line's own day."""

    edit: Edit
    broken: OnLine

    def finding(self, claim: Claim, line: ClaimLine, facts: Facts) -> Finding:
        return self.edit.found(f"lines[{line.number - 1}].{self.edit.place}", claim=claim, line=line, facts=facts)


@dataclass(frozen=True, slots=True)
class DiagnosisEdit:
    """An edit asked of each diagnosis, by its place from 0."""

    edit: Edit
    broken: OnDiagnosis

    def finding(self, claim: Claim, at: int, facts: Facts) -> Finding:
        return self.edit.found(f"diagnoses[{at}]", claim=claim, code=codes.dotted(claim.diagnoses[at]), facts=facts)


@dataclass(frozen=True, slots=True)
class OtherEdit:
    """An edit asked once of a facility's or a dentist's claim, as the family it stands in says."""

    edit: Edit
    broken: Callable[[Any, Facts], bool]

    def finding(self, claim: object, facts: Facts) -> Finding:
        return self.edit.found(self.edit.place, claim=claim, facts=facts)


@dataclass(frozen=True, slots=True)
class OtherLineEdit:
    """An edit asked of each line of such a claim."""

    edit: Edit
    broken: Callable[[Any, Any, Facts], bool]

    def finding(self, claim: object, line: RevenueLine | DentalLine, facts: Facts) -> Finding:
        return self.edit.found(f"lines[{line.number - 1}].{self.edit.place}", claim=claim, line=line, facts=facts)


Check = ClaimEdit | LineEdit | DiagnosisEdit | OtherEdit | OtherLineEdit
