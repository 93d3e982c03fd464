"""One posting, explaining itself: which rule in which version, what shows it, who decided, when."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from huipai.kit import clock, subjects
from huipai.kit.render import render
from huipai.kit.verdict import NotVisible
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.models import Person
from huipai.people.rules import mask_name
from huipai.points import queries
from huipai.points.models import Grant, Posting
from huipai.points.pages.own import title_of, told
from huipai.points.words import Kind


@require_GET
@signed_in
def posting(request: SignedInRequest, posting_id: UUID) -> HttpResponse:
    """To whoever owns it, or lives in the household that does; to everybody else it is not there."""
    now = clock.now()
    found = queries.posting_for(request.person, posting_id, queries.household_id(request.person, now))
    if found is None:
        raise NotVisible(_("没有找到这一笔"))
    sources, lot = queries.sources_of(found), queries.lot_of(found)
    names = subjects.names_of([found.subject])
    undone = queries.came_back_of(found)
    deed = undone.reverses.subject if undone is not None and undone.reverses is not None else found.subject
    shown = {
        "now": now,
        "one": told(found, subjects.addresses_of([deed]).get(deed), names),
        "undone": undone,
        "posting": found,
        "lot": lot,
        "lot_ends_at": queries.end_of(lot.expires_at, queries.closing()) if lot else None,
        "station": queries.fetched_in(found),
        "sources": [(title_of(source, names), source.id, points) for source, points in sources],
        "deciders": _deciders(found),
        "reversal": queries.reversal_of(found.id),
        "reason": found.get_reason_display() if found.reason else "",
        "correction": queries.correction_behind(found),
        "paper": Grant.objects.filter(posting=found).values_list("paper_number", flat=True).first() or "",
    }
    return render(request, "points/posting.jinja", shown)


def _deciders(found: Posting) -> list[tuple[str, str]]:
    """Who had a hand in it, masked, and as what; empty where the system alone did."""
    grant = Grant.objects.select_related("proposed_by", "decided_by").filter(posting=found).first()
    if grant and grant.decided_by:
        return [(_("提出"), mask_name(grant.proposed_by.name)), (_("审核"), mask_name(grant.decided_by.name))]
    if correction := queries.correction_behind(found):
        asked = [(_("提出"), correction.proposed_by), (_("审核"), correction.decided_by)]
        hands_in_it = [(_("看申诉"), correction.heard_by)] if found.kind == Kind.GRANT else asked
        return [(word, mask_name(person.name)) for word, person in hands_in_it if person]
    hands = subjects.hands_of(found.subject) if found.kind == Kind.AWARD else []
    if hands:
        return [(word, mask_name(name)) for word, name in hands if name]
    if found.actor_id is None or found.actor_id == found.person_id:
        return []
    actor = Person.objects.filter(pk=found.actor_id).first()
    word = _("发放") if found.kind == Kind.SPEND else _("经手")
    return [(word, mask_name(actor.name))] if actor and actor.name else []
