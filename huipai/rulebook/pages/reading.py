"""The rulebook as anybody may read it, signed in or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from huipai.kit import clock
from huipai.kit.render import render
from huipai.rulebook import policies, queries, rules, sheets
from huipai.rulebook.models import PointItem, RulebookVersion
from huipai.rulebook.pages.shapes import Told, group_rows, told, total_burden
from huipai.rulebook.queries import Revision
from huipai.rulebook.rules import saying
from huipai.rulebook.words import Standing

LONGEST_SEARCH = 40
_COMING = (Standing.CONSULTING, Standing.DECIDING, Standing.PUBLICITY, Standing.COMING)
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The version in force, by its three doors, or what of it says the words that were asked for."""
    now = clock.now()
    return _show(request, queries.in_force(now), now)


@require_GET
def version(request: HttpRequest, number: int) -> HttpResponse:
    """A version that is, was or is about to be in force, or is laid open for comments."""
    return _show(request, _readable(number), clock.now())


def _show(request: HttpRequest, found: RulebookVersion | None, now: datetime) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    doors = queries.by_port(found, words) if found else {}
    held = queries.held_from()
    stands = [(each, each.standing(now, held=held)) for each in queries.laid_open()]
    reader = getattr(request, "person", None)
    return render(
        request,
        "rulebook/home.jinja",
        {
            "now": now,
            "version": found,
            "standing": found.standing(now, held=held) if found else None,
            "undecided": queries.undecided(found) if found else None,
            "doors": {
                port: [(each, saying.points(each.terms()), each.ended_on(now)) for each in items]
                for port, items in doors.items()
            },
            "words": words,
            "count": sum(len(items) for items in doors.values()),
            "may_desk": bool(reader and policies.may_enter_desk(reader, now)),
            "coming": [
                (each, stand) for each, stand in stands if stand in _COMING and not (found and each.id == found.id)
            ],
        },
    )


@require_GET
def item(request: HttpRequest, number: int, code: str) -> HttpResponse:
    """One item as a version words it, how it came to read so, and where to read it as it stands today."""
    found = queries.readable_item(number, code)
    if found is None:
        raise Http404
    now = clock.now()
    today = queries.item_in_force(code, now)
    terms, standing = found.terms(), queries.standing(found.version, now)
    return render(
        request,
        "rulebook/item.jinja",
        {
            "now": now,
            "item": found,
            "worth": saying.points(terms),
            "ended": None if standing == Standing.RETIRED else found.ended_on(now),
            "lines": [line for line in saying.said(terms)[2:]],
            "version": found.version,
            "standing": standing,
            "today": today if today and today.version_id != found.version_id else None,
            "is_struck": today is None and standing == Standing.RETIRED,
            "history": [(each.version, told(each.change)) for each in queries.wordings(code)],
        },
    )


@dataclass(frozen=True)
class _Year:
    year: int
    # All of them; only those that were published and stand are counted.
    revisions: list[Revision]
    count: int
    added: int
    changed: int
    removed: int


@require_GET
def changes(request: HttpRequest, number: int) -> HttpResponse:
    """What a version changes, item by item, each with its why; what that would mean; and what people said of it."""
    now = clock.now()
    shown = _readable(number)
    history = queries.history(queries.laid_open())
    # What was withdrawn changed nothing for those after it: it is read beside the years and not counted among them.
    beside = queries.history([*queries.laid_open(), shown]) if shown.ended_at else history
    revision = next(each for each in beside if each.version.id == shown.id)
    run = queries.last_result(shown, queries.content_hash(shown.id))
    leads, held = queries.changes(shown), queries.held_from()
    standing = shown.standing(now, held=held)
    reader = getattr(request, "person", None)
    return render(
        request,
        "rulebook/changes.jinja",
        {
            "now": now,
            "version": shown,
            "before": queries.version_before(shown),
            "standing": standing,
            "undecided": queries.undecided(shown),
            "revision": revision,
            "changes": _told_all(leads),
            "ending": queries.end_change(shown),
            "tally": (len(leads.added), len(leads.changed), len(leads.removed)),
            "years": _by_year(history),
            "standings": {each.version.id: each.version.standing(now, held=held) for each in history},
            "run": run,
            "groups": group_rows(run),
            "burden": total_burden(leads),
            "members": queries.board(shown, shown.content_hash or queries.content_hash(shown.id), now),
            "remarks": queries.shared_remarks(shown, reader),
            "reader": reader,
            "may_comment": standing == Standing.CONSULTING,
            "may_object": standing in (Standing.PUBLICITY, Standing.COMING, Standing.EFFECTIVE),
            "was_edited": shown.was_edited(queries.content_hash(shown.id)),
        },
    )


def _told_all(leads: rules.Changes) -> list[Told]:
    return [told(change) for change in leads.all]


def _by_year(history: list[Revision]) -> list[_Year]:
    years = sorted({each.year for each in history if each.place}, reverse=True)
    found = []
    for year in years:
        own = [each for each in history if each.year == year and each.place]
        settled = [each for each in own if each.version.published_at is not None and each.version.ended_at is None]
        found.append(
            _Year(
                year, own, len(settled),
                added=sum(len(each.changes.added) for each in settled),
                changed=sum(len(each.changes.changed) for each in settled),
                removed=sum(len(each.changes.removed) for each in settled),
            )
        )  # fmt: skip
    return found


@require_GET
def revisions(request: HttpRequest) -> HttpResponse:
    """Every revision by its year: so many items added, changed, removed."""
    now = clock.now()
    history, held = queries.history(queries.laid_open()), queries.held_from()
    return render(
        request,
        "rulebook/revisions.jinja",
        {
            "now": now, "years": _by_year(history), "first": history[-1] if history else None,
            "standings": {each.version.id: each.version.standing(now, held=held) for each in history},
        },
    )  # fmt: skip


@require_GET
def checks(request: HttpRequest) -> HttpResponse:
    """The rules by which every item is checked, each with its ground and what would be right."""
    return render(
        request, "rulebook/checks.jinja", {"rules": rules.RULES, "known": rules.KNOWN, "told": queries.told_of_fields()}
    )


@require_GET
def printed(request: HttpRequest, number: int) -> HttpResponse:
    """A version on paper: every item with everything that it says."""
    shown, now = _readable(number), clock.now()
    items = [
        (port, [(each, saying.said(each.terms())[1:], each.ended_on(now)) for each in items])
        for port, items in queries.by_port(shown).items()
    ]
    context = {"now": now, "version": shown, "standing": queries.standing(shown, now), "doors": items}
    return render(request, "rulebook/print.jinja", context)


@require_GET
def download(request: HttpRequest, number: int) -> HttpResponse:
    """A version as a workbook, which can be changed and read in again."""
    shown = _readable(number)
    answer = HttpResponse(sheets.workbook(_items(shown), shown.end_rule), content_type=SPREADSHEET)
    answer["Content-Disposition"] = f'attachment; filename="rulebook-{shown.number}.xlsx"'
    return answer


def _items(shown: RulebookVersion) -> list[rules.Terms]:
    return [each.terms() for each in PointItem.objects.filter(version=shown).order_by("code")]


def _readable(number: int) -> RulebookVersion:
    found = queries.readable(number)
    if found is None:
        raise Http404
    return found
