"""Pure image work: what the bytes are, what they claim, and copies without their secrets."""
