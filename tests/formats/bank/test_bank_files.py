"""Bank files of three kinds become the same lines, and one that does not add up is refused whole."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from claims_service.domain.deposits.trace import Trace
from claims_service.domain.errors import Rejected
from claims_service.formats.bank.read import read_bank_statements
from claims_service.gateways import sandbox_bank
from claims_service.gateways.sandbox_bank import Deposit

AT = datetime(2026, 11, 19, 6, 0, tzinfo=UTC)
DAY = date(2026, 11, 17)
DEPOSITS = [
    Deposit(DAY, 431_862, r"HCCLAIMPMT TRN*1*QH26-1117-00417*1990000002\ ", "Quillhaven Health"),
    Deposit(date(2026, 11, 18), 61_240, "PAYOUT", "Card company", "PO-118"),
    Deposit(date(2026, 11, 18), -3_500, "RETURNED ITEM", "Deposited check", "991"),
]
CSV = """Account Number,Posting Date,Description,Check or Slip #,Amount,Running Bal.
0071,11/18/2026,COUNTER DEPOSIT,0412,"$1,355.00","2,399.00"
0071,11/18/2026,RETURN ITEM FEE,,(12.00),1044.00
0071,11/17/2026,QUILLHAVEN HCCLAIMPMT TRN*1*QH1*1990000002~,,56.00,1056.00
"""


def refused(content: bytes) -> str:
    with pytest.raises(Rejected) as caught:
        read_bank_statements(content)
    return str(caught.value)


def test_the_same_money_reads_the_same_from_camt_and_bai2() -> None:
    """$1,000.00 at first, $4,318.62 and $612.40 in, a check of $35.00 back: $5,896.02."""
    camt = read_bank_statements(sandbox_bank.camt053("000330071", 100_000, DEPOSITS, written_at=AT))
    bai2 = read_bank_statements(sandbox_bank.bai2("000330071", 100_000, DEPOSITS, written_at=AT))

    assert (camt[0].opening_cents, camt[-1].closing_cents) == (100_000, 589_602)
    assert (bai2[0].opening_cents, bai2[-1].closing_cents) == (100_000, 589_602)
    seen = [
        [(x.booked_on, x.cents, x.trace, x.bank_reference) for s in statements for x in s.lines]
        for statements in (camt, bai2)
    ]
    assert seen[0] == seen[1]
    assert seen[0][0][2] == Trace("QH26-1117-00417", "1990000002")


@pytest.mark.corpus
def test_samples_of_banks_agree_to_the_cent(shared_data: Path) -> None:
    """Seven lines from $1,000.00 to $1,351.67, in BAI2 and in two versions of camt.053."""
    folder = shared_data / "layouts" / "bank"
    read = [
        [line for s in read_bank_statements((folder / name).read_bytes()) for line in s.lines]
        for name in ("bai2_prior_day.bai", "camt053_02.xml", "camt053_08.xml")
    ]

    assert [[line.cents for line in lines] for lines in read] == [[8945, 6222, 14700, -3500, -1200, 14000, -4000]] * 3
    assert all(lines[0].trace == Trace("EFT26110401", "1990000002") for lines in read)


@pytest.mark.corpus
@pytest.mark.parametrize(
    "name", ["camt054_08.xml", "ccd_plus_hcclaimpmt.ach", "stripe_balance_history.csv", "lockbox_bai.txt"]
)
def test_a_file_that_is_no_statement_is_refused_with_a_way_out(shared_data: Path, name: str) -> None:
    with pytest.raises(Rejected) as caught:
        read_bank_statements((shared_data / "layouts" / "bank" / name).read_bytes())

    assert caught.value.problems[0].mend


def test_a_csv_newest_first_is_turned_round_and_its_balance_followed() -> None:
    statement = read_bank_statements(CSV.encode())[0]

    assert [line.cents for line in statement.lines] == [5_600, -1_200, 135_500]
    assert (statement.opening_cents, statement.closing_cents) == (100_000, 239_900)
    assert statement.lines[0].trace == Trace("QH1", "1990000002")
    assert statement.lines[2].trace == Trace("412")


def test_a_csv_line_cut_out_is_named_with_its_cents() -> None:
    without = "".join(line for line in CSV.splitlines(keepends=True) if "FEE" not in line)

    assert "line 2: the running balance does not follow from the line before: off by −$12.00" in refused(
        without.encode()
    )


def test_an_amount_changed_on_the_way_is_found_in_camt() -> None:
    content = sandbox_bank.camt053("71", 0, DEPOSITS, written_at=AT).replace(b"4318.62", b"4318.26")

    assert "off by −$0.36" in refused(content)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"16,142,431862", b"16,142,431826", "control total and amounts differ by $0.36"),
        (b"88,ADDENDA PAYOUT\r\n", b"", "records, there are"),
        (b"\r\n98,", b"\r\n97,", "no BAI2 record"),
        (b"16,142,", b"16,891,", "neither a credit nor a debit"),
        (b"02,CLINIC,SANDBOXBANK,1", b"02,CLINIC,SANDBOXBANK,2", "deletion"),
        (b"03,000330071,USD", b"03,000330071,CAD", "not in USD"),
        (b"16,142,431862", b"16,142,4318.62", "whole number of cents"),
        (b"261117", b"261399", "not a date"),
        (b",015,", b",045,", "opening (010) and closing (015)"),
    ],
)
def test_a_bai2_file_that_does_not_hold_together_is_refused_with_its_line(old: bytes, new: bytes, said: str) -> None:
    message = refused(sandbox_bank.bai2("000330071", 100_000, DEPOSITS, written_at=AT).replace(old, new))

    assert said in message
    assert message.startswith("line ")


@pytest.mark.parametrize("cut", range(0, 100, 7))
def test_a_file_cut_anywhere_is_never_taken(cut: int) -> None:
    for write in (sandbox_bank.camt053, sandbox_bank.bai2):
        content = write("71", 100_000, DEPOSITS, written_at=AT)
        assert refused(content[: len(content.rstrip()) * cut // 100])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/hosts'>]><a>&b;</a>", "DOCTYPE"),
        (b"<Document/>", "is not a camt.053"),
        (b"hello", "neither camt.053, BAI2 nor a CSV"),
        (b"Date,Amount,Balance\n2026-11-18,1.005,1.005\n", "finer than a cent"),
        (b"Date,Amount,Balance\n2026-11-18,1.00\n", "the file is cut"),
        (b"Date,Amount,Balance\nsoon,1.00,1.00\n", "not a date"),
        (b"\xff\xfeD,a", "not UTF-8"),
    ],
)
def test_what_can_not_be_read_gets_one_clear_message(content: bytes, said: str) -> None:
    assert said in refused(content)


def test_an_entry_with_several_payments_is_several_lines() -> None:
    """One booked $150.00 with two TRNs, $100.00 and $50.00."""
    content = sandbox_bank.camt053("71", 0, [Deposit(DAY, 15_000, "TRN*1*A1*1990000002", "Quillhaven")], written_at=AT)
    start, end = content.index(b"<TxDtls>"), content.index(b"</NtryDtls>")
    parts = b"".join(
        b'<TxDtls><Amt Ccy="USD">%s</Amt><RmtInf><Ustrd>TRN*1*%s*1990000002~</Ustrd></RmtInf></TxDtls>' % part
        for part in ((b"100.00", b"A1"), (b"50.00", b"B2"))
    )
    split = content[:start] + parts + content[end:]

    assert [(line.cents, line.trace.number) for line in read_bank_statements(split)[0].lines] == [
        (10_000, "A1"),
        (5_000, "B2"),
    ]
    assert "do not add up to the entry: off by −$1.00" in refused(split.replace(b">50.00", b">49.00"))


def test_the_bank_of_the_demo_makes_one_deposit_short_and_one_nobody_knows() -> None:
    booked = sandbox_bank.with_surprises(DEPOSITS, short_by_cents=3_600)

    assert sum(d.cents for d in booked) == sum(d.cents for d in DEPOSITS) - 3_600 + sandbox_bank.UNKNOWN.cents
    assert booked[0].cents == 428_262
    assert booked[-1].booked_on == date(2026, 11, 18)
