"""What a guide's tables can't say (SNIP levels 3 to 5): whether a loop adds up, fits together and uses real codes."""
