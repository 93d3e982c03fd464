"""Below `/s/<slug>/stations/`."""

from django.urls import path

from huipai.stations import pages

app_name = "stations"
urlpatterns = [
    path("", pages.nearby, name="list"),
    path("<slug:code>/code/", pages.code, name="code"),
    path("<slug:code>/code/picture/", pages.code_picture, name="code_picture"),
    path("desk/", pages.desk, name="desk"),
    path("desk/new/", pages.new, name="new"),
    path("desk/<uuid:station_id>/", pages.station, name="station"),
    path("desk/<uuid:station_id>/words/", pages.changing, name="changing"),
    path("desk/<uuid:station_id>/hosts/", pages.hosting, name="hosting"),
    path("desk/<uuid:station_id>/closing/", pages.closing, name="closing"),
]
