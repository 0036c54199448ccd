"""The site of the insurers: claim files out, answers in."""
