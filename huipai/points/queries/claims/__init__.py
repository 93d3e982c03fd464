"""Reading claims: what can be claimed, what waits for whom, what is in public."""
