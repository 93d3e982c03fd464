"""What can happen to linked households."""
