"""Outside every street: the chooser at `/`, the service worker, health. Each package adds a line when it has pages."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
