"""What can happen to a claim."""
