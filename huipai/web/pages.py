"""Pages that belong to no domain: home, look, complaint, and outside the streets the chooser and the shell."""

import hashlib
import json
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_GET, require_http_methods, require_POST

from huipai.kit import clock
from huipai.kit.coordinates import Point
from huipai.kit.render import render
from huipai.people.http import SignedInRequest, signed_in
from huipai.streets.http import StreetRequest
from huipai.streets.models import Street
from huipai.web import assets, base_map, dead_letters, errors, front, look, samples, whereabouts

JOBS_SHOWN = 100


@require_GET
def choose_street(request: HttpRequest) -> HttpResponse:
    """`/` leads to the street that was visited last; who has none, or asks for others, chooses (ruling 1)."""
    streets = Street.objects.order_by("name")
    remembered = request.COOKIES.get(look.STREET_COOKIE, "")
    if "choose" not in request.GET and streets.filter(slug=remembered).exists():
        return HttpResponseRedirect(f"/s/{remembered}/")
    return render(request, "web/choose_street.jinja", {"streets": streets})


@require_GET
def home(request: StreetRequest) -> HttpResponse:
    template = "web/home_elder.jinja" if look.of(request).elder else "web/home.jinja"
    response = render(request, template, front.of(request))
    look.keep(response, look.STREET_COOKIE, request.street.slug)
    return response


@require_http_methods(["GET", "POST"])
def choose_look(request: StreetRequest) -> HttpResponse:
    """Larger or standard, light or dark, Chinese or English: kept on this device, and back to where one was."""
    if request.method == "GET":
        options = [{"value": code, "title": str(name)} for code, name in settings.LANGUAGES]
        return render(request, "web/look.jinja", {"language_options": options})
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    # Without the slash it could be taken for the name of a page.
    response = redirect(back if is_ours and back.startswith("/") else "web:home")
    for name in (look.ELDER_COOKIE, look.THEME_COOKIE):
        if name in request.POST:
            look.keep(response, name, request.POST[name])
    if request.POST.get("language") in dict(settings.LANGUAGES):
        look.keep(response, settings.LANGUAGE_COOKIE_NAME, request.POST["language"])
    return response


@require_GET
def complaint(request: StreetRequest) -> HttpResponse:
    return render(request, "web/complaint.jinja")


@require_GET
def activities(request: StreetRequest) -> HttpResponse:
    return render(request, "web/activities.jinja")


@require_GET
def gallery(request: StreetRequest) -> HttpResponse:
    """Every component beside its states, for whoever builds pages; no such page in production."""
    if settings.IS_PRODUCTION:
        raise Http404
    return render(request, "web/gallery.jinja", samples.of(clock.now()))


def _map_stamp(request: StreetRequest) -> str | None:
    return base_map.stamp(clock.now()) if base_map.is_open(request.street) else None


@require_GET
@condition(etag_func=_map_stamp)
def map_base(request: StreetRequest) -> HttpResponse:
    """The data of the map. The same for everybody, so that it may be kept until it changes."""
    if not base_map.is_open(request.street):
        raise Http404
    return JsonResponse(base_map.of(clock.now()), headers={"Cache-Control": "private, no-cache"})


@require_GET
def where(request: StreetRequest) -> HttpResponse:
    """Whose place this is, said while the pin is moved; the command that takes the report looks again."""
    try:
        point = Point(float(request.GET["lng"]), float(request.GET["lat"]))
    except (KeyError, ValueError):
        return errors.page(request, 400)
    answer, words = whereabouts.of(point, request.street, clock.now())
    return JsonResponse({"answer": answer, "words": words})


@require_GET
@signed_in
def spots(request: SignedInRequest) -> HttpResponse:
    """The list of places beside the map of a form, for whoever has no map."""
    return render(request, "web/spots.jinja", {"address": request.GET.get("address", "")[:200]})


@require_GET
@signed_in
def jobs(request: SignedInRequest) -> HttpResponse:
    """Jobs of this street that failed for good; none is lost, each can be sent on its way again."""
    dead_letters.may_look_after_jobs(request.person, clock.now()).require()
    context = {
        "jobs": dead_letters.latest(JOBS_SHOWN),
        "count": dead_letters.count(),
        "elsewhere": dead_letters.count_of_no_street(),
    }
    return render(request, "web/jobs.jinja", context)


@require_POST
@signed_in
def retry_job(request: SignedInRequest, job_id: int) -> HttpResponse:
    dead_letters.retry(job_id=job_id, actor=request.person, now=clock.now())
    messages.success(request, _("已放回队列，过一会儿再来看"))
    return redirect("web:jobs")


@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    return render(request, "web/offline.jinja")


@require_GET
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker with its list of files in front: another list is another version, and the old one goes."""
    shell: dict[str, object] = {"offline": reverse("web_site:offline"), "files": assets.shell_files()}
    code = assets.worker_code()
    shell["version"] = hashlib.sha256((json.dumps(shell) + code).encode()).hexdigest()[:16]
    body = f"self.SHELL = {json.dumps(shell)};\n{code}"
    return HttpResponse(
        body,
        content_type="text/javascript; charset=utf-8",
        headers={"Service-Worker-Allowed": "/", "Cache-Control": "no-cache"},
    )


@require_GET
def authority(request: HttpRequest) -> HttpResponse:
    """Whom a phone in the demo's network may trust: public, and there only while `--tls` serves."""
    if not settings.TLS_AUTHORITY:
        raise Http404
    return HttpResponse(Path(settings.TLS_AUTHORITY).read_bytes(), content_type="application/x-x509-ca-cert")


@require_GET
def web_manifest(request: HttpRequest) -> JsonResponse:
    icons = [
        {"src": f"{settings.STATIC_URL}web/icon.svg", "sizes": "any", "type": "image/svg+xml"},
        {"src": f"{settings.STATIC_URL}web/icon-192.png", "sizes": "192x192", "type": "image/png"},
        {"src": f"{settings.STATIC_URL}web/icon-512.png", "sizes": "512x512", "type": "image/png"},
    ]
    return JsonResponse(
        {
            "name": "慧拍",
            "short_name": "慧拍",
            "lang": "zh-CN",
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#F7F2E9",
            "theme_color": "#0E5F68",
            "icons": icons,
        },
        content_type="application/manifest+json",
    )
