"""What people type about their household, their contacts and their groups."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huipai.grid import queries as grid
from huipai.grid.models import GridNode
from huipai.grid.words import Level
from huipai.households import queries
from huipai.households.queries.asking import Candidate
from huipai.households.rules import last_of, quarters_over
from huipai.households.words import LONGEST_TEXT, NeedKind, Reason, RefusalReason, Way
from huipai.kit import clock
from huipai.kit.fields import DayField, LinesField, NameField
from huipai.people import queries as people
from huipai.people.models import Person
from huipai.people.rules import local_date
from huipai.points import queries as points
from huipai.rulebook import queries as rulebook
from huipai.rulebook.models import PointItem
from huipai.rulebook.words import Earner


class PhoneField(forms.CharField):
    """The number of somebody registered in this street; cleaned to the person."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=24, widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}), **kwargs
        )

    def clean(self, value: Any) -> Person:
        person = people.by_typed_phone(super().clean(value))
        if person is None:
            raise forms.ValidationError(_("这个号码没有在本街道登记过，先在窗口登记"))
        return person


class HouseholdField(forms.CharField):
    """The household that was chosen, by its code; cleaned to its node."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=gettext_lazy("哪一户"), max_length=40, widget=forms.HiddenInput, **kwargs)

    def clean(self, value: Any) -> GridNode:
        code = super().clean(value).strip()
        household = queries.household_by_code(code, clock.now())
        if household is None:
            raise forms.ValidationError(_("没有编码是 %(code)s 的户") % {"code": code})
        return household


def _text(label: Any, **more: Any) -> forms.CharField:
    return LinesField(label=label, max_length=LONGEST_TEXT, rows=3, **more)


class NeedForm(forms.Form):
    need_id = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=gettext_lazy("要帮哪方面"), choices=NeedKind.choices)
    text = _text(gettext_lazy("想说的话"), required=False, help_text=gettext_lazy("只有您家的联户人和社区能看到"))
    agree = forms.BooleanField(label=gettext_lazy("同意把这件事告诉我家的联户人和社区，随时可以撤回"))


class WishForm(forms.Form):
    ways = forms.MultipleChoiceField(
        label=gettext_lazy("怎么联系都行，还是只用下面几种"), choices=Way.choices, required=False,
        widget=forms.CheckboxSelectMultiple, help_text=gettext_lazy("都不选就是都可以"),
    )  # fmt: skip
    not_before = forms.TimeField(
        label=gettext_lazy("不早于"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    not_after = forms.TimeField(
        label=gettext_lazy("不晚于"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begin, end = cleaned.get("not_before"), cleaned.get("not_after")
        if (begin is None) != (end is None) or (begin and end and begin >= end):
            self.add_error("not_after", _("两个时间要么都写，要么都不写，早的写在前面"))
        return cleaned


class ContactForm(forms.Form):
    """Who of those who may be asked; cleaned to the person. `offered`: with whom nothing is open, `known`: all of them,
    for whoever sends the form twice has asked once."""

    contact = forms.ChoiceField(
        label=gettext_lazy("请谁做联户人"),
        error_messages={
            "required": gettext_lazy("选一位"), "invalid_choice": gettext_lazy("这一位现在不能请，另选一位"),
        },
    )  # fmt: skip

    def __init__(self, *args: Any, known: Sequence[Candidate], offered: Sequence[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._known = {one.code: one for one in known}
        self.fields["contact"].choices = [(one.code, str(one)) for one in known]  # type: ignore[attr-defined]
        choices = [(one.code, str(one)) for one in offered]
        alone = len(choices) == 1
        self.fields["contact"].widget.choices = choices if alone else [("", _("选一位")), *choices]

    def clean_contact(self) -> Person:
        return self._known[self.cleaned_data["contact"]].person


class LinkForm(forms.Form):
    household = HouseholdField()


class Together(models.TextChoices):
    """What becomes of those who are registered where somebody moves in."""

    JOINS = "joins", gettext_lazy("一起住，是一家人")
    LEFT = "left", gettext_lazy("他们搬走了")


class HomeForm(forms.Form):
    """Where somebody is to live, beside whom or in whose place; `seen`: who was registered there when it was read."""

    household = HouseholdField()
    seen = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)
    together = forms.ChoiceField(
        required=False, choices=Together.choices, widget=forms.RadioSelect(attrs={"id": "pick-together"}),
        error_messages={"invalid_choice": gettext_lazy("选一项：一起住，还是他们搬走了")},
    )  # fmt: skip

    def clean_seen(self) -> frozenset[UUID]:
        try:
            return frozenset(map(UUID, filter(None, self.cleaned_data["seen"].split(","))))
        except ValueError:
            return frozenset()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("seen") and not cleaned.get("together") and "together" not in self.errors:
            self.add_error("together", _("选一项：一起住，还是他们搬走了"))
        return cleaned


class NothingAsked(forms.Form):
    """Only a yes to what stands above it."""


class VisitForm(forms.Form):
    visited_on = DayField(label=gettext_lazy("哪一天"))
    way = forms.ChoiceField(label=gettext_lazy("怎么联系的"), choices=Way.choices)
    reason = forms.ChoiceField(label=gettext_lazy("为什么去"), choices=Reason.choices)
    need = forms.ChoiceField(label=gettext_lazy("为哪一件要帮的事"), required=False)
    note = _text(gettext_lazy("记一句"), required=False, help_text=gettext_lazy("这一户也看得到"))

    def __init__(self, *args: Any, needs: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["need"].choices = [("", _("不是为哪一件")), *needs]  # type: ignore[attr-defined]


class GroupForm(forms.Form):
    node = forms.CharField(label=gettext_lazy("在哪里（网格或楼栋的编码）"), max_length=40)
    name = NameField(label=gettext_lazy("叫什么"), max_length=40)

    def clean_node(self) -> GridNode:
        code = self.cleaned_data["node"].strip()
        node = grid.by_code(code, clock.now())
        if node is None or node.level in (Level.STREET, Level.HOUSEHOLD):
            raise forms.ValidationError(_("没有编码是 %(code)s 的网格") % {"code": code})
        return node


class JoinForm(forms.Form):
    household = HouseholdField()
    agreed_by = PhoneField(label=gettext_lazy("这一户谁同意的（登记的手机号）"))


class LeadForm(forms.Form):
    lead = PhoneField(label=gettext_lazy("联户长（登记的手机号）"))


class ProposalForm(forms.Form):
    household = HouseholdField()
    item_code = forms.ChoiceField(label=gettext_lazy("哪一条"))
    quarter = forms.ChoiceField(label=gettext_lazy("哪一季度"))
    note = _text(gettext_lazy("做了什么"), required=False)

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        version, end = rulebook.in_force(now), points.closing()
        items = list(PointItem.objects.filter(version=version).order_by("code")) if version else []
        self.fields["item_code"].choices = [  # type: ignore[attr-defined]
            (item.code, item.title) for item in items if Earner.HOUSEHOLD in item.earners
        ]
        self.fields["quarter"].choices = [  # type: ignore[attr-defined]
            (quarter.isoformat(), quarter_words(quarter))
            for quarter in quarters_over(local_date(now))
            if end is None or last_of(quarter) < end.awards_until
        ]

    def clean_quarter(self) -> date:
        return date.fromisoformat(self.cleaned_data["quarter"])


class RefusalForm(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("为什么不通过"),
        choices=[(reason.value, reason.label) for reason in RefusalReason if reason != RefusalReason.OBJECTION],
    )


class ObjectionForm(forms.Form):
    text = _text(gettext_lazy("哪里不对"))


class AnswerForm(forms.Form):
    answer = _text(gettext_lazy("怎么看的，写给提出的人"))


def quarter_words(quarter: date) -> str:
    return _("%(year)s 年第 %(number)s 季度") % {"year": quarter.year, "number": (quarter.month + 2) // 3}
