"""The steps that 0001_tables stands for (decision 0095): a database that has taken them all has taken it."""

BEFORE = [
    ("rulebook", name)
    for name in (
        "0001_initial",
        "0002_invariants",
        "0003_full_item",
        "0004_hash_of_all",
        "0005_households_earn",
        "0006_life",
        "0007_life_guards",
        "0008_evidence_shows_a_deed",
        "0009_clicks_are_never_counted",
        "0010_remarks_can_be_wiped",
        "0011_assessed_by_what_the_system_saw",
        "0012_authors_and_what_was_asked",
        "0013_objections_come_first",
        "0014_in_force_is_read",
        "0015_a_vote_is_personal",
        "0016_the_end_is_a_rule",
        "0017_fields_are_judged",
        "0018_admitted_until_and_heard_once",
        "0019_owners_as_people_read_them",
        "0020_units_by_every_spelling",
        "0021_carried_over_as_it_was",
        "0022_known_fields",
        "0023_decided_after_asked",
        "0024_a_run_is_of_a_month_as_it_was",
        "0025_who_approves_sits_on_the_board",
        "0026_items_say_who_and_on_what",
        "0027_an_admission_outlives_what_was_withdrawn",
        "0028_what_was_told_bounds_what_is_told",
        "0029_two_homes_approve",
    )
]
