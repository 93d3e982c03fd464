"""Below `/s/<slug>/`. Each package adds a line when it has pages."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
