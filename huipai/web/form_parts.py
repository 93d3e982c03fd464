"""What the field macros need to know of a Django form."""

from collections.abc import Mapping
from typing import Any

from django.forms import BaseForm


def widget_attrs(cls: str, error: str | None, described: str, more: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of a widget: its class, and for a screen reader its error and its hint."""
    attrs: dict[str, Any] = {"class": cls, **more}
    if error:
        attrs["aria-invalid"] = "true"
    if described:
        attrs["aria-describedby"] = described
    return attrs


def errors_of(form: BaseForm) -> list[tuple[str | None, str]]:
    """The errors of `form` for the summary on top: (id of the field, sentence), those of the whole form first."""
    found: list[tuple[str | None, str]] = [(None, str(text)) for text in form.non_field_errors()]
    for bound in form:
        found += [(bound.id_for_label or bound.auto_id or None, str(text)) for text in bound.errors]
    return found
