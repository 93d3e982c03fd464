"""The steps that 0001_tables stands for (decision 0095): a database that has taken them all has taken it."""

BEFORE = [
    ("shop", name)
    for name in (
        "0001_initial",
        "0002_invariants",
        "0003_a_budget_is_proposed_once",
        "0004_budgets_take_two_homes",
        "0005_budgets_are_refused",
        "0006_a_name_stands",
        "0007_codes_are_proved",
        "0008_gifts_are_opened_by_two",
        "0009_nothing_opens_by_itself",
        "0010_a_limit_is_counted_in_turn",
        "0011_handed_over_in_a_station",
        "0012_decided_after_asked",
        "0013_budgets_are_replaced",
    )
]
