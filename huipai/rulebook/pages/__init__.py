"""Pages of the rulebook: to read, to speak up, to write, to admit, to decide."""
