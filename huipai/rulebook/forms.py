"""What people type at the desk of the rulebook."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huipai.grid.models import Unit
from huipai.kit.fields import DayField, LinesField, NameField
from huipai.kit.sheets import SHANGHAI, beginning_of
from huipai.kit.verdict import Refused
from huipai.rulebook.rules import Terms
from huipai.rulebook.rules import formula as formulas
from huipai.rulebook.rules.formula import Unreadable
from huipai.rulebook.words import (
    ANSWERS,
    BOUNDS,
    CODE,
    CONSULTATION,
    END_NOTICE,
    END_REDEEM,
    LONGEST_WORD,
    MOST_WORDS,
    PUBLICITY,
    Earner,
    Evidence,
    Outcome,
    Port,
    Said,
)


def take(form: forms.Form, refusal: Refused) -> int:
    """Show a refusal on the form, by its field where it names one; the status of the answer."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.reason)
    return refusal.status


def _text(label: Any, longest: int, *, rows: int = 2, **more: Any) -> forms.CharField:
    return LinesField(label=label, max_length=longest, rows=rows, **more)


def _whole(label: Any, name: str, **more: Any) -> forms.IntegerField:
    lowest, highest = BOUNDS[name]
    return forms.IntegerField(label=label, min_value=lowest, max_value=highest, required=False, **more)


class WordsField(NameField):
    """Several words, parted by 、 or a comma; cleaned to a tuple."""

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value) or ""
        parts = (part.strip() for part in typed.replace("，", "、").replace(",", "、").split("、"))
        words = tuple(dict.fromkeys(part for part in parts if part))
        if any(len(word) > LONGEST_WORD for word in words):
            raise forms.ValidationError(_("每个词最多 %(count)s 个字"), code="long", params={"count": LONGEST_WORD})
        if len(words) > MOST_WORDS:
            raise forms.ValidationError(_("最多写 %(most)s 个"), code="most", params={"most": MOST_WORDS})
        return words

    def prepare_value(self, value: Any) -> Any:
        return str(_("、")).join(value) if isinstance(value, tuple | list) else value

    def run_validators(self, value: Any) -> None:
        """A tuple has no length of its own to check: its words were looked at one by one."""


class FormulaField(forms.CharField):
    """A formula as people write it; cleaned to its tree."""

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value)
        if not typed:
            return None
        try:
            return formulas.parse(typed)
        except Unreadable as refusal:
            raise forms.ValidationError(refusal.reason) from refusal

    def prepare_value(self, value: Any) -> Any:
        return formulas.words(value) if isinstance(value, tuple | int) else value

    def run_validators(self, value: Any) -> None:
        """The parser has looked at it already."""


class TermsForm(forms.Form):
    """Everything that an item says. What the linter finds stands at the field that it is about."""

    title = NameField(label=_("名称"), max_length=40)
    description = _text(_("怎样才算"), 400, rows=3)
    points = forms.IntegerField(
        label=_("分数"), min_value=BOUNDS["points"][0], max_value=BOUNDS["points"][1],
        help_text=_("有算法时，是一次最多的分"),
    )  # fmt: skip
    formula = FormulaField(
        label=_("算法"), required=False, max_length=200, help_text=_("小时、人数、件数，比如 取小(小时 × 5, 10)")
    )
    earners = forms.MultipleChoiceField(
        label=_("谁可以挣"), choices=Earner.choices, widget=forms.CheckboxSelectMultiple
    )
    evidence = forms.MultipleChoiceField(
        label=_("凭什么认定"), choices=Evidence.choices, widget=forms.CheckboxSelectMultiple
    )
    keywords = WordsField(label=_("截图里找的词"), required=False, help_text=_("用顿号隔开，给审核的人提个醒"))
    day_cap = _whole(_("一天最多多少分"), "day_cap")
    month_cap = _whole(_("一个月最多多少分"), "month_cap")
    household_day_cap = _whole(_("一户一天最多多少分"), "household_day_cap")
    household_month_cap = _whole(_("一户一个月最多多少分"), "household_month_cap")
    cooldown_minutes = _whole(_("两次之间隔多少分钟"), "cooldown_minutes")
    duplicate_minutes = _whole(_("多少分钟里算同一件"), "duplicate_minutes")
    duplicate_metres = _whole(_("多少米以内算同一件"), "duplicate_metres")
    review_levels = forms.TypedChoiceField(
        label=_("申报以后审几道"), choices=[(1, _("一道")), (2, _("两道"))], coerce=int, initial=1
    )
    lot_months = _whole(_("多少个月后到期"), "lot_months", help_text=_("不写就是一直有效"))
    under_14 = forms.BooleanField(label=_("14 岁以下也计分"), required=False)
    automatic = forms.BooleanField(label=_("系统自己记，不用申报"), required=False)
    assessable = forms.BooleanField(label=_("可以用来考核工作人员"), required=False)
    owner = NameField(
        label=_("谁提出的"), max_length=40, help_text=_("街道自己的写哪个部门；别的单位的由单位提出、审议准入")
    )
    legal_ground = NameField(label=_("依据"), max_length=200, help_text=_("文件和第几条"))
    admitted_until = DayField(label=_("到哪一天为止"), required=False, help_text=_("不写就一直算；过了这一天不再计分"))
    asked_fields = WordsField(
        label=_("要人填的字段"), required=False, help_text=_("用顿号隔开；系统已有的不算，比如姓名、地点、时间")
    )
    asked_people = _whole(_("多少人要填"), "asked_people")
    asked_times = _whole(_("每人每月填几次"), "asked_times")
    why = _text(_("为什么"), 200, help_text=_("居民看得到"))

    NUMBERS = ("cooldown_minutes", "duplicate_minutes", "duplicate_metres", "asked_people", "asked_times")

    def terms(self, code: str) -> Terms:
        """The terms that were typed. Only after `is_valid`."""
        given: dict[str, Any] = {**self.cleaned_data, "code": code, "port": Port(code.rsplit("-", 1)[0])}
        given["earners"] = tuple(Earner(each) for each in given["earners"])
        given["evidence"] = tuple(Evidence(each) for each in given["evidence"])
        given |= {name: given[name] or 0 for name in self.NUMBERS}
        return Terms(**{key: value for key, value in given.items() if key in Terms.__dataclass_fields__})

    @staticmethod
    def initial_of(terms: Terms) -> dict[str, Any]:
        """What the form shows of terms that are there; nothing where nothing is limited."""
        shown = {name: getattr(terms, name) for name in TermsForm.base_fields}
        return {**shown, **{name: shown[name] or None for name in TermsForm.NUMBERS}}


def _as_admitted(form: forms.Form) -> None:
    """A department names itself, and whoever admits its item gives the day on which it ends, and the ground."""
    for name in ("owner", "admitted_until"):
        del form.fields[name]
    form.fields["legal_ground"].required = False


class NewItemForm(TermsForm):
    """An item that has no number yet."""

    port = forms.ChoiceField(label=_("哪个端口"), choices=Port.choices)
    field_order: tuple[str, ...] = ("port",)


class ProposalForm(NewItemForm):
    """What a department asks for: a new item, or another wording of one that is there."""

    unit = forms.ChoiceField(label=_("哪个单位提出"))
    code = forms.RegexField(
        CODE, label=_("要改的条目编号"), required=False, help_text=_("提新条目就不写"),
        error_messages={"invalid": _("编号写成 woodpecker-03 这样")},
    )  # fmt: skip
    field_order = ("unit", "code", "port")

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [(str(unit.pk), unit.name) for unit in units]  # type: ignore[attr-defined]
        _as_admitted(self)


class MendForm(TermsForm):
    """The same proposal, mended."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_admitted(self)


class NoteForm(forms.Form):
    note = _text(_("这一版改了什么"), 400, required=False, help_text=_("一两句话，居民看得到"))


class EndRuleForm(forms.Form):
    notice_days = forms.IntegerField(
        label=_("提前几天告诉大家"), min_value=END_NOTICE[0], max_value=END_NOTICE[1],
        help_text=_("至少 30 天，最多 180 天"),
    )  # fmt: skip
    redeem_days = forms.IntegerField(
        label=_("停止记分以后，几天里照常能换"), min_value=END_REDEEM[0], max_value=END_REDEEM[1],
        help_text=_("至少 90 天，最多 365 天"),
    )  # fmt: skip


class ReasonForm(forms.Form):
    reason = _text(_("理由"), 200)


class WhyForm(forms.Form):
    why = _text(_("为什么"), 200, help_text=_("居民看得到"))


class ConsultForm(forms.Form):
    until = DayField(label=_("征求意见到哪一天"), help_text=_("这一天结束时截止，至少 7 天"))

    def until_at(self) -> datetime:
        return _end_of(self.cleaned_data["until"])

    @staticmethod
    def default(now: datetime) -> date:
        return local(now + CONSULTATION)


class PublishForm(forms.Form):
    publicity_until = DayField(label=_("公示到哪一天"), help_text=_("这一天结束时截止，至少 7 天"))
    effective_from = DayField(label=_("从哪一天起用"), help_text=_("公示完了才能用"))

    def instants(self) -> tuple[datetime, datetime]:
        return _end_of(self.cleaned_data["publicity_until"]), beginning_of(self.cleaned_data["effective_from"])

    @staticmethod
    def default(now: datetime) -> dict[str, date]:
        shown = local(now + PUBLICITY)
        return {"publicity_until": shown, "effective_from": shown + timedelta(days=1)}


class AdmitForm(forms.Form):
    is_grid_work = forms.BooleanField(label=_("这是网格里该做的事"), required=False)
    ground = NameField(label=_("依据"), max_length=200, help_text=_("文件和第几条"))
    until = DayField(label=_("准入到哪一天"), help_text=_("最长三年，到期就不再列入下一版"))
    reason = _text(_("为什么准"), 200)
    known_reason = _text(_("字段为什么这样算"), 200, required=False, help_text=_("跟算出来的不一样才写"))


class KnownForm(forms.Form):
    word = NameField(label=_("字段的名字"), max_length=20, help_text=_("单位在表上怎么写就怎么写"))
    reason = _text(_("为什么"), 200, help_text=_("写明系统里哪里有、哪里没有，居民看得到"))


class DeclineForm(forms.Form):
    is_grid_work = forms.BooleanField(label=_("是网格里的事，但这次不准"), required=False)
    reason = _text(_("为什么不准"), 200)


class AnswerForm(forms.Form):
    """An outcome and its words; which outcomes there are depends on what was said."""

    outcome = forms.ChoiceField(label=_("怎么定"))
    answer = _text(_("答复"), 400, rows=3)

    def __init__(self, *args: Any, kind: Said, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcomes = [(each.value, each.label) for each in ANSWERS[kind]]
        self.fields["outcome"].choices = [("", _("请选一个")), *outcomes]  # type: ignore[attr-defined]

    def chosen(self) -> Outcome:
        return Outcome(self.cleaned_data["outcome"])


class UploadForm(forms.Form):
    file = forms.FileField(label=_("Excel 或 CSV 文件"))


def local(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def _end_of(day: date) -> datetime:
    """The last instant of a day counts as the beginning of the next."""
    return beginning_of(day + timedelta(days=1))
