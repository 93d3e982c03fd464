"""Below `/s/<slug>/`. Each package adds a line when it has pages."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("huipai.web.urls")),
    path("", include("huipai.photos.urls")),
    path("", include("huipai.cases.urls")),
    path("", include("huipai.people.urls")),
    path("audit/", include("huipai.audit.urls")),
    path("grid/", include("huipai.grid.urls")),
    path("stations/", include("huipai.stations.urls")),
    path("", include("huipai.households.urls")),
    path("", include("huipai.points.urls")),
    path("shop/", include("huipai.shop.urls")),
    path("", include("huipai.rulebook.urls")),
    path("notices/", include("huipai.notices.urls")),
]
handler400 = "huipai.web.errors.bad_request"
handler403 = "huipai.web.errors.permission_denied"
handler404 = "huipai.web.errors.not_found"
handler500 = "huipai.web.errors.server_error"
