"""Claims on paper: what stands in which box of a form, and where each box lies on the sheet."""
