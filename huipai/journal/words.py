"""The journal's own words."""

import re

# A fact is a noun and what happened to it: "case.accepted".
FACT = re.compile(r"^[a-z_]+\.[a-z_]+$")
# A subject is a kind and an id: "case:0190…".
SUBJECT = re.compile(r"^[a-z_]+:[0-9a-zA-Z-]+$")

GENESIS = "0" * 64
