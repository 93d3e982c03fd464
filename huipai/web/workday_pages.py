"""Which years of working days are known, and bringing in the next one; for the system administrator.

The calendar itself stands below people and cannot ask who is there, so its door is here.
"""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from huipai.kit import clock
from huipai.kit.render import render
from huipai.kit.verdict import Refused
from huipai.people.http import SignedInRequest, signed_in
from huipai.web import year_tables
from huipai.workdays import queries, sheets
from huipai.workdays.words import YEARS


class TableForm(forms.Form):
    year = forms.IntegerField(label=gettext_lazy("哪一年"), min_value=YEARS[0], max_value=YEARS[-1])
    source = forms.CharField(label=gettext_lazy("通知的名称或文号"), max_length=120)
    file = forms.FileField(label=gettext_lazy("放假和调休表（.xlsx 或 .csv）"))


@require_http_methods(["GET", "POST"])
@signed_in
def workdays(request: SignedInRequest) -> HttpResponse:
    year_tables.may_keep_calendar(request.person, clock.now()).require()
    if request.method == "GET":
        return _page(request, TableForm(), 200)
    form = TableForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, 422)
    try:
        years = _bring_in(request, form)
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else "file", refusal.reason)
    if form.errors:
        return _page(request, form, 422)
    known = "、".join(map(str, years))
    messages.success(
        request, _("记下了，%(years)s 年的期限正在重新算") % {"years": known} if years else _("和已有的一样")
    )
    return redirect("web:workdays")


def _bring_in(request: SignedInRequest, form: TableForm) -> tuple[int, ...]:
    """The years that changed; nothing is imported while a row is wrong, and each wrong row is on the form."""
    rows = sheets.read(form.cleaned_data["file"])
    for problem in rows.problems:
        words = {"row": problem.row, "column": problem.column, "reason": problem.reason}
        form.add_error("file", _("第 %(row)s 行 %(column)s：%(reason)s") % words)
    if rows.problems:
        return ()
    imported = year_tables.bring_in(
        year=form.cleaned_data["year"], source=form.cleaned_data["source"], specials=sheets.specials(rows),
        actor=request.person, now=clock.now(),
    )  # fmt: skip
    return imported.years


def _page(request: SignedInRequest, form: TableForm, status: int) -> HttpResponse:
    return render(request, "web/workdays.jinja", {"form": form, "years": queries.known_years()[:6]}, status=status)
