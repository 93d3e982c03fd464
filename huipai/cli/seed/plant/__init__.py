"""Telling the plan to the product: every row comes from a command, at the moment at which it would have happened."""
