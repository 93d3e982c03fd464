"""What people type at the desk of the grid."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huipai.grid.words import COMMUNITY_ROLES, LEVELS, STREET_ROLES, UNIT_ROLES, AbsenceKind, Level, UnitKind
from huipai.kit.coordinates import Crs
from huipai.kit.fields import DayField, LinesField, NameField
from huipai.kit.sheets import SHANGHAI, beginning_of
from huipai.kit.verdict import Invalid, Moved, Refused
from huipai.people import queries as people
from huipai.people.models import Person
from huipai.people.words import FactorLoss, Role
from huipai.streets.models import Street

_SYSTEMS = [
    (Crs.WGS84, gettext_lazy("WGS-84（GPS、国际）")),
    (Crs.GCJ02, gettext_lazy("GCJ-02（高德、腾讯）")),
    (Crs.BD09, gettext_lazy("BD-09（百度）")),
    (Crs.CGCS2000, gettext_lazy("CGCS2000（国家大地坐标系）")),
]
_CODE = r"^[0-9A-Za-z][0-9A-Za-z-]{0,39}$"
_TELEPHONE = r"^[0-9][0-9 -]{4,18}$"
_CALL = {"invalid": gettext_lazy("电话只写数字、空格和短横")}
_WRONG_CODE = gettext_lazy("编码只用字母、数字和短横，最多 40 个")


def take(form: forms.Form, refusal: Refused) -> int:
    """Show a refusal on the form, by its field where it names one; the status of the answer."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.reason)
    return refusal.status


def attempt(form: forms.Form, act: Callable[[], object]) -> int:
    """Do it; 0 if it is done, else the status with which the form is shown again, everything typed in it."""
    if not form.is_valid():
        return 422
    try:
        act()
    except (Invalid, Moved) as refusal:
        return take(form, refusal)
    return 0


def moment_of(day: date, now: datetime) -> datetime:
    """The first moment of a day; today means now."""
    return now if day == today(now) else beginning_of(day)


def today(now: datetime) -> date:
    """The day in China."""
    return now.astimezone(SHANGHAI).date()


class PhoneField(forms.CharField):
    """The telephone number of somebody registered in this street; cleaned to the person."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=24, widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}), **kwargs
        )

    def clean(self, value: Any) -> Person | None:
        typed = super().clean(value)
        if not typed:
            return None
        person = people.by_typed_phone(typed)
        if person is None:
            raise forms.ValidationError(_("这个号码没有在本街道登记过，先在窗口登记"))
        return person


class SearchForm(forms.Form):
    q = forms.CharField(required=False, max_length=60)
    level = forms.ChoiceField(required=False, choices=[("", ""), *Level.choices])


class StreetForm(forms.Form):
    """The particulars of a street; the fields are those of `commands.Particulars`."""

    name = NameField(label=gettext_lazy("街道名称"), max_length=40)
    operator = NameField(label=gettext_lazy("运营单位"), max_length=80)
    hotline_phone = forms.RegexField(_TELEPHONE, label=gettext_lazy("服务电话"), required=False, error_messages=_CALL)
    complaint_phone = forms.RegexField(_TELEPHONE, label=gettext_lazy("投诉电话"), required=False, error_messages=_CALL)
    filing_number = forms.CharField(label=gettext_lazy("备案号"), max_length=60, required=False)
    map_approval = forms.CharField(label=gettext_lazy("审图号"), max_length=40, required=False)
    center_lng = forms.FloatField(label=gettext_lazy("地图中心的经度"), min_value=-180, max_value=180)
    center_lat = forms.FloatField(label=gettext_lazy("地图中心的纬度"), min_value=-90, max_value=90)

    @classmethod
    def initial_of(cls, street: Street) -> dict[str, Any]:
        return {name: getattr(street, name) for name in cls.base_fields}


class NodeForm(forms.Form):
    level = forms.ChoiceField(label=gettext_lazy("层级"))
    code = forms.RegexField(_CODE, label=gettext_lazy("编码"), error_messages={"invalid": _WRONG_CODE})
    name = NameField(label=gettext_lazy("名称"), max_length=80)
    since = DayField(label=gettext_lazy("从哪一天起"))

    def __init__(self, *args: Any, levels: list[Level], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [(level.value, level.label) for level in levels]  # type: ignore[attr-defined]


class NameForm(forms.Form):
    name = NameField(label=gettext_lazy("名称"), max_length=80)


class ClosingForm(forms.Form):
    day = DayField(label=gettext_lazy("从哪一天起停用"))


class SplitForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("新的几块的边界"), help_text=gettext_lazy("GeoJSON，每块写 code 和 name"))
    crs = forms.ChoiceField(label=gettext_lazy("坐标系"), choices=_SYSTEMS)
    day = DayField(label=gettext_lazy("从哪一天起"))


class UnitForm(forms.Form):
    code = forms.RegexField(_CODE, label=gettext_lazy("编码"), error_messages={"invalid": _WRONG_CODE})
    name = NameField(label=gettext_lazy("名称"), max_length=80)
    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=UnitKind.choices)
    node = forms.CharField(label=gettext_lazy("负责网格编码"), max_length=40, required=False)


class AssignmentForm(forms.Form):
    """Somebody for a node or a unit; which roles are offered depends on that."""

    person = PhoneField(label=gettext_lazy("谁（登记的手机号）"))
    role = forms.ChoiceField(label=gettext_lazy("角色"))
    since = DayField(label=gettext_lazy("从哪一天起"))
    until = DayField(label=gettext_lazy("到哪一天止"), required=False, help_text=gettext_lazy("这一天起不再担任"))
    deputy = PhoneField(label=gettext_lazy("代理人（登记的手机号）"), required=False)

    def __init__(self, *args: Any, roles: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, role.label) for role in roles]  # type: ignore[attr-defined]


class NewColleagueForm(forms.Form):
    phone = forms.CharField(
        label=gettext_lazy("手机号"), max_length=24,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        help_text=gettext_lazy("他用这个号码收验证码，自己设密码"),
    )  # fmt: skip
    name = NameField(label=gettext_lazy("姓名"), max_length=40)


class RoleForm(forms.Form):
    """A role for somebody already chosen; the place by its code, because a street has thousands of nodes."""

    role = forms.ChoiceField(label=gettext_lazy("角色"))
    scope = forms.CharField(
        label=gettext_lazy("网格或单位的编码"), max_length=40, required=False,
        help_text=gettext_lazy("管全街道的角色不用写；处置单位的角色写单位编码，其他写网格编码"),
    )  # fmt: skip
    since = DayField(label=gettext_lazy("从哪一天起"))
    until = DayField(label=gettext_lazy("到哪一天止"), required=False, help_text=gettext_lazy("这一天起不再担任"))

    def __init__(self, *args: Any, roles: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, role.label) for role in roles]  # type: ignore[attr-defined]


class FactorForm(forms.Form):
    why = forms.ChoiceField(label=gettext_lazy("为什么解除"), choices=[("", gettext_lazy("请选")), *FactorLoss.choices])


class TextForm(forms.Form):
    """The next version of a text; `seen` is the version its author has read."""

    body = LinesField(
        label=gettext_lazy("给大家看的话"), max_length=20_000, rows=16,
        help_text=gettext_lazy("说清楚：收什么、做什么用、存多久、谁能看、怎么撤回。空一行就是另起一段"),
    )  # fmt: skip
    legal_basis = NameField(
        label=gettext_lazy("法律依据"), max_length=200, help_text=gettext_lazy("比如《个人信息保护法》第十三条")
    )
    seen = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class HandOverForm(forms.Form):
    to = PhoneField(label=gettext_lazy("交给谁（登记的手机号）"))
    day = DayField(label=gettext_lazy("从哪一天起"))


class EndingForm(forms.Form):
    day = DayField(label=gettext_lazy("从哪一天起不再担任"))


class DeputyForm(forms.Form):
    deputy = PhoneField(
        label=gettext_lazy("代理人（登记的手机号）"), required=False, help_text=gettext_lazy("不写就是没有代理人")
    )


class AbsenceForm(forms.Form):
    person = PhoneField(
        label=gettext_lazy("谁（登记的手机号）"), required=False, help_text=gettext_lazy("不写就是自己")
    )
    kind = forms.ChoiceField(label=gettext_lazy("原因"), choices=AbsenceKind.choices)
    since = DayField(label=gettext_lazy("从哪一天起"))
    until = DayField(label=gettext_lazy("哪一天回来"), required=False, help_text=gettext_lazy("还不知道就先不写"))


class UploadForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("文件"))


class DrawingForm(UploadForm):
    crs = forms.ChoiceField(label=gettext_lazy("坐标系"), choices=_SYSTEMS)


def roles_for(level: Level | None) -> list[Role]:
    """The roles that can be given for a node of this level; None: for a unit."""
    if level is None:
        return list(UNIT_ROLES)
    wide: list[Role] = [role for role in Role if role not in (Role.RESIDENT, *UNIT_ROLES)]
    if level == Level.STREET:
        return wide
    if level == Level.COMMUNITY:
        return [role for role in wide if role not in STREET_ROLES]
    return list(COMMUNITY_ROLES)


def levels_under(level: Level) -> list[Level]:
    return [
        lower for lower in LEVELS if lower.rank == level.rank + 1 or (level, lower) == (Level.BUILDING, Level.HOUSEHOLD)
    ]
