"""Pages of the main job, below `/s/<slug>/`."""

from django.urls import path

from huipai.cases.pages import desk, feed, public, releasing, reporting, working

app_name = "cases"
urlpatterns = [
    path("report/", reporting.report, name="report"),
    path("reports/<uuid:report_id>/received/", reporting.received, name="received"),
    path("mine/", reporting.mine, name="mine"),
    path("desk/", desk.desk, name="desk"),
    path("today/", working.today, name="today"),
    path("checks/", working.checks, name="checks"),
    path("checks/<uuid:check_id>/", working.check, name="check"),
    path("nearby/", feed.nearby, name="nearby"),
    path("nearby/here/", feed.here, name="here"),
    path("nearby/heaps/", feed.heaps, name="heaps"),
    path("nearby/<slug:code>/", public.old_address),
    path("feed/", feed.atom, name="feed"),
    path("feed/<slug:code>/", feed.atom, name="community_feed"),
    path("c/<slug:code>/", public.thing, name="public"),
    path("c/<slug:code>/photos/<uuid:photo_id>/", public.photo, name="public_photo"),
    path("c/<slug:code>/thumbs/<uuid:photo_id>/", public.thumb, name="public_thumb"),
    path("releasing/", releasing.desk, name="releasing"),
    path("releasing/<uuid:photo_id>/release/", releasing.release, name="release"),
    path("releasing/<uuid:photo_id>/keeping/", releasing.keep_back, name="keep_back"),
    path("releasing/<uuid:photo_id>/taking-back/", releasing.take_back, name="take_back"),
    path("releasing/<uuid:photo_id>/reconsidering/", releasing.reconsider, name="reconsider"),
    path("cases/<slug:code>/", working.detail, name="detail"),
    path("cases/<slug:code>/acceptance/", working.accept, name="accept"),
    path("cases/<slug:code>/response/", working.respond, name="respond"),
    path("cases/<slug:code>/refusal/", working.decline, name="decline"),
    path("cases/<slug:code>/confirmation/", reporting.confirm, name="confirm"),
    path("cases/<slug:code>/dispute/", reporting.dispute, name="dispute"),
    path("cases/<slug:code>/withdrawal/", reporting.withdraw, name="withdraw"),
]
