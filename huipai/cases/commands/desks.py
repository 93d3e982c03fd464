"""What somebody at the desk keeps for themselves: filters under a name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases.models import SavedView
from huipai.cases.policies import entering
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid, NotVisible
from huipai.people.models import Person
from huipai.streets.holding import hold_here

MOST_VIEWS = 8
LONGEST_NAME = 16


class NameTheView(Invalid):
    code = "name_the_view"
    default_reason = _("给这个筛选起个名，最多 16 个字，不和别的重名")


class TooManyViews(Invalid):
    code = "too_many_views"
    default_reason = _("最多存 8 个，先删掉一个")


@transaction.atomic
def save_view(*, person: Person, name: str, asked: Mapping[str, str], now: datetime) -> SavedView:
    """Keep a filter under a name of one's own. Pressed twice it is one."""
    entering.may_enter_desk(person, now).require()
    name = _name(name)
    hold_here("cases.views", person.id)
    own = SavedView.objects.filter(person=person)
    if known := own.filter(name=name, asked=dict(asked)).first():
        return known
    if own.count() >= MOST_VIEWS:
        raise TooManyViews(field="name")
    with _once_a_name():
        return SavedView.objects.create(person=person, name=name, asked=dict(asked), saved_at=now)


@transaction.atomic
def rename_view(*, person: Person, view_id: UUID, name: str) -> None:
    """Call one of one's own filters otherwise; what it asks for stays. Twice is once."""
    if not SavedView.objects.filter(person=person, pk=view_id).exists():
        raise NotVisible
    with _once_a_name():
        SavedView.objects.filter(person=person, pk=view_id).update(name=_name(name))


def _name(typed: str) -> str:
    name = as_seen(typed)
    if not name or len(name) > LONGEST_NAME:
        raise NameTheView(field="name")
    return name


@contextmanager
def _once_a_name() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "cases_one_view_a_name" not in str(error):
            raise
        raise NameTheView(field="name") from error


def drop_view(*, person: Person, view_id: UUID) -> None:
    """Forget one of one's own filters."""
    if not SavedView.objects.filter(person=person, pk=view_id).delete()[0]:
        raise NotVisible
