"""What care is expected to cost, told before it is given: by when, what the paper says, and when a bill is too far above it."""
