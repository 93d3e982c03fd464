"""Outside every street: the chooser at `/`, the service worker, health. Each package adds a line when it has pages."""

from django.urls import URLPattern, URLResolver, include, path

from huipai.web import urls as web_urls

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((web_urls.site_patterns, "web_site"))),
]
handler400 = "huipai.web.errors.bad_request"
handler403 = "huipai.web.errors.permission_denied"
handler404 = "huipai.web.errors.not_found"
handler500 = "huipai.web.errors.server_error"
