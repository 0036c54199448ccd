"""Our accounts as an accountant's chart: a number, and the path that hledger and beancount ask for."""

from dataclasses import dataclass

from claims_service.domain.ledger import accounts as a


@dataclass(frozen=True, slots=True)
class Place:
    """number: for QuickBooks and Xero. path: from the root, each part in words."""

    number: str
    path: tuple[str, ...]

    @property
    def hledger(self) -> str:
        """Assets:Receivable:Insurers owe."""
        return ":".join(self.path)

    @property
    def beancount(self) -> str:
        """Assets:Receivable:Insurers-Owe: parts begin with a capital, words are tied by hyphens."""
        return ":".join("-".join(word[:1].upper() + word[1:] for word in part.split()) for part in self.path)

    @property
    def name(self) -> str:
        """The last part, as QuickBooks and Xero list it."""
        return self.path[-1]


PLACES: dict[str, Place] = {
    a.BANK: Place("1000", ("Assets", "Bank")),
    a.INSURER_CLEARING: Place("1110", ("Assets", "On its way", "Insurer money")),
    a.CARD_CLEARING: Place("1120", ("Assets", "On its way", "Card money")),
    a.DESK_CLEARING: Place("1130", ("Assets", "On its way", "Cash and checks")),
    a.TILL: Place("1140", ("Assets", "Change in the till")),
    a.PAYER_OWES: Place("1210", ("Assets", "Receivable", "Insurers")),
    a.NEXT_PAYER_OWES: Place("1220", ("Assets", "Receivable", "Next plans")),
    a.PATIENT_OWES: Place("1230", ("Assets", "Receivable", "Patients")),
    a.IN_REVIEW: Place("1240", ("Assets", "Receivable", "Denied")),
    a.BETWEEN_PLANS: Place("1250", ("Assets", "Receivable", "Between plans")),
    a.PROVIDER_BALANCE: Place("1300", ("Assets", "Insurers running balances")),
    a.PATIENT_CREDIT: Place("2100", ("Liabilities", "Patient credit")),
    a.SUSPENSE: Place("2200", ("Liabilities", "Held payments")),
    a.UNEXPLAINED: Place("2300", ("Liabilities", "Deposits not explained")),
    a.INSURER_REFUNDS: Place("2400", ("Liabilities", "Refund checks to insurers")),
    a.REVENUE: Place("4000", ("Income", "Charges")),
    a.CONTRACTUAL: Place("4100", ("Income", "Plan discounts")),
    a.WRITE_OFF: Place("4200", ("Income", "Written off")),
    a.INTEREST: Place("4300", ("Income", "Interest from insurers")),
    a.INSURER_INCOME: Place("4400", ("Income", "Other money from insurers")),
    a.CARD_FEES: Place("5100", ("Expenses", "Card fees")),
    a.PENALTIES: Place("5200", ("Expenses", "Insurer penalties")),
    a.TILL_DIFFERENCE: Place("5300", ("Expenses", "Till differences")),
}
