"""The steps that 0001_tables stands for (decision 0095): a database that has taken them all has taken it."""

BEFORE = [
    ("photos", name)
    for name in (
        "0001_initial",
        "0002_pieces",
        "0003_a_likeness_outlives_the_picture",
        "0004_marks_of_a_picture",
    )
]
