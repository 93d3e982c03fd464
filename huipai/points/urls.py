from django.urls import path

from huipai.points.pages import claiming, closing, entering, granting, outbox, own, posting, public, reviewing

app_name = "points"
urlpatterns = [
    path("points/", own.home, name="home"),
    path("points/household/", own.household, name="household"),
    path("points/postings/<uuid:posting_id>/", posting.posting, name="posting"),
    path("points/grants/", granting.grants, name="grants"),
    path("points/grants/<uuid:grant_id>/decision/", granting.decide, name="decide_grant"),
    path("points/closing/", closing.closing, name="closing"),
    path("points/closing/<uuid:closing_id>/decision/", closing.approve, name="decide_closing"),
    path("points/ports/<slug:port>/", claiming.port, name="port"),
    path("points/items/<slug:code>/claim/", claiming.claim_item, name="claim_item"),
    path("points/on-site/<str:code>/", claiming.on_site, name="on_site"),
    path("points/claim/", outbox.form, name="claim_any"),
    path("outbox/claims/", outbox.send, name="outbox_send"),
    path("outbox/claims/<uuid:claim_id>/", outbox.answer, name="outbox_answer"),
    path("points/claims/", claiming.mine, name="claims"),
    path("points/claims/<uuid:claim_id>/", claiming.detail, name="claim"),
    path("points/claims/<uuid:claim_id>/received/", claiming.received, name="claim_received"),
    path("points/claims/<uuid:claim_id>/withdrawal/", claiming.withdraw, name="withdraw_claim"),
    path("points/claims/<uuid:claim_id>/appeal/", claiming.appeal, name="appeal"),
    path("points/publicity/", public.publicity, name="publicity"),
    path("points/publicity/<uuid:claim_id>/objection/", public.object_to, name="object"),
    path("points/thanks/", public.thanks, name="thanks"),
    path("points/year/", public.year, name="year"),
    path("points/year/<int:year>/", public.year, name="year_of"),
    path("points/review/", reviewing.desk, name="review"),
    path("points/review/batch/", reviewing.batch, name="review_batch"),
    path("points/review/conflicts/", reviewing.conflicts, name="conflicts"),
    path("points/review/conflicts/<uuid:conflict_id>/end/", reviewing.end_conflict, name="end_conflict"),
    path("points/review/<uuid:claim_id>/decision/", reviewing.decide, name="decide_claim"),
    path("points/review/<uuid:claim_id>/undo/", reviewing.undo, name="undo_review"),
    path("points/review/<uuid:claim_id>/stand-aside/", reviewing.stand_aside, name="stand_aside"),
    path("points/review/objections/<uuid:objection_id>/", reviewing.decide_objection, name="decide_objection"),
    path("points/enter/", entering.enter, name="enter"),
]
