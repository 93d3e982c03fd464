"""The auditor's pages, below `/s/<slug>/audit/`."""

from django.urls import path

from huipai.audit import pages

app_name = "audit"
urlpatterns = [
    path("", pages.record, name="record"),
    path("export/", pages.export, name="export"),
]
