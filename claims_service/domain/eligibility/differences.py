"""Where an insurer's answer contradicts what the clinic keeps about a patient and the plan."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from claims_service.domain.coverage import SELF, Coverage
from claims_service.domain.eligibility.answer import EligibilityAnswer
from claims_service.domain.party import Person

MEMBER, LAST, FIRST, BORN, GROUP = "member number", "last name", "first name", "date of birth", "group number"
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "œ": "oe"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One datum that differs. whose: patient, insured or plan. ours, theirs: text or a day."""

    whose: str
    what: str
    ours: str | date
    theirs: str | date


def differences(answer: EligibilityAnswer, coverage: Coverage, patient: Person) -> tuple[Difference, ...]:
    """What differs beyond case, accents and marks; what the insurer left out is no difference."""
    found = [*_numbers(answer, coverage)]
    if coverage.relationship == SELF:
        found += _person("patient", patient, answer.dependent or answer.subscriber)
    else:
        found += _person("insured", coverage.subscriber, answer.subscriber)
        if answer.dependent:
            found += _person("patient", patient, answer.dependent)
    return tuple(found)


def is_about(answer: EligibilityAnswer, coverage: Coverage, patient: Person) -> bool:
    """False when number, name and birth date are all another's: then it is no answer about this patient, whatever it is called."""
    if not answer.member_id or bare(answer.member_id) == bare(coverage.member_id):
        return True
    person, ours = (
        (answer.dependent, patient) if answer.dependent else (answer.subscriber, coverage.subscriber if coverage.relationship != SELF else patient)
    )  # fmt: skip
    if not person.last and person.birth_on is None:
        return True
    return bare(person.last) == bare(ours.last) or person.birth_on == ours.birth_on


def _numbers(answer: EligibilityAnswer, coverage: Coverage) -> Iterator[Difference]:
    for what, ours, theirs in (
        (MEMBER, coverage.member_id, answer.member_id),
        (GROUP, coverage.group_number, answer.group_number),
    ):
        if theirs and bare(ours) != bare(theirs):
            yield Difference("plan", what, ours, theirs)


def _person(whose: str, ours: Person, theirs: Person) -> Iterator[Difference]:
    for what, kept, told in ((LAST, ours.last, theirs.last), (FIRST, ours.first, theirs.first)):
        if told and bare(kept) != bare(told):
            yield Difference(whose, what, kept, told)
    if theirs.birth_on and ours.birth_on and theirs.birth_on != ours.birth_on:
        yield Difference(whose, BORN, ours.birth_on, theirs.birth_on)


def bare(text: str) -> str:
    """Letters and digits alone, without case and accents: "O’Rourke" and "OROURKE" are one."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(letter for letter in plain if letter.isalnum() and letter.isascii())
