"""Renders one of our Jinja pages."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template


def render(
    request: HttpRequest, template: str, context: Mapping[str, object] | None = None, *, status: int = 200
) -> HttpResponse:
    """The page `template` with `context`, as an uncached HTML answer."""
    body = get_template(template, using="jinja").render(dict(context or {}), request)
    return HttpResponse(body, status=status)
