"""Pages of the main job, below `/s/<slug>/`."""

from django.urls import path

from huipai.cases.pages import desk, public, reporting, working

app_name = "cases"
urlpatterns = [
    path("report/", reporting.report, name="report"),
    path("reports/<uuid:report_id>/received/", reporting.received, name="received"),
    path("mine/", reporting.mine, name="mine"),
    path("desk/", desk.desk, name="desk"),
    path("today/", working.today, name="today"),
    path("checks/", working.checks, name="checks"),
    path("checks/<uuid:check_id>/", working.check, name="check"),
    path("nearby/", public.nearby, name="nearby"),
    path("nearby/<slug:code>/", public.case, name="public"),
    path("cases/<slug:code>/photos/<uuid:photo_id>/release/", public.release, name="release"),
    path("cases/<slug:code>/", working.detail, name="detail"),
    path("cases/<slug:code>/acceptance/", working.accept, name="accept"),
    path("cases/<slug:code>/response/", working.respond, name="respond"),
    path("cases/<slug:code>/refusal/", working.decline, name="decline"),
    path("cases/<slug:code>/confirmation/", reporting.confirm, name="confirm"),
    path("cases/<slug:code>/dispute/", reporting.dispute, name="dispute"),
    path("cases/<slug:code>/withdrawal/", reporting.withdraw, name="withdraw"),
]
