"""The site of the clinic's staff."""
