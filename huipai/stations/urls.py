"""Below `/s/<slug>/stations/`."""

from django.urls import path

from huipai.stations import pages

app_name = "stations"
urlpatterns = [
    path("", pages.nearby, name="list"),
    path("<slug:code>/code/", pages.code, name="code"),
    path("<slug:code>/code/picture/", pages.code_picture, name="code_picture"),
]
