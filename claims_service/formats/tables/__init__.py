"""Tables as files: code lists."""
