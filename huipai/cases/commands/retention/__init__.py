"""How long things are kept, what is held back, and that the rest goes."""
