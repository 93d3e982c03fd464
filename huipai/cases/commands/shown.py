"""What the clock and the stamping of many rows do to what neighbours see; everything else is the gate's."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from huipai.cases.models import Shown
from huipai.cases.words import CURRENT_FOR
from huipai.streets.current import street_in_force


def let_rest(*, now: datetime) -> int:
    """What ended a month ago is kept among the rest of the past; how many."""
    return Shown.objects.filter(is_current=True, ended_at__lte=now - CURRENT_FOR).update(is_current=False)


@transaction.atomic
def ask_the_gate_again() -> None:
    """Show exactly what the gate lets through now; for rows that were written without their triggers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT cases_show(asked.street_id, asked.case_id) FROM ("
            "SELECT DISTINCT part.street_id, part.case_id FROM cases_casephoto AS part "
            "JOIN photos_photo AS photo ON photo.street_id = part.street_id AND photo.id = part.photo_id "
            "WHERE part.street_id = %s AND photo.released_at IS NOT NULL) AS asked",
            [street_in_force()],
        )
