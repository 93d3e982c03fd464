"""What ends with a moving out or in, in the words in which it is read before anybody presses."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huipai.grid import queries as grid
from huipai.grid.models import GridNode
from huipai.households.pages.parts import place_of
from huipai.households.queries import leaving
from huipai.people.models import Person


def of_moving_in(person: Person, household: GridNode, now: datetime) -> str:
    """What ends when this person moves in: where they live today, and what those have left who lived here before."""
    said = []
    home = grid.household_of(person, now)
    if home is not None and home.pk != household.pk:
        said.append(_("现在登记住在%(place)s，登记以后就不住那里了。") % {"place": place_of(home)})
        said.append(of_the_last(person, home, now))
    if grid.begins_family(person, household, now):
        said.append(_of_those_before(household, now))
    return "".join(said)


def of_the_last(person: Person, home: GridNode, now: datetime) -> str:
    """What ends when this person leaves; empty where others live on there."""
    if grid.living_in(home, now).exclude(person=person).exists():
        return ""
    left = leaving.left_behind(home, now)
    said = [_("那里就没有登记的人了。")]
    things = _named(left, with_points=False)
    if things:
        said.append(_("%(things)s跟着结束，没办完的话也删掉。") % {"things": things})
    if left.points:
        said.append(
            ngettext(
                "家里的 %(num)s 分留着，搬回来还能用；别家搬来就清零。",
                "家里的 %(num)s 分留着，搬回来还能用；别家搬来就清零。",
                left.points,
            )
            % {"num": left.points}
        )
    if left.owed:
        said.append(
            ngettext(
                "家里还欠的 %(num)s 分留着，搬回来接着补；别家搬来就了结，不用别家还。",
                "家里还欠的 %(num)s 分留着，搬回来接着补；别家搬来就了结，不用别家还。",
                left.owed,
            )
            % {"num": left.owed}
        )
    return "".join(said)


def of_their_leaving(household: GridNode, now: datetime) -> str:
    """What those lose who are registered here, when they are said to have moved away."""
    things = _named(leaving.left_behind(household, now), with_points=True)
    told = _("他们的登记到今天为止，会收到通知，30 天内可以说还住着。")
    return told + (_("跟着结束：%(things)s。") % {"things": things} if things else "")


def _of_those_before(household: GridNode, now: datetime) -> str:
    things = _named(leaving.left_behind(household, now), with_points=True)
    if not things:
        return _("以前住在这里的人都搬走了，新的一家从头开始，看不到他们的事。")
    ends = _("以前住在这里的人都搬走了。登记以后，他们留下的就结束：%(things)s。新的一家从头开始，看不到他们的事。")
    return ends % {"things": things}


def _named(left: leaving.LeftBehind, *, with_points: bool) -> str:
    """1 个结对、1 件没办完的要帮的事、联户组、40 分家庭积分; empty where there is nothing."""
    things = (
        (left.links, ngettext("%(num)s 个结对", "%(num)s 个结对", left.links)),
        (left.needs, ngettext("%(num)s 件没办完的要帮的事", "%(num)s 件没办完的要帮的事", left.needs)),
        (left.is_grouped, _("联户组")),
        (left.points if with_points else 0, ngettext("%(num)s 分家庭积分", "%(num)s 分家庭积分", left.points)),
        (left.owed if with_points else 0, ngettext("欠的 %(num)s 分", "欠的 %(num)s 分", left.owed)),
    )
    said = [words % {"num": number} if "%" in words else words for number, words in things if number]
    return _("、").join(said)
