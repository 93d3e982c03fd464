"""Below `/s/<slug>/grid/`."""

from django.urls import path

from huipai.grid import pages

app_name = "grid"
urlpatterns = [
    path("", pages.home, name="home"),
    path("street/", pages.street, name="street"),
    path("nodes/<uuid:node_id>/", pages.node, name="node"),
    path("nodes/<uuid:node_id>/children/", pages.child, name="child"),
    path("nodes/<uuid:node_id>/name/", pages.renaming, name="renaming"),
    path("nodes/<uuid:node_id>/closing/", pages.closing, name="closing"),
    path("nodes/<uuid:node_id>/keeping/", pages.keeping, name="keeping"),
    path("nodes/<uuid:node_id>/split/", pages.splitting, name="splitting"),
    path("nodes/<uuid:node_id>/assignments/", pages.assign_node, name="assign_node"),
    path("units/", pages.units, name="units"),
    path("units/new/", pages.new_unit, name="new_unit"),
    path("units/<uuid:unit_id>/", pages.unit, name="unit"),
    path("units/<uuid:unit_id>/name/", pages.renaming_unit, name="renaming_unit"),
    path("units/<uuid:unit_id>/closing/", pages.closing_unit, name="closing_unit"),
    path("units/<uuid:unit_id>/assignments/", pages.assign_unit, name="assign_unit"),
    path("assignments/", pages.assignments, name="assignments"),
    path("assignments/<uuid:assignment_id>/", pages.assignment, name="assignment"),
    path("assignments/<uuid:assignment_id>/handover/", pages.handing_over, name="handing_over"),
    path("assignments/<uuid:assignment_id>/deputy/", pages.naming, name="naming"),
    path("assignments/<uuid:assignment_id>/ending/", pages.ending, name="ending"),
    path("absences/", pages.absences, name="absences"),
    path("absences/<uuid:absence_id>/return/", pages.back, name="back"),
    path("staff/", pages.staff, name="staff"),
    path("staff/new/", pages.new_colleague, name="new_colleague"),
    path("staff/<uuid:person_id>/", pages.colleague, name="colleague"),
    path("staff/<uuid:person_id>/roles/", pages.assign_person, name="assign_person"),
    path("staff/<uuid:person_id>/leaving/", pages.let_go, name="let_go"),
    path("staff/<uuid:person_id>/password/", pages.put_password, name="put_password"),
    path("staff/<uuid:person_id>/password/renewal/", pages.require_password, name="require_password"),
    path("staff/<uuid:person_id>/second-factor/", pages.take_off_second_factor, name="take_off_second_factor"),
    path("staff/<uuid:person_id>/unlocking/", pages.unlock, name="unlock"),
    path("texts/", pages.texts, name="texts"),
    path("texts/<slug:purpose>/", pages.text, name="text"),
    path("imports/", pages.imports, name="imports"),
    path("imports/tree/", pages.upload_tree, name="upload_tree"),
    path("imports/boundaries/", pages.upload_boundaries, name="upload_boundaries"),
    path("imports/template.xlsx", pages.template, name="template"),
    path("imports/<uuid:upload_id>/", pages.preview, name="preview"),
    path("imports/<uuid:upload_id>/check/", pages.check_again, name="check_again"),
    path("imports/<uuid:upload_id>/application/", pages.apply, name="apply"),
]
