"""A bank file of any kind we know as bank statements, proven complete by their own balances."""

from claims_service.domain.deposits.statement import BankStatement, problems_in
from claims_service.domain.errors import Problem, Rejected
from claims_service.formats.bank import bai2, camt, table


def read_bank_statements(content: bytes) -> tuple[BankStatement, ...]:
    """Statements in the order of the file, positions counted through it; the kind is told from the content.

    Raises:
        Rejected: not a bank file, broken, or opening balance + lines is not the closing balance.
    """
    text = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text:
        raise Rejected([Problem("file", "is empty", mend="Get it from the bank again.")])
    if text.startswith(b"<"):
        statements = camt.read_camt053(content)
    elif text.startswith(b"01,"):
        statements = bai2.read_bai2(_decoded(text))
    else:
        statements = table.read_csv(_decoded(text))
    if not statements:
        raise Rejected([Problem("file", "holds no statement", mend="Ask the bank for the booked day.")])
    if problems := problems_in(statements):
        raise Rejected(problems)
    return statements


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Rejected([Problem(f"line {line}", "is not UTF-8 text", mend="Save it as UTF-8.")]) from None
