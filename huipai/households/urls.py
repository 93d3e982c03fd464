"""Below `/s/<slug>/`: 我家 for residents, 我联的户 for contacts, the desk for who keeps groups and decides."""

from django.urls import path

from huipai.households.pages import contacts, desk, moving, own

app_name = "households"
urlpatterns = [
    path("household/", own.home, name="home"),
    path("household/needs/new/", own.raise_need, name="raise_need"),
    path("household/needs/<uuid:need_id>/withdrawal/", own.withdraw_need, name="withdraw_need"),
    path("household/needs/<uuid:need_id>/reopening/", own.reopen_need, name="reopen_need"),
    path("household/contact/", own.ask_contact, name="ask_contact"),
    path("household/links/<uuid:link_id>/acceptance/", own.accept_link, name="accept_link"),
    path("household/links/<uuid:link_id>/refusal/", own.decline_link, name="decline_link"),
    path("household/links/<uuid:link_id>/end/", own.end_link, name="end_link"),
    path("household/links/<uuid:link_id>/wishes/", own.wish, name="wish"),
    path("household/visits/<uuid:visit_id>/denial/", own.deny_visit, name="deny_visit"),
    path("household/group/<uuid:group_id>/leaving/", own.leave_group, name="leave_group"),
    path("household/publicity/", own.publicity, name="publicity"),
    path("household/publicity/<uuid:assessment_id>/objection/", own.object_to, name="object_to"),
    path("household/moving-out/", moving.leave, name="leave_home"),
    path("household/residences/<uuid:residence_id>/still-here/", moving.still_here, name="still_here"),
    path("counter/disputes/<uuid:dispute_id>/holding/", moving.hold_to_end, name="hold_to_end"),
    path("counter/<uuid:person_id>/home/", moving.home_of, name="home_of"),
    path("counter/<uuid:person_id>/home/moving-out/", moving.moved_out, name="moved_out"),
    path("contacts/", contacts.contacts, name="contacts"),
    path("contacts/new/", contacts.ask_household, name="ask_household"),
    path("contacts/<uuid:link_id>/visit/", contacts.visit, name="visit"),
    path("contacts/needs/<uuid:need_id>/taking/", contacts.take_need, name="take_need"),
    path("contacts/needs/<uuid:need_id>/done/", contacts.finish_need, name="finish_need"),
    path("contacts/needs/<uuid:need_id>/giving-up/", contacts.give_up_need, name="give_up_need"),
    path("linked/", desk.home, name="groups"),
    path("linked/new/", desk.new_group, name="new_group"),
    path("linked/<uuid:group_id>/", desk.group, name="group"),
    path("linked/<uuid:group_id>/joining/", desk.join, name="join"),
    path("linked/<uuid:group_id>/lead/", desk.lead, name="lead"),
    path("linked/<uuid:group_id>/members/<uuid:membership_id>/leaving/", desk.remove, name="remove"),
    path("linked/<uuid:group_id>/closing/", desk.close, name="close"),
    path("linked/incentives/", desk.incentives, name="incentives"),
    path("linked/incentives/new/", desk.propose, name="propose"),
    path("linked/incentives/<uuid:assessment_id>/approval/", desk.approve, name="approve"),
    path("linked/incentives/<uuid:assessment_id>/refusal/", desk.refuse, name="refuse"),
    path("linked/objections/<uuid:objection_id>/upholding/", desk.uphold, name="uphold"),
    path("linked/objections/<uuid:objection_id>/dismissal/", desk.dismiss, name="dismiss"),
]
