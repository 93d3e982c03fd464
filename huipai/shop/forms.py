"""What is typed in the shop; every value comes back as it was typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from huipai.kit.fields import DayField, LinesField, NameField
from huipai.kit.ids import new_id
from huipai.kit.verdict import Invalid, Moved, Refused
from huipai.shop.commands import Offer, Plan
from huipai.shop.models import ShopItem
from huipai.shop.queries import holding, on_sale_names
from huipai.shop.words import LIMIT_DAYS, WRITE_OFFS, Audience, Category, Reason, Refusable, Unfetchable

_WHOLE = {"inputmode": "numeric"}


def key_of(data: QueryDict) -> UUID:
    """The key that the page has given this request; a new one where there is none."""
    return uuid_of(data.get("key", "")) or new_id()


def uuid_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def quantity_of(data: QueryDict) -> int:
    """How many are wanted: one where the page does not ask; 0 for what is no number, which the command refuses."""
    text = data.get("quantity", "1").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def price_of(data: QueryDict, name: str) -> int | None:
    """What one cost on the page; None where the page did not say; 0 for what is no number, which nothing costs."""
    text = data.get(name)
    if text is None:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def seen_of(data: QueryDict) -> int:
    """How often stock had moved when the page was opened; before the first time where it does not say."""
    text = data.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def attempt(form: forms.Form, act: Callable[[], object]) -> int:
    """Do it; 0 if it is done, else the status with which the form is shown again, everything typed in it."""
    if not form.is_valid():
        return 422
    try:
        act()
    except (Invalid, Moved) as refusal:
        return take(form, refusal)
    return 0


def typed(form: forms.Form, field: str) -> object:
    """What was typed in this field, as the form reads it; None where that is nothing, whatever else is wrong."""
    if not form.is_bound:
        return None
    form.full_clean()
    return form.cleaned_data.get(field)


def take(form: forms.Form, refusal: Refused) -> int:
    told = forms.ValidationError(refusal.reason, code=refusal.code)
    form.add_error(refusal.field if refusal.field in form.fields else None, told)
    return refusal.status


class Keyed(forms.Form):
    """A form that may be sent twice and counts once."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": new_id(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)


class ItemForm(forms.Form):
    name = NameField(label=_("叫什么"), max_length=40, help_text=_("例如：洗洁精"))
    unit = NameField(label=_("单位"), max_length=4, help_text=_("瓶、提、次"))
    category = forms.ChoiceField(
        label=_("种类"),
        choices=[
            ("", _("选一种")),
            (_("可以换"), Category.choices),
            (_("不能进积分商店"), Refusable.choices),
        ],
    )
    points = forms.IntegerField(label=_("多少分"), widget=forms.TextInput(attrs=_WHOLE))
    description = LinesField(label=_("说明"), max_length=300, required=False)
    audience = forms.ChoiceField(label=_("给谁"), choices=Audience.choices, initial=Audience.EVERYBODY)
    limit_count = forms.IntegerField(
        label=_("每人最多几份"), required=False, help_text=_("不限就空着"), widget=forms.TextInput(attrs=_WHOLE)
    )
    limit_days = forms.IntegerField(label=_("多少天里"), initial=LIMIT_DAYS, widget=forms.TextInput(attrs=_WHOLE))

    def offer(self) -> Offer:
        return Offer(**{name: self.cleaned_data[name] for name in ItemForm.base_fields})


class NewItemForm(ItemForm):
    """Something new: how many come first, and what the budget pays for them."""

    quantity = forms.IntegerField(label=_("先进多少"), widget=forms.TextInput(attrs=_WHOLE))
    cost = forms.DecimalField(
        label=_("一共要花多少元"), max_digits=10, decimal_places=2, help_text=_("别人捐的就写 0"),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip

    def plan(self) -> Plan:
        return Plan(quantity=self.cleaned_data["quantity"], cost_cents=int(self.cleaned_data["cost"] * 100))


def item_values(item: ShopItem) -> dict[str, object]:
    """An item as its form shows it."""
    return {name: getattr(item, name) for name in ItemForm.base_fields}


class ArrivalForm(Keyed):
    """Goods that came: bought or given."""

    station: Any = forms.ModelChoiceField(label=_("放在哪个驿站"), queryset=None, empty_label=_("选一个"))
    quantity = forms.IntegerField(label=_("多少"), widget=forms.TextInput(attrs=_WHOLE))
    cost = forms.DecimalField(
        label=_("一共花了多少元"), required=False, max_digits=10, decimal_places=2,
        help_text=_("别人捐的就空着"), widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _fill(self.fields["station"], now)


class TransferForm(Keyed):
    source: Any = forms.ModelChoiceField(label=_("从哪个驿站"), queryset=None, empty_label=_("选一个"))
    to: Any = forms.ModelChoiceField(label=_("调到哪个驿站"), queryset=None, empty_label=_("选一个"))
    quantity = forms.IntegerField(label=_("多少"), widget=forms.TextInput(attrs=_WHOLE))

    def __init__(self, *args: Any, item_id: UUID, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _fill(self.fields["to"], now)
        source: Any = self.fields["source"]
        source.queryset = holding(item_id, now)
        source.label_from_instance = lambda one: (
            _("%(station)s（已停用）") % {"station": one.name} if one.closed_at and one.closed_at <= now else one.name
        )


class WriteOffForm(Keyed):
    quantity = forms.IntegerField(label=_("多少"), widget=forms.TextInput(attrs=_WHOLE))
    reason = forms.ChoiceField(
        label=_("为什么"), choices=[("", _("选一下")), *((reason.value, reason.label) for reason in WRITE_OFFS)]
    )

    @property
    def why(self) -> Reason:
        return Reason(self.cleaned_data["reason"])


class RecallForm(forms.Form):
    why = forms.ChoiceField(label=_("为什么"), choices=[("", _("选一下")), *Unfetchable.choices])

    @property
    def reason(self) -> Unfetchable:
        return Unfetchable(self.cleaned_data["why"])


class CountForm(Keyed):
    counted = forms.IntegerField(
        label=_("数到多少"), help_text=_("订出去还没领的也数在里面"), widget=forms.TextInput(attrs=_WHOLE)
    )


class BudgetForm(forms.Form):
    begins_on = DayField(label=_("从哪天"))
    ends_on = DayField(label=_("到哪天"))
    amount = forms.DecimalField(
        label=_("多少元"), max_digits=12, decimal_places=2, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    point = forms.DecimalField(
        label=_("一分当多少元"), max_digits=6, decimal_places=2, help_text=_("只用来算还欠大家多少，分不能换钱"),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip


def _fill(field: Any, now: datetime) -> None:
    field.queryset = on_sale_names(now)
    field.label_from_instance = lambda station: station.name
