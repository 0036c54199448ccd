"""What a patient owes and why: invoice, statement, explanation, and where a payment goes."""
