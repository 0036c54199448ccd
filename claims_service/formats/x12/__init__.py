"""X12 files to billing values and back, by the guides in mappings/x12."""
