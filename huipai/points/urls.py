from django.urls import path

from huipai.points import pages

app_name = "points"
urlpatterns = [path("points/", pages.home, name="home")]
