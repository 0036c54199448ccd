"""What a stranger, or a person who is let in, might try."""
