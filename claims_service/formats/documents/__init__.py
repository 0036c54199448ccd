"""Paper: statements and receipts as tagged PDF (PDF/UA-1), the same bytes for the same content."""
