"""What a person types about being told."""

from django import forms
from django.utils.translation import gettext_lazy as _

from huipai.notices.words import QUIET_FROM, QUIET_UNTIL


def _time_of_day() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class PreferenceForm(forms.Form):
    by_sms = forms.BooleanField(required=False)
    quiet_from = forms.TimeField(label=_("晚上几点以后不打扰"), initial=QUIET_FROM, widget=_time_of_day())
    quiet_until = forms.TimeField(label=_("早上几点以后可以"), initial=QUIET_UNTIL, widget=_time_of_day())
