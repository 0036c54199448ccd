"""Formats of single insurers: each is a folder in mappings/ with a stylesheet, and no code."""
