"""The chart of accounts: every place money can be, and which side it grows on."""

from dataclasses import dataclass

# Assets: what the clinic has or is owed.
BANK = "bank"
INSURER_CLEARING = "insurer_clearing"
CARD_CLEARING = "card_clearing"
DESK_CLEARING = "desk_clearing"
TILL = "till"
PAYER_OWES = "payer_owes"
NEXT_PAYER_OWES = "next_payer_owes"
PATIENT_OWES = "patient_owes"
IN_REVIEW = "in_review"
BETWEEN_PLANS = "between_plans"
PROVIDER_BALANCE = "provider_balance"
# Liabilities: money held that belongs to others, or not placed yet.
PATIENT_CREDIT = "patient_credit"
SUSPENSE = "suspense"
INSURER_REFUNDS = "insurer_refunds"
UNEXPLAINED = "unexplained_deposit"
# Income and what lowers it.
REVENUE = "revenue"
CONTRACTUAL = "contractual"
WRITE_OFF = "write_off"
INTEREST = "interest"
INSURER_INCOME = "insurer_income"
# Costs.
CARD_FEES = "card_fees"
PENALTIES = "penalties"
TILL_DIFFERENCE = "till_difference"


@dataclass(frozen=True, slots=True)
class Account:
    """name: the key in the journal; label: what people read. grows: debit or credit; kind: for the trial balance."""

    name: str
    label: str
    kind: str
    grows: str
    meaning: str


CHART: tuple[Account, ...] = (
    Account(BANK, "Bank", "asset", "debit", "Every booked line of the bank account."),
    Account(INSURER_CLEARING, "Insurer money on its way", "asset", "debit", "Remittances posted whose deposit has not been matched."),
    Account(CARD_CLEARING, "Card money on its way", "asset", "debit", "Card payments whose payout has not been matched."),
    Account(DESK_CLEARING, "Cash and checks at the desk", "asset", "debit", "Taken at the desk and not matched to a deposit."),
    Account(TILL, "Change in the till", "asset", "debit", "Kept at the desk to give change; what a count found more or less."),
    Account(PAYER_OWES, "Insurers owe", "asset", "debit", "Charges billed to an insurer that it has not settled."),
    Account(NEXT_PAYER_OWES, "Waiting to bill the next plan", "asset", "debit", "Left by the first plan for the patient's next plan."),
    Account(PATIENT_OWES, "Patients owe", "asset", "debit", "What the last plan left to the patient, or charges without a plan."),
    Account(BETWEEN_PLANS, "Passed on between plans", "asset", "debit", "From the first plan's claim to the next one's: zero in total."),
    Account(IN_REVIEW, "Denied, in review", "asset", "debit", "Refused by an insurer and not yet appealed, corrected or written off."),
    Account(PROVIDER_BALANCE, "Insurers' running balances", "asset", "debit", "Provider-level adjustments no claim explains (835 PLB)."),
    Account(PATIENT_CREDIT, "Patient credit", "liability", "credit", "Paid by a patient beyond what was open; to be used or refunded."),
    Account(SUSPENSE, "Held payments", "liability", "credit", "Insurer money that could not be placed on a claim."),
    Account(UNEXPLAINED, "Deposits not explained", "liability", "credit", "Bank lines that match no remittance, payout or desk deposit."),
    Account(INSURER_REFUNDS, "Refund checks to insurers", "liability", "credit", "Written to insurers and not yet paid by the bank."),
    Account(REVENUE, "Charges", "income", "credit", "The clinic's prices for the services given."),
    Account(CONTRACTUAL, "Plan discounts", "income", "debit", "Lower prices agreed with insurers."),
    Account(WRITE_OFF, "Written off", "income", "debit", "Given up with a reason and an approval."),
    Account(INTEREST, "Interest from insurers", "income", "credit", "Paid by an insurer for settling late (835 PLB L6)."),
    Account(INSURER_INCOME, "Other money from insurers", "income", "credit", "Bonuses, rebates and capitation, placed by a person (835 PLB)."),
    Account(CARD_FEES, "Card fees", "cost", "debit", "Kept by the card company."),
    Account(PENALTIES, "Insurer penalties", "cost", "debit", "Late filing and other reductions (835 PLB 50, 51)."),
    Account(TILL_DIFFERENCE, "Till differences", "cost", "debit", "Counted less, or more, than the journal says, with a reason."),
)  # fmt: skip
BY_NAME = {account.name: account for account in CHART}
RECEIVABLES = (PAYER_OWES, NEXT_PAYER_OWES, PATIENT_OWES, IN_REVIEW)
