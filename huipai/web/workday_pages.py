"""Which days are worked, as far as that is known; the tables are the operator's to bring in (decision 0070)."""

from datetime import datetime

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from huipai.grid import queries as grid
from huipai.kit import clock
from huipai.kit.render import render
from huipai.kit.verdict import YES, Verdict, no
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.workdays import queries

SHOWN = 6


def may_read_calendar(person: Person, at: datetime) -> Verdict:
    """May this person see which tables are in force?"""
    if grid.has_role(person, Role.SYSTEM_ADMIN, at):
        return YES
    return no("not_keeper_of_calendar", _("工作日的表由系统管理员来看"))


@require_GET
@signed_in
def workdays(request: SignedInRequest) -> HttpResponse:
    may_read_calendar(request.person, clock.now()).require()
    return render(request, "web/workdays.jinja", {"years": queries.known_years()[:SHOWN]})
