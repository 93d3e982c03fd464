"""What the clock brings, street by street."""

from typing import Any

from procrastinate.tasks import Task

from huipai.streets.models import Street


def defer_in_each(task: Task[..., Any, Any]) -> None:
    """One job a street, so that one that fails keeps no other; of two for one street the second waits for the first."""
    for street_id in Street.objects.values_list("id", flat=True):
        task.configure(lock=f"{task.name}:{street_id}").defer(street=str(street_id))
