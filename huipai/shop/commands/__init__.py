"""What can happen in the shop."""

from huipai.shop.commands.budgeting import (
    BudgetSpent,
    BudgetUnfit,
    NoBudget,
    approve_budget,
    propose_budget,
    refuse_budget,
    withdraw_budget,
)
from huipai.shop.commands.keeping import CashLike, ItemUnfit, NameTaken, Offer, change_item, open_item, withdraw_item
from huipai.shop.commands.ordering import Order
from huipai.shop.commands.reserving import LimitReached, ShopClosed, WrongQuantity, reserve
from huipai.shop.commands.serving import CardTaken, NoSuchCard, block_card, issue_card, read_card, serve
from huipai.shop.commands.settling import (
    CalledOff,
    ElsewhereToFetch,
    FetchedAlready,
    NoSuchCode,
    TooLate,
    cancel,
    end_with_stations,
    hand_over,
    lapse,
    look_up,
)
from huipai.shop.commands.stocking import NotOnShelf, SoldOut
from huipai.shop.commands.warehouse import (
    KeptForSomebody,
    SameStation,
    count,
    deliver,
    donate,
    transfer,
    write_off,
)

__all__ = [
    "BudgetSpent",
    "BudgetUnfit",
    "CalledOff",
    "CardTaken",
    "CashLike",
    "ElsewhereToFetch",
    "FetchedAlready",
    "ItemUnfit",
    "KeptForSomebody",
    "LimitReached",
    "NameTaken",
    "NoBudget",
    "NoSuchCard",
    "NoSuchCode",
    "NotOnShelf",
    "Offer",
    "Order",
    "SameStation",
    "ShopClosed",
    "SoldOut",
    "TooLate",
    "WrongQuantity",
    "approve_budget",
    "block_card",
    "cancel",
    "change_item",
    "count",
    "deliver",
    "donate",
    "end_with_stations",
    "hand_over",
    "issue_card",
    "lapse",
    "look_up",
    "open_item",
    "propose_budget",
    "read_card",
    "refuse_budget",
    "reserve",
    "serve",
    "transfer",
    "withdraw_budget",
    "withdraw_item",
    "write_off",
]
