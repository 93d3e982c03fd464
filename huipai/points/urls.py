from django.urls import path

from huipai.points.pages import own

app_name = "points"
urlpatterns = [path("points/", own.home, name="home")]
