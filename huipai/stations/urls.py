"""Below `/s/<slug>/stations/`."""

from django.urls import path

from huipai.stations import pages

app_name = "stations"
urlpatterns = [path("", pages.nearby, name="list")]
