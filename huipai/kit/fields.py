"""Fields for what people type that ends somewhere: past it neither the calendar nor a column holds it."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from huipai.kit.lines import as_seen, one_break

YEARS: Final = (2000, 2099)


class NameField(forms.CharField):
    """A name, a title or a word. What nobody sees in it is taken out before anything is looked at."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(as_seen(str(value)) if value else value)


class LinesField(forms.CharField):
    """Text of several lines; its length is counted as people see it, and what nobody sees in it is taken out."""

    def __init__(self, *, rows: int = 2, **more: Any) -> None:
        super().__init__(**{"widget": forms.Textarea(attrs={"rows": rows}), **more})

    def to_python(self, value: Any) -> Any:
        return super().to_python(as_seen(one_break(str(value))) if value else value)


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
