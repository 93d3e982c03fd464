"""What belongs together with a case, told to each reader: only what they may open, and the way there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from huipai.cases import policies, showing
from huipai.cases.models import Case
from huipai.cases.order_words import TIED, Bond
from huipai.cases.queries import belonging, merged
from huipai.cases.queries.belonging import Belonging
from huipai.cases.telling_orders import chip as chip_of_order
from huipai.people.models import Person

Told = list[dict[str, object]]


def for_staff(case: Case, viewer: Person, now: datetime) -> Told:
    """To the pages of the others, or to what neighbours see of them."""
    return _to_staff(case, viewer, now, lambda one: reverse("cases:detail", args=[one.code]))


def at_the_desk(case: Case, viewer: Person, now: datetime) -> Told:
    """The same, beside the queue; with what this person may untie, as they sort the other too."""
    told = _to_staff(
        case, viewer, now, lambda one: f"{reverse('cases:desk')}?{urlencode({'view': 'all', 'case': one.code})}"
    )
    return [line | {"may_untie": _may_untie(line, viewer, now)} for line in told]


def _may_untie(line: dict[str, object], viewer: Person, now: datetime) -> bool:
    other = line["case"]
    return line["bond"] in TIED and isinstance(other, Case) and bool(policies.may_sort(viewer, other, now))


def _to_staff(case: Case, viewer: Person, now: datetime, page: Callable[[Case], str]) -> Told:
    found = belonging.of(case, list(merged.into(case)))
    seen = belonging.seen_by_staff(found, viewer, now)
    told = {
        one.case.id: _line(
            one, page(one.case), one.case.chip, one.case.state_word if one.case.chip == one.case.state else None
        )
        for one in found
        if one.case.id in seen
    }
    return _in_order(found, told | _public([one for one in found if one.case.id not in seen]))


def for_reporter(case: Case, reporter: Person, query: str) -> Told:
    """To their own, and to what everybody may see. A part that is asked about by itself stands on the page anyway,
    and what was merged is led to the case that goes on."""
    found = [
        one for one in belonging.of(case, merged.read_on_by(case, reporter))
        if one.bond not in (Bond.INTO, Bond.MERGED) and not (one.bond == Bond.PART and one.case.goes_alone)
    ]  # fmt: skip
    own = belonging.reported_by(found, reporter)
    told = {
        one.case.id: _line(one, reverse("cases:own", args=[one.case.code]) + query, one.case.chip, None)
        for one in found
        if one.case.id in own
    }
    return _in_order(found, told | _public([one for one in found if one.case.id not in own]))


def for_unit(case: Case, viewer: Person, now: datetime) -> Told:
    """To the orders that one's unit has on the others; of the rest nothing."""
    found = belonging.of(case, belonging.had_by_unit(case, viewer, now))
    orders = belonging.orders_among(found, viewer, now)
    told = {
        one.case.id: _line(
            one, reverse("cases:order", args=[orders[one.case.id].id]), *chip_of_order(orders[one.case.id])
        )
        for one in found
        if one.case.id in orders
    }
    return _in_order(found, told)


def named(told: Told) -> list[tuple[str, str]]:
    """The same on paper, as a line of facts; none where nothing is told."""
    words = _("；").join(_("%(how)s：%(title)s %(code)s") % one for one in told)
    return [(_("连着的"), words)] if words else []


def _public(found: list[Belonging]) -> dict[UUID, dict[str, object]]:
    by_id = {one.case.id: one for one in found}
    cards = showing.cards(belonging.public_ones(list(by_id)))
    return {card.id: _line(by_id[card.id], card.href, card.chip, None) for card in cards}


def _line(one: Belonging, href: str, chip: str, word: str | Promise | None) -> dict[str, object]:
    return {
        "how": one.bond.label, "title": one.case.case_type.name, "code": one.case.code, "href": href, "chip": chip,
        "word": word, "case": one.case, "bond": one.bond,
    }  # fmt: skip


def _in_order(found: Iterable[Belonging], told: dict[UUID, dict[str, object]]) -> Told:
    return [told[one.case.id] for one in found if one.case.id in told]
