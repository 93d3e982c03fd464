"""Reading what came of cases that were ticked together: by whoever ticked them, and by nobody else."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from huipai.cases.bundle_words import Became
from huipai.cases.models import BundleResult, KeptBundle
from huipai.people.models import Person


def own(person: Person) -> QuerySet[KeptBundle]:
    return KeptBundle.objects.filter(person=person)


def not_seen(person: Person) -> KeptBundle | None:
    """The latest of which they have not read what came of it, with how many were done and how many refused."""
    counted = own(person).annotate(
        done=Count("results", filter=Q(results__became=Became.DONE)),
        refused=Count("results", filter=Q(results__became=Became.REFUSED)),
    )
    return counted.filter(seen_at=None).order_by("-arrived_at", "-id").first()


def results_of(bundle_id: UUID) -> list[BundleResult]:
    """In the order in which they stood on the phone."""
    found = BundleResult.objects.filter(bundle=bundle_id).select_related("case__case_type", "case__worker")
    return list(found.order_by("position"))
