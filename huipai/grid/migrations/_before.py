"""The steps that 0001_tables stands for (decision 0095): a database that has taken them all has taken it."""

BEFORE = [
    ("grid", name)
    for name in (
        "0001_initial",
        "0002_invariants",
        "0003_a_unit_of_the_territory",
        "0004_family",
        "0005_disputes",
    )
]
