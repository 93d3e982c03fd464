"""What those who keep the stations type."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huipai.grid.forms import PhoneField
from huipai.kit.coordinates import Point
from huipai.kit.fields import NameField
from huipai.stations.rules import Span, clock_of
from huipai.stations.words import MINUTES_A_DAY, WEEKDAYS, Service, StationKind

_HOURS = re.compile(r"^(\d{1,2})[:：](\d{2})\s*[-–—~～至到]\s*(\d{1,2})[:：](\d{2})$")
_BETWEEN = re.compile(r"[，,；;、\s]+(?=\d{1,2}[:：])")
_PHONE = re.compile(r"^[0-9][0-9 -]{2,19}$")


def spans_of(weekday: int, typed: str) -> list[Span]:
    """08:30-12:00，14:00-17:30 of one weekday; raises `ValueError` for anything else."""
    spans = []
    for part in filter(None, _BETWEEN.split(typed.strip())):
        found = _HOURS.match(part.strip())
        if found is None:
            raise ValueError(part)
        from_hour, from_minute, to_hour, to_minute = map(int, found.groups())
        opens, closes = from_hour * 60 + from_minute, to_hour * 60 + to_minute
        if from_minute > 59 or to_minute > 59 or not opens < closes <= MINUTES_A_DAY:
            raise ValueError(part)
        spans.append(Span(weekday, opens, closes))
    return spans


def words_of(spans: Iterable[Span], weekday: int) -> str:
    """The hours of one weekday as they are typed."""
    return "，".join(f"{clock_of(one.opens)}-{clock_of(one.closes)}" for one in spans if one.weekday == weekday)


def _degrees(label: Any, most: int) -> forms.FloatField:
    widget = forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"})
    return forms.FloatField(label=label, min_value=-most, max_value=most, widget=widget)


class StationForm(forms.Form):
    """What may change of a station, with its hours: a line a weekday."""

    name = NameField(label=gettext_lazy("名称"), max_length=60)
    place = NameField(label=gettext_lazy("地址"), max_length=120, help_text=gettext_lazy("照大家平时的说法写"))
    phone = forms.CharField(label=gettext_lazy("电话"), max_length=20, required=False)
    services = forms.MultipleChoiceField(
        label=gettext_lazy("有什么"), choices=Service.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, word in enumerate(WEEKDAYS, 1):
            self.fields[f"day{number}"] = forms.CharField(label=word, max_length=60, required=False)

    @property
    def days(self) -> list[Any]:
        return [self[f"day{number}"] for number in range(1, 8)]

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"].strip()
        if phone and not _PHONE.match(phone):
            raise forms.ValidationError(_("电话只写数字和短横，比如 0512-0000-1234"))
        return phone

    def clean(self) -> dict[str, Any]:
        kept: dict[str, Any] = super().clean() or {}
        spans: list[Span] = []
        for number in range(1, 8):
            try:
                spans += spans_of(number, kept.get(f"day{number}", ""))
            except ValueError:
                self.add_error(f"day{number}", _("写成 08:30-17:30，中间休息就写两段：08:30-12:00，14:00-17:30"))
        kept["hours"] = spans
        return kept


class NewStationForm(StationForm):
    code = forms.RegexField(
        r"^[0-9A-Za-z][0-9A-Za-z-]{0,19}$", label=gettext_lazy("编码"),
        error_messages={"invalid": gettext_lazy("编码只用字母、数字和短横，最多 20 个")},
    )  # fmt: skip
    kind = forms.ChoiceField(label=gettext_lazy("种类"), choices=StationKind.choices)
    lng = _degrees(gettext_lazy("经度"), 180)
    lat = _degrees(gettext_lazy("纬度"), 90)

    @property
    def point(self) -> Point:
        return Point(self.cleaned_data["lng"], self.cleaned_data["lat"])


class HostForm(forms.Form):
    person = PhoneField(label=gettext_lazy("谁来值守（登记的手机号）"))


class SearchForm(forms.Form):
    q = forms.CharField(required=False, max_length=60)
