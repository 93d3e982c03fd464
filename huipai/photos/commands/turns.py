"""Whose photo is developed next (decision 0114)."""

from __future__ import annotations

import json
from typing import Any, Final
from uuid import UUID

from django.db import connection

from huipai.photos.rules.darkroom import HEAVY
from huipai.photos.words import MOST_BEHIND, State
from huipai.streets.current import street_in_force

# One statement, as a job without a turn is one: a photo is received in no more than before.
_QUEUE: Final = """
    INSERT INTO procrastinate_jobs (queue_name, task_name, lock, priority, args)
    SELECT %(queue)s, %(task)s,
        %(task)s || ':' || CASE WHEN photo.opening_cost >= %(heavy)s THEN 'heavy' ELSE photo.uploader_id::text END,
        -(SELECT least(count(*), %(most)s) FROM photos_photo AS other
            WHERE other.street_id = %(street)s AND other.uploader_id = photo.uploader_id AND other.id <> photo.id
                AND other.received_at > photo.received_at - interval '1 day' AND other.state = %(waits)s),
        %(args)s::jsonb
    FROM journal_entry AS entry
    JOIN photos_photo AS photo
        ON photo.street_id = entry.street_id AND photo.id = substr(entry.subject, length('photo:') + 1)::uuid
    WHERE entry.street_id = %(street)s AND entry.id = %(entry)s
    RETURNING id
"""


def queue_up(*, entry_id: UUID, task: str, queue: str) -> int:
    """The job that develops the photo of this entry, behind its sender's others, of whom one at a time is developed;
    and the more of theirs wait, the more of others go first.

    What takes very much memory waits behind all such: it would wait for them in a place of the worker.
    """
    asked: dict[str, Any] = {
        "street": street_in_force(), "entry": entry_id, "task": task, "queue": queue, "heavy": HEAVY,
        "most": MOST_BEHIND, "waits": State.RECEIVED.value,
        "args": json.dumps({"street": str(street_in_force()), "entry": str(entry_id)}),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_QUEUE, asked)
        ((job,),) = cursor.fetchall()
    return int(job)
