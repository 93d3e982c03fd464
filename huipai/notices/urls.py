"""Below `/s/<slug>/notices/`."""

from django.urls import path

from huipai.notices import pages

app_name = "notices"
urlpatterns = [
    path("", pages.inbox, name="inbox"),
    path("reading/", pages.read_all, name="read_all"),
    path("<uuid:notice_id>/reading/", pages.read, name="read"),
    path("muting/", pages.mute, name="mute"),
    path("stop/<str:token>/", pages.stop, name="stop"),
    path("preference/", pages.preference, name="preference"),
]
