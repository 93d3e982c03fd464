"""What people type about the kinds of cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import count
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huipai.cases.order_words import Stage
from huipai.cases.rules.types import LONGEST_RULE, Question, Terms, options_in, options_out
from huipai.cases.type_words import ICONS, MOST_QUESTIONS, QuestionKind
from huipai.grid.words import UnitKind
from huipai.kit.fields import NameField
from huipai.workdays.words import Span, Unit

# The stages whose limit is written on the form; handling is the type's own.
STAGES = tuple(stage for stage in Stage if stage != Stage.HANDLE)


def _long(label: Any, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=LONGEST_RULE, required=False, widget=widget, **more)


_PLAIN = (
    "code", "name", "hint", "everyday", "group", "national_code", "filing_condition", "closing_standard", "radius_m",
    "max_returns", "position", "icon", "unit", "unit_kind", "point_item", "needs_after_photo", "is_public",
)  # fmt: skip


class TypeForm(forms.Form):
    """One kind of case; `seen` is the edition that its author has read."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    code = forms.CharField(label=_("编码"), max_length=40, help_text=_("小写字母开头，定了就不改"))
    name = NameField(label=_("名称"), max_length=30)
    hint = forms.CharField(label=_("一句说明"), max_length=60, required=False, help_text=_("居民选类别时看到"))
    everyday = _long(_("居民常说"), help_text=_("用顿号隔开，像「半夜打桩、夜里施工」；写一句话时按这些提类别"))
    group = forms.CharField(label=_("大类"), max_length=30, required=False)
    national_code = forms.CharField(
        label=_("国标代码"), max_length=16, required=False, help_text=_("GB/T 30428，由街道核对后填")
    )
    filing_condition = _long(_("立案条件"))
    closing_standard = _long(_("结案标准"), help_text=_("办到什么样算好，经办人和核查人都看得到"))
    handle_amount = forms.IntegerField(label=_("办完"), min_value=1, max_value=400)
    handle_unit = forms.ChoiceField(choices=Unit.choices)
    radius_m = forms.IntegerField(label=_("重复半径（米）"), min_value=5, max_value=500)
    check_share = forms.IntegerField(
        label=_("每百件核查几件"), min_value=0, max_value=100, help_text=_("不到 100 的，没核查的会写明")
    )
    max_returns = forms.IntegerField(label=_("最多退单几次"), min_value=0, max_value=9)
    position = forms.IntegerField(label=_("排列"), min_value=0, max_value=9999, help_text=_("小的排在前面"))
    icon = forms.ChoiceField(label=_("图标"), choices=[(name, name) for name in ICONS])
    unit = forms.ChoiceField(label=_("承办单位"), required=False)
    unit_kind = forms.ChoiceField(
        label=_("承办单位类别"), required=False, choices=[("", _("不指定")), *UnitKind.choices]
    )
    point_item = forms.ChoiceField(
        label=_("属实按哪条积分"), required=False, help_text=_("改这一项要另一位同意；别的马上照改")
    )
    needs_after_photo = forms.BooleanField(label=_("要办后照片"), required=False)
    is_public = forms.BooleanField(label=_("邻居可见"), required=False)
    reason = NameField(label=_("为什么改"), max_length=200, help_text=_("写进历史，以后看得懂"))

    def __init__(self, *args: Any, units: Mapping[str, str], items: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in (("unit", units), ("point_item", items)):
            chosen = [
                (code, _("%(name)s（%(more)s）") % {"name": title, "more": code}) for code, title in words.items()
            ]
            self.fields[name].choices = [("", _("不指定")), *chosen]  # type: ignore[attr-defined]
        for stage in STAGES:
            self.fields[f"{stage.value}_amount"] = forms.IntegerField(
                label=stage.label, min_value=1, max_value=400, required=False
            )
            self.fields[f"{stage.value}_unit"] = forms.ChoiceField(
                choices=Unit.choices, required=False, initial=Unit.WORK_HOURS
            )

    def terms(self, *, is_active: bool) -> Terms:
        """What the command takes; call after `is_valid`."""
        said: dict[str, Any] = self.cleaned_data
        return Terms(
            handle=Span(said["handle_amount"], Unit(said["handle_unit"])),
            stages=tuple(self._stages()), check_share=Decimal(said["check_share"]) / 100,
            questions=tuple(questions_in(self.data)), is_active=is_active,
            **{name: said[name] for name in _PLAIN},
        )  # fmt: skip

    def _stages(self) -> Iterator[tuple[Stage, Span]]:
        for stage in STAGES:
            amount = self.cleaned_data[f"{stage.value}_amount"]
            if amount:
                yield stage, Span(amount, Unit(self.cleaned_data[f"{stage.value}_unit"] or Unit.WORK_HOURS))


def initial_of(terms: Terms, edition: int) -> dict[str, Any]:
    """A form filled in with what the type says now."""
    found = {
        **{name: getattr(terms, name) for name in TypeForm.base_fields if hasattr(terms, name)}, "seen": edition,
        "handle_amount": int(terms.handle.amount), "handle_unit": terms.handle.unit.value,
        "check_share": int(terms.check_share * 100),
    }  # fmt: skip
    for stage, span in terms.stages:
        found |= {f"{stage.value}_amount": int(span.amount), f"{stage.value}_unit": span.unit.value}
    return found


def questions_in(data: Mapping[str, Any]) -> Iterator[Question]:
    """The questions of the form, in their order. A line without a question is none, whose question was taken out; one
    that never had any and has options misses it."""
    lines = [str(data.get(f"ask-{number}-key", "")).strip() for number in range(MOST_QUESTIONS)]
    # A line whose question was taken out keeps its mark to itself: no page shows it, so nobody could mend a double.
    free = (key for key in (f"q{number}" for number in count(1)) if key not in lines)
    for number, known in enumerate(lines):
        label = str(data.get(f"ask-{number}-label", "")).strip()
        options = options_in(str(data.get(f"ask-{number}-options", "")))
        if not label and (known or not options):
            continue
        kind = str(data.get(f"ask-{number}-kind", ""))
        yield Question(
            known or next(free), label, QuestionKind(kind) if kind in QuestionKind.values else QuestionKind.TEXT,
            options, data.get(f"ask-{number}-required") == "on",
        )  # fmt: skip


def question_rows(questions: tuple[Question, ...]) -> list[dict[str, object]]:
    """Lines of the form: those there are, and room for more."""
    rows: list[dict[str, object]] = [{**one.plain(), "options": options_out(one.options)} for one in questions]
    empty = {"key": "", "label": "", "kind": QuestionKind.TEXT.value, "options": "", "required": False}
    return [*rows, *[dict(empty) for _room in range(min(2, MOST_QUESTIONS - len(rows)))]]


def retired(terms: Terms, *, is_active: bool) -> Terms:
    return replace(terms, is_active=is_active)
