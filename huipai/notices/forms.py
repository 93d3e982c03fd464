"""What a person types about being told."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huipai.notices.words import DIGEST_AT, QUIET_FROM, QUIET_UNTIL


def _time_of_day() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class PreferenceForm(forms.Form):
    by_sms = forms.BooleanField(required=False)
    digest = forms.BooleanField(required=False)
    digest_at = forms.TimeField(
        label=_("几点发"), initial=DIGEST_AT, required=False, widget=_time_of_day(),
        error_messages={"invalid": _("写成 18:00 这样")},
    )  # fmt: skip
    quiet_from = forms.TimeField(label=_("晚上几点以后不打扰"), initial=QUIET_FROM, widget=_time_of_day())
    quiet_until = forms.TimeField(label=_("早上几点以后可以"), initial=QUIET_UNTIL, widget=_time_of_day())

    def wish(self) -> dict[str, Any]:
        """What the command takes; call after `is_valid`."""
        data = dict(self.cleaned_data)
        digest, at = data.pop("digest"), data.pop("digest_at")
        return {**data, "digest_at": (at or DIGEST_AT) if digest else None}
