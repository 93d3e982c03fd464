"""Two sets: below `/s/<slug>/`, and outside every street."""

from django.urls import path

from huipai.web import pages, workday_pages

app_name = "web"
urlpatterns = [
    path("", pages.home, name="home"),
    path("look/", pages.choose_look, name="look"),
    path("complaint/", pages.complaint, name="complaint"),
    path("activities/", pages.activities, name="activities"),
    path("map/base.json", pages.map_base, name="map_base"),
    path("map/where.json", pages.where, name="where"),
    path("map/spots/", pages.spots, name="spots"),
    path("workdays/", workday_pages.workdays, name="workdays"),
    path("jobs/", pages.jobs, name="jobs"),
    path("jobs/<int:job_id>/retry/", pages.retry_job, name="retry_job"),
    path("gallery/", pages.gallery, name="gallery"),
]

site_patterns = [
    path("", pages.choose_street, name="choose_street"),
    path("sw.js", pages.service_worker, name="service_worker"),
    path("manifest.webmanifest", pages.web_manifest, name="manifest"),
    path("offline/", pages.offline, name="offline"),
    path("ca.crt", pages.authority, name="authority"),
]
