"""The development inbox: what would have gone to a phone. There is no such page in production."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from huipai.kit.render import render
from huipai.senders import queries

SHOWN = 50


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    if settings.IS_PRODUCTION:
        raise Http404
    return render(request, "people/inbox_dev.jinja", {"shown": list(queries.newest()[:SHOWN])})
