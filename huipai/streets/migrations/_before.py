"""The steps that 0001_tables stands for (decision 0095): a database that has taken them all has taken it."""

BEFORE = [
    ("streets", name)
    for name in (
        "0001_initial",
        "0002_invariants",
    )
]
