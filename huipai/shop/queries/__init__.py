"""Reading the shop."""

from huipai.shop.queries.desk import (
    budget_at,
    budgets,
    movements,
    outstanding_points,
    proposals,
    proposals_waiting,
    published_between,
    spent_of,
    stock_table,
)
from huipai.shop.queries.own import called_off, card_of, counted, household_for, mine, of_the_house, visible_to
from huipai.shop.queries.proof import verify_shop
from huipai.shop.queries.shelves import (
    Listed,
    all_items,
    free_of,
    holding,
    items_listed,
    on_hand,
    on_sale_names,
    stations_with,
    stock_of,
)
from huipai.shop.queries.stations import by_code, hosted_by, is_fetched_at, to_be_fetched, today

__all__ = [
    "Listed",
    "all_items",
    "budget_at",
    "budgets",
    "by_code",
    "called_off",
    "card_of",
    "counted",
    "free_of",
    "holding",
    "hosted_by",
    "household_for",
    "is_fetched_at",
    "items_listed",
    "mine",
    "movements",
    "of_the_house",
    "on_hand",
    "on_sale_names",
    "outstanding_points",
    "proposals",
    "proposals_waiting",
    "published_between",
    "spent_of",
    "stations_with",
    "stock_of",
    "stock_table",
    "to_be_fetched",
    "today",
    "verify_shop",
    "visible_to",
]
