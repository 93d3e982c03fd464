"""The steps that 0001_tables stands for (decision 0095): a database that has taken them all has taken it."""

BEFORE = [
    ("households", name)
    for name in (
        "0001_initial",
        "0002_invariants",
        "0003_groups_keep_apart",
        "0004_ways_in_words",
        "0005_what_was_said_stays",
        "0006_publicity_runs_its_time",
        "0007_ties_last",
        "0008_incentives_take_two_homes",
        "0009_bonds_are_ties",
        "0010_families_end_incentives",
        "0011_decided_after_asked",
        "0012_contacts_do_not_judge",
        "0013_publicity_stands_still",
        "0014_an_objector_objects_once",
        "0015_nobody_objects_again",
        "0016_who_gave_does_not_take_back",
    )
]
