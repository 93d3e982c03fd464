"""A street opens, and says how it is called, run and reached."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import CharField
from django.utils.translation import gettext_lazy as _

from huipai.grid import policies
from huipai.grid.commands.telling import tell
from huipai.grid.commands.tree import create_node, rename_node
from huipai.grid.models import GridNode
from huipai.grid.words import Fact, Level
from huipai.kit.coordinates import Point
from huipai.kit.verdict import Invalid
from huipai.people.models import Person
from huipai.streets import queries as streets
from huipai.streets.current import in_street, street_in_force
from huipai.streets.models import Street


class SlugInUse(Invalid):
    code = "slug_in_use"
    default_reason = _("这个网址已经有街道在用，换一个")


class SlugUnreadable(Invalid):
    code = "slug_unreadable"
    default_reason = _("网址用小写字母开头，只用小写字母、数字和短横")


class ParticularTooLong(Invalid):
    code = "street_particular_too_long"
    default_reason = _("写得太长了")


class FilingNumberTaken(Invalid):
    code = "filing_number_cannot_go"
    default_reason = _("备案号写上以后只能改，不能去掉")


# The same words as the CHECK a_slug_is_lower_case.
SLUG: Final = re.compile(r"^[a-z][a-z0-9-]{0,39}$")


@dataclass(frozen=True)
class Particulars:
    """What stands on every page of a street (ruling 27), and where its map begins."""

    name: str
    operator: str
    center_lng: float
    center_lat: float
    filing_number: str = ""
    complaint_phone: str = ""
    hotline_phone: str = ""
    map_approval: str = ""

    @property
    def center(self) -> Point:
        return Point(self.center_lng, self.center_lat)


def open_street(*, slug: str, code: str, particulars: Particulars, now: datetime) -> Street:
    """A new tenant with the root of its tree; its people and the rest of the tree come after. Only for the system."""
    _require_room(particulars)
    with transaction.atomic():
        street = _insert(slug, particulars, now)
        with in_street(street.id):
            root = create_node(
                level=Level.STREET, code=code, name=particulars.name, parent=None, actor=None, now=now,
                point=particulars.center,
            )  # fmt: skip
            tell(Fact.STREET_OPENED, f"street:{street.pk}", None, now, node=str(root.pk))
    return street


def _require_room(particulars: Particulars) -> None:
    for name, title in _TITLES.items():
        field = Street._meta.get_field(name)
        assert isinstance(field, CharField) and field.max_length is not None
        if len(getattr(particulars, name)) > (most := field.max_length):
            said = {"what": title, "most": most}
            raise ParticularTooLong(_("%(what)s太长了，最多 %(most)s 个字") % said, field=name)


_TITLES: Final = {
    "name": _("街道的名称"), "operator": _("主办单位"), "filing_number": _("备案号"),
    "complaint_phone": _("投诉电话"), "hotline_phone": _("热线电话"), "map_approval": _("审图号"),
}  # fmt: skip


def _insert(slug: str, particulars: Particulars, now: datetime) -> Street:
    if not SLUG.match(slug):
        raise SlugUnreadable(field="slug")
    try:
        with transaction.atomic():
            return Street.objects.create(slug=slug, opened_at=now, **asdict(particulars))
    except IntegrityError as error:
        raise SlugInUse(field="slug") from error


@transaction.atomic
def describe_street(*, particulars: Particulars, actor: Person, now: datetime) -> Street:
    """The street in force is called, run and reached like this from now on. The same again changes nothing.

    Its root in the tree takes the name too. A filing number can be corrected, never taken away.
    """
    policies.may_keep_tree(actor, now).require()
    _require_room(particulars)
    street = Street.objects.select_for_update(no_key=True).get(pk=street_in_force())
    if street.filing_number and not particulars.filing_number:
        raise FilingNumberTaken(field="filing_number")
    wanted = asdict(particulars)
    changed = sorted(name for name, value in wanted.items() if getattr(street, name) != value)
    if not changed:
        return street
    for name in changed:
        setattr(street, name, wanted[name])
    street.save(update_fields=changed)
    if "name" in changed:
        root = GridNode.objects.get(level=Level.STREET, parent=None)
        rename_node(node_id=root.pk, name=particulars.name, actor=actor, now=now)
    tell(Fact.STREET_DESCRIBED, f"street:{street.pk}", actor, now, changed=changed)
    transaction.on_commit(streets.forget)
    return street
