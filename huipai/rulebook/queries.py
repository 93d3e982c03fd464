"""Reading the rulebook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import CharField, F, Func, Q, QuerySet

from huipai.rulebook.models import PointItem, RulebookVersion
from huipai.rulebook.words import Port


def in_force(at: datetime) -> RulebookVersion | None:
    """The version by which a deed received at `at` counts; None before the first one."""
    begun = RulebookVersion.objects.filter(effective_from__lte=at)
    return begun.filter(Q(effective_until=None) | Q(effective_until__gt=at)).first()


def published() -> QuerySet[RulebookVersion]:
    """Every version that is or was in force or is about to be, newest first."""
    return RulebookVersion.objects.filter(published_at__isnull=False).order_by("-number")


def item(version: RulebookVersion, code: str) -> PointItem | None:
    return PointItem.objects.filter(version=version, code=code).first()


def item_in_force(code: str, at: datetime) -> PointItem | None:
    """The item as it reads in the version in force at `at`."""
    holds = Q(version__effective_until=None) | Q(version__effective_until__gt=at)
    found = PointItem.objects.filter(holds, code=code, version__effective_from__lte=at)
    return found.select_related("version").first()


def by_port(version: RulebookVersion) -> Mapping[Port, list[PointItem]]:
    """The items of a version under their three doors, by number."""
    doors: dict[Port, list[PointItem]] = {port: [] for port in Port}
    for each in PointItem.objects.filter(version=version).order_by("code"):
        doors[Port(each.port)].append(each)
    return doors


def published_item(number: int, code: str) -> PointItem | None:
    """An item of a version that residents may read."""
    found = PointItem.objects.filter(version__number=number, version__published_at__isnull=False, code=code)
    return found.select_related("version").first()


def latest_wording(code: str) -> RulebookVersion | None:
    """The newest published version that still holds this code."""
    return published().filter(items__code=code).first()


def content_hash(version_id: UUID) -> str:
    """The hash of the items of a version as they stand now."""
    return RulebookVersion.objects.annotate(now_reads=_CONTENT).values_list("now_reads", flat=True).get(pk=version_id)


def edited_by_hand() -> Iterator[RulebookVersion]:
    """Published versions whose items are no longer what was approved, oldest first."""
    published_versions = RulebookVersion.objects.filter(published_at__isnull=False)
    yield from published_versions.annotate(now_reads=_CONTENT).exclude(now_reads=F("content_hash")).order_by("number")


_CONTENT: Final = Func(F("street_id"), F("id"), function="rulebook_content_hash", output_field=CharField())
