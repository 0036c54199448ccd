"""The site of the patients: what they owe, why, and how to pay."""
