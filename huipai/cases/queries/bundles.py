"""Reading what came of cases that were ticked together: by whoever ticked them, and by nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from huipai.cases.bundle_words import Became
from huipai.cases.models import BundleResult, KeptBundle
from huipai.people.models import Person


def own(person: Person) -> QuerySet[KeptBundle]:
    return KeptBundle.objects.filter(person=person)


@dataclass(frozen=True, slots=True)
class NotSeen:
    """How many cases of a bundle were done and how many refused."""

    id: UUID
    done: int
    refused: int


# The latest of which a person has not read what came of it.
NOT_SEEN = f"""
SELECT bundle.id, counted.done, counted.refused
FROM cases_keptbundle AS bundle, LATERAL (
    SELECT count(*) FILTER (WHERE result.became = '{Became.DONE.value}') AS done,
           count(*) FILTER (WHERE result.became = '{Became.REFUSED.value}') AS refused
    FROM cases_bundleresult AS result
    WHERE result.street_id = %(street)s AND result.bundle_id = bundle.id
) AS counted
WHERE bundle.street_id = %(street)s AND bundle.person_id = %(person)s AND bundle.seen_at IS NULL
ORDER BY bundle.arrived_at DESC, bundle.id DESC LIMIT 1
"""


def results_of(bundle_id: UUID) -> list[BundleResult]:
    """In the order in which they stood on the phone."""
    found = BundleResult.objects.filter(bundle=bundle_id).select_related("case__case_type", "case__worker")
    return list(found.order_by("position"))
