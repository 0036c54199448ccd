"""One claim with everything a person asks about it: services, money, problems, files and story."""

from dataclasses import dataclass, field
from datetime import date, datetime

from claims_service.domain.errors import NotFound
from claims_service.domain.line_detail import NO_DETAIL, LineDetail
from claims_service.queries import claim_money, codes, people
from claims_service.queries.claim_money import LineMoney, Money
from claims_service.queries.rows import Record, day, instant, known_day, known_instant, marks, row, rows
from claims_service.store.connection import opened
from claims_service.store.line_details import detail_of


@dataclass(frozen=True, slots=True)
class Head:
    """The facts line of a claim. kind: of its visit, as domain.encounter names them."""

    id: int
    control_number: str
    state: str
    sequence: str
    charge_cents: int
    expected_cents: int | None
    served_on: date
    payer_claim_number: str
    sent_at: datetime | None
    version: int
    encounter: int
    place: str
    diagnoses: tuple[str, ...]
    prior_authorization: str
    patient: int
    patient_name: str
    birth_on: date
    provider: str
    payer: int | None
    payer_name: str
    filing_days: int | None
    coverage: int | None
    member_id: str
    plan_name: str
    frequency: str
    replaces: int | None
    kind: str


@dataclass(frozen=True, slots=True)
class Service:
    """A billed service with where its charge went."""

    number: int
    procedure: str
    modifiers: tuple[str, ...]
    units: str
    pointers: tuple[int, ...]
    words: str
    charge_cents: int
    priced: bool
    expected_cents: int | None
    served_on: date
    told: LineMoney = field(default_factory=LineMoney)
    ndc: str = ""
    detail: LineDetail = NO_DETAIL


@dataclass(frozen=True, slots=True)
class ClaimProblem:
    """severity: must or look. place: a field path such as "lines[0].modifiers". rule: the edit, or the insurer's code."""

    severity: str
    place: str
    message: str
    mend: str
    found_at: datetime
    settled_at: datetime | None
    rule: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file the claim was in. place: where in it."""

    id: int
    kind: str
    direction: str
    name: str
    at: datetime
    place: str
    remittance: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A step in the story. remittance, file: what it came from."""

    kind: str
    text: str
    at: datetime
    who: str
    file: int | None
    remittance: int | None


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another claim of the same visit."""

    id: int
    control_number: str
    sequence: str
    state: str
    frequency: str
    payer_name: str


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """All that the page of one claim shows."""

    head: Head
    money: Money
    services: tuple[Service, ...]
    whole: LineMoney
    problems: tuple[ClaimProblem, ...]
    files: tuple[File, ...]
    story: tuple[Told, ...]
    siblings: tuple[Sibling, ...]
    words: dict[str, str]

    @property
    def open_problems(self) -> tuple[ClaimProblem, ...]:
        return tuple(problem for problem in self.problems if problem.settled_at is None)


def claim_page(practice: int, claim: int) -> ClaimPage:
    """One claim in eleven SELECTs, however long its story.

    Raises:
        NotFound: no such claim of this practice.
    """
    with opened():
        head = _head(practice, claim)
        lines = claim_money.of_lines(practice, [claim]).get(claim, {})
        return ClaimPage(
            head,
            claim_money.of_claims(practice, [claim])[claim],
            tuple(_services(practice, claim, lines)),
            lines.get(0, LineMoney()),
            tuple(_problems(practice, claim)),
            tuple(_files(practice, claim)),
            tuple(_story(practice, claim)),
            tuple(_siblings(practice, head)),
            codes.labels(practice, "icd10", head.diagnoses),
        )


def _head(practice: int, claim: int) -> Head:
    found = row(
        "select c.id, c.control_number, c.state, c.sequence, c.charge_cents, c.expected_cents, c.served_on, c.payer_claim_number,"
        " c.sent_at, c.version, e.id, e.place_of_service, e.diagnoses, e.prior_authorization, p.id, p.first, p.last, p.birth_on,"
        " d.first, d.last, y.id, y.name, y.timely_filing_days, v.id, v.member_id, v.plan_name,"
        " c.frequency, c.replaces, e.kind from claim c join encounter e on e.id = c.encounter_id join patient p on p.id = c.patient_id"
        " join provider d on d.id = e.rendering_id left join payer y on y.id = c.payer_id left join coverage v on v.id = c.coverage_id"
        " where c.practice_id = ? and c.id = ?",
        practice, claim,
    )  # fmt: skip
    if found is None:
        raise NotFound("claim")
    (
        key, control, state, sequence, charge, expected, served_on, number, sent, version, encounter, place, diagnoses, approval,
        patient, first, last, birth_on, doctor_first, doctor_last, payer, payer_name, filing_days, coverage, member, plan, frequency, replaces,
        kind,
    ) = found  # fmt: skip
    return Head(
        key, control, state, sequence, charge, expected, known_day(served_on), number, instant(sent), version, encounter, place,
        tuple(diagnoses.split()), approval, patient, f"{first} {last}".strip(), known_day(birth_on),
        f"{doctor_first} {doctor_last}".strip(), payer, payer_name or "", filing_days, coverage, member or "", plan or "",
        frequency, replaces, kind,
    )  # fmt: skip


def _services(practice: int, claim: int, told: dict[int, LineMoney]) -> list[Service]:
    found = rows(
        "select l.number, l.procedure, l.modifiers, l.units, l.pointers, l.description, k.label, l.charge_cents, l.priced,"
        " l.expected_cents, l.served_on, l.ndc, l.detail from claim_line l left join code k on k.practice_id = l.practice_id"
        " and k.code_set = 'procedure' and k.code = l.procedure where l.practice_id = ? and l.claim_id = ? order by l.number",
        practice, claim,
    )  # fmt: skip
    return [
        Service(
            number, code, tuple(modifiers.split()), units, tuple(map(int, pointers.split())), words or label or "", charge,
            bool(priced), expected, known_day(on), told.get(number, LineMoney()), ndc,
            detail_of(detail),
        )
        for number, code, modifiers, units, pointers, words, label, charge, priced, expected, on, ndc, detail in found
    ]  # fmt: skip


def _problems(practice: int, claim: int) -> list[ClaimProblem]:
    """Those that stop the claim first; of the settled ones each once."""
    found = rows(
        "select rule, severity, place, message, mend, found_at, settled_at from claim_problem"
        " where practice_id = ? and claim_id = ? order by case when settled_at is null then 0 else 1 end,"
        " case when severity = 'must' then 0 else 1 end, id desc",
        practice, claim,
    )  # fmt: skip
    seen: set[tuple[str, str]] = set()
    listed = []
    for rule, severity, place, message, mend, at, settled in found:
        if (rule, place) not in seen:
            seen.add((rule, place))
            listed.append(ClaimProblem(severity, place, message, mend, known_instant(at), instant(settled), rule))
    return listed


def _files(practice: int, claim: int) -> list[File]:
    """What went out with the claim, what came back about it, and where in each file it stands."""
    placed = (
        "select file_id, transaction_control, position, 0, 0 from file_claim where practice_id = ? and claim_id = ?"
    )
    paid = (
        "select r.file_id, r.transaction_control, m.position, m.segment, r.id from claim_payment m"
        " join remittance r on r.id = m.remittance_id where m.practice_id = ? and m.claim_id = ?"
    )
    heard = (
        "select distinct file, '', 0, 0, 0 from claim_event where practice_id = ? and claim_id = ? and file is not null"
    )
    places: dict[int, Record] = {}
    for found in rows(f"{placed} union all {paid} union all {heard}", *[practice, claim] * 3):
        if found[0] not in places or found[2]:
            places[found[0]] = found
    if not places:
        return []
    files = rows(
        f"select id, kind, direction, name, at from exchange_file where practice_id = ? and id in ({marks(list(places))}) order by at, id",
        practice, *places,
    )  # fmt: skip
    return [
        File(key, kind, direction, name, known_instant(at), _place(places[key]), places[key][4] or None)
        for key, kind, direction, name, at in files
    ]


def _place(found: Record) -> str:
    _, control, position, segment, remittance = found
    if not position:
        return ""
    what = "CLP" if remittance else "claim"
    return f"ST {control}, {what} {position}" + (f", segment {segment}" if segment else "")


def _story(practice: int, claim: int) -> list[Told]:
    sql = "select kind, text, at, by, file, remittance from claim_event where practice_id = ? and claim_id = ? order by at desc, id desc"
    found = rows(sql, practice, claim)
    named = people.names(practice, [who for _, _, _, who, _, _ in found])
    return [
        Told(kind, text, known_instant(at), named[who], file, remittance)
        for kind, text, at, who, file, remittance in found
    ]


def _siblings(practice: int, head: Head) -> list[Sibling]:
    sql = (
        "select c.id, c.control_number, c.sequence, c.state, c.frequency, coalesce(y.name, '') from claim c left join payer y on y.id = c.payer_id"
        " where c.practice_id = ? and c.encounter_id = ? and c.id <> ? order by c.id"
    )
    return [Sibling(*found) for found in rows(sql, practice, head.encounter, head.id)]


def neighbours(practice: int, claim: int) -> tuple[int | None, int | None]:
    """The claims before and after this one by number, in one SELECT."""
    sql = (
        "select (select max(id) from claim where practice_id = ? and id < ? and state <> 'void'),"
        " (select min(id) from claim where practice_id = ? and id > ? and state <> 'void')"
    )
    with opened():
        found = row(sql, practice, claim, practice, claim)
    return (found[0], found[1]) if found else (None, None)


def answer_due_on(head: Head, days: int) -> date | None:
    """When an answer should be here, from the day the claim went out."""
    sent = day(head.sent_at.date()) if head.sent_at else None
    return date.fromordinal(sent.toordinal() + days) if sent else None
