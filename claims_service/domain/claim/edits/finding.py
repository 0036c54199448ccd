"""What an edit found on a claim, and what the edits may know beside the claim itself."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from claims_service.domain.authorization import Authorization
from claims_service.domain.claim.claim import Claim
from claims_service.domain.claim.earlier import EarlierService, FollowUp
from claims_service.domain.ncci import AddOns, Mue, Ptp

MUST, LOOK = "must", "look"


@dataclass(frozen=True, slots=True)
class Finding:
    """severity: must (the claim stays here until it is mended) or look (a person may send it as it is).

    rule: name of the edit; source: where it comes from. place: a field path ("lines[0].modifiers").
    """

    rule: str
    severity: str
    place: str
    message: str
    mend: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class PayerRules:
    """What one insurer asks beyond the guide (mappings/payers).

    member_id: regular expression of its member numbers; authorization: procedures that need a prior authorization.
    filing_days: days from service to the last day it takes a claim; corrected_days: a replacement, 0 = no limit.
    off: names of edits that do not apply.
    """

    member_id: str = ""
    authorization: frozenset[str] = frozenset()
    filing_days: int = 365
    corrected_days: int = 0
    off: frozenset[str] = frozenset()


class OwnCheck(Protocol):
    """A rule of the clinic's own, ready to be asked (see own_rules)."""

    def findings(self, claim: Claim, facts: "Facts") -> Iterable[Finding]: ...


@dataclass(frozen=True, slots=True)
class Facts:
    """What edits may look at beside the claim.

    priced: line numbers that a fee schedule or the clinic gave a price. same_day: (procedure, modifiers) the patient already
    has on other claims of the same rendering provider and day. known_diagnoses, known_modifiers: codes on the clinic's lists,
    empty = unknown. invalid: codes of the claim that can't bill their day by the lists that are loaded: retired, not yet
    valid, unknown to them, or headings.
    authorizations: the patient's approvals of this insurer, with the visits under them beside this one.
    ptp, mue, add_ons: NCCI's edits for the claim's procedures, empty where none are loaded.
    earlier: what the patient had here before on other claims, newest first, as far as it matters. follow_ups: of surgeries on
    this claim and on others. rules: the clinic's own; released: names of those that a manager let this claim through.
    """

    today: date
    payer: PayerRules = field(default_factory=PayerRules)
    priced: frozenset[int] = frozenset()
    same_day: frozenset[tuple[str, tuple[str, ...]]] = frozenset()
    known_diagnoses: frozenset[str] = frozenset()
    known_modifiers: frozenset[str] = frozenset()
    invalid: frozenset[str] = frozenset()
    ptp: Ptp = field(default_factory=lambda: Ptp({}))
    mue: Mue = field(default_factory=lambda: Mue({}))
    add_ons: AddOns = field(default_factory=lambda: AddOns({}))
    authorizations: tuple[Authorization, ...] = ()
    earlier: tuple[EarlierService, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    rules: tuple[OwnCheck, ...] = ()
    released: frozenset[str] = frozenset()
