from django.urls import path

from huipai.rulebook import pages

app_name = "rulebook"
urlpatterns = [
    path("rulebook/", pages.home, name="home"),
    path("rulebook/<int:number>/", pages.version, name="version"),
    path("rulebook/<int:number>/<slug:code>/", pages.item, name="item"),
]
