"""The one Jinja environment: everything is escaped, nothing undefined passes silently, and pages speak in `_()`."""

from collections.abc import Callable, MutableMapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import jinja2
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext, ngettext, npgettext, pgettext
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from huipai.kit import clock
from huipai.kit.addresses import plain_address
from huipai.kit.language import spoken
from huipai.kit.searching import marked
from huipai.photos import grants
from huipai.photos.models import Photo
from huipai.photos.words import Variant
from huipai.web import assets, chips, dates, form_parts, icons, navigation, ports, scheme, spots
from huipai.web.page_code import PageCode, written
from huipai.web.sizes import size


def _now(context: Context) -> datetime:
    now = context.get("now")
    return now if isinstance(now, datetime) else clock.now()


@pass_context
def _day(context: Context, at: datetime | date) -> str:
    return dates.day(at, _now(context))


@pass_context
def _moment(context: Context, at: datetime) -> str:
    return dates.moment(at, _now(context))


@pass_context
def _scheme_end(context: Context) -> scheme.SchemeEnd | None:
    return scheme.end_of(_now(context))


@pass_context
def _scheme_is_over(context: Context) -> bool:
    return scheme.is_over(_now(context))


@pass_context
def _rail_items(context: Context) -> list[navigation.OpenDoor]:
    return navigation.rail_items(context.get("person"), _now(context))


@pass_context
def _at_a_desk(context: Context) -> bool:
    return navigation.sits_at_a_desk(context.get("person"), _now(context))


@pass_context
def _work_items(context: Context) -> list[navigation.OpenDoor]:
    return navigation.work_items(context.get("person"), _now(context))


@pass_context
def _rulebook_items(context: Context) -> list[navigation.OpenDoor]:
    return navigation.rulebook_items(context["person"], _now(context))


@pass_context
def _admin_items(context: Context) -> list[navigation.OpenDoor]:
    return navigation.admin_items(context["person"], _now(context))


def url(name: str, *args: object, **kwargs: object) -> str:
    """The address of the page `name`, in the street of this request."""
    return reverse(name, args=args or None, kwargs=kwargs or None) if args or kwargs else plain_address(name)


_kept: dict[tuple[object, ...], str] = {}
_MOST_KEPT = 4096


def kept(macro: Any, *arguments: object) -> str:
    """What `macro` writes for `arguments`, remembered: for small pieces that a list repeats, and that depend on
    nothing but their arguments and the language."""
    key = (macro._func.__code__, spoken(), *arguments)
    markup = _kept.get(key)
    if markup is None:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        markup = _kept[key] = macro(*arguments)
    return markup


FILTERS: dict[str, Callable[..., str]] = {
    "day": _day,
    "moment": _moment,
    "clock_time": dates.clock_time,
    "span": dates.length,
    "marked": marked,
    "size": size,
}


@pass_context
def photo_url(context: Context, photo: Photo | None, variant: str = Variant.THUMB) -> str:
    """The address of a copy for whoever asked for this page; empty where the placeholder belongs."""
    if photo is None:
        return ""
    viewer = getattr(context.get("request"), "person", None)
    return grants.url(photo, Variant(variant), viewer=viewer, now=clock.now())


@lru_cache(maxsize=16_384)
def _said(words: str, language: str | None) -> Markup:
    return Markup(gettext(words))


def say(words: str, /, **values: object) -> Markup:
    """`_()` of pages: what is ours is markup, what is put into it is escaped.

    A page says a hundred things: each is looked up once a language.
    """
    said = _said(words, spoken())
    return said % values if "%" in said else said


class PageEnvironment(jinja2.Environment):
    """Templates here get their globals as one dict: nothing is added to ours once they load, and a chain of maps is
    looked through at each import of each page."""

    code_generator_class = PageCode
    written = staticmethod(written)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}


def environment(**options: Any) -> jinja2.Environment:
    """Called once by Django's Jinja backend."""
    env = PageEnvironment(
        **{
            **options,
            "autoescape": True,
            "undefined": jinja2.StrictUndefined,
            "trim_blocks": True,
            "lstrip_blocks": True,
            "extensions": ["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
        }
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    env.policies["ext.i18n.trimmed"] = True
    env.filters.update(FILTERS)
    env.globals.update(
        _=say,
        gettext=say,
        asset=assets.asset,
        island=assets.island,
        icon=icons.icon,
        kept=kept,
        art=icons.art,
        url=url,
        url_if=navigation.address_of,
        static=static,
        chip=chips.chip,
        due_of=dates.due,
        due_kept_late=dates.kept_late,
        due_paused=dates.paused,
        port_of=ports.port_of,
        widget_attrs=form_parts.widget_attrs,
        errors_of=form_parts.errors_of,
        photo_url=photo_url,
        spots=spots.spots,
        nowhere=spots.nowhere,
        whereabouts=spots.whereabouts_of,
        dock_items=navigation.dock_items,
        at_a_desk=_at_a_desk,
        rail_items=_rail_items,
        scheme_end=_scheme_end,
        scheme_is_over=_scheme_is_over,
        work_items=_work_items,
        admin_items=_admin_items,
        rulebook_items=_rulebook_items,
    )
    return env
