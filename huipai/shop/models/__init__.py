"""The nouns of the shop."""

from huipai.shop.models.items import Budget, ShopItem
from huipai.shop.models.proposals import ItemProposal
from huipai.shop.models.reservations import Card, Reservation
from huipai.shop.models.stock import Movement, Shelf

__all__ = ["Budget", "Card", "ItemProposal", "Movement", "Reservation", "Shelf", "ShopItem"]
