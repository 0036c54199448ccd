"""Bank statements as files: camt.053, BAI2 and CSV."""
