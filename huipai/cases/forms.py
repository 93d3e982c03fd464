"""What people type about cases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from huipai.cases.commands.deeds.publishing import Verified
from huipai.cases.commands.deeds.telling import Told
from huipai.cases.commands.intake import Sending
from huipai.cases.commands.locating import Where
from huipai.cases.commands.own_finds import Found
from huipai.cases.models import CaseType
from huipai.cases.words import LONGEST_TEXT, PositionSource
from huipai.kit.coordinates import Crs, NotAPlace, Pair, Point
from huipai.kit.ids import new_id


class PlaceForm(forms.Form):
    """Where something is: pointed at, or chosen from the list beside the map."""

    address = forms.CharField(
        required=False, max_length=200, error_messages={"max_length": _("地点写得太长了，200 个字以内")}
    )
    lng = forms.FloatField(required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90)
    crs = forms.ChoiceField(required=False, choices=[(crs.value, crs.value) for crs in Crs])
    position_source = forms.ChoiceField(required=False, choices=PositionSource.choices)
    # `lng,lat` of what was chosen by its name, and of an area its node; what is on the map is the last word.
    spot = forms.RegexField(
        r"^-?\d{1,3}\.\d{1,9},-?\d{1,2}\.\d{1,9}(,[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$",
        required=False, max_length=80,
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_placed = cleaned.get("lng") is not None and cleaned.get("lat") is not None
        if cleaned.get("spot") and not is_placed:
            lng, lat, *node = cleaned["spot"].split(",")
            at = {"lng": float(lng), "lat": float(lat), "crs": Crs.WGS84.value}
            cleaned |= {**at, "position_source": PositionSource.ADDRESS.value, "area": UUID(node[0]) if node else None}
        return cleaned

    def where(self) -> Where:
        """What a report says of its place: of an area that was chosen no more than the area."""
        data: dict[str, Any] = self.cleaned_data
        area = data.get("area")
        point = None if area else self.point()
        return Where(point, PositionSource(data["position_source"] or PositionSource.PIN), area, data["address"])

    def point(self) -> Point | None:
        """Nothing where no place is known; call after `is_valid`."""
        data: dict[str, Any] = self.cleaned_data
        if data["lng"] is None or data["lat"] is None:
            return None
        return Point.given_in(Crs(data["crs"] or Crs.WGS84), data["lng"], data["lat"])


class ReportForm(PlaceForm):
    """The report of a resident; every value comes back as it was typed."""

    report_id = forms.UUIDField(widget=forms.HiddenInput)
    case_type = forms.CharField(required=False, max_length=40)
    text = forms.CharField(
        label=_("想说的话"), required=False, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )
    show_name = forms.BooleanField(required=False)
    keep_private = forms.BooleanField(required=False)
    # `code.edition` of the types whose questions stand on this form.
    editions = forms.CharField(required=False, max_length=20_000)
    # The elder whose report it is, where a helper sends it.
    for_elder = forms.UUIDField(required=False, error_messages={"invalid": _("选一下是谁要报的")})
    # The neighbours' case that this is the same as; and that none of those shown is.
    same = forms.SlugField(required=False, max_length=12)
    not_same = forms.BooleanField(required=False)

    def sending(self, photo_ids: tuple[UUID, ...]) -> Sending:
        """What the command takes; call after `is_valid`."""
        data: dict[str, Any] = self.cleaned_data
        where = self.where()
        return Sending(
            report_id=data["report_id"],
            case_type=data["case_type"],
            point=where.point,
            source_crs=Crs(data["crs"] or Crs.WGS84),
            position_source=where.source,
            photo_ids=photo_ids,
            text=data["text"],
            address=data["address"],
            is_name_hidden=not data["show_name"],
            is_private=data["keep_private"],
            answers=answers_in(self.data, data["case_type"]),
            edition=edition_in(data["editions"], data["case_type"]),
            node_id=where.node_id,
            is_another=data["not_same"],
        )


@dataclass(frozen=True)
class Sent:
    """A place as it was sent, for the form that comes back: its system, and where the map shows it."""

    crs: Crs = Crs.WGS84
    at: Pair | None = None


def place_in(data: Mapping[str, Any]) -> Sent:
    """Numbers go back as they came, so their system does too; the map draws in WGS-84."""
    crs = Crs(data["crs"]) if data.get("crs") in [one.value for one in Crs] else Crs.WGS84
    try:
        typed = Point(float(data.get("lng") or "nan"), float(data.get("lat") or "nan"))
        point = Point.given_in(crs, typed.lng, typed.lat)
    except (NotAPlace, ValueError):
        return Sent(crs)
    return Sent(crs, (point.lng, point.lat))


def answers_in(data: Mapping[str, Any], case_type: str) -> tuple[tuple[str, str], ...]:
    """What was answered besides: fields `q-<type>-<key>`; those of a type that was not chosen say nothing."""
    begin = f"q-{case_type}-"
    found = ((name[len(begin) :][:40], str(data.get(name, ""))[:300]) for name in data if name.startswith(begin))
    return tuple(sorted((key, words) for key, words in found if case_type and words.strip()))


def editions_of(types: Iterable[CaseType]) -> str:
    """What a form says of the editions by which it asks."""
    return " ".join(f"{one.code}.{one.edition}" for one in types)


def edition_in(said: str, case_type: str) -> int | None:
    """By which edition a type was asked; nought, which no edition is, for what nobody wrote so, None for nothing."""
    found = next((one for one in said.split() if one.startswith(f"{case_type}.")), None)
    if found is None:
        return None
    number = found.removeprefix(f"{case_type}.")
    return int(number) if re.fullmatch("[0-9]{1,4}", number) else 0


def blank_report(for_elder: str = "") -> dict[str, object]:
    """A new form: its id is made now and sent once."""
    return {"report_id": new_id(), "position_source": "", "for_elder": for_elder}


def photo_ids(data: QueryDict, name: str = "photo") -> tuple[UUID, ...]:
    """The photos that the page has uploaded already, in their order; what is no id is passed over."""
    found = []
    for text in data.getlist(f"{name}_id"):
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return tuple(dict.fromkeys(found))


class DeedForm(PlaceForm):
    """A good deed as somebody tells it."""

    good_deed_id = forms.UUIDField(widget=forms.HiddenInput)
    title = forms.CharField(required=False, max_length=200)
    text = forms.CharField(required=False, max_length=LONGEST_TEXT)
    doer = forms.ChoiceField(choices=[("other", ""), ("self", "")], error_messages={"required": _("选一下是谁做的")})
    who = forms.CharField(required=False, max_length=60, error_messages={"max_length": _("是谁做的，60 个字以内")})

    def told(self, photo_ids: tuple[UUID, ...]) -> Told:
        """What the command takes; call after `is_valid`."""
        data: dict[str, Any] = self.cleaned_data
        return Told(
            deed_id=data["good_deed_id"],
            title=data["title"],
            text=data["text"],
            who=data["who"],
            is_own=data["doer"] == "self",
            point=self.point(),
            photo_ids=photo_ids,
            address=data["address"],
        )


class VerificationForm(forms.Form):
    """What a coordinator writes and chooses before a deed is published."""

    title = forms.CharField(required=False, max_length=200)
    text = forms.CharField(required=False, max_length=LONGEST_TEXT)
    third_party = forms.CharField(required=False, max_length=12)
    consent_channel = forms.CharField(required=False, max_length=10)
    doer_phone = forms.CharField(required=False, max_length=30)
    point_item = forms.CharField(required=False, max_length=13)
    said = forms.CharField(required=False, max_length=300)

    def verified(self, data: QueryDict) -> Verified:
        """What the command takes; the copies that were on the page come as `seen_<photo>`, other deeds as `apart`."""
        found: dict[str, Any] = {name: self.cleaned_data[name] for name in self.fields if name != "said"}
        seen = ((_id(name.removeprefix("seen_")), data.get(name, "")) for name in data if name.startswith("seen_"))
        apart = frozenset(filter(None, map(_id, data.getlist("apart"))))
        return Verified(**found, seen={photo_id: digest for photo_id, digest in seen if photo_id}, apart=apart)


def _id(typed: str) -> UUID | None:
    """Nothing where somebody made the name of a field up."""
    try:
        return UUID(typed)
    except ValueError:
        return None


class FindForm(PlaceForm):
    """What a worker found and mended themselves."""

    find_id = forms.UUIDField(widget=forms.HiddenInput)
    case_type = forms.CharField(required=False, max_length=40)
    text = forms.CharField(required=False, max_length=LONGEST_TEXT)
    another = forms.BooleanField(required=False)
    # `code.edition` of the types that stand on this form.
    editions = forms.CharField(required=False, max_length=20_000)

    def found(self, before: tuple[UUID, ...], after: tuple[UUID, ...]) -> Found:
        """What the command takes; call after `is_valid`."""
        data: dict[str, Any] = self.cleaned_data
        return Found(
            find_id=data["find_id"],
            case_type=data["case_type"],
            point=self.point(),
            text=data["text"],
            address=data["address"],
            before=before,
            after=after,
            is_another=data["another"],
            edition=edition_in(data["editions"], data["case_type"]),
        )
