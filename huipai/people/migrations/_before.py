"""The steps that 0001_tables stands for (decision 0095): a database that has taken them all has taken it."""

BEFORE = [
    ("people", name)
    for name in (
        "0001_initial",
        "0002_invariants",
        "0003_household_points",
        "0004_pickup_codes",
        "0005_slip_tries",
        "0006_invitation_limits",
        "0007_a_child_of_a_paper_once",
        "0008_finding_people",
        "0009_helpers_claim",
        "0010_guardians_and_numbers",
        "0011_numbers_on_their_way",
        "0012_said_under_14",
        "0013_slips_at_the_counter",
        "0014_known_browsers",
        "0015_numbers_given_up",
    )
]
