"""The steps that 0001_tables stands for (decision 0095): a database that has taken them all has taken it."""

BEFORE = [("stations", name) for name in ("0001_initial",)]
