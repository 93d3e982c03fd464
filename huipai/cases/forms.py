"""What people type about cases."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from huipai.cases.commands.intake import Sending
from huipai.cases.words import LONGEST_TEXT, PositionSource
from huipai.kit.coordinates import Crs, Point
from huipai.kit.ids import new_id


class ReportForm(forms.Form):
    """The report of a resident; every value comes back as it was typed."""

    report_id = forms.UUIDField(widget=forms.HiddenInput)
    case_type = forms.CharField(required=False, max_length=40)
    text = forms.CharField(
        label=_("想说的话"), required=False, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )
    address = forms.CharField(required=False, max_length=200)
    lng = forms.FloatField(required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90)
    crs = forms.ChoiceField(required=False, choices=[(crs.value, crs.value) for crs in Crs])
    position_source = forms.ChoiceField(required=False, choices=PositionSource.choices)
    show_name = forms.BooleanField(required=False)

    def sending(self, photo_ids: tuple[UUID, ...]) -> Sending:
        """What the command takes; call after `is_valid`."""
        data: dict[str, Any] = self.cleaned_data
        crs = Crs(data["crs"] or Crs.WGS84)
        placed = data["lng"] is not None and data["lat"] is not None
        return Sending(
            report_id=data["report_id"],
            case_type=data["case_type"],
            point=Point.given_in(crs, data["lng"], data["lat"]) if placed else None,
            source_crs=crs,
            position_source=PositionSource(data["position_source"] or PositionSource.PIN),
            photo_ids=photo_ids,
            text=data["text"],
            address=data["address"],
            is_name_hidden=not data["show_name"],
        )


def blank_report() -> dict[str, object]:
    """A new form: its id is made now and sent once."""
    return {"report_id": new_id(), "position_source": ""}


def photo_ids(data: QueryDict, name: str = "photo") -> tuple[UUID, ...]:
    """The photos that the page has uploaded already, in their order; what is no id is passed over."""
    found = []
    for text in data.getlist(f"{name}_id"):
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return tuple(dict.fromkeys(found))
