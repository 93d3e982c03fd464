"""One change of a street's tree at a time."""

from __future__ import annotations

from uuid import uuid4

from huipai.grid.models import TreeVersion


def lock_tree() -> None:
    """Held until the transaction ends; every change of a drawn node waits for it too."""
    TreeVersion.objects.bulk_create([TreeVersion(stamp=uuid4())], ignore_conflicts=True)
    TreeVersion.objects.select_for_update(no_key=True).get()
