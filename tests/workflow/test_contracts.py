"""Contracts from the file to the expected payment on each line of a claim."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import peewee
import pytest

from claims_service.domain.actor import Actor
from claims_service.domain.encounter import ServiceLine
from claims_service.domain.errors import NotFound
from claims_service.domain.pricing.contract import Service
from claims_service.queries import contracts as questions
from claims_service.store import contracts, tables
from claims_service.store.connection import run
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.import_contract import import_contract
from claims_service.workflow.record_encounter import record_encounters
from tests import clinic as clinics
from tests.clinic import BILLER, NOW, TODAY, VISIT_DAY, Clinic
from tests.contract_files import LOCALITY, contract, import_medicare, taken

OCTOBER = "2026-10-01"


def expected(clinic: Clinic, *lines: ServiceLine, **changes: object) -> list[int | None]:
    """What the lines of a claim with these services are expected to bring."""
    visit = clinic.visit(None, reference=f"V{tables.EncounterRow.select().count()}", lines=lines, **changes)
    record_encounters(clinic.practice, [visit], by=BILLER, now=NOW)
    built = build_claims(clinic.practice, by=BILLER, now=NOW, today=TODAY)
    (claim,) = [made.claim for made in built.claims]
    rows = tables.ClaimLineRow.select().where(tables.ClaimLineRow.claim == claim).order_by(tables.ClaimLineRow.number)
    return [row.expected_cents for row in rows]


def line(code: str, *modifiers: str, **more: object) -> ServiceLine:
    return replace(ServiceLine(code, (1,), modifiers), **more)  # type: ignore[arg-type]


def test_each_line_keeps_what_the_contract_pays_for_it(clinic: Clinic) -> None:
    """120% of Medicare for the visit is $123.34, so its charge of $120.00; $7.50 a count; 40% of $60.00 for the rest."""
    import_medicare()
    done = taken(
        clinic,
        contract(
            f"MPFS,99202,99499,,,,120,,{LOCALITY},Y", "FLAT,85025,,,,,,7.50,,", "CHARGE,,,,,,40,,,", first=OCTOBER
        ),
    )

    assert (done.terms, done.ends, done.notes) == (3, "Quillhaven contract", ())
    assert expected(clinic, line("99213"), line("85025", units=Decimal(3)), line("93000")) == [
        120_00,
        22_50,
        24_00,
    ]
    assert expected(clinic, line("99213", charge_cents=300_00), place_of_service="22") == [83_38]


def test_a_nurse_practitioner_is_paid_by_the_term_of_her_class(clinic: Clinic) -> None:
    taken(clinic, contract("FLAT,99213,,,,,,100,,", "FLAT,99213,,,,NP,,85,,", first=OCTOBER))
    nurse = tables.Provider.create(
        practice=clinic.practice, npi="1990000048", last="Thorsby", first="Lena", taxonomy="363LF0000X"
    )

    assert expected(clinic, line("99213")) == [100_00]
    assert expected(clinic, line("99213"), rendering_id=nurse.id) == [85_00]


def test_the_contract_of_the_day_of_service_counts_not_that_of_today(clinic: Clinic) -> None:
    """The new contract begins on November 11: the visit of November 10 is paid by the old one."""
    taken(clinic, contract("FLAT,99213,,,,,,1,,", first="2026-11-11"))

    assert expected(clinic, line("99213")) == [90_00]
    assert expected(clinic, line("99213"), served_on=date(2026, 11, 11)) == [1_00]


def test_a_claim_without_a_contract_expects_nothing_rather_than_a_guess(clinic: Clinic) -> None:
    taken(clinic, contract("FLAT,99213,,,,,,1,,", first=OCTOBER, until="2026-10-31"))

    assert expected(clinic, line("99213"), line("85025")) == [None, None]


def test_the_same_file_twice_is_one_contract(clinic: Clinic) -> None:
    file = contract("FLAT,99213,,,,,,1,,", first=OCTOBER)
    first, again = taken(clinic, file), taken(clinic, file, name="other name.csv")

    assert (again.already, again.contract) == (True, first.contract)
    assert tables.ContractRow.select().where(tables.ContractRow.file_name != "").count() == 1


def test_a_contract_is_never_edited_only_corrected_by_another(clinic: Clinic) -> None:
    """$1.00 was typed for $100.00: the correction has the same first day, and the wrong one stays to be seen."""
    wrong, right = (contract(f"FLAT,99213,,,,,,{amount},,", first=OCTOBER) for amount in ("1", "100"))
    taken(clinic, wrong)
    refused = taken(clinic, right)
    corrected = taken(clinic, right, correct=True)

    assert "contracts are never edited" in refused.problems[0].message
    assert corrected.ends == "PPO 2026"
    assert expected(clinic, line("99213")) == [100_00]
    listed = questions.listed(clinic.practice, today=TODAY)
    assert [one.state for one in listed] == ["holds", "corrected", "ended"]
    for table in ("contract", "contract_term"):
        for change in (f"update {table} set id = id", f"delete from {table}"):
            with pytest.raises(peewee.DatabaseError, match="never changed or deleted"):
                run(change)


def test_a_dry_run_says_the_same_and_writes_nothing(clinic: Clinic) -> None:
    file = contract("FLAT,99213,,,,,,1,,", first=OCTOBER)
    dry = taken(clinic, file, dry_run=True)
    audited = tables.Audit.select().count()
    wet = taken(clinic, file)

    assert dry.contract is None
    assert replace(dry, contract=wet.contract) == wet
    assert (dry.ends, str(dry.valid_from)) == ("Quillhaven contract", OCTOBER)
    last = tables.Audit.select().order_by(tables.Audit.id.desc()).get()
    assert (tables.Audit.select().count(), last.action, last.subject) == (
        audited + 1,
        "contract.import",
        f"contract:{wet.contract}",
    )


def test_a_bad_row_keeps_the_whole_file_out(clinic: Clinic) -> None:
    before = tables.ContractTermRow.select().count()
    done = taken(clinic, contract("FLAT,99213,,,,,,1,,", "FLAT,9921,,,,,,1,,"))

    assert [problem.where for problem in done.problems] == ["line 3"]
    assert tables.ContractTermRow.select().count() == before


def test_a_locality_that_is_not_loaded_is_told_before_it_costs_money(clinic: Clinic) -> None:
    file = contract(f"MPFS,99213,,,,,120,,{LOCALITY},", first=OCTOBER)
    (note,) = taken(clinic, file, dry_run=True).notes
    assert (note.where, LOCALITY in note.message, "claims codes import gpci" in note.mend) == ("line 2", True, True)
    import_medicare()

    assert taken(clinic, file).notes == ()


def test_a_file_of_another_insurer_is_not_taken(clinic: Clinic) -> None:
    content = b"payer_id,effective_from,basis,amount\nNF002,2026-10-01,FLAT,1.00\n"

    assert "a contract with NF002, not with QH001" in taken(clinic, content).problems[0].message


def test_a_contract_of_another_practice_is_neither_seen_nor_used(clinic: Clinic) -> None:
    other = clinics.found("Other Clinic", "1990000030", suffix="X")
    made = taken(other, contract("FLAT,99213,,,,,,1,,", first=OCTOBER))

    assert expected(clinic, line("99213")) == [90_00]
    assert made.contract is not None
    with pytest.raises(NotFound):
        questions.contract(clinic.practice, made.contract, today=TODAY)
    with pytest.raises(NotFound):
        questions.explained(clinic.practice, other.quillhaven, [Service("99213", VISIT_DAY)])
    with pytest.raises(NotFound):
        import_contract(clinic.practice, other.quillhaven, ("a.csv", b""), by=Actor("user:9", "manager"), now=NOW)


def test_what_a_price_is_made_of_is_told_for_the_clinics_own_charge(clinic: Clinic) -> None:
    (found,) = questions.explained(clinic.practice, clinic.quillhaven, [Service("99213", VISIT_DAY)])

    assert found.service.charge_cents == 120_00
    assert found.sentences == (
        "Quillhaven Health: contract “Quillhaven contract” from 01/01/2026 on.",
        "Line 1 of it decides: 99213: $90.00 a unit, or the charge if that is less.",
        "$90.00 is expected.",
    )


def test_prices_of_a_batch_are_loaded_in_a_fixed_number_of_selects(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two contracts and Medicare's files, for one procedure as for six."""
    import_medicare()
    taken(clinic, contract(f"MPFS,,,,,,120,,{LOCALITY},", "FLAT,85025,,,,,,7.50,,", first=OCTOBER))
    sent: list[str] = []

    def noted(sql: str, values: object = ()) -> object:
        sent.append(sql)
        return run(sql, values)  # type: ignore[arg-type]

    for module in ("contracts", "timelines"):
        monkeypatch.setattr(f"claims_service.store.{module}.run", noted)
    contracts.book(clinic.practice, {"99213"})
    one = len(sent)
    contracts.book(clinic.practice, set(clinics.PRICES))

    assert (one, len(sent) - one) == (4, 4)
