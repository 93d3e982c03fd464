"""What somebody wants of the shop."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from huipai.grid.models import GridNode
from huipai.people.models import Person
from huipai.points.rules import Holder


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What somebody wants, where they will fetch it, and whose points pay."""

    item_id: UUID
    station_id: UUID
    person: Person
    quantity: int = 1
    # The household whose own account pays; None: the person's points.
    household: GridNode | None = None
    # What one cost as they were shown it; None: nothing was shown, and what it costs now is taken.
    price: int | None = None

    @property
    def holder(self) -> Holder:
        return Holder(household_id=self.household.id) if self.household else Holder(self.person.id)

    def is_enough(self, free: int, _held: int) -> bool:
        """Whether so many on the shelf would do."""
        return free >= self.quantity

    def content(self) -> dict[str, object]:
        """What makes it this order and no other. Not the price: sent twice, it is the one that was taken first."""
        return {
            "item": self.item_id, "station": self.station_id, "person": self.person.id, "quantity": self.quantity,
            "household": self.household.id if self.household else None,
        }  # fmt: skip
