"""Fields for what people type that ends somewhere: past it neither the calendar nor a column holds it."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

YEARS: Final = (2000, 2099)


class DayField(forms.DateField):
    """A day of this century, chosen from a calendar. A year typed wrong is told, not carried into the reckoning."""

    def __init__(self, **more: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(**{"widget": widget, "validators": [_is_of_this_century], **more})


def _is_of_this_century(day: date) -> None:
    first, last = YEARS
    if not first <= day.year <= last:
        raise ValidationError(
            _("年份写错了吧？写 %(first)s 到 %(last)s 年的日子"), code="year", params={"first": first, "last": last}
        )
